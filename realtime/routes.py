"""The live feed and the ledger over the wire. Acts do not come this way: they go by POST.

The framework's CSRF protection and limits do not cover a WebSocket: origin, session and access are checked here,
session and access again at every heartbeat. The server bounds the size of a client's message (`ws_max_size`).
"""

import asyncio
from typing import Annotated, Any
from urllib.parse import urlsplit

from litestar import Request, WebSocket, get, websocket
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from msgspec import Struct

from acts.acting import Caller
from acts.clock import SHOWN, ahead_words, jump_words
from acts.connection import signed_in
from acts.database import Database
from acts.http import After, Db, PathId, Who
from acts.problems import MEDIA_TYPE, encode, problem_of
from acts.refusal import Refused, RefusedError
from acts.showing import LedgerPage, show_book
from acts.sparing import sparing
from agenda.acting import look_into
from agenda.recusing import related_items
from agenda.views import view_of
from identity import sessions
from realtime.client import FAILED, FORBIDDEN, RESTARTING, Client
from realtime.hub import Hub
from realtime.mine import lost_shown
from realtime.records import ClockShown, LostShown
from storage import store
from storage.database import Transaction

_MOST_LOGGED = 200  # characters
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
    return show_book(entries, "meeting", lambda state: view_of(state, caller.person, look.roles, related), start)


@websocket("/api/meetings/{meeting_id:int}/live", opt={"operation": "live.watch"})
async def live(socket: WebSocket[Any, Any, Any], meeting_id: PathId, database: Db, hub: Following) -> None:
    """Follow a meeting: a snapshot, or the records after `after`; then records as they commit, and heartbeats. `head`
    is the one that came with the last message."""
    cookie = socket.cookies.get(sessions.cookie_name(socket.scope["scheme"]))
    endings = hub.endings
    try:
        check_origin(socket.headers.get("origin"), socket.headers.get("host"), hub.origins)
        head = socket.query_params.get("head")
        caller, body = await _admit(database, hub, meeting_id, cookie, head)
        after = _after(socket.query_params.get("after"))
        _require_few(hub.following(caller.person))
    except RefusedError as refusal:
        if refusal.refusals[0].rule == "access.origin":
            _log_origin(socket)
        await _turn_away(socket, refusal.refusals[0])
        return
    signed_in(socket.scope)
    await socket.accept()
    assert cookie is not None
    token = sessions.digest(cookie)
    client = Client(socket.send, caller.person, token, caller.roles_in(body))
    try:
        view = socket.query_params.get("view")
        feed = await hub.join(meeting_id, body, caller.organization, client, after, view, endings, head)
    except RefusedError as refusal:  # the database went away, the ledger is damaged, or the session has just ended
        rule = refusal.refusals[0].rule
        sparing.say("error", f"live feed not joined: {rule}", error=type(refusal.__cause__).__name__)
        client.close(RESTARTING if rule == "unavailable" else FORBIDDEN, rule)
        await client.ended
        return
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
            "打开本页所用的网址与服务器所知的不一致，实时推送不能建立。请用本系统的网址重新打开；"
            "经反向代理访问的，请管理员设置 YIJUE_TRUSTED_PROXIES 或 YIJUE_ORIGINS。",
            "This origin is not the server's own and may not follow. Open the page at the server's address; behind a"
            " reverse proxy the operator sets YIJUE_TRUSTED_PROXIES or YIJUE_ORIGINS.",
        )
    )


def _log_origin(socket: WebSocket[Any, Any, Any]) -> None:
    """Say which origin was refused, and which the server takes for its own, so that the operator finds the setting."""
    sparing.say(
        "warning",
        "live feed refused for its origin",
        origin=str(socket.headers.get("origin"))[:_MOST_LOGGED],
        own=own_origin(socket.scope["scheme"], socket.headers.get("host"))[:_MOST_LOGGED],
        settings="YIJUE_TRUSTED_PROXIES, YIJUE_ORIGINS",
    )


def own_origin(scheme: str, host: str | None) -> str:
    """Returns the origin that the server takes for its own, by the request's scheme and host."""
    return f"{'https' if sessions.is_secure(scheme) else 'http'}://{host or ''}"


class OriginAnswer(Struct, frozen=True):
    """Whether a page of the origin that was asked about may follow live; `own` is the server's own as it knows it."""

    accepted: bool
    own: str


@get("/api/origin", opt={"operation": "origin.ask"})
async def ask_origin(
    request: Request[Any, Any, Any], hub: Following, caller: Who, origin: Annotated[str, QueryParameter(max_length=300)]
) -> OriginAnswer:
    """Returns whether pages of this origin may follow; a browser does not show a page why its socket was refused."""
    host = request.headers.get("host")
    try:
        check_origin(origin, host, hub.origins)
    except RefusedError:
        return OriginAnswer(False, own_origin(request.scope["scheme"], host))
    return OriginAnswer(True, own_origin(request.scope["scheme"], host))


class Alarms(Struct, frozen=True):
    """The alarms that concern the caller: that records of their bodies are lost, and that the clock went wrong (a body
    has records of a time still to come; for administrators also a jump in the last days); None where none is."""

    lost: LostShown | None = None
    clock: ClockShown | None = None


@get("/api/alarms", opt={"operation": "alarm.list"})
async def list_alarms(database: Db, caller: Who) -> Alarms:
    """Returns the alarms of the caller's bodies, for pages that follow no meeting."""
    async with database.transaction(caller.scope) as transaction:
        lost = await store.lost_books(transaction.connection)
        return Alarms(lost_shown(lost), await _clock_shown(transaction, caller))


async def _clock_shown(transaction: Transaction, caller: Caller) -> ClockShown | None:
    connection = transaction.connection
    if books := await store.books_ahead(connection):
        return ClockShown(*ahead_words(books))
    jumps = await store.clock_jumps(connection) if caller.administrator else []
    if jumps and abs(await store.now(connection) - jumps[0].at) < SHOWN:
        return ClockShown(*jump_words(jumps[0]))
    return None


async def _admit(
    database: Database, hub: Hub, meeting_id: int, cookie: str | None, head: str | None
) -> tuple[Caller, int]:
    caller = await sessions.caller_of(database, cookie)
    try:
        async with look_into(database, caller, "live.watch", meeting_id) as look:
            return caller, look.meeting.body_id
    except RefusedError as refusal:
        if head and refusal.refusals[0].rule == "unknown":
            await hub.meeting_unknown(meeting_id, caller.organization, caller.roles, head)
        raise


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
    headers = [(b"content-type", MEDIA_TYPE.encode())]
    if seconds := problem.facts.get("seconds"):
        headers.append((b"retry-after", str(seconds).encode()))
    start: Any = {"type": "websocket.http.response.start", "status": problem.status, "headers": headers}
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


routes = [live, read_ledger, ask_origin, list_alarms]
