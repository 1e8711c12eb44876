"""The live feed and the ledger over the wire. Acts do not come this way: they go by POST.

The framework's CSRF protection and limits do not cover a WebSocket: origin, session and access are checked here,
session and access again at every heartbeat. The server bounds the size of a client's message (`ws_max_size`).
"""

import asyncio
from typing import Any
from urllib.parse import urlsplit

from litestar import WebSocket, get, websocket
from litestar.di import NamedDependency

from acts.access import check_access
from acts.acting import Caller, existing
from acts.database import Database
from acts.http import After, Db, PathId, Who
from acts.problems import MEDIA_TYPE, encode, problem_of
from acts.refusal import Refused, RefusedError, require
from acts.showing import LedgerPage, show_book
from agenda.acting import look_into, roles_in
from agenda.recusing import related_items
from agenda.store import read_meeting
from agenda.views import view_of
from identity import sessions
from realtime.client import FAILED, FORBIDDEN, Client
from realtime.hub import Hub
from storage import store

MOST_CONNECTIONS = 100  # of one person at once: so many screens are a fault, or an attack

Following = NamedDependency[Hub]


@get("/api/meetings/{meeting_id:int}/ledger", opt={"operation": "ledger.read"})
async def read_ledger(
    meeting_id: PathId,
    database: Db,
    caller: Who,
    start: After = 0,
) -> LedgerPage:
    """Returns the meeting's records with seq > `after`, 500 at most, as the caller's view shows them."""
    async with look_into(database, caller, "ledger.read", meeting_id) as look:
        related = related_items(await look.situation())
        entries = await store.entries(look.connection, ("meeting", meeting_id))
    roles = caller.roles_in(look.meeting.body_id)
    return show_book(entries, "meeting", lambda state: view_of(state, caller.person, roles, related), start)


@websocket("/api/meetings/{meeting_id:int}/live", opt={"operation": "live.watch"})
async def live(socket: WebSocket[Any, Any, Any], meeting_id: PathId, database: Db, hub: Following) -> None:
    """Follow a meeting: a snapshot, or the records after `after`; then records as they commit, and heartbeats."""
    try:
        check_origin(socket.headers.get("origin"), socket.headers.get("host"), hub.origins)
        caller, body = await _admit(database, meeting_id, socket.cookies.get(sessions.COOKIE))
        after = _after(socket.query_params.get("after"))
        _require_few(hub.following(caller.person))
    except RefusedError as refusal:
        await _turn_away(socket, refusal.refusals[0])
        return
    await socket.accept()
    token = sessions.digest(socket.cookies[sessions.COOKIE])
    client = Client(socket.send, caller.person, token, caller.roles_in(body))
    try:
        feed = await hub.join(meeting_id, body, caller.organization, client, after, socket.query_params.get("view"))
    except Exception:
        client.close(FAILED, "failed")
        await client.ended
        raise
    try:
        await _listen(socket, client)
    finally:
        client.gone()
        feed.leave(client)


def check_origin(origin: str | None, host: str | None, allowed: frozenset[str]) -> None:
    """A page may follow only from this server's own origin, or one that the operator named. Raises RefusedError.

    A browser always says where a page comes from; a program that follows names the server's own origin.
    """
    if origin is not None and origin in allowed:
        return
    if origin is not None and host:
        parts = urlsplit(origin)
        if parts.scheme in ("http", "https") and parts.netloc.lower() == host.lower():
            return
    raise RefusedError(
        Refused(
            "access.origin",
            "打开本页所用的网址不对，请用本系统的网址重新打开。",
            "This origin may not follow; open the page at the server's own address.",
        )
    )


async def _admit(database: Database, meeting_id: int, cookie: str | None) -> tuple[Caller, int]:
    caller = await sessions.caller_of(database, cookie)
    async with database.transaction(caller.scope) as transaction:
        meeting = existing(await read_meeting(transaction.connection, meeting_id))
    require(check_access("live.watch", roles_in(meeting, caller)))
    return caller, meeting.body_id


def _require_few(following: int) -> None:
    if following >= MOST_CONNECTIONS:
        raise RefusedError(
            Refused(
                "access.rate",
                "您打开的实时页面过多，请关闭一些后再试。",
                "Too many of your screens follow already; close some.",
                {"seconds": 5},
            )
        )


def _after(text: str | None) -> int | None:
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise RefusedError(Refused("input.invalid", "起始记录序号应为整数。", "after: a seq.", {"field": "after"}))
    return int(text)


async def _turn_away(socket: WebSocket[Any, Any, Any], refused: Refused) -> None:
    """Refuse before the upgrade, as HTTP refuses."""
    await socket.receive()
    problem = problem_of(refused)
    start: Any = {
        "type": "websocket.http.response.start",
        "status": problem.status,
        "headers": [(b"content-type", MEDIA_TYPE.encode())],
    }
    body: Any = {"type": "websocket.http.response.body", "body": encode(problem), "more_body": False}
    await socket.send(start)
    await socket.send(body)


async def _listen(socket: WebSocket[Any, Any, Any], client: Client) -> None:
    """Wait until either side ends the connection. A client has nothing to send: any message of its ends it too."""
    hearing = asyncio.ensure_future(socket.receive())
    await asyncio.wait((hearing, client.ended), return_when=asyncio.FIRST_COMPLETED)
    if hearing.done() and hearing.result()["type"] == "websocket.receive":
        client.close(FORBIDDEN, "acts go by POST")
        await client.ended
    hearing.cancel()


routes = [live, read_ledger]
