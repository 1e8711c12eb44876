"""The door, and bodies, people, roles, charters, kinship over HTTP."""

import hmac
from typing import Annotated, Any

from litestar import Request, Response, delete, get, post
from litestar.datastructures import Cookie
from litestar.params import JSONBody
from msgspec import Meta, Struct

from bodies import sessions
from bodies.acting import Caller
from bodies.http import Db, Who
from storage.refusal import Refused, RefusedError

COOKIE = "yijue_session"


class SignIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Staff number and password."""

    staff_number: Annotated[str, Meta(min_length=1, max_length=40)]
    password: Annotated[str, Meta(min_length=1, max_length=200)]


class Session(Struct, frozen=True):
    """Who is signed in; `csrf` goes into the header X-CSRF-Token of every command."""

    person: int
    name: str
    administrator: bool
    roles: dict[int, list[str]]
    csrf: str


def _session(caller: Caller) -> Session:
    roles = {body: sorted(held) for body, held in caller.roles.items()}
    return Session(caller.person, caller.name, caller.administrator, roles, caller.csrf)


async def provide_caller(request: Request[Any, Any, Any], database: Db) -> Caller:
    """Who is asking; a command must bear the session's CSRF token."""
    caller = await sessions.caller_of(database, request.cookies.get(COOKIE))
    if request.method not in ("GET", "HEAD"):
        sent = request.headers.get("x-csrf-token", "")
        if not hmac.compare_digest(sent.encode(), caller.csrf.encode()):
            raise RefusedError(Refused("access.csrf", "页面已过期，请刷新后重试。", "The page is stale: reload it."))
    return caller


@post("/api/session", opt={"operation": "session.open"}, status_code=201)
async def sign_in(data: JSONBody[SignIn], database: Db) -> Response[Session]:
    """Sign in; the answer sets the session's cookie."""
    token, _ = await sessions.sign_in(database, data.staff_number, data.password)
    caller = await sessions.caller_of(database, token)
    cookie = Cookie(
        key=COOKIE, value=token, httponly=True, samesite="strict", path="/",
        max_age=int(sessions.LIFETIME.total_seconds()),
    )  # fmt: skip
    return Response(_session(caller), cookies=[cookie])


@get("/api/session", opt={"operation": "session.read"})
async def read_session(caller: Who) -> Session:
    """Who is signed in."""
    return _session(caller)


@delete("/api/session", opt={"operation": "session.close"})
async def sign_out(caller: Who, request: Request[Any, Any, Any], database: Db) -> None:
    """Sign out: the session ends here and everywhere."""
    await sessions.sign_out(database, request.cookies[COOKIE])


routes = [sign_in, read_session, sign_out]
