"""The demonstration meeting by clicking alone, by each person on their own screen, from the plan to the PDF.

All acts go through a page; the clock alone is moved from outside. Addresses are typed for the sign-in page and for the
chair's second screen; every other page is reached by clicking.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path

import asyncpg
from playwright.async_api import Locator, TimeoutError, expect

from documents.fonts import choose, load
from identity.sessions import hash_password
from server.demonstration.bureau import ITEMS
from server.demonstration.meeting import draw_paper
from tests.bureau import MEMBERS, Bureau
from tests.test_one_meeting import MEETING, NOTICE, at
from tests.web.conftest import DESK, PATIENCE, PROJECTOR, TABLET, Open, Screen
from tests.web.traffic import OWN, choices

PASSWORD = "一次一密-2026"
CATEGORIES = {"funds": "大额资金", "project": "重大项目", "personnel": "人事任免", "major": "重大事项"}
HERE = [key for key in MEMBERS if key != "xu"]

Picture = Callable[[str, Screen], Awaitable[None]]


async def no_picture(_name: str, _screen: Screen) -> None:
    """Take no picture."""


class Playing:
    """All screens of the meeting, open at once. `picture` is called with name and screen at moments worth seeing."""

    def __init__(
        self,
        bureau: Bureau,
        owner: "asyncpg.Connection[asyncpg.Record]",
        screens: Open,
        folder: Path,
        picture: Picture = no_picture,
    ) -> None:
        self._bureau, self._owner, self._open, self._folder, self.picture = bureau, owner, screens, folder, picture
        self.tablets: dict[str, Screen] = {}
        self.desk: Screen
        self.chair: Screen
        self.observer: Screen
        self.hall: Screen
        self.head: Screen
        self.meeting = 0
        self._heard: dict[Screen, int] = {}  # length of its traffic before the open vote

    async def play(self) -> bytes:
        """Play the whole meeting and return the issued PDF."""
        await self.sign_in()
        await self.prepare()
        await self.gather()
        await self.budget()
        await self.highway()
        await self.appointment()
        await self.award()
        await self.motion_from_the_floor()
        await self.equipment()
        return await self.minutes()

    async def sign_in(self) -> None:
        """Sign in ten tablets, the chair's page, desk, observer and hall, each by its person with their password."""
        await at(self._owner, NOTICE)
        await self._owner.execute("UPDATE people SET password_hash = $1", await hash_password(PASSWORD))
        self.desk = await self._enter("li", DESK)
        self.tablets = {key: await self._enter(key, TABLET) for key in MEMBERS}
        self.tablets["tang"] = await self._enter("tang", TABLET)
        self.chair = await self._enter("zhou", TABLET)
        self.observer = await self._enter("zhao", DESK)
        self.hall = await self._enter("hall", PROJECTOR)

    async def _enter(self, key: str, size: tuple[int, int]) -> Screen:
        screen = await self._open(None, "/sign-in", size=size)
        await self._sign_in(key, screen)
        return screen

    async def _sign_in(self, key: str, screen: Screen) -> None:
        number = await self._owner.fetchval(
            "SELECT staff_number FROM people WHERE id = $1", self._bureau.people[key].id
        )
        await screen.page.get_by_label("工号").fill(number)
        await screen.page.get_by_label("密码").fill(PASSWORD)
        await screen.press("登录")
        await screen.page.wait_for_url(lambda url: "/sign-in" not in url)
        await screen.settled()

    async def _come_back(self, key: str, screen: Screen, place: str) -> None:
        """Sign in again on another day, when the session is over, and check that the page is the same as before."""
        await screen.page.reload()
        await screen.page.wait_for_url(lambda url: "/sign-in" in url)
        await self._sign_in(key, screen)
        assert screen.page.url == place, f"{key}: {screen.page.url}, not {place}"

    async def prepare(self) -> None:
        """The secretary plans the meeting, puts five items on its agenda and gives notice; each member signs for it."""
        desk = self.desk
        await desk.follow("进入秘书工作台")
        await desk.press("新建会议")
        await desk.page.get_by_label("会议名称").fill("党组会议")
        await desk.page.get_by_label("会议时间").fill(MEETING[:16])
        await desk.page.get_by_label("地点").fill("三楼会议室")
        await self.picture("desk-new-meeting", desk)
        await desk.press("新建", exact=True)
        await desk.page.wait_for_url(re.compile(r"/desk/meetings/\d+/agenda"))
        self.meeting = int(desk.page.url.split("/")[-2])
        # The last two are put on in the wrong order, and moved.
        for number in (1, 2, 3, 5, 4):
            await self._add_item(number)
        handle = desk.page.get_by_role("button", name="第4项“客运站设备采购”，按上下键调整顺序")
        await self._drag(handle, desk.page.get_by_role("button", name="第5项“推荐省级先进集体”，按上下键调整顺序"))
        await expect(desk.page.get_by_role("button", name="第5项“客运站设备采购”，按上下键调整顺序")).to_be_visible()
        await self.picture("desk-agenda-draft", desk)

        await desk.follow("通知")
        await desk.sees("最早可于")
        await self.picture("desk-notice-draft", desk)
        await desk.press("报请审定")
        await desk.sees("等待周启明审定")
        head = self.tablets["zhou"]
        await head.go("/")
        await head.follow("阅看并审定")
        await self.picture("desk-agenda-approval", head)
        await head.press("审定议程")
        await self._confirm(head, "审定议程")
        await head.sees("周启明已审定")
        await head.go("/")
        await desk.sees("周启明已审定")
        await desk.press("发出会议通知")
        await self._confirm(desk, "发出并封存议程")
        await desk.sees("会议通知已发出")
        await desk.press("选中全部未送达成员（9）")
        await desk.press("登记送达（9 人）")
        await desk.sees("已全部送达，9 位成员未签收")
        for key in MEMBERS:
            tablet = self.tablets[key]
            await self._enter_meeting(tablet)
            await tablet.press("签收通知")
            await tablet.sees("签收。")
        await desk.page.reload()
        await desk.sees("已全部送达并签收")
        # The chair's second screen follows the room as the others do; only its address leads the chair there.
        await self.tablets["zhou"].go(f"/meetings/{self.meeting}")
        for screen in (self.tablets["tang"], self.chair, self.observer, self.hall):
            await self._enter_meeting(screen)
        for screen, page in ((self.chair, "chair"), (self.observer, "observer"), (self.hall, "hall")):
            assert screen.page.url.endswith(f"/meetings/{self.meeting}/{page}"), screen.page.url

    async def _enter_meeting(self, screen: Screen) -> None:
        """Enter the meeting from the home page, which now shows it."""
        await screen.reload()
        await screen.follow("进入会议")
        await screen.page.wait_for_url(re.compile("/meetings/"))

    async def _add_item(self, number: int) -> None:
        item = ITEMS[number - 1]
        page = self.desk.page
        await self.desk.press("列入议题")
        form = page.get_by_role("form", name="列入议题")
        await form.get_by_label("议题名称").fill(item.title)
        await form.get_by_role("radio", name=CATEGORIES[item.category]).check()
        await form.get_by_label("提请审议的议案").fill(item.motion)
        name, _, post = MEMBERS[item.in_charge]
        await form.get_by_label("分管成员").select_option(label=f"{name}　{post}")
        if item.personnel:
            await form.get_by_role("combobox", name="涉及人员").fill(item.candidate)
            # The list moves when it becomes shorter.
            await expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(1)
            await page.get_by_role("option", name=item.candidate).click()
            await page.keyboard.press("Escape")
        await form.get_by_role("button", name="保存").click()
        card = page.get_by_role("article").filter(has_text=item.title)
        file = self._folder / f"{item.title}.pdf"
        file.write_bytes(draw_paper(item, datetime.fromisoformat(NOTICE), load(choose())))
        await card.locator("input[type=file]").set_input_files(file)
        await card.get_by_role("link", name=f"{item.title}.pdf").wait_for()
        await card.get_by_role("switch").check()
        await card.get_by_text("材料齐全").wait_for()

    async def _drag(self, handle: Locator, to: Locator) -> None:
        mouse = self.desk.page.mouse
        await handle.scroll_into_view_if_needed()
        start, end = await handle.bounding_box(), await to.bounding_box()
        assert start is not None
        assert end is not None
        await mouse.move(start["x"] + 20, start["y"] + 20)
        await mouse.down()
        await mouse.move(end["x"] + 20, end["y"] + 20, steps=8)
        await mouse.up()

    async def gather(self) -> None:
        """许文博 is on leave and writes; the others check in by the code on the hall's screen, 郑凯 by hand."""
        await self.desk.follow("会场")
        await self.desk.press("更多：许文博")
        await self.desk.press("请假：许文博")
        await self.desk.page.get_by_role("dialog").get_by_label("理由").fill("外出学习")
        await self._confirm(self.desk, "确定")
        xu = self.tablets["xu"]
        for title, choice in ((ITEMS[0].title, "反对"), (ITEMS[1].title, "同意")):
            card = xu.page.get_by_role("listitem").filter(has=xu.page.get_by_role("heading", name=title))
            await card.get_by_role("button", name="提交书面意见").click()
            dialog = xu.page.get_by_role("dialog")
            await dialog.get_by_role("radio", name=choice).check()
            await dialog.get_by_label("说明").fill(
                "调整幅度偏大，建议分两步安排。" if choice == "反对" else "前期论证充分。"
            )
            if choice == "反对":
                await self.picture("opinion", xu)
            await self._confirm(xu, "提交")
            await card.get_by_text(f"您的书面意见：{choice}").wait_for()
        places = [(key, screen, screen.page.url) for key, screen in self.everybody]
        await at(self._owner, MEETING)
        for key, screen, place in places:
            await self._come_back(key, screen, place)
        for key in (*(key for key in HERE if key not in ("zhou", "zheng")), "tang"):
            await self._check_in(self.tablets[key])
        await self.picture("checked-in", self.tablets["lin"])
        await self.desk.press("代为签到：郑凯")
        await self.desk.press("代为签到：李晓")
        await self.desk.press("代为签到：赵肃")
        await self.hall.sees("已签到 7 人")
        await self._check_in(self.chair)
        await self.tablets["zhou"].sees("您已签到")
        await self.picture("hall-check-in", self.hall)
        await self.chair.press("宣布开会")
        await self._confirm(self.chair, "确定")
        for _, screen in self.everybody:
            await screen.sees("2026年第1次会议")

    @property
    def everybody(self) -> list[tuple[str, Screen]]:
        """Every screen of the room with its person's key; the chair has two."""
        return [
            *self.tablets.items(), ("li", self.desk), ("zhou", self.chair), ("zhao", self.observer), ("hall", self.hall)
        ]  # fmt: skip

    async def _check_in(self, screen: Screen) -> None:
        shown = self.hall.page.locator(".digits")
        digits = screen.page.get_by_role("textbox", name=re.compile("位数字"))
        for _ in range(3):  # the code may change while it is typed
            code = await shown.get_attribute("aria-label") or ""
            await digits.first.click()
            await screen.page.keyboard.type(code)
            try:
                await digits.first.wait_for(state="detached", timeout=3000)
                return
            except TimeoutError:
                continue
        await expect(digits).to_have_count(0)

    async def _confirm(self, screen: Screen, word: str) -> None:
        dialog = screen.page.get_by_role("dialog")
        await dialog.get_by_role("button", name=word).click()
        await dialog.wait_for(state="detached")

    async def _present(self, number: int) -> None:
        await self.chair.press(f"提请审议第{number}项")
        for key in ("tang", "xu"):
            await self.tablets[key].sees("讨论中")
        await self.hall.sees("讨论中")

    async def _discuss(self, number: int) -> None:
        """Record the speakers and their summaries at the desk."""
        form = self.desk.page.locator("form").filter(has=self.desk.page.get_by_label("发言要点"))
        for key, summary in ITEMS[number - 1].speeches:
            name, post, _ = MEMBERS[key]
            await form.get_by_label("发言人").select_option(label=f"{name}　{post}")
            await form.get_by_label("发言要点").fill(summary)
            await form.get_by_role("button", name="记录").click()
            await self.desk.page.get_by_role("listitem").filter(has_text=summary).wait_for()

    async def _read_out(self) -> None:
        await self.desk.press("登记已宣读")
        await self.desk.sees("已宣读")

    async def _open_vote(self) -> None:
        await self.chair.press("结束讨论")
        self._heard = {screen: len(await screen.traffic()) for _, screen in self.everybody}
        await self.chair.press("开始表决")
        await self.chair.sees("人已表决")

    async def _cast(self, screen: Screen, choice: str) -> None:
        page = screen.page
        await page.get_by_role("group", name="请选择").get_by_role("button", name=choice).click()
        dialog = page.get_by_role("dialog")
        await expect(dialog).to_contain_text(choice)
        await dialog.get_by_role("button", name="确认提交").click()
        await screen.sees("已计入")

    async def _vote(self, voters: list[str], choices: dict[str, str]) -> None:
        """Let all on the roll vote, the chair last; then the chair closes."""
        for key in voters:
            if key != "zhou":
                await self._cast(self.tablets[key], choices.get(key, "同意"))
        await self._cast(self.chair, "同意")
        await self._no_choice_is_known(voters)
        await self.chair.press("结束表决")

    async def _no_choice_is_known(self, voters: list[str]) -> None:
        """Check after all voted that the observer's page has every choice, and any other page its person's alone."""
        ids = {key: str(person.id) for key, person in self._bureau.people.items()}
        async with asyncio.timeout(PATIENCE / 1000):  # the chair's receipt may be before the observer's message
            while await self._choices_at(self.observer) != {ids[voter] for voter in voters}:  # noqa: ASYNC110 -- a browser
                await asyncio.sleep(0.02)
        for key, screen in self.everybody:
            if key != "zhao":
                seen = await self._choices_at(screen)
                assert seen <= {ids[key], OWN}, f"{key} was sent the choices of {seen}"

    async def _choices_at(self, screen: Screen) -> set[str]:
        """The ids of those whose choices reached the screen since the vote opened."""
        return choices((await screen.traffic())[self._heard[screen] :])

    async def _announce(self, outcome: str) -> None:
        await self.chair.press(f"宣布决定：{outcome}")
        await self._confirm(self.chair, "确定")
        await self.tablets["tang"].sees("请稍候")

    async def budget(self) -> None:
        """Item 1: 7 to 1, and an opinion in writing against, read out and not counted. 林静 looks into the paper."""
        await self._present(1)
        lin = self.tablets["lin"]
        await lin.follow(f"{ITEMS[0].title}.pdf")
        await lin.page.locator("canvas").first.wait_for()
        await lin.page.locator("summary").click()
        await lin.page.get_by_role("textbox", name="我的备注").fill("压减320万元：会议费、培训费、接待费。")
        await lin.sees("已保存")
        await self.picture("paper-with-notes", lin)
        await lin.follow("返回")
        await self._discuss(1)
        await self._read_out()
        await self.picture("desk-discussion", self.desk)
        await self.picture("chair-discussion", self.chair)
        await self._open_vote()
        await lin.page.get_by_role("group", name="请选择").get_by_role("button", name="同意").click()
        await self.picture("ballot-confirm", lin)
        await lin.page.get_by_role("dialog").get_by_role("button", name="取消").click()
        await self._vote(HERE, {"zheng": "反对"})
        await self.hall.sees("表决通过")
        await self.picture("hall-result", self.hall)
        await self.picture("chair-announce", self.chair)
        await self._announce("通过")

    async def highway(self) -> None:
        """Item 2: 4 for, 4 against, one for in writing; since that is close the chair puts the vote off."""
        await self._present(2)
        await self._discuss(2)
        await self._read_out()
        in_turn = [*(key for key in HERE if key != "zhou"), "zhou"]  # 末位表态
        for key, side in zip(in_turn, ["反对", "赞成"] * 4, strict=True):
            button = self.desk.page.get_by_role("button", name=f"{MEMBERS[key][0]} {side}")
            await button.click()
            await expect(button).to_have_attribute("aria-pressed", "true")
        await self.desk.press("讨论充分，结束讨论")
        await self.chair.sees("赞成 5 人，反对 4 人，人数接近。")
        await self.picture("chair-close-positions", self.chair)
        await self.chair.page.get_by_role("button", name="暂缓表决").first.click()
        dialog = self.chair.page.get_by_role("dialog")
        await dialog.get_by_label("原因").select_option(label="赞成与反对意见人数接近")
        await dialog.get_by_label("理由").fill("双方人数接近，留待下次会议再议。")
        await self._confirm(self.chair, "确定")
        await self.chair.sees("提请审议第3项")

    async def appointment(self) -> None:
        """Item 3: 郑凯 is recused by the record of kinship; six for, one to defer."""
        await self.chair.sees("郑凯须回避")
        await self._present(3)
        await self.tablets["zheng"].sees("您须回避本议题")
        sun = self.tablets["sun"]
        await sun.follow(f"{ITEMS[2].title}.pdf")
        await sun.page.locator("canvas").first.wait_for()
        await sun.follow("返回")
        await self._discuss(3)
        await self._open_vote()
        await self._vote([key for key in HERE if key != "zheng"], {"wu": "缓议"})
        await self.observer.sees("缓议")
        await self.picture("observer-result", self.observer)
        await self._announce("通过")

    async def award(self) -> None:
        """Item 4: 4 to none, which is not more than half of nine."""
        await self._present(4)
        await self._discuss(4)
        await self._open_vote()
        await self._vote(HERE, dict.fromkeys(("he", "chen", "ma", "sun"), "弃权"))
        await self.hall.sees("表决未获通过")
        await self._announce("未获通过")

    async def motion_from_the_floor(self) -> None:
        """An ad hoc motion of 林静, which the secretary takes down, is refused, and the attempt is on the record."""
        await self.desk.press("登记临时动议")
        dialog = self.desk.page.get_by_role("dialog")
        await dialog.get_by_label("动议事项").fill("购置公务用车")
        await dialog.get_by_label("提议人").select_option(label="林静")
        await dialog.get_by_role("button", name="登记").click()
        await self.desk.sees("已记录在案，按规定不予审议。")
        await self._confirm(self.desk, "关闭")
        await self.chair.sees("购置公务用车")
        await self.observer.sees("购置公务用车")
        await self.picture("observer-alarms", self.observer)
        await self.observer.press("提出异议")
        await self.observer.page.get_by_label("异议内容").fill("临时动议未列入会议通知，请会前履行程序。")
        await self.picture("observer-objection", self.observer)
        await self.observer.press("提交")
        await self._confirm(self.observer, "确定")
        await self.chair.sees("提请审议第5项")

    async def equipment(self) -> None:
        """Item 5: the member in charge is called away, so that no vote can open; it is deferred. The meeting ends."""
        ma = self.tablets["ma"]
        await self.chair.page.get_by_label("汇报人").select_option(label="林静　副局长")
        await self._present(5)
        await self._discuss(5)
        await ma.press("离开会场")
        await self._confirm(ma, "确定")
        await ma.sees("您已离场")
        await self.chair.press("结束讨论")
        await expect(self.chair.page.get_by_role("button", name="开始表决")).to_have_attribute("aria-disabled", "true")
        await self.chair.sees("分管")
        await self.picture("chair-refused", self.chair)
        await self.chair.page.get_by_role("button", name="缓议本项").first.click()
        dialog = self.chair.page.get_by_role("dialog")
        await dialog.get_by_label("原因").select_option(label="分管成员未到会")
        await dialog.get_by_label("理由").fill("分管成员因公离会，留待下次会议审议。")
        await self._confirm(self.chair, "确定")
        await self.chair.press("宣布散会")
        await self._confirm(self.chair, "确定")
        for screen in self.tablets.values():
            await screen.sees("散会")
        await self.hall.sees("会议已散会")
        await self.picture("hall-adjourned", self.hall)

    async def minutes(self) -> bytes:
        """Draft, complete, review twice, sign and issue the minutes; return the PDF as the secretary downloads it."""
        desk = self.desk
        steps = desk.page.get_by_role("navigation", name="会议的各个环节")
        await steps.get_by_role("link", name="纪要").click()
        await desk.press("起草会议纪要")
        first = desk.page.get_by_role("textbox", name="决定内容").first
        await first.fill(ITEMS[0].decision)
        await desk.page.get_by_role("button", name="增加一项任务").first.click()
        await desk.page.get_by_label("责任单位或责任人").fill("计划财务科")
        await desk.page.get_by_label("任务", exact=True).fill("下达调整后的预算指标")
        await desk.page.get_by_label("完成时限").fill("2026-01-31")
        await desk.page.get_by_role("textbox", name="督办").fill("办公室")
        for each in await desk.page.get_by_role("checkbox", name="本议题无需督办").all():
            await each.check()
        await desk.page.get_by_label("上级分管领导").fill("市政府分管领导")
        await desk.press("保存草稿")
        await desk.sees("纪要已齐备，可以送审。")
        await self.picture("desk-minutes-draft", desk)

        self.head = await self._enter("jiang", DESK)
        deputy = self.tablets["wu"]
        await deputy.follow("返回")
        for screen in (self.head, deputy):
            await screen.follow("审核会议纪要")
            await self._review(screen, "审核通过")
        await self.chair.follow("签发会议纪要")
        await self._review(self.chair, "签发")

        await desk.press("编号印发")
        await self._confirm(desk, "编号印发")
        await desk.sees("〔2026〕1号")
        await desk.page.locator("canvas").first.wait_for()
        await self.picture("desk-minutes-issued", desk)
        async with desk.page.expect_download() as downloading:
            await desk.follow("下载")
        pdf = (await (await downloading.value).path()).read_bytes()
        for key in HERE:
            if key not in ("wu", "zhou"):
                await self.tablets[key].sees("会议纪要〔2026〕1号已印发")
        await desk.page.get_by_role("link", name="核验页面").click()
        await desk.sees("有效")
        return pdf

    async def _review(self, screen: Screen, word: str) -> None:
        await screen.page.get_by_role("link", name=re.compile("党组会议")).first.click()
        await screen.press(word)
        if word == "签发":
            await self.picture("desk-sign", screen)
        await self._confirm(screen, "确定")
