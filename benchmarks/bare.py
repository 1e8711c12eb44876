"""The limit for the live feed: a server that does nothing but `websockets.broadcast`. `python -m benchmarks.bare PORT`.

A message on a connection to /say is answered at once, then sent to all other connections.
"""

import asyncio
import sys

import uvloop
from websockets.asyncio.server import ServerConnection, broadcast, serve

_screens: set[ServerConnection] = set()


async def _serve(connection: ServerConnection) -> None:
    if connection.request is not None and connection.request.path == "/say":
        async for said in connection:
            await connection.send("said")
            broadcast(_screens, said)
        return
    _screens.add(connection)
    await connection.wait_closed()
    _screens.discard(connection)


async def main(port: int) -> None:
    async with serve(_serve, "127.0.0.1", port, compression=None, ping_interval=None):
        await asyncio.get_running_loop().create_future()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
