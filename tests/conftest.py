"""A real PostgreSQL for every test: the embedded server, or the one named by YIJUE_TEST_ADMIN_URL.

A template database is migrated once; each test that asks for a database gets a clone of it, or of one in which the
bureau has come to a moment of its meeting (`tests.moments`).
"""

import os
import tempfile
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from litestar import Litestar
from msgspec import Struct

from acts.database import Database, connected
from acts.heads import Outside
from acts.jobs import Worker
from acts.limits import Limits
from acts.sparing import sparing
from documents.fonts import FontSet, choose, load
from realtime.hub import Hub
from server.app import create_app
from storage import embedded
from storage.ledger import Entry
from storage.migrate import migrate
from tests.bureau import Bureau
from tests.moments import FOUNDED, AppOn, Kept, Moments

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
TEMPLATE = f"yijue_{WORKER}_template"


class Postgres(Struct, frozen=True):
    """A running server, by the three roles' URLs; `{}` stands for the database's name."""

    admin: str
    owner: str
    app: str


def _with_database(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path="/{}"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "database: asks PostgreSQL; `make test-named` runs these on a named server")
    config.addinivalue_line("markers", "long: takes long by nature; `make test-long` runs it, `make test` does not")
    config.addinivalue_line("markers", "moment(name): the database is as it stood at this moment of the meeting")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "postgres" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.database)


@pytest.fixture(scope="session")
async def postgres() -> AsyncIterator[Postgres]:
    if named := os.environ.get("YIJUE_TEST_ADMIN_URL"):
        server = Postgres(
            _with_database(named),
            _with_database(os.environ["YIJUE_TEST_OWNER_URL"]),
            _with_database(os.environ["YIJUE_TEST_APP_URL"]),
        )
        await _make_template(server)
        yield server
        return
    # Not in pytest's own folder, which each new run closes to all but root: the server has an account of its own.
    with tempfile.TemporaryDirectory(prefix="yijue-test-") as folder:
        Path(folder).chmod(0o755)
        async with embedded.running(Path(folder) / "data") as running:
            server = Postgres(
                *(
                    running.url(role, "PLACE").replace("PLACE", "{}")
                    for role in ("yijue_admin", "yijue_owner", "yijue_app")
                )
            )
            await _make_template(server, forgetful=True)
            yield server


async def _make_template(server: Postgres, *, forgetful: bool = False) -> None:
    admin = await asyncpg.connect(server.admin.format("postgres"))
    if forgetful:  # safe: a machine that stops ends the tests anyhow, and a killed process loses nothing
        for setting in ("fsync", "full_page_writes"):
            await admin.execute(f"ALTER SYSTEM SET {setting} = off")
        await admin.execute("SELECT pg_reload_conf()")
    for name in await admin.fetch("SELECT datname FROM pg_database WHERE starts_with(datname, $1)", f"yijue_{WORKER}_"):
        await admin.execute(f"DROP DATABASE {name['datname']} WITH (FORCE)")
    await admin.execute(f"CREATE DATABASE {TEMPLATE} OWNER yijue_owner")
    await admin.close()
    owner = await asyncpg.connect(server.owner.format(TEMPLATE))
    await migrate(owner, "test")
    await owner.close()


class Urls(Struct, frozen=True):
    """One test's own database."""

    admin: str
    owner: str
    app: str


class Pointer:
    """Stands in for the object of the test that runs: every attribute is that object's."""

    def __init__(self, to: Any) -> None:
        self.to = to

    def __getattr__(self, name: str) -> Any:
        return getattr(self.to, name)

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value) if name == "to" else setattr(self.to, name, value)

    @property  # type: ignore[misc] # isinstance asks this
    def __class__(self) -> Any:
        return type(self.to)


@pytest.fixture(scope="session")
def app_on() -> AppOn:
    """Gives the worker's one application, set to work on these parts: making its routes takes a third of a second."""
    database, hub, limits = (Pointer(each) for each in (None, Hub(), Limits()))
    app = create_app(cast("Database", database), cast("Hub", hub), cast("Limits", limits))

    def set_to(on: Database, announcing: Hub, measured: Limits) -> Litestar:
        database.to, hub.to, limits.to = on, announcing, measured
        return app

    return set_to


@pytest.fixture(scope="session")
def moments(postgres: Postgres, app_on: AppOn) -> Moments:
    return Moments(lambda role, name: getattr(postgres, role).format(name), f"yijue_{WORKER}_", app_on)


@pytest.fixture
def moment(request: pytest.FixtureRequest) -> str | None:
    """The moment at which the test begins: its mark, else FOUNDED if it uses the bureau, else None."""
    marker = request.node.get_closest_marker("moment")
    return marker.args[0] if marker else FOUNDED if "bureau" in request.fixturenames else None


@pytest.fixture
async def cloned(
    postgres: Postgres, moments: Moments, moment: str | None, request: pytest.FixtureRequest
) -> AsyncIterator[tuple[Urls, Kept | None]]:
    name = f"yijue_{WORKER}_{abs(hash(request.node.nodeid)) % 10**9}"
    kept = await moments.clone(moment, name)
    yield Urls(postgres.admin.format(name), postgres.owner.format(name), postgres.app.format(name)), kept
    admin = await asyncpg.connect(postgres.admin.format("postgres"))
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture
def urls(cloned: tuple[Urls, Kept | None]) -> Urls:
    return cloned[0]


@pytest.fixture
def kept(cloned: tuple[Urls, Kept | None]) -> Kept:
    """The bureau as it is in the test's database."""
    assert cloned[1] is not None, "mark the moment at which the test begins"
    return cloned[1]


@pytest.fixture
async def bare(postgres: Postgres) -> AsyncIterator[Urls]:
    """A database with the roles and without a schema, as an operator makes it."""
    name = f"yijue_{WORKER}_bare"
    admin = await asyncpg.connect(postgres.admin.format("postgres"))
    await admin.execute(f"CREATE DATABASE {name}")
    inside = await asyncpg.connect(postgres.admin.format(name))
    await inside.execute(embedded.roles_sql())
    await inside.close()
    yield Urls(postgres.admin.format(name), postgres.owner.format(name), postgres.app.format(name))
    await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    await admin.close()


@pytest.fixture(autouse=True)
def logged_anew() -> None:
    """Log in each test what another logged less than a minute ago."""
    sparing.forget()


@pytest.fixture
async def announced() -> list[Entry]:
    """The entries announced after commits, in order."""
    return []


@pytest.fixture
def hub() -> Hub:
    return Hub()


@pytest.fixture
async def database(urls: Urls, announced: list[Entry], hub: Hub) -> AsyncIterator[Database]:
    def announce(entries: Sequence[Entry]) -> None:
        announced.extend(entries)
        hub.announce(entries)

    async with connected(urls.app, announce) as database:
        yield database


@pytest.fixture
async def owner(urls: Urls) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(urls.owner, server_settings={"search_path": "yijue"})
    yield connection
    await connection.close()


@pytest.fixture
async def app_role(urls: Urls) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection as the program's own role, to attack with."""
    connection = await asyncpg.connect(urls.app, server_settings={"search_path": "yijue"})
    yield connection
    await connection.close()


@pytest.fixture
async def unguarded(urls: Urls) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    """A connection as the server's administrator, past every trigger, for rows that no act could write."""
    settings = {"search_path": "yijue", "session_replication_role": "replica"}
    connection = await asyncpg.connect(urls.admin, server_settings=settings)
    yield connection
    await connection.close()


@pytest.fixture
def limits() -> Limits:
    return Limits()


@pytest.fixture
def heads() -> str | None:
    """The place outside where heads are kept."""
    return None


@pytest.fixture
async def app(
    app_on: AppOn, database: Database, hub: Hub, limits: Limits, heads: str | None
) -> AsyncIterator[Litestar]:
    """The application in this process. It never starts, so its worker is started here."""
    async with Worker(database, {FontSet: lambda: load(choose()), Outside: lambda: Outside(heads)}).running():
        yield app_on(database, hub, limits)


@pytest.fixture
async def bureau(app: Litestar, kept: Kept) -> AsyncIterator[Bureau]:
    bureau = kept.bureau(app)
    yield bureau
    await bureau.close()
