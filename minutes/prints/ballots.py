"""The ballots of a meeting as a workbook: a sheet of the votes by name, and one of their figures."""

import io
from collections.abc import Sequence, Set

import xlsxwriter

from agenda.labels import RESULTS
from agenda.state import MeetingState, VoteRound
from minutes.prints.corrected import as_corrected
from minutes.prints.meeting import ballot_text, excused_at, formal, title_of
from storage.ledger import Entry

_FIGURES = ("应到会", "到会", "法定人数", "同意", "反对", "弃权", "缓议", "未表决", "通过须", "结果")


def ballots_book(state: MeetingState, entries: Sequence[Entry], hidden: Set[int]) -> bytes:
    """Returns the workbook (XLSX) of all closed rounds, less those on the items `hidden`; the same bytes for the same
    records, of which `state` is what they come to."""
    excused = excused_at([each.record for each in as_corrected(entries)])
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": "表决情况", "created": state.called_at and state.called_at.replace(tzinfo=None)})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#EEEEEE", "bottom": 1})
    rounds = [
        (f"{item.position}. {title_of(item)}" + (f"（第{vote.round}轮）" if len(item.votes) > 1 else ""), vote)
        for item in state.agenda
        if item.id not in hidden
        for vote in item.votes.values()
        if vote.state != "open"
    ]
    names = book.add_worksheet("表决明细")
    names.freeze_panes(1, 2)
    names.set_column(0, 0, 8)
    names.set_column(1, 1, 14)
    names.set_column(2, max(2, 1 + len(rounds)), 24)
    names.write_row(0, 0, ["排名", "姓名", *(title for title, _ in rounds)], head)
    for row, person in enumerate(formal(state), 1):
        words = [ballot_text(vote, person.id, excused.get(vote.id, ())) for _, vote in rounds]
        names.write_row(row, 0, [person.seat or row, person.name, *words])
    figures = book.add_worksheet("表决结果")
    figures.freeze_panes(1, 1)
    figures.set_column(0, 0, 48)
    figures.write_row(0, 0, ["议题", *_FIGURES], head)
    for row, (title, vote) in enumerate(rounds, 1):
        figures.write_row(row, 0, [title, *_figures(state, vote)])
    book.close()
    return target.getvalue()


def _figures(state: MeetingState, vote: VoteRound) -> list[int | str]:
    tally, quorum = vote.tally, vote.quorum
    assert tally is not None
    assert quorum is not None
    result = RESULTS[vote.result][0] if vote.result else "无效"
    counted = [tally.yes, tally.no, tally.abstain, tally.defer, tally.not_voted]
    return [state.n or 0, quorum.present, quorum.needed, *counted, vote.needed or 0, result]
