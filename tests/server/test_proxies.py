"""Behind a reverse proxy: what a trusted one forwards counts, what anybody else sends does not."""

from collections.abc import AsyncIterator, Hashable
from typing import Any

import httpx
import pytest
from litestar import Litestar
from structlog.testing import capture_logs
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from acts.limits import Limits
from identity.sessions import hash_password
from server.proxies import BehindProxies, ProxyUnknownError, malformed
from server.serving import listen, serving
from tests.bureau import TLS, Bureau

FORWARDED = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "yijue.example", "X-Forwarded-For": "203.0.113.7"}


def test_a_proxy_is_an_address_or_a_network() -> None:
    assert malformed(["10.0.0.5", "172.18.0.0/16", "::1", "fd00::/8"]) == []
    assert malformed(["*", "proxy", "10.0.0.5/8"]) == ["*", "proxy", "10.0.0.5/8"]
    with pytest.raises(ProxyUnknownError, match="YIJUE_TRUSTED_PROXIES"):
        BehindProxies(lambda *_: None, ["proxy"])  # type: ignore[arg-type]


@pytest.fixture(params=["trusted", "stranger"])
async def behind(app: Litestar, request: pytest.FixtureRequest) -> AsyncIterator[tuple[bool, str]]:
    """Whether the proxy on this machine is trusted, and the server's address."""
    proxies = ["127.0.0.1"] if request.param == "trusted" else ["10.9.9.9"]
    with listen("127.0.0.1", 0) as listening:
        async with serving(app, listening, proxies):
            yield bool(request.param == "trusted"), f"http://127.0.0.1:{listening.getsockname()[1]}"


async def test_the_cookie_is_for_tls_alone_behind_tls(bureau: Bureau, owner: Any, behind: tuple[bool, str]) -> None:
    trusted, address = behind
    await owner.execute(
        "UPDATE people SET password_hash = $1 WHERE id = $2", await hash_password("pass word 1"), bureau.lin.id
    )
    number = await owner.fetchval("SELECT staff_number FROM people WHERE id = $1", bureau.lin.id)
    async with httpx.AsyncClient(verify=TLS, base_url=address, headers=FORWARDED) as client:
        answer = await client.post("/api/session", json={"staff_number": number, "password": "pass word 1"})
        set_cookie = answer.headers["set-cookie"]
        assert set_cookie.startswith("__Host-yijue_session=" if trusted else "yijue_session=")
        assert ("Secure" in set_cookie) == trusted
        assert "HttpOnly" in set_cookie
        assert "samesite=strict" in set_cookie.lower()
        name, _, value = set_cookie.split(";")[0].partition("=")
        mine = await client.get("/api/session", headers={"Cookie": f"{name}={value}"})
        assert mine.json()["csrf"]
        if trusted:  # a cookie that another host, or plain HTTP, could have set does not count
            other = await client.get("/api/session", headers={"Cookie": f"yijue_session={value}"})
            assert other.json() is None


async def test_one_client_has_one_limit(
    limits: Limits, bureau: Bureau, behind: tuple[bool, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    trusted, address = behind
    taken: list[Hashable] = []

    def take(key: Hashable) -> int:
        taken.append(key)
        return 0

    monkeypatch.setattr(limits.verifications, "take", take)
    query: dict[str, str | int] = {"organization": "无", "series": "纪要", "year": 2026, "number": 1}
    async with httpx.AsyncClient(verify=TLS, base_url=address) as client:
        for number in (7, 7, 8):
            forwarded = {**FORWARDED, "X-Forwarded-For": f"198.51.100.1, 203.0.113.{number}"}
            assert (await client.get("/api/verification", params=query, headers=forwarded)).is_success
    assert taken == (["203.0.113.7", "203.0.113.7", "203.0.113.8"] if trusted else ["127.0.0.1"] * 3)


@pytest.mark.moment("noticed")
async def test_the_live_feed_knows_the_host_that_was_asked_for(bureau: Bureau, behind: tuple[bool, str]) -> None:
    """A refusal for the Origin is logged with both origins; the page can ask why its socket does not open."""
    trusted, address = behind
    name = "__Host-yijue_session" if trusted else "yijue_session"
    cookie = {"Cookie": f"{name}={bureau.lin.client.cookies['yijue_session']}"}
    url = f"{address.replace('http', 'ws')}/api/meetings/{bureau.meeting}/live"
    with capture_logs() as logs:
        try:
            async with connect(url, origin=Origin("https://yijue.example"), additional_headers={**FORWARDED, **cookie}):
                assert trusted
        except InvalidStatus:
            assert not trusted
    refused = [each for each in logs if each["event"] == "live feed refused for its origin"]
    assert [(each["origin"], each["own"]) for each in refused] == (
        [] if trusted else [("https://yijue.example", address)]
    )
    async with httpx.AsyncClient(verify=TLS, base_url=address, headers={**FORWARDED, **cookie}) as client:
        asked = (await client.get("/api/origin", params={"origin": "https://yijue.example"})).json()
    assert asked == {"accepted": trusted, "own": "https://yijue.example" if trusted else address}
