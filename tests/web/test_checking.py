"""The secretary sees on the page where the paper was uploaded how far the virus scanner has come with it."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar
from playwright.async_api import expect

from acts.database import Database
from acts.jobs import Worker
from acts.limits import Limits
from acts.scanner import Address, Scanner
from realtime.hub import Hub
from server.app import create_app
from tests.clamd import EICAR, Clamd
from tests.test_one_meeting import PDF, Room
from tests.web.conftest import DESK, Open


@pytest.fixture
async def clamd(tmp_path: Path) -> AsyncIterator[Clamd]:
    clamd = Clamd(tmp_path / "clamd.sock")
    async with clamd.running():
        yield clamd


@pytest.fixture
async def app(database: Database, hub: Hub, limits: Limits, clamd: Clamd) -> AsyncIterator[Litestar]:
    scanner = Scanner(Address(path=str(clamd.path)))
    async with Worker(database, {Scanner: lambda: scanner}, poll=0.05).running():
        yield create_app(database, hub, limits, scanner=scanner)


@pytest.mark.moment("drafted")
async def test_a_paper_on_its_way(room: Room, screens: Open, clamd: Clamd, tmp_path: Path) -> None:
    desk = await screens(room.bureau.li, f"/desk/meetings/{room.meeting}/agenda", size=DESK)
    await desk.page.get_by_role("button", name="材料和议案").first.click()
    page = desk.page
    clamd.hangs.clear()

    async def choose(name: str, content: bytes) -> Any:
        chosen: Any = {"name": name, "mimeType": "application/pdf", "buffer": content}
        await page.locator("input[type=file]").first.set_input_files(chosen)
        row = page.locator("li.row", has_text=name)
        await expect(row).to_be_visible()
        return row

    good = await choose("资金测算表.pdf", PDF + b"1")
    await expect(good).to_contain_text("正在查毒，通过后可阅读")
    await expect(good.get_by_role("link")).to_have_count(0)
    await desk.sees("有材料未通过查毒")
    clamd.hangs.set()
    await desk.sees("查毒通过：资金测算表.pdf")
    await expect(good.get_by_role("link")).to_have_count(1)
    bad = await choose("外单位来函.pdf", PDF + EICAR)
    await expect(bad).to_contain_text("查出病毒（Eicar-Test-Signature），内容已删除")
