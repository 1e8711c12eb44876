"""The papers printed from the demonstration meeting: agenda, notice, sign-in sheet, proceedings, ballots."""

import io
import re
from typing import Any

import openpyxl
import pdfplumber
import pytest

from documents import fonts
from tests.bureau import Bureau, Person
from tests.storage.attacks import Connection
from tests.test_one_meeting import Room, play
from tests.voting.test_acts import finish

pytestmark = pytest.mark.skipif(not fonts.FOLDER.is_dir(), reason="the fonts are not made: make fonts")


async def printed(person: Person, room: Room, name: str) -> bytes:
    """The print as this person gets it."""
    answer = await person.get(f"{room.path}/prints/{name}")
    assert answer.is_success, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.content


def text(pdf: bytes) -> str:
    """All words of the pages, without blanks."""
    return "".join(re.sub(r"\s", "", page.extract_text()) for page in pdfplumber.open(io.BytesIO(pdf)).pages)


async def refusal(person: Person, room: Room, name: str) -> str:
    answer = await person.get(f"{room.path}/prints/{name}")
    rule: str = answer.json()["rule"]
    return rule


async def test_before_the_meeting(bureau: Bureau, owner: Connection) -> None:
    b, room = bureau, Room(bureau, owner)
    await room.draft()
    assert await refusal(b.li, room, "agenda") == "state.wrong"
    await room.prepare()
    agenda = text(await printed(b.tang, room, "agenda"))
    assert "党组会议议程" in agenda
    assert "3.规划科科长任职" in agenda
    assert "郑晓楠" not in agenda  # the candidate is named in the meeting
    notice = text(await printed(b.li, room, "notice"))
    assert "会议通知签收表" in notice
    assert notice.count("1月8日10:00") == 2 * 9 + 1  # delivered and acknowledged by nine, and given once
    assert notice.count("未送达") == len(re.findall("列席唐宁|纪检监察组赵肃|会务李晓", notice)) == 3
    assert await refusal(b.lin, room, "notice") == "access.role"
    sheet = text(await printed(b.li, room, "attendance"))
    assert "缺席" not in sheet
    assert "人事议题材料在审议时供到会成员阅读，会后收回。" in notice
    assert "发放" not in notice
    assert await refusal(b.li, room, "proceedings") == "state.wrong"
    assert await refusal(b.li, room, "ballots") == "state.wrong"


@pytest.mark.moment("noticed")
async def test_a_notice_that_was_changed_says_from_what_to_what(bureau: Bureau, owner: Connection) -> None:
    """The notice tells the change, which has a signing list of its own."""
    b, room = bureau, Room(bureau, owner)
    moved = {"starts_at": "2026-01-13T14:30:00+08:00", "place": "五楼会议室", "reason": "与上级会议冲突"}
    await b.li.do(f"{room.path}/notice/changes", moved)
    await b.li.do(f"{room.path}/deliveries", {"people": [b.lin.id], "method": "phone"})
    notice = text(await printed(b.li, room, "notice"))
    assert "定于2026年1月13日（星期二）14:30在五楼会议室召开" in notice
    change = "会议时间由2026年1月13日（星期二）9:00推迟至2026年1月13日（星期二）14:30，地点由三楼会议室改为五楼会议室"
    assert f"{change}。变更理由：与上级会议冲突。" in notice
    _, _, signing = notice.partition("会议变更签收表")
    assert change in signing
    assert signing.count("未告知") == 8 + 3


async def test_after_the_meeting(bureau: Bureau, owner: Connection) -> None:
    b, room = bureau, Room(bureau, owner)
    await play(room)
    sheet = text(await printed(b.li, room, "attendance"))
    assert re.search("请假（外出.*学习）", sheet)
    assert "9:00离会" in sheet
    assert "应到会成员9人，实到8人" in sheet

    kept = text(await printed(b.li, room, "proceedings"))
    head = await owner.fetchrow("SELECT seq, encode(hash, 'hex') AS hash FROM ledger WHERE kind = 'meeting.adjourned'")
    assert head is not None
    assert f"本记录据操作留痕第1至{head['seq']}条编制，末条校验值{head['hash'][:16]}。" in kept
    assert "2026年第1次党组会议" in kept
    assert kept.index("议题一") < kept.index("议题二") < kept.index("议题五")
    assert "吴海燕缓议" in kept
    assert "郑凯回避" in kept
    assert "购置公务用车" in kept
    assert "许文博请假" in kept
    assert "会议纪要" not in kept
    _, _, sheet_of_it = kept.partition("会议签到表")
    assert "类别姓名职务签到备注签名" in sheet_of_it
    assert "应到会成员9人，实到8人" in sheet_of_it

    assert await b.zhou.refused(f"{room.path}/proceedings/signature") == "state.wrong"
    signed = await b.li.do(f"{room.path}/proceedings/signature")
    assert signed["content"]["capacity"] == "recorder"
    assert await b.li.refused(f"{room.path}/proceedings/signature") == "state.wrong"
    await b.zhou.do(f"{room.path}/proceedings/signature")
    assert await b.lin.refused(f"{room.path}/proceedings/signature") == "access.role"
    after = text(await printed(b.zhou, room, "proceedings"))
    assert re.search("记录人：李晓.*阅签主持人：周启明.*阅签", after)
    (last,) = [each for each in await room.entries() if each.record.kind == "meeting.adjourned"]
    assert last.record.seq == signed["content"]["upto"]
    assert last.hash.hex() == signed["content"]["hash"]
    assert last.hash.hex()[:16] in after


@pytest.mark.moment("in_session")
@pytest.mark.parametrize(("form", "word"), [("oral", "口头表决"), ("hands", "举手表决")])
async def test_form_of_a_vote_and_why_there_is_no_ballot(
    bureau: Bureau, owner: Connection, form: str, word: str
) -> None:
    """Minutes, proceedings and workbook have one word each for the form and for who is on leave or gone."""
    b, room = bureau, Room(bureau, owner)
    await b.li.do(f"{room.path}/departures", {"person": b.sun.id})
    item = await room.discuss(3, b.wu)
    opened = (await b.zhou.do(f"{item}/votes", {"form": form}))["content"]
    vote = f"{room.path}/votes/{opened['vote']}"
    for person in (b.lin, b.he, b.chen, b.ma, b.wu, b.zheng, b.zhou):
        await b.li.do(f"{vote}/taken-down", {"person": person.id, "choice": "yes"})
    await b.zhou.do(f"{vote}/close", {})
    await room.decide(item, "passed")
    await b.li.do(f"{room.path}/leaves", {"person": b.sun.id, "reason": "因公"})  # for what comes after
    document = await finish(room)
    marks = {row["name"]: row["mark"] for row in document["items"][3]["rounds"][0]["rows"]}
    assert (marks["许文博"], marks["孙雅琴"]) == ("on_leave", "absent")
    kept = text(await printed(b.li, room, "proceedings"))
    assert f"{word}：参加表决7人" in kept
    assert f"{word}通过：同意7票" in kept.replace("“推荐省级先进集体”", "")
    assert "许文博请假" in kept
    assert "孙雅琴缺席" in kept
    names, _ = openpyxl.load_workbook(io.BytesIO(await printed(b.li, room, "ballots"))).worksheets
    rows = {row[1]: row[2] for row in names.iter_rows(min_row=2, values_only=True)}
    assert (rows["许文博"], rows["孙雅琴"]) == ("请假", "缺席")


async def test_ballots_as_a_workbook(bureau: Bureau, owner: Connection) -> None:
    b, room = bureau, Room(bureau, owner)
    await play(room)
    content = await printed(b.li, room, "ballots")
    assert content == await printed(b.li, room, "ballots")
    names, figures = openpyxl.load_workbook(io.BytesIO(content)).worksheets
    rows = {row[1]: row[2:] for row in names.iter_rows(min_row=2, values_only=True)}
    assert rows["郑凯"] == ("反对", "回避", "弃权")
    assert rows["许文博"] == ("请假", "请假", "请假")
    assert rows["吴海燕"] == ("同意", "缓议", "弃权")
    results: list[Any] = [row[-1] for row in figures.iter_rows(min_row=2, values_only=True)]
    assert results == ["通过", "通过", "未获通过"]
    assert await refusal(b.lin, room, "ballots") == "access.role"
