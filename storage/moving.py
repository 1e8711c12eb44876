"""An organization's rows on their way out of a database and into another: every table by its name in the catalogue.

Ids stay as they are, since records name them in the bytes that are hashed. Sign-ins stay behind: password hashes,
sessions, devices.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from storage.errors import ImportRefusedError

if TYPE_CHECKING:
    from storage.store import Connection

LEFT: dict[str, str] = {
    "migrations": "of the database", "deployment": "of the database", "keyring": "of the database",
    "kinds_of_body": "of the program", "procedures": "of the program", "job_kinds": "of the program",
    "readiness": "of the database", "sessions": "sign-ins", "devices": "sign-ins", "sign_in_failures": "sign-ins",
    "sign_in_guesses": "sign-ins", "second_factors": "sign-ins", "clock_jumps": "of the database",
    "clock_seen": "of the database",
    "hall_codes_used": "codes of a minute that is over",
}  # fmt: skip
"""The tables that stay behind, each with its reason."""
FILES = {"papers": {"content": ""}, "minutes": {"pdf": ".pdf", "document": ".json", "sources": ".json"}}
"""The columns that are files of their own, by table, with the ending of their names."""
EMPTIED = {"people": ("password_hash", "second_factor"), "books": ("written_in", "written_from")}
"""The columns that stay behind, and get their default."""
_BATCH = 1000

_COLUMNS = """
    SELECT c.relname AS table, array_agg(a.attname::text ORDER BY attnum) FILTER (WHERE a.attgenerated = '') AS columns,
           bool_or(a.attidentity <> '') AS numbered
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND attnum > 0 AND NOT attisdropped
    WHERE c.relnamespace = 'yijue'::regnamespace AND c.relkind = 'r' GROUP BY c.relname
"""
_PARENTS = """
    SELECT DISTINCT ch.relname AS child, pa.relname AS parent FROM pg_constraint k
    JOIN pg_class ch ON ch.oid = k.conrelid JOIN pg_class pa ON pa.oid = k.confrelid
    WHERE k.contype = 'f' AND k.connamespace = 'yijue'::regnamespace AND ch.relname <> pa.relname
"""


class Table(msgspec.Struct, frozen=True):
    """A table of an organization's: its columns, and whether its ids are numbered by the database."""

    name: str
    columns: list[str]
    numbered: bool

    @property
    def where(self) -> str:
        """The condition for the rows of organization $1."""
        if self.name == "organizations":
            return "id = $1"
        if "organization_id" in self.columns:
            return "organization_id = $1"
        return "body_id IN (SELECT id FROM bodies WHERE organization_id = $1)"

    @property
    def order(self) -> str:
        return "id" if "id" in self.columns else ", ".join(each for each in ("book_id", "seq") if each in self.columns)


async def tables(owner: Connection) -> list[Table]:
    """The tables that go along, each after those that it refers to."""
    found = {
        row["table"]: Table(row["table"], row["columns"], row["numbered"])
        for row in await owner.fetch(_COLUMNS) if row["table"] not in LEFT
    }  # fmt: skip
    parents: dict[str, set[str]] = {name: set() for name in found}
    for row in await owner.fetch(_PARENTS):
        if row["child"] in found and row["parent"] in found:
            parents[row["child"]].add(row["parent"])
    ordered: list[Table] = []
    while parents:
        free = sorted(name for name, before in parents.items() if not before & parents.keys())
        assert free, "tables refer to each other in a circle"
        for name in free:
            ordered.append(found[name])
            del parents[name]
    return ordered


async def rows(owner: Connection, table: Table, organization: int) -> AsyncIterator[dict[str, Any]]:
    """The organization's rows, as JSON gives them, without what stays behind; files and records as bytes and text."""
    apart = [*EMPTIED.get(table.name, ()), *FILES.get(table.name, {})]
    less = "".join(f" - '{each}'" for each in apart)
    files = "".join(f", t.{each} AS {each}" for each in FILES.get(table.name, {}))
    more = " || jsonb_build_object('record', convert_from(t.record, 'UTF8'))" if table.name == "ledger" else ""
    order = f" ORDER BY {table.order}" if table.order else ""
    sql = f"SELECT ((to_jsonb(t){less}){more})::text AS row{files} FROM {table.name} t WHERE {table.where}{order}"
    async for row in owner.cursor(sql, organization, prefetch=10 if files else _BATCH):
        yield {**msgspec.json.decode(row["row"]), **{each: row[each] for each in FILES.get(table.name, {})}}


async def count(owner: Connection, table: Table, organization: int) -> int:
    """How many rows of the table go along."""
    found: int = await owner.fetchval(f"SELECT count(*) FROM {table.name} WHERE {table.where}", organization)
    return found


@asynccontextmanager
async def taking_in(owner: Connection, all_tables: Sequence[Table]) -> AsyncIterator[None]:
    """Take rows in as they are: triggers, which ask each row for its session and its record, rest until the end of the
    block; foreign keys and constraints do not. The caller has a transaction open."""
    for table in all_tables:
        await owner.execute(f"ALTER TABLE {table.name} DISABLE TRIGGER USER")
    yield
    for table in all_tables:
        await owner.execute(f"ALTER TABLE {table.name} ENABLE TRIGGER USER")
        if table.numbered:
            await owner.execute(
                f"SELECT setval(pg_get_serial_sequence('yijue.{table.name}', 'id'), greatest((SELECT max(id) FROM"
                f" {table.name}), 1))"
            )


async def take_in(owner: Connection, table: Table, given: Sequence[dict[str, Any]]) -> None:
    """Put rows into a table with the ids that they have. Raises ImportRefusedError where one is taken."""
    columns = [each for each in table.columns if each not in EMPTIED.get(table.name, ())]
    names = ", ".join(f'"{each}"' for each in columns)
    from_json = ", ".join(
        "convert_to(e ->> 'record', 'UTF8')" if (table.name, each) == ("ledger", "record") else f'r."{each}"'
        for each in columns
    )
    if table.name == "ledger":  # its text is no bytea
        source = "jsonb_array_elements($1::jsonb) e, jsonb_populate_record(NULL::ledger, e - 'record') r"
    else:
        source = f"jsonb_array_elements($1::jsonb) e, jsonb_populate_record(NULL::{table.name}, e) r"
    sql = f"INSERT INTO {table.name} ({names}) OVERRIDING SYSTEM VALUE SELECT {from_json} FROM {source}"
    for batch in _batches(given, 1 if table.name in FILES else 5 * _BATCH):
        await owner.execute(sql, msgspec.json.encode(batch).decode())


def _batches(given: Sequence[dict[str, Any]], size: int) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(given), size):
        yield given[start : start + size]


async def require_room(owner: Connection, table: Table, given: Sequence[dict[str, Any]]) -> None:
    """Raise ImportRefusedError where ids of the rows are taken here."""
    if "id" in table.columns and given:
        taken = await owner.fetchval(
            f"SELECT count(*) FROM {table.name} WHERE id = ANY ($1::bigint[])", [each["id"] for each in given]
        )
        if taken:
            raise ImportRefusedError(
                f"{taken} number(s) of {table.name} are taken in this database, and records name them for ever: import "
                "into a database in which no organization was founded yet"
            )
