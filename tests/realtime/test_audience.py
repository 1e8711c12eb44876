"""An attendee (列席) sees the items that they are called in for, and of the others the titles; the hall's screen has
title and counts alone of a personnel item and of one marked 从简."""

from typing import Any

import msgspec
import pytest

from acts.folding import apply, content_of
from acts.showing import follow, see
from agenda.state import MeetingState
from agenda.views import View, view_of
from bodies.charter import Charter
from storage.ledger import Record
from tests.bureau import Bureau, Person, client_of, open_session
from tests.realtime.conftest import follow as follow_live
from tests.realtime.test_telling import ITEM, NOW, PEOPLE, STORY
from tests.test_one_meeting import Room, at

OUTSIDE = View("floor", only=frozenset())
HALL = View("floor", screen=True)
# Words that only those may read who see more of the item than its title.
SECRETS = ("议案", "预算.pdf", "同意本方案", "不妥", "亲属", "另有利益", "另有理由", "接近", "材料未提前送达", "未逐项")


def shown(view: View, item: dict[str, Any]) -> tuple[str, MeetingState]:
    """All that a view is sent of STORY with this item, and its state in the end (the item's removal left out)."""
    whole, state, sent = MeetingState(), MeetingState(), []
    more: dict[str, dict[str, Any]] = {
        "item.added": {"item": item},
        "item.changed": {"item": item},
        "notice.given": {"items": [{**item, "papers": []}]},
        "decision.announced": {"reason": "另有理由"},
    }
    for seq, (kind, content, *_) in enumerate(STORY[:-2], start=1):
        record = Record(seq, NOW, 1, 1, 1, kind, {**content, **more.get(kind, {})})
        whole = apply(whole, record)
        seen, stamp = see(view, record, content_of(record), whole)
        state = follow(state, seen, stamp, record)
        sent.append(seen)
    return str(sent), state


@pytest.mark.parametrize("more", [{}, {"category": "personnel"}, {"confidential": True}])
def test_who_is_not_called_in_sees_titles_alone(more: dict[str, Any]) -> None:
    text, state = shown(OUTSIDE, {**ITEM, "motion": "议案", **more})
    for word in SECRETS:
        assert word not in text, word
    item = state.items[7]
    assert item.title == "预算"
    assert (item.motion, item.in_charge, item.presenter, item.decision) == ("", None, None, None)
    assert not any((item.speeches, item.positions, item.opinions, item.recusals, item.papers))
    assert all(vote.tally is None and vote.roll == () and vote.ballots == {} for vote in item.votes.values())


@pytest.mark.parametrize("more", [{"category": "personnel"}, {"confidential": True}])
def test_the_hall_shows_title_and_counts_of_a_reserved_item(more: dict[str, Any]) -> None:
    text, state = shown(HALL, {**ITEM, "motion": "议案", **more})
    for word in (*SECRETS, "choice='yes'"):
        assert word not in text, word
    item = state.items[7]
    assert not any((item.speeches, item.positions, item.opinions, item.recusals, item.papers))
    last = item.votes[4]
    assert last.tally is not None
    assert (last.cast, last.tally.yes, last.ballots, last.outstanding) == (1, 1, {}, ())


def test_the_hall_shows_other_items_as_the_room_sees_them() -> None:
    assert shown(HALL, ITEM) == shown(View("floor"), ITEM)


def test_what_was_said_on_a_personnel_item_stands_in_the_proceedings_alone() -> None:
    personnel = {**ITEM, "category": "personnel"}
    text, state = shown(View("floor"), personnel)
    for word in ("同意本方案", "不妥"):
        assert word not in text
        assert word in shown(View("floor"), ITEM)[0]
        assert word in shown(View("secretary"), personnel)[0]
        assert word in shown(View("observer"), personnel)[0]
    assert state.items[7].positions == {}


def state_of(*roles: str, **item: Any) -> MeetingState:
    people = [*PEOPLE, {"id": 3, "name": "唐宁", "roles": list(roles)}]
    content = {"notice": 4, "agenda_hash": "", "charter": msgspec.to_builtins(Charter()),
               "rulebook": {"titles": {}, "clauses": {}}, "people": people,
               "items": [{**ITEM, **item, "papers": []}]}  # fmt: skip
    return apply(MeetingState(), Record(1, NOW, 1, 1, 1, "notice.given", content))


def test_the_notice_says_who_attends() -> None:
    attendee = frozenset({"attendee"})
    assert view_of(state_of("attendee"), 3, attendee) == OUTSIDE
    named = state_of("attendee", attendees=[3])
    assert view_of(named, 3, attendee) == View("floor", only=frozenset({7}))
    assert view_of(named, 3, frozenset({"office_head"})) == OUTSIDE  # no attendee any more
    called = {"item": 7, "person": 5, "name": "钱进", "post": ""}
    later = apply(named, Record(2, NOW, 1, 1, 1, "attendee.called", called))
    assert view_of(later, 5, attendee) == View("floor", only=frozenset({7}))
    assert later.people[5].name == "钱进"
    tokens = {view.token for view in (OUTSIDE, HALL, View("floor"), View("floor", only=frozenset({7})))}
    assert len(tokens) == 4


async def live(person: Person, meeting: int) -> str:
    """The first message of the live feed, as it comes."""
    async with follow_live(person, meeting) as screen:
        text = await screen.recv()
    return text if isinstance(text, str) else text.decode()


async def answers(person: Person, room: Room) -> str:
    """All that somebody can read of the meeting and its papers."""
    read = [
        await person.get(room.path),
        await person.get(f"{room.path}/notice"),
        await person.get(f"{room.path}/notes"),
    ]
    papers = await room.owner.fetch("SELECT id, item_id FROM papers WHERE meeting_id = $1", room.meeting)
    for paper in papers:
        answer = await person.get(f"{room.path}/items/{paper['item_id']}/papers/{paper['id']}")
        read += [answer] if answer.is_success else []
    return "".join(each.content.decode(errors="replace") for each in read) + await live(person, room.meeting)


async def test_attendees_through_a_meeting(bureau: Bureau, room: Room) -> None:
    b, tang = bureau, bureau.tang
    await room.draft()
    personnel = (await b.li.get(room.path)).json()["items"][2]
    more = {"in_charge": b.chen.id, "subjects": [b.kin["candidate"]], "motion": "提请审议。", "attendees": [tang.id]}
    await b.li.do(f"{room.path}/items/{room.items[2]}", {"title": personnel["title"], "category": "personnel", **more})
    # Those who are named hold the role.
    bad = {"title": "客运站", "category": "funds", "attendees": [b.lin.id]}
    assert await b.li.refused(f"{room.path}/items/{room.items[4]}", bad) == "input.invalid"
    await b.admin.do(f"/api/bodies/{b.body}/roles", {"person": b.admin.id, "role": "attendee"})
    bad["attendees"] = [b.admin.id]
    await b.li.do(f"{room.path}/items/{room.items[4]}", {**bad, "in_charge": b.ma.id})
    answer = await b.admin.client.delete(f"/api/bodies/{b.body}/roles/{b.admin.id}/attendee")
    assert answer.is_success
    await b.approve_agenda(room.path)
    assert await b.li.refused(f"{room.path}/notice") == "state.wrong"
    await b.li.do(f"{room.path}/items/{room.items[4]}", {**bad, "in_charge": b.ma.id, "attendees": []})
    await room.prepare()
    text = await answers(tang, room)
    for word in ("2026年度部门预算执行调整方案的议案", "2026年度部门预算执行调整方案（材料）"):
        assert word in text
    for word in ("绕城公路改造工程立项的议案", "绕城公路改造工程立项（材料）", "郑晓楠", "规划科科长任职（材料）"):
        assert word not in text
    assert "绕城公路改造工程立项" in text

    # Appointed after the notice: nothing of this meeting.
    made = await b.admin.do("/api/people", {"staff_number": "0099", "name": "后来者"})
    late_id = made["content"]["person"]["id"]
    await b.admin.do(f"/api/bodies/{b.body}/roles", {"person": late_id, "role": "attendee"})

    base = str(tang.client.base_url)
    late = Person("late", late_id, client_of(None, *await open_session(room.owner, late_id), base))
    assert (await late.get(room.path)).json()["rule"] == "access.role"
    await room.owner.execute("UPDATE sessions SET expires_at = 'infinity'")  # the clock goes on by days
    await room.gather()
    item = await room.discuss(1, b.he)
    assert (await late.get(room.path)).json()["rule"] == "access.role"
    assert (await late.get(f"/api/bodies/{b.body}/meetings")).json() == []

    # Called in by the chair, on record; from then on the item is open to them.
    assert await b.li.refused(f"{item}/attendees", {"person": late.id}) == "access.role"
    assert await b.zhou.refused(f"{item}/attendees", {"person": b.lin.id}) == "input.invalid"
    assert "就第2项作了汇报" not in await answers(tang, room)
    called = await b.zhou.do(f"{item}/attendees", {"person": late.id})
    assert called["kind"] == "attendee.called"
    text = await answers(late, room)
    assert "就第2项作了汇报" in text
    assert "2026年度部门预算执行调整方案的议案" not in text
    await late.client.aclose()


@pytest.mark.moment("issued")
async def test_a_past_meeting_is_not_read_by_who_came_later(bureau: Bureau, owner: Any) -> None:
    """Members count as the call to order took them, attendees as the notice found them."""
    b, room = bureau, Room(bureau, owner)
    await at(owner, "2026-02-13T09:00:00+08:00")
    for role in ("member", "attendee"):
        made = await b.admin.do("/api/people", {"staff_number": role, "name": f"后来者{role}"})
        person = made["content"]["person"]["id"]
        await b.admin.do(f"/api/bodies/{b.body}/roles", {"person": person, "role": role})

        base = str(b.tang.client.base_url)
        late = Person(role, person, client_of(None, *await open_session(owner, person), base))
        assert (await late.get(room.path)).json()["rule"] == "access.role"
        await late.client.aclose()
