"""A session that ends takes its screens with it at once: no record that commits later reaches them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from websockets.exceptions import ConnectionClosed

from acts.database import Database
from acts.limits import Limit
from identity import sessions, store
from identity.sessions import hash_password
from realtime.hub import Hub
from tests.bureau import Person, client_of
from tests.realtime.conftest import Screen, follow
from tests.realtime.test_feed import Book
from tests.storage.attacks import Connection
from tests.test_one_meeting import Room

SIGNED_OUT = (1008, "access.signed_out")
PASSWORD, OTHER = "x7k2-p9qm-4trw", "m3vv-8kqd-77rz"


@pytest.fixture
def heartbeat() -> float:
    """So long that no heartbeat closes a screen here."""
    return 60


@pytest.fixture
def book(database: Database, room: Room) -> Book:
    return Book(database, room)


async def ended(screen: Screen) -> tuple[int, str]:
    """Take in all that still comes; return the code and reason with which the server closes the connection."""
    with suppress(ConnectionClosed):
        while True:
            screen.take(await screen.recv())
    return screen.socket.close_code or 0, screen.socket.close_reason or ""


async def test_records_between_the_commit_and_its_news_are_not_sent(
    room: Room, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The sign-out has committed, and the program has not heard of it yet, when others write."""
    lin, he = room.bureau.lin, room.bureau.he
    close, after = store.close_session, [0]

    async def closed_and_not_yet_told(connection: Connection, secret: bytes) -> None:
        await close(connection, secret)
        after[0] = await book.write(3)
        await asyncio.sleep(0.2)

    monkeypatch.setattr(store, "close_session", closed_and_not_yet_told)
    async with follow(lin, room.meeting) as screen, follow(he, room.meeting) as other:
        await screen.hear()
        await other.hear()
        before = await book.write()
        assert (await lin.client.delete("/api/session")).is_success
        async with asyncio.timeout(3):
            assert await ended(screen) == SIGNED_OUT
        assert screen.seq <= before
        await other.at(after[0])


async def _own_change(room: Room) -> None:
    await room.bureau.lin.do("/api/session/password", {"old": PASSWORD, "new": OTHER})


async def _others_ended(room: Room) -> None:
    assert (await room.bureau.lin.client.delete("/api/sessions")).json() == {"ended": 1}


async def _one_ended(room: Room) -> None:
    (other,) = [each for each in (await room.bureau.lin.get("/api/sessions")).json() if not each["here"]]
    assert (await room.bureau.lin.client.delete(f"/api/sessions/{other['session']}")).json() == {"ended": 1}


async def _given_another(room: Room) -> None:
    await room.bureau.admin.do(f"/api/people/{room.bureau.lin.id}/password", {"password": OTHER})


async def _signed_out(room: Room) -> None:
    await room.bureau.admin.do(f"/api/people/{room.bureau.lin.id}/sign-out")


async def _deactivated(room: Room) -> None:
    """No role is held any more, and her screens have not heard of it."""
    await room.owner.execute("DELETE FROM grants WHERE person_id = $1", room.bureau.lin.id)
    await room.bureau.admin.do(f"/api/people/{room.bureau.lin.id}", {"active": False})


async def _factor_reset(room: Room) -> None:
    await room.owner.execute("UPDATE people SET second_factor = true WHERE id = $1", room.bureau.lin.id)
    await room.bureau.admin.do(f"/api/people/{room.bureau.lin.id}/second-factor/reset")


@pytest.mark.parametrize(
    ("ends", "keeps"),
    [
        (_own_change, True), (_others_ended, True), (_one_ended, True), (_given_another, False), (_signed_out, False),
        (_deactivated, False), (_factor_reset, False),
    ],
)  # fmt: skip
async def test_whatever_ends_a_session_ends_its_screens(
    room: Room, book: Book, database: Database, ends: Callable[[Room], Awaitable[None]], keeps: bool
) -> None:
    """Of 林静's two devices the one that acts keeps its session, where she acts herself, and its screen goes on."""
    b = room.bureau
    await room.owner.execute(
        "UPDATE people SET password_hash = $2 WHERE id = $1", b.lin.id, await hash_password(PASSWORD)
    )
    origin = sessions.Origin("A" * 43, "", "")
    token, csrf = await sessions.sign_in(database, None, "0002", PASSWORD, origin, Limit(10**9, 1))
    there = Person("lin", b.lin.id, client_of(None, token, csrf, str(b.lin.client.base_url).rstrip("/")))
    async with there.client, follow(b.lin, room.meeting) as kept:
        await kept.hear()
        async with follow(there, room.meeting) as gone:
            await gone.hear()
            before = gone.seq
            await ends(room)
            after = await book.write()
            async with asyncio.timeout(3):
                assert await ended(gone) == SIGNED_OUT
            assert gone.seq == before
        if keeps:
            await kept.at(after)
        else:
            assert await kept.closed() == SIGNED_OUT


async def test_a_screen_that_comes_while_its_session_ends_is_turned_away(
    room: Room, book: Book, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was let in before the sign-out, and is sent nothing after it."""
    lin, load = room.bureau.lin, hub._look_outside

    async def signing_out(*given: object) -> None:
        await load(*given)  # type: ignore[arg-type]
        assert (await lin.client.delete("/api/session")).is_success
        await book.write()

    monkeypatch.setattr(hub, "_look_outside", signing_out)
    async with follow(lin, room.meeting) as screen:
        assert await ended(screen) == SIGNED_OUT
        assert screen.messages == []
