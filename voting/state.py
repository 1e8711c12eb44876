"""A meeting as it stands, folded from its records.

Pure. `apply` knows every kind of `docs/records.md`, also as a view shows it: a record of kind `masked`, or one
whose content lacks what the viewer may not see, leaves the state without it. A kind that has no case here is
an error, not silence.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import reduce
from typing import Any

import msgspec
from msgspec.structs import replace

from bodies.charter import Charter
from storage.ledger import Record
from voting.close_positions import Positions
from voting.quorum import Quorum
from voting.state_records import (
    BallotState,
    Decision,
    Delivery,
    ItemOnAgenda,
    MeetingState,
    MinutesState,
    NoticeState,
    Objection,
    OpinionState,
    PaperState,
    PersonState,
    PresenceNote,
    RecusalState,
    Refusal,
    RuleSaid,
    Speech,
    VoteRound,
)
from voting.tally import Tally

__all__ = ["EMPTY", "KINDS", "MeetingState", "UnknownKindError", "apply", "fold"]

EMPTY = MeetingState()

Case = Callable[[MeetingState, Record, dict[str, Any]], MeetingState]
_CASES: dict[str, Case] = {}


class UnknownKindError(Exception):
    """A record of a kind that nothing here understands: the program is older than the record."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(f"records of kind {kind!r} are not known: update the program")


def apply(state: MeetingState, record: Record) -> MeetingState:
    """The state after this record. Raises UnknownKindError."""
    case = _CASES.get(record.kind)
    if case is None:
        raise UnknownKindError(record.kind)
    after = case(state, record, record.content)
    return replace(after, seq=record.seq, body=record.body, meeting=record.meeting)


def fold(records: Iterable[Record], start: MeetingState = EMPTY) -> MeetingState:
    """The state after all of these, in order."""
    return reduce(apply, records, start)


def _of(*kinds: str) -> Callable[[Case], Case]:
    def known(case: Case) -> Case:
        for kind in kinds:
            _CASES[kind] = case
        return case

    return known


def _on_item(state: MeetingState, item_id: int, change: Callable[[ItemOnAgenda], ItemOnAgenda]) -> MeetingState:
    return replace(state, items=tuple(change(item) if item.id == item_id else item for item in state.items))


def _on_vote(state: MeetingState, content: Mapping[str, Any], change: Callable[[VoteRound], VoteRound]) -> MeetingState:
    def changed(item: ItemOnAgenda) -> ItemOnAgenda:
        return replace(item, votes=tuple(change(vote) if vote.id == content["vote"] else vote for vote in item.votes))

    return _on_item(state, content["item"], changed)


def _placed(items: Iterable[ItemOnAgenda]) -> tuple[ItemOnAgenda, ...]:
    """Positions follow from the order, 1, 2, 3 …"""
    return tuple(
        item if item.position == place else replace(item, position=place) for place, item in enumerate(items, start=1)
    )


def _people(content: Mapping[str, Any]) -> dict[int, PersonState]:
    return {person.id: person for person in msgspec.convert(content["people"], list[PersonState])}


@_of("masked")
def _masked(state: MeetingState, _: Record, __: dict[str, Any]) -> MeetingState:
    return state


# Preparing


@_of("meeting.created", "meeting.changed")
def _meeting(state: MeetingState, _: Record, content: dict[str, Any]) -> MeetingState:
    starts_at = msgspec.convert(content["starts_at"], datetime)
    state = replace(state, title=content["title"], starts_at=starts_at, place=content["place"])
    if "people" not in content:
        return state
    return replace(state, presiding=content["presiding"], secretary=content["secretary"], people=_people(content))


@_of("meeting.presiding")
def _presiding(state: MeetingState, _: Record, content: dict[str, Any]) -> MeetingState:
    return replace(state, presiding=content["person"])


@_of("item.added")
def _item_added(state: MeetingState, _: Record, content: dict[str, Any]) -> MeetingState:
    return replace(state, items=_placed((*state.items, msgspec.convert(content["item"], ItemOnAgenda))))


@_of("item.changed")
def _item_changed(state: MeetingState, _: Record, content: dict[str, Any]) -> MeetingState:
    after = msgspec.convert(content["item"], ItemOnAgenda)
    return _on_item(state, after.id, lambda item: replace(after, position=item.position, papers=item.papers))


@_of("item.removed")
def _item_removed(state: MeetingState, _: Record, content: dict[str, Any]) -> MeetingState:
    return replace(state, items=_placed(item for item in state.items if item.id != content["item"]))


@_of("item.moved")
def _item_moved(state: MeetingState, _: Record, content: dict[str, Any]) -> MeetingState:
    return replace(state, items=_placed(state.item(item) for item in content["order"]))


@_of("paper.added")
def _paper_added(state: MeetingState, _: Record, content: dict[str, Any]) -> MeetingState:
    paper = msgspec.convert(content["paper"], PaperState)
    return _on_item(state, content["item"], lambda item: replace(item, papers=(*item.papers, paper)))


@_of("paper.removed")
def _paper_removed(state: MeetingState, _: Record, content: dict[str, Any]) -> MeetingState:
    def without(item: ItemOnAgenda) -> ItemOnAgenda:
        return replace(item, papers=tuple(paper for paper in item.papers if paper.id != content["paper"]))

    return _on_item(state, content["item"], without)


@_of("materials.checked")
def _materials(state: MeetingState, _: Record, content: dict[str, Any]) -> MeetingState:
    return _on_item(state, content["item"], lambda item: replace(item, materials_complete=content["complete"]))


@_of("notice.given")
def _notice_given(state: MeetingState, record: Record, content: dict[str, Any]) -> MeetingState:
    notice = NoticeState(content["notice"], record.at, record.actor, content["agenda_hash"])
    # Opinions on an earlier notice went with it; that they were given stays known.
    given = {item.id: item.opinions for item in state.items}
    items = msgspec.convert(content["items"], list[ItemOnAgenda])
    return replace(
        state,
        state="noticed",
        charter=msgspec.convert(content["charter"], Charter),
        people=_people(content),
        items=_placed(replace(item, opinions=given.get(item.id, {})) for item in items),
        notices=(*state.notices, notice),
    )


def _on_notice(state: MeetingState, notice_id: int, change: Callable[[NoticeState], NoticeState]) -> MeetingState:
    return replace(state, notices=tuple(change(each) if each.id == notice_id else each for each in state.notices))


@_of("notice.delivered")
def _delivered(state: MeetingState, record: Record, content: dict[str, Any]) -> MeetingState:
    delivery = Delivery(content["method"], record.at, record.actor)
    return _on_notice(
        state,
        content["notice"],
        lambda notice: replace(notice, deliveries={**notice.deliveries, content["person"]: delivery}),
    )


@_of("notice.acknowledged")
def _acknowledged(state: MeetingState, record: Record, content: dict[str, Any]) -> MeetingState:
    def acknowledged(notice: NoticeState) -> NoticeState:
        delivery = replace(notice.deliveries[content["person"]], acknowledged_at=record.at)
        return replace(notice, deliveries={**notice.deliveries, content["person"]: delivery})

    return _on_notice(state, content["notice"], acknowledged)


@_of("notice.withdrawn")
def _notice_withdrawn(state: MeetingState, record: Record, content: dict[str, Any]) -> MeetingState:
    state = replace(state, state="draft", charter=None)
    return _on_notice(
        state,
        content["notice"],
        lambda notice: replace(notice, withdrawn_at=record.at, reason=content["reason"]),
    )


# Who is here


@_of("leave.granted", "presence.arrived", "presence.left")
def _presence(state: MeetingState, record: Record, content: dict[str, Any]) -> MeetingState:
    note = {
        "leave.granted": PresenceNote("on_leave", record.at, reason=content.get("reason", "")),
        "presence.arrived": PresenceNote("present", record.at, method=content.get("method", "")),
        "presence.left": PresenceNote("left", record.at),
    }[record.kind]
    return replace(state, presence={**state.presence, content["person"]: note})


@_of("meeting.called")
def _called(state: MeetingState, record: Record, content: dict[str, Any]) -> MeetingState:
    return replace(
        state,
        state="in_session",
        n=content["n"],
        formal_members=tuple(content["formal_members"]),
        year=content["year"],
        ordinal=content["ordinal"],
        presiding=content["presiding"],
        called_at=record.at,
        people=state.people | (_people(content) if "people" in content else {}),
    )


@_of("meeting.adjourned")
def _adjourned(state: MeetingState, record: Record, _: dict[str, Any]) -> MeetingState:
    return replace(state, state="adjourned", adjourned_at=record.at, acting=None)


@_of("chair.handed")
def _chair_handed(state: MeetingState, _: Record, content: dict[str, Any]) -> MeetingState:
    acting = None if content["person"] == state.presiding else content["person"]
    state = replace(state, acting=acting)
    current = state.current
    return state if current is None else _on_item(state, current.id, lambda item: replace(item, acting=acting))


# An item before the meeting


def _recused(item: ItemOnAgenda, recusals: Iterable[Mapping[str, Any]]) -> dict[int, RecusalState]:
    """One that is there already stands."""
    more = {each["person"]: RecusalState(each["rule"], each.get("reason", "")) for each in recusals}
    return {**more, **item.recusals}


@_of("item.presented")
def _presented(state: MeetingState, _: Record, content: dict[str, Any]) -> MeetingState:
    def presented(item: ItemOnAgenda) -> ItemOnAgenda:
        recusals = _recused(item, content["recusals"])
        return replace(item, state="open", acting=state.acting, presenter=content["presenter"], recusals=recusals)

    return _on_item(state, content["item"], presented)


@_of("recusal.declared")
def _declared(state: MeetingState, _: Record, content: dict[str, Any]) -> MeetingState:
    declared = [{**content, "rule": "recusal.declared"}]
    return _on_item(state, content["item"], lambda item: replace(item, recusals=_recused(item, declared)))


@_of("item.spoken")
def _spoken(state: MeetingState, _: Record, content: dict[str, Any]) -> MeetingState:
    speech = Speech(content["person"], content["summary"])
    return _on_item(state, content["item"], lambda item: replace(item, speeches=(*item.speeches, speech)))


@_of("position.voiced")
def _voiced(state: MeetingState, _: Record, content: dict[str, Any]) -> MeetingState:
    voiced = {content["person"]: content["position"]}
    return _on_item(state, content["item"], lambda item: replace(item, positions={**item.positions, **voiced}))


@_of("discussion.closed")
def _discussed(state: MeetingState, _: Record, content: dict[str, Any]) -> MeetingState:
    return _on_item(state, content["item"], lambda item: replace(item, discussed=True))


@_of("opinion.submitted", "opinion.read", "opinion.voided")
def _opinion(state: MeetingState, record: Record, content: dict[str, Any]) -> MeetingState:
    def noted(item: ItemOnAgenda) -> ItemOnAgenda:
        before = item.opinions.get(content["person"], OpinionState(None, None))
        known = replace(before, choice=content.get("choice", before.choice), text=content.get("text", before.text))
        if record.kind == "opinion.submitted":
            after = OpinionState(content.get("choice"), content.get("text"))
        elif record.kind == "opinion.read":
            after = replace(known, read=True)
        else:
            after = replace(known, void=True)
        return replace(item, opinions={**item.opinions, content["person"]: after})

    return _on_item(state, content["item"], noted)


@_of("vote.opened")
def _vote_opened(state: MeetingState, record: Record, content: dict[str, Any]) -> MeetingState:
    vote = VoteRound(
        id=content["vote"],
        round=content["round"],
        opened_at=record.at,
        chair=state.chair,
        roll=tuple(content.get("roll", ())),
        absent=tuple(content.get("absent", ())),
        recused=tuple(content.get("recused", ())),
        quorum=msgspec.convert(content.get("quorum"), Quorum | None),
        base=content.get("base"),
        needed=content.get("needed"),
        close=msgspec.convert(content.get("close"), Positions | None),
    )
    return _on_item(state, content["item"], lambda item: replace(item, state="voting", votes=(*item.votes, vote)))


@_of("ballot.cast")
def _ballot(state: MeetingState, _: Record, content: dict[str, Any]) -> MeetingState:
    person = content.get("person")

    def cast(vote: VoteRound) -> VoteRound:
        if person is None:
            return replace(vote, cast=vote.cast + 1)
        ballots = {**vote.ballots, person: BallotState(content.get("choice"), content["version"])}
        return replace(vote, cast=len(ballots), ballots=ballots)

    return _on_vote(state, content, cast)


@_of("vote.closed", "vote.voided")
def _vote_closed(state: MeetingState, record: Record, content: dict[str, Any]) -> MeetingState:
    void = record.kind == "vote.voided"

    def closed(vote: VoteRound) -> VoteRound:
        unknown = BallotState(None, 0)
        ballots = {
            each["person"]: replace(vote.ballots.get(each["person"], unknown), choice=each["choice"])
            for each in content.get("choices", ())
        }
        return replace(
            vote,
            state="void" if void else "closed",
            closed_at=record.at,
            cast=len(ballots),
            ballots=ballots,
            tally=msgspec.convert(content.get("tally"), Tally | None),
            result=None if void else content.get("result"),
            sensitive=content.get("sensitive", False),
            outstanding=tuple(person for person in vote.roll if person not in ballots),
            closing_quorum=msgspec.convert(content.get("quorum"), Quorum | None),
            rule=content.get("rule", ""),
        )

    state = _on_vote(state, content, closed)
    return _on_item(state, content["item"], lambda item: replace(item, state="open" if void else "voted"))


@_of("item.put_off", "item.withdrawn", "item.deferred")
def _left(state: MeetingState, record: Record, content: dict[str, Any]) -> MeetingState:
    ended: Any = record.kind.removeprefix("item.")
    return _on_item(state, content["item"], lambda item: replace(item, state=ended, reason=content.get("reason", "")))


@_of("decision.announced")
def _decided(state: MeetingState, record: Record, content: dict[str, Any]) -> MeetingState:
    decision = Decision(content["outcome"], content.get("reason", ""), record.at)
    return _on_item(state, content["item"], lambda item: replace(item, state="decided", decision=decision))


@_of("rule.refused")
def _refused(state: MeetingState, record: Record, content: dict[str, Any]) -> MeetingState:
    refusals = msgspec.convert(content["refusals"], tuple[RuleSaid, ...])
    refusal = Refusal(record.at, record.actor, content["operation"], refusals, content.get("item"))
    return replace(state, refusals=(*state.refusals, refusal))


@_of("objection.raised")
def _objected(state: MeetingState, record: Record, content: dict[str, Any]) -> MeetingState:
    objection = Objection(record.at, record.actor, content["text"], content["item"])
    return replace(state, objections=(*state.objections, objection))


# Minutes


@_of("minutes.drafted")
def _drafted(state: MeetingState, _: Record, content: dict[str, Any]) -> MeetingState:
    return replace(state, minutes=(*state.minutes, MinutesState(content["minutes"], version=content["version"])))


def _minutes_after(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """What a record changes in its minutes."""
    if kind == "minutes.edited":
        return {"state": "draft", "version": content["version"]}
    if kind == "minutes.reviewed":
        return {"state": "office_reviewed" if content["by"] == "office_head" else "deputy_reviewed"}
    if kind in ("minutes.sent_back", "minutes.signed"):
        return {"state": "draft" if kind == "minutes.sent_back" else "signed"}
    if kind == "minutes.issued":
        names = ("series", "year", "number", "replaces")
        return {"state": "issued", **{name: content[name] for name in names}}
    if kind == "minutes.drawn":
        return {"sha256": content["sha256"]}
    return {"state": "voided", "reason": content["reason"]}


@_of(
    "minutes.edited", "minutes.reviewed", "minutes.sent_back", "minutes.signed", "minutes.issued", "minutes.drawn",
    "minutes.voided", "minutes.distributed", "minutes.received",
)  # fmt: skip
def _minutes(state: MeetingState, record: Record, content: dict[str, Any]) -> MeetingState:
    def changed(minutes: MinutesState) -> MinutesState:
        if minutes.id != content["minutes"]:
            return minutes
        if record.kind == "minutes.distributed":
            return replace(minutes, copies={**dict.fromkeys(content["recipients"], False), **minutes.copies})
        if record.kind == "minutes.received":
            return replace(minutes, copies={**minutes.copies, content["recipient"]: True})
        return replace(minutes, **_minutes_after(record.kind, content))

    return replace(state, minutes=tuple(changed(minutes) for minutes in state.minutes))


KINDS = frozenset(_CASES)
"""Every kind that the fold knows, `masked` among them."""
