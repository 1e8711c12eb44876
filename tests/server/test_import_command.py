"""`yijue import` as the operator runs it: in a process of its own, on the organization's database."""

import asyncio
import os
import sys
from pathlib import Path
from typing import TypeAlias

import asyncpg
import pytest

from imports.sheets import PEOPLE
from imports.template import make_template
from tests.bureau import Bureau
from tests.conftest import Urls
from tests.imports.files import FILLED, workbook

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class Answer:
    """The exit status, output and errors of a run."""

    def __init__(self, status: int, out: bytes, err: bytes) -> None:
        self.status, self.out, self.err = status, out.decode(), err.decode()


async def run(urls: Urls, *arguments: str, said: str = "") -> Answer:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "from server.cli import main; main()", "import", *arguments,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env=os.environ | {"YIJUE_DATABASE_URL": urls.app, "YIJUE_DATABASE_OWNER_URL": urls.owner},
    )  # fmt: skip
    out, err = await process.communicate(said.encode())
    assert process.returncode is not None
    return Answer(process.returncode, out, err)


@pytest.fixture
def filled(tmp_path: Path) -> str:
    path = tmp_path / "导入.xlsx"
    path.write_bytes(workbook(FILLED))
    return str(path)


async def test_a_preview_is_shown_and_asked_about(urls: Urls, bureau: Bureau, owner: Owner, filled: str) -> None:
    no = await run(urls, filled, "--as", "0010", said="n\n")
    assert (no.status, await owner.fetchval("SELECT count(*) FROM bodies")) == (1, 1), no.err
    assert "高𠮷" in no.out
    assert "新增 16 行，修改 2 行，不变 0 行" in no.out
    nothing_said = await run(urls, filled, "--as", "0010")
    assert (nothing_said.status, await owner.fetchval("SELECT count(*) FROM bodies")) == (1, 1)

    yes = await run(urls, filled, "--as", "0010", said="y\n")
    assert yes.status == 0, yes.err
    assert "已导入：新增 16 行，修改 2 行" in yes.out
    assert "没有密码" in yes.out
    actor = await owner.fetchval("SELECT actor_id FROM ledger WHERE kind = 'import.applied'")
    assert actor == bureau.admin.id
    sessions = await owner.fetchval("SELECT count(*) FROM sessions WHERE person_id = $1", bureau.admin.id)
    assert sessions == 1  # the session of the test's bureau: the operator's is closed

    again = await run(urls, filled, "--as", "0010", "--yes")
    assert (again.status, "没有需要导入的内容" in again.out) == (0, True)


async def test_bad_rows_are_told_one_a_line(urls: Urls, bureau: Bureau, owner: Owner, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook({PEOPLE.name: [["", "甲"], ["1", "周启明"]]}))
    answer = await run(urls, str(path), "--as", "0010", "--yes")
    assert (answer.status, answer.out) == (1, "")
    lines = answer.err.splitlines()
    assert len(lines) == 2  # the blank number first; conflicts with the record are named once every cell is good
    assert lines[0].startswith("yijue: “人员”第 2 行“工号”（A2）：必须填写。")


async def test_who_may_not_and_who_is_not(urls: Urls, bureau: Bureau, filled: str) -> None:
    for number, words in (("0001", "您的角色"), ("nobody", "没有工号为 nobody")):
        answer = await run(urls, filled, "--as", number, "--yes")
        assert (answer.status, words in answer.err) == (1, True), answer.err
    assert (await run(urls, filled)).status == 2
    assert (await run(urls)).status == 2


async def test_the_template_is_written(urls: Urls, tmp_path: Path) -> None:
    path = tmp_path / "模板.xlsx"
    answer = await run(urls, "--template", str(path))
    assert answer.status == 0, answer.err
    assert path.read_bytes() == make_template()
