"""`yijue export` and `yijue import-organization`: an organization goes into another database and stays what it is."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TypeAlias

import asyncpg
import httpx
import msgspec
import pytest

from identity.sessions import hash_password
from server.checking import check_all
from server.connecting import SignIns, apply_migrations
from server.moving import export, take_in
from storage import backups, moving
from storage.errors import BackupDamagedError, ImportRefusedError
from tests.bureau import Bureau
from tests.conftest import Urls
from tests.server.commands import run
from tests.server.test_backup import ledger_of, nothing
from tests.server.test_checking import no_bar
from tests.serving import served_in_a_thread

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="yijue-test-") as there:
        yield Path(there)


async def owner_at(urls: Urls) -> Owner:
    return await asyncpg.connect(urls.owner, server_settings={"search_path": "yijue"})


def tables_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.rglob("*") if path.parent != folder and path.is_file()}


@pytest.mark.moment("issued")
async def test_there_and_back(bureau: Bureau, owner: Owner, urls: Urls, bare: Urls, folder: Path) -> None:
    hashed = await hash_password("一个很长的密码-7391")
    await owner.execute("UPDATE people SET password_hash = $1, second_factor = true", hashed)
    await owner.execute("SELECT found_organization('另一单位', 'z1', '乙甲', 'x')")
    with pytest.raises(ImportRefusedError, match="--organization: 江州市交通运输局, 另一单位"):
        await export(owner, None, folder, nothing)
    made, page = await export(owner, "江州市交通运输局", folder, nothing)
    everything = b"".join(path.read_bytes() for path in made.rglob("*") if path.is_file())
    assert b"argon2" not in everything
    assert "另一单位".encode() not in everything
    assert not re.search(rb"secret_hash|csrf", everything)
    assert {path.suffix for path in (made / "files").iterdir()} == {".pdf", ".json"}
    records = [msgspec.json.decode(line) for line in (made / "tables/ledger.jsonl").read_bytes().splitlines()]
    assert msgspec.json.decode(records[0]["record"])["seq"] == 1, "a record is there as it was hashed"

    settings = {"YIJUE_DATABASE_URL": bare.app, "YIJUE_DATABASE_OWNER_URL": bare.owner}
    number = await owner.fetchval("SELECT staff_number FROM people WHERE id = $1", bureau.admin.id)
    command = ("import-organization", str(made), "--administrator", number)
    status, said, err = await run(*command, YIJUE_PASSWORD="另一个很长的密码-5512", **settings)
    assert status == 0, said + err
    theirs = await ledger_of(bare.owner)
    (given,) = [each for each in theirs if each[6] == "password.changed"]  # it is on record
    theirs.remove(given)
    assert theirs == [each for each in await ledger_of(urls.owner) if each[2] == bureau.organization]
    checked = await check_all(SignIns(bare.app, bare.owner), no_bar)
    assert not [fault for each in checked for fault in each.faults]

    # It works there: the administrator signs in, what comes next is numbered after what came before.
    with served_in_a_thread(bare.app) as base:
        async with httpx.AsyncClient(base_url=base) as client:
            who = {"organization": None, "staff_number": number, "password": "另一个很长的密码-5512"}
            assert (await client.post("/api/session", json=who)).is_success
    there = await owner_at(bare)
    assert not await there.fetchval("SELECT count(*) FROM people WHERE second_factor"), "whose secret stayed behind"
    assert await there.fetchval("SELECT tgenabled FROM pg_trigger WHERE tgname = 'ledger_no_change'") == b"O"
    assert await there.fetchval("INSERT INTO organizations (name) VALUES ('丙') RETURNING id") > page.organization
    again, _ = await export(there, "江州市交通运输局", folder / "again", nothing)
    first, second = tables_of(made), tables_of(again)
    assert first.keys() == second.keys()
    changed = {name for name in first if first[name] != second[name]}
    # By the password alone; a job that waited may have been done there.
    assert changed <= {"books.jsonl", "ledger.jsonl", "people.jsonl", "jobs.jsonl"}
    with pytest.raises(ImportRefusedError, match="taken in this database"):
        await take_in(there, made, nothing)
    await there.close()


@pytest.mark.moment("in_session")
async def test_an_export_is_on_record(bureau: Bureau, urls: Urls, folder: Path) -> None:
    """Its readers see that the operator took the data; the export holds that record too."""
    settings = {"YIJUE_DATABASE_URL": urls.app, "YIJUE_DATABASE_OWNER_URL": urls.owner}
    status, said, err = await run("export", str(folder), **settings)
    assert status == 0, said + err
    first = (await bureau.zhao.get("/api/audit")).json()["records"][0]
    assert (first["kind"], first["group"], first["actor"]) == ("access.file_taken", "taking", None)
    assert first["zh"] == "打印或下载单位全部数据（运维人员以 yijue export 导出）：江州市交通运输局"
    (ledger,) = folder.rglob("ledger.jsonl")
    assert "access.file_taken" in ledger.read_text("utf-8")


@pytest.mark.moment("in_session")
async def test_one_that_was_changed_is_not_taken(bureau: Bureau, owner: Owner, bare: Urls, folder: Path) -> None:
    made, _ = await export(owner, None, folder, nothing)
    await apply_migrations(bare.owner)
    there = await owner_at(bare)
    ledger = made / "tables/ledger.jsonl"
    kept = ledger.read_bytes()
    ledger.write_bytes(kept.replace("三楼会议室".encode(), "二楼会议室".encode()))
    with pytest.raises(BackupDamagedError, match="ledger"):
        await take_in(there, made, nothing)
    (made / backups.SUMS).unlink()
    backups.write_sums(made)  # by somebody who knows how
    with pytest.raises(ImportRefusedError, match="do not verify"):
        await take_in(there, made, nothing)
    assert await there.fetchval("SELECT count(*) FROM organizations") == 0, "something was taken"
    assert await there.fetchval("SELECT tgenabled FROM pg_trigger WHERE tgname = 'ledger_no_change'") == b"O"
    ledger.write_bytes(kept)
    backups.write_sums(made)
    await take_in(there, made, nothing)
    await there.close()


async def test_every_table_goes_along_or_has_its_reason(owner: Owner) -> None:
    every = {
        row["relname"]
        for row in await owner.fetch(
            "SELECT relname FROM pg_class WHERE relnamespace = 'yijue'::regnamespace AND relkind = 'r'"
        )
    }
    going = await moving.tables(owner)
    assert {each.name for each in going} | moving.LEFT.keys() == every
    for each in going:
        assert each.name == "organizations" or {"organization_id", "body_id"} & set(each.columns), each.name
    files = await owner.fetch(
        "SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND attnum > 0 WHERE"
        " c.relnamespace = 'yijue'::regnamespace AND relkind = 'r' AND atttypid = 'bytea'::regtype"
        " AND attname !~ 'hash|sha256|secret|^key$|command'"
    )
    assert {(row["relname"], row["attname"]) for row in files} == {
        ("ledger", "record"), *((table, column) for table, columns in moving.FILES.items() for column in columns)
    }  # fmt: skip
