"""The right to follow is checked before the upgrade, and a refusal is that of HTTP."""

import asyncpg
import msgspec
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from acts.refusal import RefusedError
from realtime.routes import check_origin
from tests.bureau import Bureau, found_bureau
from tests.realtime.conftest import cookie_of, follow, live_url
from tests.test_one_meeting import Room


async def refused(url: str, origin: str | None, headers: dict[str, str] | None = None) -> tuple[int, str]:
    """Return status and rule of the refusal; fail if the upgrade succeeds."""
    with pytest.raises(InvalidStatus) as caught:
        async with connect(url, origin=origin, additional_headers=headers):  # type: ignore[arg-type] # a str
            pass
    response = caught.value.response
    assert response.headers["content-type"] == "application/problem+json"
    problem = msgspec.json.decode(response.body)
    assert problem["status"] == response.status_code
    assert problem["detail"]
    return response.status_code, problem["rule"]


async def test_origin_and_session(address: str, room: Room, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    url, lin = live_url(address, room.meeting), room.bureau.lin
    assert await refused(url, None, cookie_of(lin)) == (403, "access.origin")
    assert await refused(url, "http://example.org", cookie_of(lin)) == (403, "access.origin")
    assert await refused(url, "null", cookie_of(lin)) == (403, "access.origin")
    assert await refused(url, address) == (401, "access.signed_out")
    assert await refused(url, address, {"Cookie": "yijue_session=somebody"}) == (401, "access.signed_out")
    await owner.execute("UPDATE sessions SET expires_at = yijue_now() WHERE person_id = $1", lin.id)
    assert await refused(url, address, cookie_of(lin)) == (401, "access.signed_out")


async def test_who_follows(address: str, room: Room, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    b: Bureau = room.bureau
    for person in (b.zhou, b.lin, b.li, b.zhao, b.tang, b.hall):
        async with follow(person, room.meeting) as screen:
            assert (await screen.hear())["type"] == "snapshot"
    url = live_url(address, room.meeting)
    assert await refused(url, address, cookie_of(b.jiang)) == (403, "access.role")  # 办公室主任 works on the minutes
    assert await refused(url, address, cookie_of(b.admin)) == (403, "access.role")
    other = await found_bureau(None, owner, address, prefix="外")
    assert await refused(url, address, cookie_of(other.zhou)) == (404, "unknown")
    assert await refused(live_url(address, 10**12), address, cookie_of(b.zhou)) == (404, "unknown")
    await other.close()


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "９", "9" * 30, ""])
async def test_after_is_a_seq(address: str, room: Room, after: str) -> None:
    url = live_url(address, room.meeting, f"?after={after}")
    assert await refused(url, address, cookie_of(room.bureau.lin)) == (422, "input.invalid")


@pytest.mark.parametrize(
    ("origin", "allowed"),
    [
        ("https://yijue.example", True),
        ("http://YIJUE.example", True),
        ("https://board.example", True),
        ("https://yijue.example:8443", False),
        ("https://yijue.example.evil", False),
        ("ftp://yijue.example", False),
        ("https://evil.example", False),
        ("null", False),
        ("", False),
        (None, False),
    ],
)
def test_origins(origin: str | None, allowed: bool) -> None:
    """The server's own origin is allowed with any scheme, for a TLS proxy, and so are those that the operator named."""
    if allowed:
        check_origin(origin, "yijue.example", frozenset({"https://board.example"}))
    else:
        with pytest.raises(RefusedError):
            check_origin(origin, "yijue.example", frozenset({"https://board.example"}))
