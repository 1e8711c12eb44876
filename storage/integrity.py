"""PostgreSQL's own files: references that lead nowhere, indexes that disagree with their tables.

A file that was copied while it was written, or cut short by a disk, shows itself here. Both are asked of the tables as
they lie, not of their indexes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import asyncpg
from msgspec import Struct

if TYPE_CHECKING:
    from storage.store import Connection

Progress = Callable[[int, int], None]
"""Called with how much is checked so far, and how much there is."""

_REFERENCES = """
    SELECT c.conname, c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent,
           (SELECT array_agg(quote_ident(attname) ORDER BY place)
            FROM unnest(c.conkey) WITH ORDINALITY k (number, place)
            JOIN pg_attribute ON attrelid = c.conrelid AND attnum = number) AS columns,
           (SELECT array_agg(quote_ident(attname) ORDER BY place)
            FROM unnest(c.confkey) WITH ORDINALITY k (number, place)
            JOIN pg_attribute ON attrelid = c.confrelid AND attnum = number) AS keys
    FROM pg_constraint c WHERE c.contype = 'f' AND c.connamespace = 'yijue'::regnamespace
    ORDER BY child, c.conname
"""
_INDEXES = """
    SELECT i.indexrelid::regclass::text AS index, i.indrelid::regclass::text AS table,
           coalesce(pg_get_expr(i.indpred, i.indrelid), 'true') AS part,
           (SELECT string_agg(pg_get_indexdef(i.indexrelid, place, true), ', ' ORDER BY place)
            FROM generate_series(1, i.indnkeyatts) place) AS keys
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam
    WHERE c.relnamespace = 'yijue'::regnamespace AND m.amname = 'btree' AND i.indisvalid ORDER BY index
"""
_HEAP = {"enable_seqscan": "on", "enable_indexscan": "off", "enable_indexonlyscan": "off", "enable_bitmapscan": "off"}
_INDEX = {name: "off" if value == "on" else "on" for name, value in _HEAP.items()} | {"enable_bitmapscan": "off"}


class Fault(Struct, frozen=True):
    """Something that is wrong: where (a table, an index, a book), and what, in both languages."""

    where: str
    zh: str
    en: str


async def check_references(owner: Connection, progress: Progress) -> list[Fault]:
    """Look for rows that refer to a row that is not there."""
    faults = []
    references = await owner.fetch(_REFERENCES)
    async with owner.transaction():
        await _plan(owner, _HEAP)
        for done, row in enumerate(references, 1):
            pairs = list(zip(row["columns"], row["keys"], strict=True))
            filled = " AND ".join(f"c.{column} IS NOT NULL" for column, _ in pairs)
            same = " AND ".join(f"p.{key} = c.{column}" for column, key in pairs)
            # The names are the catalogue's own, quoted by it.
            found = await owner.fetchval(
                f"SELECT count(*) FROM {row['child']} c WHERE {filled}"
                f" AND NOT EXISTS (SELECT 1 FROM {row['parent']} p WHERE {same})"
            )
            if found:
                faults.append(
                    Fault(
                        row["child"],
                        f"{found} 行所引用的 {row['parent']} 不存在（{row['conname']}）",
                        f"{found} row(s) refer to a row of {row['parent']} that is not there ({row['conname']})",
                    )
                )
            progress(done, len(references))
    return faults


async def check_indexes(superuser: Connection, progress: Progress) -> list[Fault]:
    """Compare every index with its table: by amcheck where the server has it, else by the number of rows that each
    gives."""
    amcheck = await superuser.fetchval("SELECT 1 FROM pg_available_extensions WHERE name = 'amcheck'")
    if amcheck:
        await superuser.execute("CREATE EXTENSION IF NOT EXISTS amcheck WITH SCHEMA public")
    faults = []
    indexes = await superuser.fetch(_INDEXES)
    for done, row in enumerate(indexes, 1):
        try:
            if amcheck:
                await superuser.execute("SELECT public.bt_index_check($1::text::regclass, true)", row["index"])
            elif told := await _counted(superuser, row):
                faults.append(Fault(row["index"], *told))
        except asyncpg.PostgresError as error:
            faults.append(Fault(row["index"], f"索引已损坏（{error}）", f"the index is damaged ({error})"))
        progress(done, len(indexes))
    return faults


async def _counted(superuser: Connection, row: asyncpg.Record) -> tuple[str, str] | None:
    """The disagreement of the index with its table in words, None for none. None too where another index serves the
    same order, which is then looked at by itself: an index alone cannot be forced."""
    # The names and expressions are the catalogue's own.
    sql = f"SELECT count(*) FROM (SELECT 1 FROM {row['table']} WHERE {row['part']} ORDER BY {row['keys']}) rows"
    async with superuser.transaction():
        await _plan(superuser, _HEAP)
        there = await superuser.fetchval(sql)
        await _plan(superuser, _INDEX | {"enable_sort": "off"})
        if f'"Index Name": "{row["index"].rpartition(".")[2]}"' not in await superuser.fetchval(
            f"EXPLAIN (FORMAT JSON) {sql}"
        ):
            return None
        found = await superuser.fetchval(f"{sql} /* by its index: a statement prepared before keeps its plan */")
    if there == found:
        return None
    return (
        f"索引有 {found} 行，{row['table']} 有 {there} 行，不一致，请重建索引（REINDEX）",
        f"the index has {found} rows and {row['table']} has {there}: rebuild it (REINDEX)",
    )


async def _plan(connection: Connection, settings: Mapping[str, str]) -> None:
    """Say how the transaction's statements find rows."""
    for name, value in settings.items():
        await connection.execute(f"SET LOCAL {name} = {value}")
