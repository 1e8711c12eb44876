"""`yijue serve`: the server, on the embedded PostgreSQL or the one that is named."""

import asyncio
from contextlib import suppress
from datetime import UTC, datetime

import rich_click as click
import structlog
import uvloop

from acts.room import Room
from acts.scanner import Scanner, address_of
from documents.fonts import choose
from documents.installed import installed_fonts
from identity.provider import Provider
from realtime.hub import Hub
from server.app import create_app
from server.backing_up import age_of
from server.checking import check_at_start
from server.clock import clock_watched
from server.connecting import SignIns, opened, reach
from server.connections import raise_file_limit
from server.ending import run
from server.lost import compare_heads
from server.metrics import Reading
from server.observing import configure_log, fed, logged
from server.provider_routes import ProviderSignIn
from server.schedule import backed_up
from server.serving import listen, serving
from server.settings import Settings, from_environment

log = structlog.get_logger()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址 · address to listen on")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="端口 · port")
def serve(host: str, port: int) -> None:
    """启动服务（未指定数据库时使用内置的 PostgreSQL） · Serve, on the embedded PostgreSQL unless one is named."""
    configure_log()
    with suppress(KeyboardInterrupt):
        run(_serve(host, port), uvloop.run)


def _provider(settings: Settings, sign_ins: SignIns) -> ProviderSignIn | None:
    if settings.provider is None or sign_ins.owner is None:
        return None
    return ProviderSignIn(Provider(settings.provider), sign_ins.owner)


async def _serve(host: str, port: int) -> None:
    settings = from_environment()
    raise_file_limit()
    fonts = choose(settings.fonts, installed=installed_fonts())
    for font in fonts:
        log.info("font", role=font.role, file=font.path, origin=font.origin)
    hub = Hub(settings.origins)
    hub.observe = fed
    folder = settings.backups.folder
    reading = Reading(
        settings.metrics_from,
        settings.metrics_token,
        None if folder is None else lambda: age_of(folder, datetime.now(UTC)),
    )
    scanner = Scanner(address_of(settings.scanner)) if settings.scanner else None
    with listen(host, port) as listening:
        async with (
            reach(settings) as sign_ins,
            opened(sign_ins, logged(hub.announce), room=Room(settings.disk, settings.reserve)) as database,
            serving(
                create_app(
                    database,
                    hub,
                    fonts=fonts,
                    scanner=scanner,
                    heads=settings.heads,
                    reading=reading,
                    provider=_provider(settings, sign_ins),
                ),
                listening,
                settings.proxies,
            ) as task,
            backed_up(settings, sign_ins),
            clock_watched(database),
        ):
            if sign_ins.owner is not None:
                for fault in await check_at_start(sign_ins):
                    log.error("damage", what=fault.zh, en=fault.en, mend="yijue check")
                for zh, en in await compare_heads(sign_ins.owner, settings.heads):
                    log.error("records_lost", what=zh, en=en, mend="yijue explain-loss")
            log.info("ready", address=f"http://{host}:{listening.getsockname()[1]}")
            await asyncio.shield(task)  # if the database ends, the server still shuts down in order
