"""The program behind a reverse proxy: client, scheme and host are those that a trusted proxy forwards.

The headers are `X-Forwarded-For`, `-Proto` and `-Host`; from anybody else they say nothing.
"""

from collections.abc import Iterable, Sequence
from ipaddress import ip_network
from typing import Any

from litestar.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from storage.errors import YijueError


class ProxyUnknownError(YijueError):
    """A trusted proxy is named by something that is no address."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = names
        super().__init__(
            f"YIJUE_TRUSTED_PROXIES: {', '.join(names)}: no address and no network; name the proxy's own, such as"
            " 10.0.0.5 or 172.18.0.0/16"
        )


def malformed(proxies: Iterable[str]) -> list[str]:
    """Returns those that are neither an address nor a network; `*` is none, since it trusts everybody."""
    wrong = []
    for each in proxies:
        try:
            ip_network(each)
        except ValueError:
            wrong.append(each)
    return wrong


class BehindProxies:
    """The application as clients of these proxies reach it. Raises ProxyUnknownError."""

    def __init__(self, app: ASGIApp, proxies: Sequence[str]) -> None:
        if wrong := malformed(proxies):
            raise ProxyUnknownError(wrong)
        self._inner: Any = ProxyHeadersMiddleware(app, list(proxies))  # type: ignore[arg-type] # uvicorn's own ASGI types

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if client and client[0] in self._inner.trusted_hosts:
            scope["headers"] = with_host(list(scope["headers"]))
        await self._inner(scope, receive, send)


def with_host(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Returns the headers with the host that the first proxy was asked for, where one is forwarded."""
    forwarded = next((value for name, value in headers if name == b"x-forwarded-host"), b"").split(b",")[0].strip()
    if not forwarded:
        return headers
    return [(b"host", forwarded), *(each for each in headers if each[0] != b"host")]
