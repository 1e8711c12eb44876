"""`/metrics`: the program's figures as Prometheus reads them, for those whom the operator named."""

import asyncio
import hmac
import time
from collections import Counter
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from msgspec import Struct
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from acts.constraints import unknown
from acts.database import Database
from acts.http import Db
from acts.refusal import RefusedError
from acts.store import figures as job_figures
from realtime.hub import Hub
from storage import store
from storage.figures import BACKUP, DAMAGED, FREE, JOBS, POOL, REGISTRY, RESERVE, SCREENS, UP

LOOK = 60.0  # seconds between two looks at the ends of all books
_FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip")


class Reading(Struct):
    """Who may read the figures: addresses and networks, and a token; `backup` gives the age of the last good backup in
    seconds, None where there is none."""

    networks: tuple[str, ...] = ("127.0.0.0/8", "::1")
    token: str = ""
    backup: Callable[[], float | None] | None = None
    looked: float = float("-inf")


Figures = NamedDependency[Reading]
Screens = NamedDependency[Hub]


@get("/metrics", opt={"operation": "metrics.read"}, include_in_schema=False)
async def read_metrics(
    request: Request[Any, Any, Any], database: Db, hub: Screens, reading: Figures
) -> Response[bytes]:
    """Returns the figures; they hold numbers and no names. Raises RefusedError (unknown)."""
    if not may_read(request, reading):
        raise RefusedError(unknown())
    await _gather(database, hub, reading)
    return Response(generate_latest(REGISTRY), media_type=CONTENT_TYPE_LATEST)


def may_read(request: Request[Any, Any, Any], reading: Reading) -> bool:
    """Whether the request has the token, or comes from one of the networks itself: what a proxy forwards, and is not
    trusted for, is from anybody."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if reading.token and scheme.lower() == "bearer" and hmac.compare_digest(given.encode(), reading.token.encode()):
        return True
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        address = ip_address(request.client.host)
    except ValueError:
        return False
    return any(address in ip_network(each) for each in reading.networks)


async def _gather(database: Database, hub: Hub, reading: Reading) -> None:
    """Read the figures that are not counted as they happen."""
    used, idle = database.pool
    POOL.labels("used").set(used)
    POOL.labels("idle").set(idle)
    SCREENS.clear()
    for view, number in Counter(hub.views()).items():
        SCREENS.labels(view).set(number)
    FREE.set(float("nan") if (free := database.room.free) is None else free)
    RESERVE.set(database.room.reserve)
    age = await asyncio.to_thread(reading.backup) if reading.backup else None  # a folder that may be far away
    BACKUP.set(float("inf") if age is None else age)
    try:
        async with database.connection() as connection:
            jobs = await job_figures(connection)
            JOBS.labels("waiting").set(jobs.waiting)
            JOBS.labels("failed").set(jobs.failed)
            if time.monotonic() - reading.looked > LOOK:
                DAMAGED.set(len(await store.damaged_heads(connection)))
                reading.looked = time.monotonic()
        UP.set(1)
    except RefusedError:
        UP.set(0)
