"""Signing in by an OpenID Connect provider: the whole way against one that runs here, and tokens that are refused."""

import base64
import hashlib
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

import asyncpg
import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey
from litestar import Litestar

from acts.database import Database
from identity import provider
from identity.provider import Going, Provider, ProviderError, ProviderSettings, verified
from realtime.hub import Hub
from server.app import create_app
from server.doctor import look_at_provider
from server.finding import Finding
from server.provider_routes import ProviderSignIn
from server.settings import SettingError, Settings, from_environment
from tests.bureau import Bureau
from tests.conftest import Urls

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
ISSUER, CLIENT, NONCE = "https://id.example", "yijue", "n" * 43
KEY, OTHER = (RSAKey.generate_key(2048, {"kid": name}) for name in ("one", "two"))
KEYS = KeySet([RSAKey.import_key(KEY.as_dict(private=False))])


def claims(**changed: Any) -> dict[str, Any]:
    """The claims of a good token, some of them changed; None leaves one out."""
    now = int(time.time())
    said = {"iss": ISSUER, "aud": CLIENT, "sub": "1", "iat": now, "exp": now + 300, "nonce": NONCE, **changed}
    return {name: value for name, value in said.items() if value is not None}


def signed(said: dict[str, Any], key: Any = KEY, algorithm: str = "RS256", kid: str = "one") -> str:
    return jwt.encode({"alg": algorithm, "kid": kid}, said, key, algorithms=[algorithm])


def test_a_good_token_is_taken() -> None:
    for changed in ({}, {"aud": [CLIENT]}, {"aud": [CLIENT, "x"], "azp": CLIENT}, {"exp": int(time.time()) - 30}):
        assert verified(signed(claims(**changed)), KEYS, ISSUER, CLIENT, NONCE)["sub"] == "1"


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://id.example/"}, {"iss": None}, {"aud": "another"}, {"aud": ["another"]}, {"aud": None},
        {"aud": [CLIENT, "x"]}, {"aud": [CLIENT, "x"], "azp": "x"}, {"azp": "x"}, {"exp": int(time.time()) - 90},
        {"exp": None}, {"iat": None}, {"iat": int(time.time()) + 600}, {"nonce": "m" * 43}, {"nonce": None},
    ],
)  # fmt: skip
def test_a_token_of_another_or_for_another_or_of_another_time_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(ProviderError):
        verified(signed(claims(**changed)), KEYS, ISSUER, CLIENT, NONCE)


def test_a_token_that_the_provider_did_not_sign_is_refused() -> None:
    """By another's key, under the name of one of its keys too; by none; by the client's or a public key as a secret."""
    head, body, _ = signed(claims()).split(".")
    unsigned = "eyJhbGciOiJub25lIn0." + body + "."
    secret = OctKey.import_key("the secret of the client, long enough")
    for token in (
        signed(claims(), OTHER, kid="two"), signed(claims(), OTHER, kid="one"), unsigned, f"{head}.{body}.",
        f"{head}.{signed(claims(sub='2')).split('.')[1]}.{signed(claims()).split('.')[2]}",
        signed(claims(), secret, "HS256"), "x", "",
    ):  # fmt: skip
        with pytest.raises(ProviderError):
            verified(token, KEYS, ISSUER, CLIENT, NONCE)


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    """A provider that runs here, with 林静 and a stranger."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    people = [
        {"sub": "lin", "preferred_username": "０００２"},
        {"sub": "gone", "preferred_username": "7777"},
        {"sub": "nameless"},
    ]
    claimed = [argument for each in people for argument in ("--user-claims", json.dumps(each))]
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--require-nonce",
        *claimed,
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(600):
                try:
                    found = httpx.get(f"http://127.0.0.1:{port}/.well-known/openid-configuration").json()
                    break
                except httpx.HTTPError:
                    assert process.poll() is None
                    time.sleep(0.1)
            yield str(found["issuer"])
        finally:
            process.terminate()


Browser: TypeAlias = Callable[[], httpx.AsyncClient]


@pytest.fixture
async def browser(database: Database, bureau: Bureau, urls: Urls, issuer: str) -> AsyncIterator[Browser]:
    """Makes a browser of a server that knows the provider."""
    settings = ProviderSettings(issuer, CLIENT, "secret", "preferred_username", None, "统一身份认证")
    app = create_app(database, Hub(), provider=ProviderSignIn(Provider(settings), urls.owner))
    made: list[httpx.AsyncClient] = []

    def open_one() -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
        made.append(httpx.AsyncClient(transport=transport, base_url="http://test", headers={"User-Agent": "B"}))
        return made[-1]

    yield open_one
    for each in made:
        await each.aclose()


async def go(client: httpx.AsyncClient, person: str, address: str = "") -> str:
    """Go to the provider and sign in there; give the address to which it sends the browser back."""
    if not address:
        begun = await client.get("/api/sign-in/provider/begin")
        assert begun.status_code == 303, begun.text
        address = begun.headers["location"]
    async with httpx.AsyncClient() as there:
        answer = await there.post(address, data={"sub": person})
    assert answer.status_code == 302, answer.text
    return str(answer.headers["location"])


async def who(client: httpx.AsyncClient) -> Any:
    return (await client.get("/api/session")).json()


async def test_the_whole_way(
    browser: Browser, bureau: Bureau, owner: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, ask = [], Provider._ask

    async def heard(self: Provider, address: str, form: dict[str, str] | None = None, bearer: str = "") -> Any:
        asked.append((address, form))
        return await ask(self, address, form, bearer)

    monkeypatch.setattr(Provider, "_ask", heard)
    await owner.execute("UPDATE people SET password_given = true WHERE id = $1", bureau.lin.id)
    client = browser()
    assert (await client.get("/api/sign-in/provider")).json() == {"name": "统一身份认证"}
    went = (await client.get("/api/sign-in/provider/begin")).headers["location"]
    back = await go(client, "lin", went)
    query = parse_qs(urlsplit(back).query)
    assert urlsplit(back).path == "/api/sign-in/provider/callback"
    done = await client.get(back)
    assert done.status_code == 200, done.text
    (session,) = [each for each in done.headers.get_list("set-cookie") if each.startswith("yijue_session=")]
    assert {"HttpOnly", "SameSite=strict"} <= set(session.split("; "))
    session_of = await who(client)
    assert (session_of["name"], session_of["due"]) == ("林静", [])  # the password, being unused, is not due
    form = next(form for _, form in asked if form)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
    assert f"code_challenge={challenge}&code_challenge_method=S256" in went  # RFC 7636, 4.2
    again = await client.get(back)  # neither the state nor the code serves again
    assert (again.status_code, set(query)) == (403, {"code", "state"})


@pytest.mark.parametrize("subject", ["lin", "another"])
async def test_a_claim_that_the_token_lacks_is_asked_for(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, subject: str
) -> None:
    """Many providers give what a scope asks for by UserInfo alone; that of another person is not taken."""
    real = verified

    def bare(*said: Any) -> dict[str, Any]:
        return {**real(*said), "preferred_username": None, "sub": subject}

    monkeypatch.setattr(provider, "verified", bare)
    client = browser()
    done = await client.get(await go(client, "lin"))
    assert done.status_code == (200 if subject == "lin" else 403)
    assert ((await who(client)) or {"name": None})["name"] == ("林静" if subject == "lin" else None)


async def test_the_sign_in_is_on_record(browser: Browser, bureau: Bureau) -> None:
    client = browser()
    await client.get(await go(client, "lin"))
    found = (await bureau.zhao.get("/api/audit", group="sign_in", person=bureau.lin.id)).json()["records"]
    assert [each["zh"] for each in found] == ["经统一身份认证登录（127.0.0.1）"]


async def test_doctor_asks_the_provider(issuer: str, tmp_path: Path) -> None:
    def chosen(address: str) -> Settings:
        provider = ProviderSettings(address, CLIENT, "secret", "preferred_username", None, "统一身份认证")
        return Settings(None, None, tmp_path, {}, (), (), provider=provider)

    assert await look_at_provider(chosen(issuer)) == Finding("统一身份认证 · Sign-in provider", issuer)
    assert "does not answer" in (await look_at_provider(chosen("http://127.0.0.1:1"))).mend
    assert "calls itself" in (await look_at_provider(chosen(f"{issuer}/"))).mend
    assert not (await look_at_provider(Settings(None, None, tmp_path, {}, (), ()))).mend


async def test_a_second_factor_is_asked_for_all_the_same(browser: Browser, bureau: Bureau, owner: Connection) -> None:
    await owner.execute("UPDATE people SET second_factor = true WHERE id = $1", bureau.lin.id)
    client = browser()
    await client.get(await go(client, "lin"))
    assert (await who(client))["due"] == ["code"]


async def test_the_way_of_another_browser_leads_nowhere(browser: Browser) -> None:
    """A person is not made to sign in as another: the browser that comes back is the one that went."""
    one, other = browser(), browser()
    back = await go(one, "lin")
    await go(other, "lin")
    for client in (other, browser()):
        assert (await client.get(back)).status_code == 403
        assert await who(client) is None
    going = Going.of(one.cookies["yijue_provider"])
    assert going is not None
    one.cookies.clear()
    one.cookies.set("yijue_provider", str(Going(going.state, "n" * 43, going.verifier)))
    assert (await one.get(back)).status_code == 403  # the token was made for another sign-in
    assert await who(one) is None


@pytest.mark.parametrize(("person", "said"), [("gone", "7777"), ("nameless", "没有完成")])
async def test_who_has_no_account_here_is_told(browser: Browser, person: str, said: str) -> None:
    client = browser()
    refused = await client.get(await go(client, person))
    assert refused.status_code == 403
    assert said in refused.text
    assert await who(client) is None


async def test_a_provider_that_is_away_is_told(database: Database, urls: Urls, app: Litestar) -> None:
    settings = ProviderSettings("http://localhost:9", CLIENT, "", "sub", None, "统一身份认证")
    away = create_app(database, Hub(), provider=ProviderSignIn(Provider(settings), urls.owner))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=away), base_url="http://test") as client:  # type: ignore[arg-type]
        answer = await client.get("/api/sign-in/provider/begin")
        assert (answer.status_code, "没有应答" in answer.text) == (403, True)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test") as client:  # type: ignore[arg-type]
        assert (await client.get("/api/sign-in/provider")).json() is None
        assert (await client.get("/api/sign-in/provider/begin")).status_code == 404


def test_its_settings_are_whole_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("YIJUE_")]:
        monkeypatch.delenv(name)
    assert from_environment().provider is None
    monkeypatch.setenv("YIJUE_OIDC_ISSUER", "http://id.example")
    with pytest.raises(SettingError, match="YIJUE_OIDC_ISSUER"):
        from_environment()
    monkeypatch.setenv("YIJUE_OIDC_ISSUER", ISSUER)
    with pytest.raises(SettingError, match="YIJUE_OIDC_CLIENT_ID"):
        from_environment()
    monkeypatch.setenv("YIJUE_OIDC_CLIENT_ID", CLIENT)
    found = from_environment().provider
    assert found is not None
    assert (found.claim, found.organization) == ("preferred_username", None)
    monkeypatch.setenv("YIJUE_DATABASE_URL", "postgresql://yijue_app@db/yijue")
    with pytest.raises(SettingError, match="YIJUE_DATABASE_OWNER_URL"):
        from_environment()
