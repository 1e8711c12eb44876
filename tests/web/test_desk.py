"""The desk in a real browser: the minutes that wait, from hand to hand."""

from tests.minutes.test_pending import UnderLin, Waiting
from tests.test_one_meeting import Room
from tests.web.conftest import DESK, Open, Screen
from tests.web.test_every_page import cut_off, findings, unreachable


async def lines(screen: Screen) -> list[str]:
    """The minutes in the list, each in one line."""
    return [" ".join(text.split()) for text in await screen.page.locator("main a.card").all_inner_texts()]


async def counted(screen: Screen) -> str:
    return " ".join((await screen.page.get_by_role("link", name="纪要审核").inner_text()).split())


async def test_minutes_go_from_hand_to_hand(room: Room, screens: Open) -> None:
    b = room.bureau
    office = await screens(b.jiang, "/desk/minutes", size=DESK)
    await office.sees("没有等待审核、签发或印发的会议纪要。")
    first, second = Waiting(b, room.owner), UnderLin(b, room.owner)
    await first.hold()
    await b.jiang.do(f"{await second.hold(ordinal=2)}/office-review")

    await office.go("/desk/minutes")
    assert await counted(office) == "纪要审核 1 （1 份待我办理）"
    meeting = "党组会议 江州市交通运输局党组 2026年1月13日（星期二） 09:00"
    assert await lines(office) == [
        f"{meeting} 等待办公室主任审核 待我办理 2026年1月13日起 第 1 版",
        f"{meeting} 等待分管负责人审核 2026年1月13日起 第 1 版",
    ]
    for lang in ("zh", "en"):
        looking = await screens(b.jiang, "/desk/minutes", lang=lang)
        assert [*await findings(looking.page), *await cut_off(looking.page), *await unreachable(looking.page)] == []

    await office.page.locator("main a.card").first.press("Enter")
    await office.press("审核通过")
    await office.page.get_by_role("dialog").get_by_role("button", name="确定").click()
    await office.sees("已经办公室主任审核，等待分管负责人审核。")
    await office.page.locator(".side .count").wait_for(state="detached")

    deputy = await screens(b.wu, "/desk/minutes", size=DESK)
    assert await counted(deputy) == "纪要审核 2 （2 份待我办理）"
    # The other meeting is another's to sign; the secretary is led to the meeting, where they issue.
    chair = await screens(b.zhou, "/desk/minutes", size=DESK)
    assert len(await lines(chair)) == 1
    lin = await screens(b.lin, "/desk/minutes", size=DESK)
    assert len(await lines(lin)) == 1
    secretary = await screens(b.li, "/desk/minutes", size=DESK)
    assert len(await lines(secretary)) == 2
    await secretary.page.locator("main a.card").first.click()
    await secretary.page.wait_for_url("**/desk/meetings/*/minutes")
