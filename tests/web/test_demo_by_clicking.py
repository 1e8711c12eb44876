"""The demonstration meeting played by clicking alone, on fourteen screens that are all open at once."""

import hashlib
from io import BytesIO
from pathlib import Path

import asyncpg
from pypdf import PdfReader

from acts.folding import fold
from agenda.state import MeetingState
from server.demonstration.bureau import ITEMS
from tests.bureau import Bureau
from tests.test_one_meeting import Room
from tests.web.clicking import Playing
from tests.web.conftest import Open, Screen
from tests.web.test_every_page import findings


async def test_the_demonstration_meeting_by_clicking(
    bureau: Bureau, screens: Open, owner: "asyncpg.Connection[asyncpg.Record]", tmp_path: Path
) -> None:
    found: list[str] = []

    async def look(moment: str, screen: Screen) -> None:
        """Check dialogs and passing states, which `test_every_page` does not reach."""
        found.extend(f"{moment}: {each}" for each in await findings(screen.page))

    playing = Playing(bureau, owner, screens, tmp_path, look)
    pdf = await playing.play()
    assert not found, "\n".join(found)

    paper = (tmp_path / f"{ITEMS[2].title}.pdf").read_bytes()
    screens_of = [*playing.everybody, ("jiang", playing.head)]
    assert {key for key, screen in screens_of if paper in await screen.traffic()} == {"sun"}, "a personnel paper"

    room = Room(bureau, owner)
    room.meeting = playing.meeting
    entries = await room.entries()
    state = fold((each.record for each in entries), MeetingState())
    assert [(each.title, each.state, each.vote.result if each.vote else None) for each in state.agenda] == [
        ("2026年度部门预算执行调整方案", "decided", "passed"),
        ("绕城公路改造工程立项", "put_off", None),
        ("规划科科长任职", "decided", "passed"),
        ("推荐省级先进集体", "decided", "not_passed"),
        ("客运站设备采购", "deferred", None),
    ]
    tallies = [each.vote.tally for each in state.agenda if each.vote]
    assert [(each.yes, each.no, each.abstain, each.defer) for each in tallies if each] == [
        (7, 1, 0, 0), (6, 0, 0, 1), (4, 0, 4, 0),
    ]  # fmt: skip
    assert [each.operation for each in state.refusals.values()] == ["motion.try"]
    issued, drawn = (entry.record for entry in entries[-2:])
    assert (issued.kind, drawn.kind) == ("minutes.issued", "minutes.drawn")
    assert drawn.content["sha256"] == hashlib.sha256(pdf).hexdigest()
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages).replace("\n", "")
    assert "〔2026〕1号" in text
    assert "购置公务用车" in text
    assert "请会前履行程序" in text
