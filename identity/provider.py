"""Signing in by an OpenID Connect provider: its discovery, the way to it and back, and the ID token that it signs.

Authorization code with PKCE (RFC 7636), `state` and `nonce` (OpenID Connect Core 1.0, 3.1.2-3.1.3). Between the two
steps the browser alone keeps them, in a cookie that no page reads; the server keeps nothing.
"""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote_plus

import httpx
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from msgspec import Struct

from acts import normal
from storage.errors import YijueError

SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""The signatures that are taken: by a key that the provider publishes, never by the client's secret, never none."""
_LEEWAY = 60  # seconds by which the provider's clock may differ
_PATIENCE = 10  # seconds


class ProviderError(YijueError):
    """The provider does not answer, answers what it should not, or refuses; the sentence is for the log."""


class ProviderSettings(Struct, frozen=True):
    """The operator's choices: `claim` of the ID token holds the staff number, in the organization of this code or name
    (None: the only one)."""

    issuer: str
    client_id: str
    client_secret: str
    claim: str
    organization: str | None
    name: str


class Going(Struct, frozen=True):
    """A sign-in on its way: what the browser keeps until it comes back."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def start(cls) -> "Going":
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))

    @classmethod
    def of(cls, kept: str) -> "Going | None":
        """Returns the attempt that a browser kept, None where it kept something else."""
        parts = kept.split(".")
        return cls(*parts) if len(parts) == 3 and all(len(part) == 43 for part in parts) else None

    def __str__(self) -> str:
        return f"{self.state}.{self.nonce}.{self.verifier}"


class Provider:
    """A provider as it describes itself at its issuer's address; asked once, and again where a key is not known."""

    def __init__(self, settings: ProviderSettings) -> None:
        self.settings = settings
        self._described: dict[str, Any] | None = None
        self._keys: KeySet | None = None

    async def answers(self) -> None:
        """Ask the provider for its description and its keys. Raises ProviderError."""
        await self._fetch_keys()

    async def address_of(self, going: Going, back: str) -> str:
        """The provider's address to which a browser is sent; `back` is where it returns. Raises ProviderError."""
        described = await self._describe()
        challenge = base64.urlsafe_b64encode(hashlib.sha256(going.verifier.encode()).digest()).rstrip(b"=").decode()
        query = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": back,
            "scope": "openid profile",
            "state": going.state,
            "nonce": going.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return str(httpx.URL(described["authorization_endpoint"]).copy_merge_params(query))

    async def staff_number(self, going: Going, state: str, code: str, back: str) -> str:
        """The staff number of the person whom the provider signed in. Raises ProviderError."""
        if not hmac.compare_digest(state.encode(), going.state.encode()):
            raise ProviderError("the state is not the one that was sent")
        described = await self._describe()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": going.verifier,
        }
        answer = await self._ask(described["token_endpoint"], form)
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise ProviderError("no ID token came with the answer")
        claims = await self._verified(token, going.nonce)
        number = claims.get(self.settings.claim)
        if number is None and "userinfo_endpoint" in described:
            number = await self._asked_more(described["userinfo_endpoint"], answer, claims.get("sub"))
        if not isinstance(number, str | int) or isinstance(number, bool) or not (said := normal.code(str(number))):
            raise ProviderError(f"the provider gives no claim {self.settings.claim}")
        return said

    async def _asked_more(self, address: str, answer: Mapping[str, Any], subject: object) -> object:
        """The staff number from the UserInfo endpoint, where many providers have what a scope asks for (OpenID Connect
        Core 1.0, 5.3-5.4); it must speak of the person of the ID token."""
        said = await self._ask(address, bearer=str(answer.get("access_token", "")))
        if subject is None or said.get("sub") != subject:
            raise ProviderError("the UserInfo is another person's")
        return said.get(self.settings.claim)

    async def _verified(self, token: str, nonce: str) -> Mapping[str, Any]:
        keys = self._keys or await self._fetch_keys()
        try:
            return verified(token, keys, self.settings.issuer, self.settings.client_id, nonce)
        except ProviderError:  # it may have changed its keys
            return verified(token, await self._fetch_keys(), self.settings.issuer, self.settings.client_id, nonce)

    async def _describe(self) -> dict[str, Any]:
        if self._described is None:
            described = await self._ask(f"{self.settings.issuer.rstrip('/')}/.well-known/openid-configuration")
            if described.get("issuer") != self.settings.issuer:  # OpenID Connect Discovery 1.0, 4.3
                raise ProviderError(
                    f"the provider calls itself {described.get('issuer')!r}, not the issuer that is set"
                )
            self._described = described
        return self._described

    async def _fetch_keys(self) -> KeySet:
        try:
            self._keys = KeySet.import_key_set(await self._ask((await self._describe())["jwks_uri"]))  # type: ignore[arg-type]
        except (JoseError, KeyError, ValueError, TypeError) as error:
            raise ProviderError("the provider's keys are none") from error
        return self._keys

    def _authorized(self, form: dict[str, str]) -> dict[str, Any]:
        """The form with the client's name and secret, in the way that the provider takes (RFC 6749, 2.3.1)."""
        name, secret = self.settings.client_id, self.settings.client_secret
        ways = (self._described or {}).get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if not secret:
            return {"data": {**form, "client_id": name}}
        if "client_secret_basic" in ways:
            return {"data": form, "auth": httpx.BasicAuth(quote_plus(name), quote_plus(secret))}
        return {"data": {**form, "client_id": name, "client_secret": secret}}

    async def _ask(self, address: str, form: dict[str, str] | None = None, bearer: str = "") -> dict[str, Any]:
        try:
            async with httpx.AsyncClient(timeout=_PATIENCE) as client:
                if form is None:
                    answer = await client.get(address, headers={"Authorization": f"Bearer {bearer}"} if bearer else {})
                else:
                    answer = await client.post(address, **self._authorized(form))
                answer.raise_for_status()
                said = answer.json()
        except (httpx.HTTPError, ValueError) as error:
            raise ProviderError(f"{address} does not answer: {type(error).__name__}") from error
        if not isinstance(said, dict):
            raise ProviderError(f"{address} answers no object")
        return said


def verified(token: str, keys: KeySet, issuer: str, client_id: str, nonce: str) -> Mapping[str, Any]:
    """The claims of an ID token (OpenID Connect Core 1.0, 3.1.3.7). Raises ProviderError where it is another's, for
    another, not of this sign-in, too old, or not signed by one of the provider's keys."""
    registry = jwt.JWTClaimsRegistry(
        leeway=_LEEWAY,
        iss={"essential": True, "value": issuer},
        aud={"essential": True, "value": client_id},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        claims = jwt.decode(token, keys, algorithms=list(SIGNED_BY)).claims
        registry.validate(claims)
    except (JoseError, ValueError, KeyError) as error:
        raise ProviderError(f"the ID token is not valid: {type(error).__name__}") from error
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if claims.get("azp", None if several else client_id) != client_id:
        raise ProviderError("the ID token was made for another client")
    return claims
