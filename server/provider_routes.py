"""The way to an OpenID Connect provider and back, beside the password.

The database lets its owner alone open a session without a password, so the owner's sign-in is used here
(docs/decisions/0039-signing-in-by-a-provider.md).
"""

from html import escape
from typing import Annotated, Any

import structlog
from litestar import Request, Response, get
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.params import QueryParameter
from msgspec import Struct

from acts.http import Measured
from acts.limits import require_slower
from identity import sessions
from identity.provider import Going, Provider, ProviderError
from identity.routes import session_cookie
from server.connecting import owner_connection

log = structlog.get_logger()

_KEPT = 600  # seconds that a person may take at the provider
_WAY = "/api/sign-in/provider"
_PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>议决</title>{head}
<body style="font: 1.1rem/1.7 sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1rem">{body}"""


class SignInProvider(Struct, frozen=True):
    """The provider as the sign-in page names it."""

    name: str


class ProviderSignIn(Struct, frozen=True):
    """A provider, and the owner's sign-in to the database."""

    provider: Provider
    owner: str


def provider_routes(way: ProviderSignIn | None) -> list[HTTPRouteHandler]:
    """Make the handlers; without a provider the page is answered that there is none."""

    @get(_WAY, opt={"operation": "provider.read"})
    async def read_provider() -> SignInProvider | None:
        """The provider by which one can sign in, null where there is none."""
        return SignInProvider(way.provider.settings.name) if way else None

    return [read_provider, *(_ways(way) if way else ())]


def _ways(way: ProviderSignIn) -> list[HTTPRouteHandler]:
    @get(f"{_WAY}/begin", opt={"operation": "provider.begin"}, include_in_schema=False)
    async def begin(request: Request[Any, Any, Any], limits: Measured) -> Response[Any]:
        """Send the browser to the provider."""
        _measure(request, limits)
        going = Going.start()
        try:
            address = await way.provider.address_of(going, _back(request))
        except ProviderError as error:
            return _failed(error, "统一身份认证系统没有应答，请稍后再试，或用工号和密码登录。",
                           "The provider does not answer. Try again later, or sign in by your password.")  # fmt: skip
        return Response(None, status_code=303, headers={"Location": address}, cookies=[_cookie(request, str(going))])

    @get(f"{_WAY}/callback", opt={"operation": "provider.finish"}, include_in_schema=False)
    async def finish(
        request: Request[Any, Any, Any],
        limits: Measured,
        sent_state: Annotated[str, QueryParameter(name="state", max_length=200)] = "",
        code: Annotated[str, QueryParameter(max_length=4000)] = "",
    ) -> Response[Any]:
        """Sign in the person whom the provider names, and go on to their meetings."""
        _measure(request, limits)
        going = Going.of(request.cookies.get(_name(request), ""))
        try:
            if going is None or not code:
                raise ProviderError("no sign-in is on its way here, or the provider refused it")
            number = await way.provider.staff_number(going, sent_state, code, _back(request))
        except ProviderError as error:
            return _failed(error, "统一身份认证没有完成，请返回登录页重新登录。",
                           "The provider did not sign you in. Go back and try again.")  # fmt: skip
        async with owner_connection(way.owner) as connection:
            home = way.provider.settings.organization
            token = await sessions.sign_in_by_provider(connection, home, number, sessions.origin_of(request))
        if token is None:
            return _failed(
                ProviderError("no account has this number"),
                f"您的工号（{number}）在本系统没有在用账号，请联系本单位管理员。",
                f"No account here has your number ({number}); ask the administrator.",
            )
        # A page of our own goes on: a redirect would still be the provider's, and bring no strict cookie.
        head = '<meta http-equiv="refresh" content="0; url=/">'
        page = _PAGE.format(head=head, body='<p><a href="/">正在进入… · Going on …</a></p>')
        cookies = [session_cookie(token, request.scope["scheme"]), _cookie(request, "", 0)]
        return Response(page, media_type="text/html", cookies=cookies)

    return [begin, finish]


def _measure(request: Request[Any, Any, Any], limits: Any) -> None:
    require_slower(
        limits.providers.take(request.client.host if request.client else ""),
        "登录过于频繁，请 {seconds} 秒后再试。",
        "Too many sign-ins; try again in {seconds} s.",
    )


def _back(request: Request[Any, Any, Any]) -> str:
    return f"{str(request.base_url).rstrip('/')}{_WAY}/callback"


def _name(request: Request[Any, Any, Any]) -> str:
    return "__Host-yijue_provider" if sessions.is_secure(request.scope["scheme"]) else "yijue_provider"


def _cookie(request: Request[Any, Any, Any], value: str, lasts: int = _KEPT) -> Cookie:
    """What the browser keeps on its way; lax, since the provider sends it back."""
    secure = sessions.is_secure(request.scope["scheme"])
    return Cookie(
        key=_name(request), value=value, secure=secure, httponly=True, samesite="lax", path="/", max_age=lasts
    )


def _failed(error: ProviderError, zh: str, en: str) -> Response[str]:
    log.warning("sign-in by provider failed", error=str(error)[:300])
    body = f'<p>{escape(zh)}</p><p lang="en">{escape(en)}</p><p><a href="/sign-in">返回登录页 · Back</a></p>'
    return Response(_PAGE.format(head="", body=body), media_type="text/html", status_code=403)
