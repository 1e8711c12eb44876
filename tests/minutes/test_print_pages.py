"""Where the pages of prints break: no page of few lines, no signature alone, no name of a list broken."""

from collections.abc import Iterable, Iterator

import pytest
from msgspec.structs import replace

from agenda.state import ItemOnAgenda, MeetingState, PersonState
from documents import fonts
from documents.blocks import Block, Paragraph, Right, pages
from documents.layout import Placed
from minutes.prints.attendance import sign_in_sheet
from minutes.prints.meeting import Letter, movements, states_of
from minutes.prints.notice import agenda_paper, notice_paper
from minutes.prints.proceedings import proceedings_paper
from storage.ledger import Entry, entry
from tests.minutes.test_golden import golden
from tests.minutes.test_pages import text_lines
from tests.minutes.test_pdf import font_set

pytestmark = pytest.mark.skipif(not fonts.FOLDER.is_dir(), reason="the fonts are not made: make fonts")
LETTER = Letter("江州市交通运输局党组", "党组会议")
LISTS = {"出席", "列席", "纪检监察组", "会务", "请假", "缺席"}
NAMES = ("欧阳海燕", "林静", "上官志远", "陈卫国", "马腾")


def book() -> list[Entry]:
    """The records of the demonstration meeting up to its adjournment."""
    entries = [entry(raw.encode(), bytes(32)) for raw in golden("v1/demonstration.json").records]
    kinds = [each.record.kind for each in entries]
    return entries[: kinds.index("meeting.adjourned") + 1]


def meeting() -> MeetingState:
    *_, (_, state) = states_of([each.record for each in book()])
    return state


def with_items(state: MeetingState, count: int) -> MeetingState:
    first: ItemOnAgenda = state.agenda[0]
    items = {n: replace(first, id=n, position=n, title=f"第{n}项议题") for n in range(1, count + 1)}
    return replace(state, items=items)


def with_attendees(state: MeetingState, count: int) -> MeetingState:
    more = {
        n: PersonState(id=n, name=NAMES[n % 5], post="法制科", roles=("attendee",)) for n in range(1000, 1000 + count)
    }
    return replace(state, people={**state.people, **more})


def lines_of(sheet: list[Placed]) -> Iterator[str]:
    for _, band in sheet:
        if len({text.baseline for text in band.texts}) == 1 and not band.rules:
            yield "".join(text.run.text for text in band.texts)


def check(blocks: Iterable[Block], *said: object) -> None:
    body = list(blocks)
    sheets = pages(body, font_set())
    signed = {block.text for block in body if isinstance(block, Right)}
    for number, sheet in enumerate(sheets):
        text = [each for each in sheet if not signed.intersection(lines_of([each]))]
        assert text_lines(text) >= 4 or len(sheets) == 1, (*said, number, list(lines_of(sheet)))
    for block in body:
        if isinstance(block, Paragraph) and block.spans[0][1].rstrip("：") in LISTS:
            *before, _ = [line for sheet in pages([block], font_set()) for line in lines_of(sheet)]
            assert all(line.endswith("、") for line in before), (*said, before)
    on = [number for number, sheet in enumerate(sheets) for line in lines_of(sheet) if line in signed]
    assert len(set(on)) <= 1, said


def test_notice_and_agenda() -> None:
    for count in range(1, 61):
        for state in (with_items(meeting(), count), with_attendees(meeting(), count)):
            assert state.notice
            check(notice_paper(state, state.notice, LETTER), "notice", count)
            check(agenda_paper(state, LETTER), "agenda", count)


def test_sign_in_sheet() -> None:
    moved = movements([each.record for each in book()])
    for count in range(61):
        check(sign_in_sheet(with_attendees(meeting(), count), moved, LETTER), "sheet", count)


def test_proceedings() -> None:
    entries = book()
    place = next(n for n, each in enumerate(entries) if each.record.kind == "item.spoken")
    for count in range(61):
        said = [*entries[:place], *entries[place : place + 1] * count, *entries[place:]]
        check(proceedings_paper(said, LETTER, frozenset(), {}), "proceedings", count)
