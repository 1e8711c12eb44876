"""Nine tablets voting by clicking; screens that lose the Wi-Fi, sleep, or whose server is killed."""

import asyncio
import os
import re
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.conftest import Urls
from tests.moments import Kept
from tests.serving import served
from tests.test_one_meeting import Room
from tests.web.conftest import PATIENCE, Open, Screen, Wifi


async def open_vote(room: Room, item: int = 0) -> tuple[str, int]:
    """Open the item's vote; return its path and its id."""
    presenter = room.bureau.lin if item == 0 else room.bureau.chen
    path = await room.discuss(item, presenter)
    vote = (await room.bureau.zhou.do(f"{path}/votes"))["content"]["vote"]
    return f"{room.path}/votes/{vote}", vote


async def cast(screen: Screen, choice: str) -> None:
    """Choose, and confirm the choice."""
    page = screen.page
    await page.get_by_role("group", name="请选择").get_by_role("button", name=choice).click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text(choice)
    await dialog.get_by_role("button", name="提交").click()


@pytest.mark.moment("in_session")
async def test_nine_tablets_vote_by_clicking(room: Room, screens: Open, owner: Any) -> None:
    tablets = {member.key: await screens(member, f"/meetings/{room.meeting}") for member in room.bureau.members}
    _, vote = await open_vote(room)
    others = [key for key in tablets if key not in ("zhou", "xu")]
    for key in others:
        await cast(tablets[key], "反对" if key == "zheng" else "同意")
        await tablets[key].sees("已计入")
    await cast(tablets["zhou"], "同意")
    await tablets["zhou"].sees("已计入")
    rows = await owner.fetch("SELECT person_id, choice FROM ballots WHERE vote_id = $1", vote)
    names = {member.id: member.key for member in room.bureau.members}
    assert {names[row["person_id"]]: row["choice"] for row in rows} == {
        **dict.fromkeys([*others, "zhou"], "yes"), "zheng": "no",
    }  # fmt: skip
    await room.bureau.zhou.do(f"{room.path}/votes/{vote}/close", {})
    for screen in tablets.values():
        await screen.sees("表决通过")


@pytest.mark.moment("in_session")
async def test_choices_are_equally_large(room: Room, screens: Open) -> None:
    """Three or four choices are at least 96 px high and 16 px apart, at both widths."""
    lin = await screens(room.bureau.lin, f"/meetings/{room.meeting}")
    buttons = lin.page.get_by_role("group", name="请选择").get_by_role("button")
    for item, presenter, count in ((0, room.bureau.lin, 3), (2, room.bureau.chen, 4)):
        path = await room.discuss(item, presenter)
        vote = (await room.bureau.zhou.do(f"{path}/votes"))["content"]
        await expect(buttons).to_have_count(count)
        for width in (375, 820):
            await lin.page.set_viewport_size({"width": width, "height": 1180})
            boxes = [await each.bounding_box() for each in await buttons.all()]
            found = sorted((box["y"], box["x"], box["width"], box["height"]) for box in boxes if box)
            # They share the row, whose width a browser divides into 64ths of a pixel.
            assert max(w for _, _, w, _ in found) - min(w for _, _, w, _ in found) <= 1 / 32, found
            assert len({h for *_, h in found}) == 1, found
            assert found[0][3] >= 96
            assert all(b[0] >= a[0] + a[3] + 16 or b[1] >= a[1] + a[2] + 16 for a, b in pairwise(found)), found
        for voter in sorted(vote["roll"], key=lambda each: each == room.bureau.zhou.id):
            person = next(each for each in room.bureau.members if each.id == voter)
            await person.do(f"{room.path}/votes/{vote['vote']}/ballots", {"choice": "yes"})
        await room.bureau.zhou.do(f"{room.path}/votes/{vote['vote']}/close", {})
        await room.decide(path, "passed")


AGAIN = 2.0  # seconds after the connection's return in which every screen is right


@pytest.mark.long
@pytest.mark.moment("in_session")
async def test_a_ballot_survives_lost_wifi_and_a_reload(room: Room, screens: Open, wifi: Wifi, owner: Any) -> None:
    b = room.bureau
    lin = await screens(b.lin, f"/meetings/{room.meeting}", address=wifi.address, installed=True)
    await lin.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    path, vote = await open_vote(room)
    await lin.page.get_by_role("group", name="请选择").wait_for()

    await wifi.lose()
    lost = time.monotonic()
    await cast(lin, "同意")
    await lin.sees("发送中，尚未计入")
    for key in ("he", "chen", "sun"):
        await b.people[key].do(f"{path}/ballots", {"choice": "yes"})
    await lin.page.reload()  # from the service worker's copy
    await lin.sees("连接已断开")
    waiting = lin.page.get_by_role("region", name="本机保存的表决")
    for words in ("林静", "提请审议：2026年度部门预算执行调整方案的议案。", "同意", "发送中，尚未计入"):
        await expect(waiting).to_contain_text(words)
    mine = "SELECT count(*) FROM ballots WHERE vote_id = $1 AND person_id = $2"
    await asyncio.sleep(max(0.0, 30 - (time.monotonic() - lost)))
    assert await owner.fetchval(mine, vote, b.lin.id) == 0

    await wifi.start()
    back = time.monotonic()
    await lin.sees("已计入")
    await lin.sees("应表决 8 人，已表决 4 人")
    assert time.monotonic() - back < AGAIN
    await expect(waiting).to_have_count(0)
    assert await owner.fetchval(mine, vote, b.lin.id) == 1
    await lin.page.reload()
    await lin.sees("已计入")
    assert await owner.fetchval(mine, vote, b.lin.id) == 1


KEPT = """new Promise((found) => {
  const it = indexedDB.open('yijue-meetings', 1)
  it.onupgradeneeded = () => it.result.createObjectStore('meetings', { keyPath: 'key' })
  it.onsuccess = () => {
    const all = it.result.transaction('meetings').objectStore('meetings').getAll()
    all.onsuccess = () => { it.result.close(); found(JSON.stringify(all.result)) }
  }
})"""


@pytest.mark.moment("in_session")
async def test_a_tablet_reloaded_without_a_connection_shows_what_it_knew(room: Room, screens: Open, wifi: Wifi) -> None:
    """The tablet shows the meeting as it was and the ballot on its way, a personnel item by title alone, and no choices
    before the server answers. Signing out deletes the copy."""
    b = room.bureau
    lin = await screens(b.lin, f"/meetings/{room.meeting}", address=wifi.address, installed=True)
    await lin.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await room.discuss(2, b.chen)
    await b.zhou.do(f"{room.path}/items/{room.items[2]}/deferral", {"reason": "另行安排"})
    await open_vote(room)
    await lin.page.get_by_role("group", name="请选择").wait_for()
    kept = ""
    async with asyncio.timeout(PATIENCE / 1000):
        while '"state":"voting"' not in kept:
            kept = await lin.page.evaluate(KEPT)
    assert "规划科科长任职" in kept
    assert "郑晓楠" not in kept

    await wifi.lose()
    await cast(lin, "同意")
    await lin.sees("发送中，尚未计入")
    await lin.page.reload()
    await lin.sees("连接已断开")
    agenda = lin.page.get_by_role("region", name="议程和材料")
    for words in ("规划科科长任职", "表决中", "缓议"):
        await expect(agenda).to_contain_text(words)
    await expect(lin.page.get_by_role("region", name="本机保存的表决")).to_contain_text("发送中，尚未计入")
    await expect(lin.page.get_by_role("group", name="请选择")).to_have_count(0)

    await wifi.start()
    await lin.sees("已计入")
    await lin.press("退出登录")
    await lin.page.get_by_label("工号").wait_for()
    assert await lin.page.evaluate(KEPT) == "[]"


@pytest.mark.moment("in_session")
async def test_a_ballot_that_comes_after_the_close_says_so(room: Room, screens: Open, wifi: Wifi, owner: Any) -> None:
    """The ballot may even come after the decision, while the next item is before the meeting."""
    b = room.bureau
    lin = await screens(b.lin, f"/meetings/{room.meeting}", address=wifi.address, installed=True)
    path, _ = await open_vote(room)
    await lin.page.get_by_role("group", name="请选择").wait_for()
    await wifi.lose()
    await cast(lin, "反对")
    await lin.sees("发送中，尚未计入")
    for key in ("he", "chen", "ma", "sun", "wu", "zheng"):
        await b.people[key].do(f"{path}/ballots", {"choice": "yes"})
    await b.zhou.do(f"{path}/ballots", {"choice": "yes", "confirm_outstanding": True})
    await b.zhou.do(f"{path}/close", {"confirm_outstanding": True})
    await room.decide(f"{room.path}/items/{room.items[0]}", "passed")
    await open_vote(room, 1)
    await wifi.start()
    await lin.page.get_by_role("group", name="请选择").wait_for()
    kept = lin.page.get_by_role("region", name="本机保存的表决")
    late = re.compile("林静的表决.*第1项.*预算执行调整方案.*未计入.*反对.*", re.DOTALL)
    await expect(kept).to_contain_text(late)
    await expect(kept).not_to_contain_text("发送中")
    await lin.page.reload()
    await expect(kept).to_contain_text(late)
    await lin.press("已知悉")
    await expect(kept).to_have_count(0)
    await lin.page.reload()
    await lin.page.get_by_role("group", name="请选择").wait_for()
    await expect(kept).to_have_count(0)
    assert await owner.fetchval("SELECT count(*) FROM ballots WHERE person_id = $1", b.lin.id) == 0


WAITING = """new Promise((found) => {
  const it = indexedDB.open('yijue', 1)
  it.onsuccess = () => {
    const all = it.result.transaction('ballots').objectStore('ballots').count()
    all.onsuccess = () => { it.result.close(); found(all.result) }
  }
})"""


@pytest.mark.moment("in_session")
async def test_a_ballot_overtaken_on_a_spare_tablet_is_refused_and_its_member_asked(
    room: Room, screens: Open, wifi: Wifi, owner: Any
) -> None:
    """Two choices without a connection, a reload, and 反对 on a spare tablet meanwhile: 反对 stands, until the member
    says otherwise on the first."""
    b = room.bureau
    lin = await screens(b.lin, f"/meetings/{room.meeting}", address=wifi.address, installed=True)
    await lin.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    spare = await screens(b.lin, f"/meetings/{room.meeting}")
    _, vote = await open_vote(room)
    await lin.page.get_by_role("group", name="请选择").wait_for()
    await wifi.lose()
    await cast(lin, "同意")
    await lin.sees("发送中，尚未计入")
    await lin.press("更改表决")
    await cast(lin, "弃权")
    async with asyncio.timeout(PATIENCE / 1000):
        while await lin.page.evaluate(WAITING) < 2:  # noqa: ASYNC110 -- another process writes it
            await asyncio.sleep(0.05)
    await lin.page.reload()
    await lin.sees("连接已断开")
    await cast(spare, "反对")
    await spare.sees("已计入")

    await wifi.start()
    await lin.sees("您已在其他设备或页面上投票并已计入")
    await lin.sees("更改未计入")
    kept = "SELECT array_agg(choice ORDER BY version) FROM ballots WHERE vote_id = $1 AND person_id = $2"
    assert await owner.fetchval(kept, vote, b.lin.id) == ["no"]
    await expect(spare.page.get_by_role("region", name="表决")).to_contain_text("反对")
    await lin.press("改投“弃权”")
    await lin.page.get_by_role("dialog").get_by_role("button", name="提交").click()
    await lin.sees("弃权")
    await expect(spare.page.get_by_role("region", name="表决").locator(".mine")).to_contain_text("弃权")
    assert await owner.fetchval(kept, vote, b.lin.id) == ["no", "abstain"]


@pytest.mark.moment("in_session")
async def test_a_ballot_counts_where_indexeddb_never_answers(room: Room, screens: Open, owner: Any) -> None:
    lin = await screens(room.bureau.lin)
    await lin.page.add_init_script("IDBFactory.prototype.open = () => new EventTarget()")
    await lin.go(f"/meetings/{room.meeting}")
    _, vote = await open_vote(room)
    await cast(lin, "反对")
    await lin.sees("已计入")
    await lin.press("更改表决")
    await cast(lin, "同意")
    await expect(lin.page.get_by_role("region", name="表决").locator(".mine")).to_contain_text("同意")
    assert await owner.fetchval("SELECT count(*) FROM ballots WHERE vote_id = $1", vote) == 2


TICKS = "window.ticks = [Date.now()]; setInterval(() => window.ticks.push(Date.now()), 100)"
SLEPT = "Math.max(...window.ticks.map((at, number, all) => at - (all[number - 1] ?? at)))"


@asynccontextmanager
async def asleep(browser: Browser) -> AsyncIterator[None]:
    """Stop every page of the browser, as on a tablet laid down. `Page.setWebLifecycleState` freezes no visible page and
    Playwright's pages are visible, so their processes are stopped."""
    session = await browser.new_browser_cdp_session()
    running = (await session.send("SystemInfo.getProcessInfo"))["processInfo"]
    pages = [each["id"] for each in running if each["type"] == "renderer"]
    try:
        for page in pages:
            os.kill(page, signal.SIGSTOP)
        yield
    finally:
        for page in pages:
            os.kill(page, signal.SIGCONT)
        await session.detach()


@pytest.mark.moment("in_session")
async def test_screens_are_right_again_when_they_wake(room: Room, screens: Open, wifi: Wifi, browser: Browser) -> None:
    """A tablet, the chair, the observer and the hall sleep while the connection is lost, and a vote goes by."""
    b = room.bureau
    item = await room.discuss(0, b.lin)
    opened: dict[str, Screen] = {}
    for key, path in {"lin": "", "zhou": "/chair", "zhao": "/observer", "hall": "/hall"}.items():
        opened[key] = await screens(b.people[key], address=wifi.address, installed=True)
        await opened[key].page.add_init_script(TICKS)
        await opened[key].go(f"/meetings/{room.meeting}{path}")
    right = {"lin": "表决通过", "zhou": "宣布决定：通过", "zhao": "同意 8 票", "hall": "表决通过"}

    async with asleep(browser):
        fell_asleep = time.monotonic()
        await wifi.lose()
        await room.vote(item, {})
        await asyncio.sleep(max(0.0, 3 - (time.monotonic() - fell_asleep)))
    for key, screen in opened.items():
        await screen.sees("连接已断开")
        assert await screen.page.evaluate(SLEPT) > 2_900, f"{key} was awake"
        assert right[key] not in await screen.page.locator("body").inner_text(), f"{key} slept through nothing"

    await wifi.start()
    back = time.monotonic()
    for key, screen in opened.items():
        await screen.sees(right[key])
    assert time.monotonic() - back < AGAIN


@pytest.mark.long
@pytest.mark.moment("in_session")
async def test_a_server_that_is_killed_mid_vote_loses_and_doubles_nothing(
    owner: Any, urls: Urls, kept: Kept, tmp_path: Path, screens: Open
) -> None:
    """Of three tablets one votes before, one while the server is gone, one after; all other screens follow."""
    settings: dict[str, Any] = {"database_url": urls.app, "database_owner_url": urls.owner}
    with served(tmp_path, **settings) as first:
        bureau = kept.bureau(None, first.base)
        room = Room(bureau, owner)
        voters = {
            key: await screens(bureau.people[key], f"/meetings/{room.meeting}", address=first.base)
            for key in ("lin", "he", "chen")
        }
        others = {
            "zhou": f"/meetings/{room.meeting}/chair", "zhao": f"/meetings/{room.meeting}/observer",
            "hall": f"/meetings/{room.meeting}/hall", "li": f"/desk/meetings/{room.meeting}/room",
        }  # fmt: skip
        watching = [await screens(bureau.people[key], path, address=first.base) for key, path in others.items()]
        _, vote = await open_vote(room)
        await cast(voters["lin"], "同意")
        await voters["lin"].sees("已计入")
        await voters["he"].page.get_by_role("group", name="请选择").wait_for()
        first.kill()
        await cast(voters["he"], "同意")
        await voters["he"].sees("发送中，尚未计入")
        await asyncio.sleep(3)
        with served(tmp_path, port=first.port, **settings):
            back = time.monotonic()
            await voters["he"].sees("已计入")
            for screen in (*voters.values(), *watching):
                await expect(screen.page.locator("body")).to_contain_text(
                    re.compile(r"2\s*/\s*8|应表决 8 人，已表决 2 人")
                )
            assert time.monotonic() - back < AGAIN
            await cast(voters["chen"], "反对")
            for screen in (*voters.values(), *watching):
                await expect(screen.page.locator("body")).to_contain_text(
                    re.compile(r"3\s*/\s*8|应表决 8 人，已表决 3 人")
                )
            rows = await owner.fetch("SELECT person_id, version FROM ballots WHERE vote_id = $1", vote)
            assert sorted(tuple(row) for row in rows) == sorted((bureau.people[key].id, 1) for key in voters)
            await bureau.close()


@pytest.mark.moment("noticed")
async def test_a_page_opened_without_a_connection_comes_with_it(room: Room, screens: Open, wifi: Wifi) -> None:
    """Home and a paper load by themselves once the server can be reached; a button tries at once."""
    b = room.bureau
    lin = await screens(b.lin, "/", address=wifi.address, installed=True)
    await lin.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    paper = (await b.lin.get(room.path)).json()["items"][0]["papers"][0]["id"]
    for path in ("/", f"/meetings/{room.meeting}/papers/{room.items[0]}/{paper}"):
        await wifi.lose()
        await lin.page.goto(wifi.address + path)
        await lin.sees("连不上服务器")
        await lin.press("重试")
        await lin.sees("连不上服务器")
        await wifi.start()
        if path == "/":
            await lin.page.get_by_role("link", name="进入会议").wait_for()
        else:
            await lin.page.locator("canvas").first.wait_for()
        await expect(lin.page.get_by_role("alert")).to_have_count(0)


@pytest.mark.moment("in_session")
async def test_an_app_opened_anew_without_a_connection_tells_of_the_ballot_it_keeps(
    room: Room, screens: Open, wifi: Wifi, owner: Any
) -> None:
    """The app opens on the home page, and sends the ballot from there."""
    b = room.bureau
    lin = await screens(b.lin, f"/meetings/{room.meeting}", address=wifi.address, installed=True)
    await lin.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    _, vote = await open_vote(room)
    await lin.page.get_by_role("group", name="请选择").wait_for()
    await wifi.lose()
    await cast(lin, "反对")
    await lin.sees("发送中，尚未计入")
    await lin.page.goto(wifi.address)
    kept = lin.page.get_by_role("region", name="本机保存的表决")
    await expect(kept).to_contain_text(re.compile("林静的表决.*第1项.*发送中，尚未计入.*反对", re.DOTALL))
    await wifi.start()
    await expect(kept).to_contain_text(re.compile("已计入.*反对", re.DOTALL))
    assert await owner.fetchval("SELECT choice FROM ballots WHERE vote_id = $1", vote) == "no"
    await kept.get_by_role("link", name="进入会议").click()
    await expect(lin.page.get_by_role("region", name="表决", exact=True)).to_contain_text(
        re.compile("已计入.*反对", re.DOTALL)
    )
    await lin.page.reload()
    await lin.sees("已计入")
    left = "new Promise((found) => { const it = indexedDB.open('yijue'); it.onsuccess = () => {"
    left += " const all = it.result.transaction('ballots').objectStore('ballots').getAll();"
    left += " all.onsuccess = () => found(all.result) } })"
    assert await lin.page.evaluate(left) == []
