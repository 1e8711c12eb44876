"""Every page of the program with the person who opens it, in six moments of a meeting, and its dialogs."""

from collections.abc import Awaitable, Callable

import pytest
from msgspec import Struct

from tests.bureau import complete
from tests.imports.files import FILLED, workbook
from tests.test_one_meeting import MEETING, Room
from tests.web.conftest import Screen

Places = Callable[[Room], Awaitable[list["Place"]]]
Words = tuple[str, str]  # a button's words, in Chinese and in English


class Place(Struct, frozen=True):
    """A page: its name, the key of the person who opens it (None: signed out), its path.

    `first` is pressed on it, or `file` given to it, to come to the named state; `dialogs` are the buttons that open one
    each. A `clicked` page is seen, or nearly so, while the meeting is played by clicking, and pictured there.
    """

    name: str
    who: str | None
    path: str
    dialogs: tuple[Words, ...] = ()
    first: Words | None = None
    file: bytes | None = None
    clicked: bool = False

    async def enter(self, screen: Screen, lang: str = "zh") -> None:
        """Open the page on this screen."""
        await screen.go(self.path)
        if self.first:
            await press(screen, self.first, lang)
        if self.file:
            await screen.page.locator("input[type=file]").set_input_files(
                {"name": "1.xlsx", "mimeType": "application/octet-stream", "buffer": self.file}
            )
            await screen.page.locator(".steps > li").nth(2).wait_for()


async def press(screen: Screen, words: Words, lang: str) -> None:
    """Press the first button of that name."""
    name = words[lang == "en"]
    async with screen.expecting(f"button “{name}”"):
        await screen.page.get_by_role("button", name=name, exact=True).first.click()


async def unapproved(room: Room) -> list[Place]:
    """The pages before the agenda is approved: of a draft that was submitted, and of one that was not."""
    b = room.bureau
    planned = await b.li.do(
        f"/api/bodies/{b.body}/meetings", {"title": "专题会议", "starts_at": MEETING, "place": "三楼会议室"}
    )
    await b.li.do(f"{room.path}/agenda/submission")
    return [
        Place("desk-notice-open", "li", f"/desk/meetings/{planned['content']['meeting']}/notice"),
        Place("desk-notice-submitted", "li", f"/desk/meetings/{room.meeting}/notice"),
        Place(
            "desk-agenda-submitted", "zhou", f"/desk/meetings/{room.meeting}/agenda",
            (("审定议程", "Approve the agenda"),), clicked=True,
        ),
    ]  # fmt: skip


async def drafted(room: Room) -> list[Place]:
    """The pages while the agenda is being made, which the head has approved, so that notice can be given."""
    await room.bureau.approve_agenda(room.path)
    desk = f"/desk/meetings/{room.meeting}"
    return [
        Place(
            "desk-agenda-draft", "li", f"{desk}/agenda", (("删除议题", "Remove the item"),),
            first=("材料和议案", "Papers and motion"), clicked=True,
        ),
        Place("desk-item", "li", f"{desk}/agenda", first=("编辑", "Edit")),
        Place("desk-notice-draft", "li", f"{desk}/notice", (("发出会议通知", "Give notice"),), clicked=True),
        Place(
            "desk-import-preview", "admin", "/desk/organization/import", file=workbook(FILLED),
        ),
    ]  # fmt: skip


async def before(room: Room) -> list[Place]:
    """The pages after the notice, before anybody has come."""
    meeting = f"/meetings/{room.meeting}"
    return [
        Place("sign-in", None, "/sign-in"),
        Place("nowhere", "lin", "/nowhere/at/all"),
        Place("home", "lin", "/"),
        Place("account", "lin", "/account"),
        Place("room-before", "lin", meeting),
        Place("hall-before", "hall", f"{meeting}/hall"),
        Place("chair-before", "zhou", f"{meeting}/chair", (("准假", "Give leave"),)),
        Place("desk-meetings", "li", "/desk", (("新建会议", "New meeting"),)),
        Place("desk-agenda", "li", f"/desk{meeting}/agenda"),
        Place("desk-notice", "li", f"/desk{meeting}/notice", (("撤回会议通知", "Withdraw the notice"),)),
        Place(
            "desk-room-before", "li", f"/desk{meeting}/room", (("请假：许文博", "Leave: 许文博"),),
            first=("更多：许文博", "More: 许文博"),
        ),
        Place("desk-body-history", "zhao", f"/desk/bodies/{room.bureau.body}/history"),
        Place("desk-organization-audit", "zhao", "/desk/organization/audit"),
        *(Place(f"desk-body-{tab}", "li", f"/desk/bodies/{room.bureau.body}/{tab}", dialogs) for tab, dialogs in
          {"people": (("排名、分管和B角", "Seat, charge, deputy"),), "charter": (), "rulebook": (), "kinship": (),
           "matters": (("新增事项", "Add a matter"),)}.items()),
        *(Place(f"desk-organization-{tab}", "admin", f"/desk/organization/{tab}", dialogs) for tab, dialogs in {
            "people": (("新建人员", "New person"), ("设置密码 周启明", "Set a password 周启明"),
                       ("实行分设", "Hold them apart")),
            "bodies": (("新建议事机构", "New body"),),
            "sign-in": (("更改代号", "Change the code"), ("要求使用", "Demand it")),
            "calendar": (), "import": (), "history": (),
        }.items()),
        Place("desk-body-rulebook-edit", "admin", f"/desk/bodies/{room.bureau.body}/rulebook", first=("编辑", "Edit")),
        Place("desk-body-grid", "admin", f"/desk/bodies/{room.bureau.body}/roles"),
        Place(
            "desk-body-roles", "admin", f"/desk/bodies/{room.bureau.body}/people",
            (("加入人员", "Add somebody"), ("更名", "Rename")),
        ),
    ]  # fmt: skip


async def discussing(room: Room) -> list[Place]:
    """The pages in session, while the personnel item is under discussion after the first item's decision."""
    b = room.bureau
    await b.li.do(f"{room.path}/items/{room.items[2]}/presentation", {"presenter": b.chen.id})
    meeting = f"/meetings/{room.meeting}"
    return [
        Place(
            "chair-discussion", "zhou", f"{meeting}/chair",
            (("记发言", "Spoke"), ("安排回避", "Recuse somebody"), ("委托他人主持", "Hand the chair over"),
             ("缓议本项", "Defer the item"), ("登记临时动议", "Record an ad hoc motion"),
             ("离开会场", "Leave the room")),
            clicked=True,
        ),
        Place("room-discussion", "lin", meeting, (("申请回避", "Declare a recusal"), ("离开会场", "Leave the room"))),
        Place(
            "desk-discussion", "li", f"/desk{meeting}/room",
            (("登记临时动议", "Record a motion from the floor"),), clicked=True,
        ),
    ]  # fmt: skip


async def during(room: Room) -> list[Place]:
    """The pages during the personnel item's vote, when some have voted."""
    b = room.bureau
    item = await room.discuss(2, b.chen)
    opened = await b.zhou.do(f"{item}/votes")
    path = f"{room.path}/votes/{opened['content']['vote']}/ballots"
    for key, choice in (("he", "yes"), ("chen", "yes"), ("wu", "defer")):
        await b.people[key].do(path, {"choice": choice})
    meeting = f"/meetings/{room.meeting}"
    paper = (await b.lin.get(room.path)).json()["items"][0]["papers"][0]["id"]
    return [
        Place("ballot", "lin", meeting, (("同意", "Yes"),)),
        Place("voted", "he", meeting),
        Place("chair-waits", "zhou", meeting),
        Place("recused", "zheng", meeting),
        Place("on-leave", "xu", meeting, (("提交书面意见", "Give a written opinion"),)),
        Place("attendee", "tang", meeting),
        Place("paper", "lin", f"{meeting}/papers/{room.items[0]}/{paper}"),
        Place("chair", "zhou", f"{meeting}/chair", (("不再等候，先行表决", "Vote without waiting"),)),
        Place("observer", "zhao", f"{meeting}/observer"),
        Place("hall", "hall", f"{meeting}/hall"),
        Place("desk-room", "li", f"/desk{meeting}/room"),
        Place("desk-ledger", "li", f"/desk{meeting}/ledger"),
    ]


async def after(room: Room) -> list[Place]:
    """The pages after adjournment, while the minutes are being written."""
    b = room.bureau
    drafted = (await b.li.do(f"{room.path}/minutes"))["content"]["minutes"]
    await complete(b.li, f"{room.path}/minutes/{drafted}")  # else it waits for the secretary, not for a review
    meeting = f"/meetings/{room.meeting}"
    review = f"/desk/minutes/{room.meeting}/{drafted}"
    approve = (("审核通过", "Approve"), ("退回修改", "Send back"))
    return [
        Place("desk-minutes-draft", "li", f"/desk{meeting}/minutes", clicked=True),
        Place("desk-reviews", "jiang", "/desk/minutes"),
        Place("desk-review", "jiang", review, approve),
        Place("chair-after", "zhou", f"{meeting}/chair"),
    ]


async def issued(room: Room) -> list[Place]:
    """The pages once the minutes are issued."""
    b = room.bureau
    meeting = f"/meetings/{room.meeting}"
    sha256 = await room.owner.fetchval("SELECT encode(sha256, 'hex') FROM minutes")
    return [
        Place("room-after", "lin", meeting),
        Place("observer-after", "zhao", f"{meeting}/observer"),
        Place("hall-after", "hall", f"{meeting}/hall"),
        Place("desk-minutes", "li", f"/desk{meeting}/minutes"),
        Place("desk-minutes-chair", "zhou", f"/desk{meeting}/minutes", (("作废", "Void"),), clicked=True),
        Place("desk-body-register", "li", f"/desk/bodies/{b.body}/register"),
        Place("verify", None, f"/verify/{sha256}"),
        Place("verify-ask", None, "/verify"),
    ]


# By moment of `tests.moments`: the pages, and the number of pages and dialogs.
MOMENTS = (
    ("drafted", unapproved, 4), ("drafted", drafted, 6), ("noticed", before, 41), ("voted", discussing, 12),
    ("voted", during, 15), ("adjourned", after, 6), ("issued", issued, 9),
)  # fmt: skip
AT_MOMENTS = pytest.mark.parametrize(
    ("places", "count"),
    [pytest.param(places, count, marks=pytest.mark.moment(at), id=places.__name__) for at, places, count in MOMENTS],
)
