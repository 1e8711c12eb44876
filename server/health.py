"""Whether the program is alive, and whether it is ready: asked by supervisors, balancers and health checks."""

from litestar import get

from acts.http import Db


@get("/health", opt={"operation": "alive.read"}, include_in_schema=False)
async def alive() -> dict[str, str]:
    """Whether the program answers; the database is not asked."""
    return {"status": "ok"}


@get("/ready", opt={"operation": "ready.read"}, include_in_schema=False)
async def ready(database: Db) -> dict[str, str]:
    """Whether a ballot could be kept now: a row is written durably."""
    await database.readiness.ask()
    return {"status": "ok"}


@get("/api/health", opt={"operation": "health.read"})
async def health(database: Db) -> dict[str, str]:
    """Whether the program and its database take ballots now; the same as `/ready`."""
    await database.readiness.ask()
    return {"status": "ok"}


health_routes = [alive, ready, health]
