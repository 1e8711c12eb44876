"""The links of a demonstration: an address for each role that signs in and leads to its screen.

Each address holds a key that is random for each run. Links exist for databases made for demonstration alone: only
`yijue demo` makes them, and each asks the database for its purpose again before it signs in. Every role has a host of
its own under `localhost`, which browsers resolve to this machine by themselves, so that one browser shows them all at
once, each with its own session.
"""

import secrets
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from msgspec import Struct

from acts.access import ROLE_NAMES
from acts.acting import existing
from acts.http import Db
from identity import sessions
from identity.routes import session_cookie
from server.connecting import owner_connection
from server.demonstration import bureau as facts
from storage import store


class SignInLink(Struct, frozen=True):
    """A link: its host, the role and person whom it signs in, and the path to which it leads."""

    host: str
    role: str
    staff_number: str
    name: str
    path: str


def links_to(meeting: int) -> dict[str, SignInLink]:
    """Make the links to a meeting by their keys: the chair's screen, every tablet, the desk, the observer, the hall."""
    room, admin = f"/meetings/{meeting}", facts.ADMINISTRATOR
    chair = next(each for each in facts.PEOPLE if "head" in each.roles)
    links = [SignInLink("chair", ROLE_NAMES["chair"][0], chair.staff_number, chair.name, f"{room}/chair")]
    for each in facts.PEOPLE:
        role = each.roles[0]
        path = {"secretary": f"/desk{room}", "office_head": "/desk/minutes", "observer": f"{room}/observer"}.get(
            role, f"{room}/hall" if role == "hall" else room
        )
        links.append(SignInLink(each.key, ROLE_NAMES[role][0], each.staff_number, each.name, path))
    links.append(
        SignInLink(admin.key, ROLE_NAMES["administrator"][0], admin.staff_number, admin.name, "/desk/organization")
    )
    return {secrets.token_urlsafe(9): link for link in links}


class SignInLinks(Struct, frozen=True):
    """The links by their keys, which may be filled in later, and the owner's sign-in, since the owner alone may open a
    session without a password."""

    owner: str
    by_key: dict[str, SignInLink] = {}


def link_routes(links: SignInLinks) -> list[HTTPRouteHandler]:
    """Make the handler of the links."""

    @get("/demo/{key:str}", opt={"operation": "demo.enter"}, include_in_schema=False)
    async def enter(key: FromPath[str], request: Request[Any, Any, Any], database: Db) -> Response[None]:
        """Sign in the person whose link it is and redirect to their screen."""
        async with database.connection() as asked:
            demonstration = await store.purpose(asked) == "demonstration"
        link: SignInLink = existing(links.by_key.get(key) if demonstration else None)
        async with owner_connection(links.owner) as connection:
            token = await sessions.sign_in_unasked(connection, link.staff_number)
        cookie = session_cookie(token, request.scope["scheme"])
        return Response(None, status_code=303, headers={"Location": link.path}, cookies=[cookie])

    return [enter]
