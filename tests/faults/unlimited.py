"""`python -m tests.faults.unlimited PORT`: the server on YIJUE_DATABASE_URL, for people who act faster than people."""

import os
import sys

import uvloop

from acts.database import connected
from realtime.hub import Hub
from server.app import create_app
from server.serving import listen, serving
from tests.serving import unmeasured


async def main() -> None:
    """Serve until a signal ends the process."""
    hub = Hub()
    async with (
        connected(os.environ["YIJUE_DATABASE_URL"], hub.announce) as database,
        serving(create_app(database, hub, unmeasured()), listen("127.0.0.1", int(sys.argv[1]))) as served,
    ):
        await served


if __name__ == "__main__":
    uvloop.run(main())
