"""`yijue serve`: the server, on the embedded PostgreSQL or the one that is named."""

import asyncio

import rich_click as click
import uvicorn

from realtime.hub import Hub
from server.app import create_app
from server.opening import open_database
from server.settings import from_environment


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址 · address to listen on")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="端口 · port")
def serve(host: str, port: int) -> None:
    """启动服务（未指定数据库时使用内置的 PostgreSQL） · Serve, on the embedded PostgreSQL unless one is named."""
    asyncio.run(_serve(host, port))


async def _serve(host: str, port: int) -> None:
    settings = from_environment()
    hub = Hub(settings.origins)
    async with open_database(settings, hub.announce) as database:
        app = create_app(database, hub, own_fonts=settings.fonts)  # type: ignore[arg-type] # its keys are the roles
        config = uvicorn.Config(
            app, host=host, port=port, ws="websockets-sansio", ws_max_size=4096, ws_per_message_deflate=False,
            access_log=False, server_header=False,
        )  # fmt: skip
        await uvicorn.Server(config).serve()
