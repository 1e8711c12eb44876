from datetime import date
from typing import get_args

import pytest

from acts.refusal import Allowed, Refused
from agenda.ad_hoc import check_ad_hoc
from agenda.materials import check_materials, check_readable
from agenda.notice import check_lead, check_missing, weigh_notice
from agenda.reading import Reader, check_may_read
from agenda.records import ItemState
from agenda.sealed import Act, check_sealed
from agenda.working_days import WorkCalendar

FRIDAY, TUESDAY = date(2026, 4, 10), date(2026, 4, 14)


def test_notice_names_the_late_and_the_missing_and_the_date_that_mends_it() -> None:
    standing = weigh_notice([3, 1, 2], {1: FRIDAY, 2: TUESDAY, 9: TUESDAY}, TUESDAY, WorkCalendar(), 2)
    assert (standing.late, standing.missing, standing.valid) == ((2,), (3,), False)
    lead, missing = check_lead(standing, {2: "张三"}.__getitem__), check_missing(standing, lambda _: "李四")
    assert isinstance(lead, Refused)
    assert lead.rule == "notice.lead"
    assert lead.facts == {"late": ["2"], "lead_working_days": 2, "earliest": "2026-04-16"}
    assert "张三" in lead.detail
    assert "2026-04-16" in lead.detail_en
    assert isinstance(missing, Refused)
    assert missing.rule == "notice.missing"
    assert "李四" in missing.detail


def test_notice_in_time_to_all() -> None:
    standing = weigh_notice(["a"], {"a": FRIDAY}, TUESDAY, WorkCalendar(), 2)
    assert standing.valid
    assert isinstance(check_lead(standing), Allowed)
    assert isinstance(check_missing(standing), Allowed)


@pytest.mark.parametrize("act", get_args(Act))
@pytest.mark.parametrize("sealed", [True, False])
@pytest.mark.parametrize("by_chair", [True, False])
@pytest.mark.parametrize("reason", ["", " 　\n", "材料有变"])
def test_after_notice_only_the_chair_takes_away_and_says_why(
    act: Act, sealed: bool, by_chair: bool, reason: str
) -> None:
    verdict = check_sealed(act, sealed=sealed, by_chair=by_chair, reason=reason)
    lawful = not sealed or (act in ("withdraw", "defer") and by_chair and reason == "材料有变")
    assert isinstance(verdict, Allowed) == lawful
    if isinstance(verdict, Refused):
        assert verdict.rule == "agenda.locked"


def test_only_what_is_on_the_notice() -> None:
    assert isinstance(check_ad_hoc(1, {1, 2}), Allowed)
    verdict = check_ad_hoc(3, {1, 2}, lambda _: "临时议题")
    assert isinstance(verdict, Refused)
    assert verdict.rule == "agenda.ad_hoc"
    assert "临时议题" in verdict.detail


def test_no_vote_without_the_papers() -> None:
    for personnel, rule in ((True, "personnel.materials"), (False, "materials.incomplete")):
        verdict = check_materials(complete=False, personnel=personnel)
        assert isinstance(verdict, Refused)
        assert verdict.rule == rule
        assert isinstance(check_materials(complete=True, personnel=personnel), Allowed)


@pytest.mark.parametrize("personnel", [True, False])
@pytest.mark.parametrize("item_open", [True, False])
@pytest.mark.parametrize("in_the_room", [True, False])
def test_personnel_papers_are_read_in_the_room_while_the_item_is_open(
    personnel: bool, item_open: bool, in_the_room: bool
) -> None:
    verdict = check_readable(personnel=personnel, item_open=item_open, in_the_room=in_the_room)
    assert isinstance(verdict, Allowed) == (not personnel or (item_open and in_the_room))


@pytest.mark.parametrize("role", ["secretary", "chair", "member", "observer", "attendee", "hall", "administrator"])
@pytest.mark.parametrize("present", [True, False])
@pytest.mark.parametrize("personnel", [True, False])
@pytest.mark.parametrize("item", ["listed", "open", "voting", "voted", "decided"])
def test_who_reads_a_paper_in_session(role: str, present: bool, personnel: bool, item: ItemState) -> None:
    """Personnel papers are for members in the room while their item is open; not for the desk or the observer."""
    verdict = check_may_read(Reader({role}, present), meeting="in_session", item=item, personnel=personnel)
    if personnel:
        may = role in ("chair", "member") and present and item in ("open", "voting", "voted")
    else:
        may = role in ("secretary", "chair", "member", "observer")
    assert isinstance(verdict, Allowed) == may
    called_in = check_may_read(
        Reader({role}, present, called_in=True), meeting="in_session", item=item, personnel=personnel
    )
    assert isinstance(called_in, Allowed) == (may or (role == "attendee" and not personnel))
    recused = check_may_read(
        Reader({role}, present, "recusal.declared"), meeting="in_session", item=item, personnel=personnel
    )
    assert isinstance(recused, Refused)


@pytest.mark.parametrize("role", ["secretary", "chair", "member", "observer", "attendee"])
def test_before_notice_papers_are_the_desks(role: str) -> None:
    verdict = check_may_read(Reader({role}, False), meeting="draft", item="listed", personnel=True)
    assert isinstance(verdict, Allowed) == (role in ("secretary", "chair"))
