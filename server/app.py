"""The application: routes, dependencies, refusals, and the check that no route lacks an access entry."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Litestar, Request
from litestar.di import Provide
from litestar.openapi import OpenAPIConfig
from litestar.routes import HTTPRoute, WebSocketRoute

from acts.acting import Caller
from acts.connection import signed_in
from acts.database import Database
from acts.heads import Outside
from acts.http import Db
from acts.jobs import Worker
from acts.limits import Limits
from acts.packages import operations, routes
from acts.scanner import Scanner, at_hand
from documents.fonts import FontChoice, FontSet, choose, load
from identity.routes import provide_caller
from realtime.hub import Hub
from server.demonstration.links import SignInLinks, link_routes
from server.health import health_routes
from server.json_body import StrictRequest
from server.metrics import Reading, read_metrics
from server.openapi import Described
from server.pages import Page, page_routes, read_pages
from server.problems import HANDLERS, HEADERS
from server.provider_routes import ProviderSignIn, provider_routes
from voting.together import Ballots

MAX_BODY = 4 * 1024 * 1024  # bytes; routes that take files say otherwise


class UnguardedRouteError(Exception):
    """A route names no operation of the access table."""

    def __init__(self, paths: Sequence[str]) -> None:
        super().__init__(f"routes whose operation no package brings: {', '.join(paths)}")


def create_app(
    database: Database,
    hub: Hub,
    limits: Limits | None = None,
    *,
    fonts: tuple[FontChoice, ...] | None = None,
    pages: Mapping[str, Page] | None = None,
    links: SignInLinks | None = None,
    scanner: Scanner | None = None,
    heads: str | None = None,
    reading: Reading | None = None,
    provider: ProviderSignIn | None = None,
) -> Litestar:
    """Make the ASGI application on an open database whose announcements go to `hub`; `pages` are the build's unless
    others are given, `links` those of a demonstration, `scanner` the virus scanner if there is one, `heads` the place
    outside where heads are kept; `reading` says who may read the figures; `provider` signs people in beside the
    password. Raises UnguardedRouteError."""
    measured, figures = limits or Limits(), reading or Reading()
    tools = {
        FontSet: lambda: load(fonts or choose()), Scanner: lambda: at_hand(scanner), Outside: lambda: Outside(heads)
    }  # fmt: skip
    worker, ballots = Worker(database, tools), Ballots(database, measured)

    async def caller(request: Request[Any, Any, Any], database: Db) -> Caller:
        # The limits are not asked for by name: where two dependencies could be had at once, Litestar starts a
        # task for each, which costs a command more than its JSON does.
        found = await provide_caller(request, database, measured)
        signed_in(request.scope)
        return found

    app = Litestar(
        route_handlers=[
            *health_routes,
            read_metrics,
            *routes(),
            *provider_routes(provider),
            *(link_routes(links) if links is not None else ()),
            *page_routes(read_pages() if pages is None else pages),
        ],
        dependencies={
            "database": Provide(lambda: database, sync_to_thread=False, use_cache=True),
            "hub": Provide(lambda: hub, sync_to_thread=False, use_cache=True),
            "reading": Provide(lambda: figures, sync_to_thread=False, use_cache=True),
            "limits": Provide(lambda: measured, sync_to_thread=False, use_cache=True),
            "scanner": Provide(lambda: scanner, sync_to_thread=False, use_cache=True),
            "caller": Provide(caller),
            "ballots": Provide(lambda: ballots, sync_to_thread=False, use_cache=True),
            "fonts": Provide(lambda: load(fonts or choose()), sync_to_thread=True),
        },
        lifespan=[lambda _: hub.running(database), lambda _: worker.running()],
        exception_handlers=HANDLERS,
        response_headers=HEADERS,
        request_class=StrictRequest,
        request_max_body_size=MAX_BODY,
        openapi_config=OpenAPIConfig(
            title="Yijue 议决",
            version="0.1.0",
            path="/api/schema",
            use_handler_docstrings=True,
            render_plugins=[Described()],
        ),
        logging_config=None,  # structlog is set up by the command line
    )
    check_guarded(app)
    return app


def check_guarded(app: Litestar) -> None:
    """Check that every route of ours names an operation of the access table. Raises UnguardedRouteError."""
    unguarded = []
    for route in app.routes:
        handlers: list[Any] = []
        if isinstance(route, HTTPRoute):
            handlers = list(route.route_handlers)
        elif isinstance(route, WebSocketRoute):
            handlers = [route.route_handler]
        for handler in handlers:
            if handler.opt.get("operation") in operations() or route.path.startswith("/api/schema"):
                continue
            if set(getattr(handler, "http_methods", ())) == {"OPTIONS"}:
                continue
            unguarded.append(route.path)
    if unguarded:
        raise UnguardedRouteError(unguarded)
