"""No answer about a meeting or its minutes holds more than the paper for its reader: every route that answers is asked
by everybody who may, and held against the words that the reader may know."""

from typing import Any

import httpx
import msgspec
import pytest
from litestar import Litestar

from acts.folding import after, content_of, fold
from acts.patch import plain
from acts.showing import follow, see
from agenda.state import MeetingState
from agenda.views import view_of
from tests.bureau import Bureau, Person, client_of, issue, open_session
from tests.server.guarded import guarded_routes
from tests.test_one_meeting import Room, at

# Words of the meeting, and of what they are a part.
FUNDS = ("2026年度部门预算执行调整方案的议案", "2026年度部门预算执行调整方案（材料）", "就第1项作了汇报", "书面说明")
BRIEF = ("绕城公路改造工程立项的议案", "绕城公路改造工程立项（材料）", "就第2项作了汇报")  # marked 从简
PERSONNEL = ("规划科科长任职的议案", "规划科科长任职（材料）", "郑晓楠", "三代以内")
SAID = ("就第3项作了汇报",)
EVERYTHING = (*FUNDS, *BRIEF, *PERSONNEL, *SAID)

# By reader, the words that no route may answer them with once the meeting is over and its minutes are issued.
KEPT_FROM = {
    "li": (),  # the secretary
    "zhou": ("规划科科长任职的议案", "规划科科长任职（材料）"),  # presided
    "zhao": ("规划科科长任职的议案", "规划科科长任职（材料）"),  # observes
    "lin": (*PERSONNEL, *SAID),
    "xu": (*PERSONNEL, *SAID),  # was absent
    "zheng": (*PERSONNEL, *SAID),  # was recused from the personnel item
    "jiang": (*BRIEF, *PERSONNEL, *SAID, "2026年度部门预算执行调整方案（材料）"),  # office head
    "tang": (*BRIEF, *PERSONNEL, *SAID),  # attended for the first item
    "hall": (*BRIEF, *PERSONNEL, *SAID),
    "admin": EVERYTHING,
    "later": (*BRIEF, *PERSONNEL, *SAID, "2026年度部门预算执行调整方案（材料）"),  # a member since
    "late": EVERYTHING,  # an attendee since
}


async def hold(bureau: Bureau, owner: Any) -> Room:
    """The meeting with its second item marked 从简, all three voted, its minutes issued."""
    b, room = bureau, Room(bureau, owner)
    item = {"title": "绕城公路改造工程立项", "category": "project", "in_charge": b.he.id, "confidential": True,
            "motion": "提请审议：绕城公路改造工程立项的议案。"}  # fmt: skip
    await b.li.do(f"{room.path}/items/{room.items[1]}", item)
    await room.prepare()
    await room.gather()
    for index, presenter in enumerate((b.lin, b.he, b.chen)):
        path = await room.discuss(index, presenter)
        await room.vote(path, {"wu": "no"})
        await room.decide(path, "passed")
    for left in (3, 4):
        await b.zhou.do(f"{room.path}/items/{room.items[left]}/deferral", {"reason": "另议"})
    await b.zhou.do(f"{room.path}/adjournment")
    drafted = await b.li.do(f"{room.path}/minutes")
    minutes = f"{room.path}/minutes/{drafted['content']['minutes']}"
    notes = [{"item": item, "discussion": f"就第{n}项作了汇报。"} for n, item in enumerate(room.items[:3], 1)]
    await b.li.do(f"{minutes}/texts", {"items": notes})
    await b.approve(minutes)
    await issue(b.li, minutes)
    return room


async def joined(bureau: Bureau, owner: Any, app: Litestar, role: str) -> Person:
    made = await bureau.admin.do("/api/people", {"staff_number": f"late-{role}", "name": f"后来{role}"})
    person = made["content"]["person"]["id"]
    await bureau.admin.do(f"/api/bodies/{bureau.body}/roles", {"person": person, "role": role})
    return Person(role, person, client_of(app, *await open_session(owner, person)))


@pytest.mark.moment("drafted")
async def test_every_answer_is_held_against_the_paper(app: Litestar, bureau: Bureau, owner: Any) -> None:
    b = bureau
    room = await hold(b, owner)
    await at(owner, "2026-02-13T09:00:00+08:00")
    people = {
        **b.people,
        "later": await joined(b, owner, app, "member"),
        "late": await joined(b, owner, app, "attendee"),
    }
    minutes = await owner.fetchval("SELECT id FROM minutes")
    told: dict[str, list[tuple[str, str]]] = {key: [] for key in KEPT_FROM}
    asked = set()
    for route in guarded_routes(app):
        if route.method != "GET" or not ("{meeting_id" in route.path or "/minutes" in route.path):
            continue
        asked.add(route.operation)
        for path in paths(route.path, room, b.body, minutes, await owner.fetch("SELECT id, item_id FROM papers"),
                          [row["id"] for row in await owner.fetch("SELECT id FROM votes")]):  # fmt: skip
            for key in KEPT_FROM:
                answer: httpx.Response = await people[key].get(path, **({"year": 2026} if "year" not in path else {}))
                if answer.is_success and not answer.content.startswith(b"%PDF"):
                    told[key].append((path, answer.text))
    assert {"meeting.read", "notice.read", "minutes.read", "recusal.list", "ledger.read", "register.list"} <= asked
    entries = await room.entries()
    state = fold((each.record for each in entries), MeetingState())
    for key in KEPT_FROM:  # the live feed's snapshot, where they may follow
        if (await people[key].get(room.path)).is_success:
            roles = frozenset(row["role"] for row in await owner.fetch(
                "SELECT role FROM grants WHERE person_id = $1", people[key].id
            ))  # fmt: skip
            view, whole, shown = view_of(state, people[key].id, roles), MeetingState(), MeetingState()
            for entry in entries:
                whole = after(whole, content_of(entry.record), entry.record)
                shown = follow(shown, *see(view, entry.record, content_of(entry.record), whole), entry.record)
            told[key].append(("live", msgspec.json.encode(plain(shown)).decode()))
    found = {
        (key, word, path)
        for key, words in KEPT_FROM.items()
        for path, text in told[key]
        for word in words
        # The sealed motion is what the minutes say was decided.
        if word in text and not (word.endswith("的议案") and "/minutes/" in path)
    }
    assert found == set()
    assert any("就第1项作了汇报" in text for _, text in told["later"])  # a new member reads the minutes, and no more

    # The minutes of a reserved item have the decision alone, whoever reads them.
    for key in ("li", "zhou", "zhao", "lin", "zheng", "jiang", "later"):
        document = (await people[key].get(f"{room.path}/minutes/{minutes}")).json()["document"]
        for item in document["items"][1:3]:
            assert item["decision"]["outcome"] == "passed"
            for part in ("discussion", "positions", "written", "recusals", "rounds", "presenter", "reason"):
                assert not item[part], (key, part)
        assert document["items"][0]["rounds"]
    for key in ("lin", "zhao", "later"):
        sheet = (await people[key].get(f"{room.path}/minutes/{minutes}")).json()
        assert sheet["texts"]["items"] == []
        assert sheet["steps"] == []
        # The paper says how many the notice reached, and when; to whom it went stands in the proceedings.
        assert {each["name"] for each in sheet["document"]["notice"]["deliveries"]} == {""}
        assert (await people[key].get(f"/api/bodies/{b.body}/minutes", year=2026)).json() != []
        assert (await people[key].get(f"/api/bodies/{b.body}/register/2026")).content.startswith(b"%PDF")
    # An attendee reads minutes of which they were sent a copy.
    path = f"{room.path}/minutes/{minutes}"
    assert (await b.tang.get(f"{path}/pdf")).json()["rule"] == "access.role"
    await b.li.do(f"{path}/copies", {"copies": [{"recipient": "唐宁", "person": b.tang.id}]})
    assert (await b.tang.get(f"{path}/pdf")).content.startswith(b"%PDF")
    assert (await b.tang.get(f"/api/bodies/{b.body}/minutes", year=2026)).json()["rule"] == "access.role"
    for key in ("later", "late"):
        await people[key].client.aclose()


def paths(path: str, room: Room, body: int, minutes: int, papers: Any, votes: list[int]) -> set[str]:
    """The route's path with every item, paper and vote of the meeting."""
    return {
        path.format(
            meeting_id=room.meeting, body_id=body, minutes_id=minutes, item_id=paper["item_id"], paper_id=paper["id"],
            vote_id=vote, year=2026,
        )
        for paper in papers
        for vote in votes
    }  # fmt: skip
