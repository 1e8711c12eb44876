"""A meeting's state read afresh from every table, to compare with the fold of its records."""

from datetime import datetime, timedelta
from typing import Any, TypeAlias

import asyncpg
import msgspec

from agenda.contents import item_said
from agenda.state import (
    Approval,
    BallotState,
    Decision,
    Delivery,
    ItemOnAgenda,
    MeetingState,
    MinutesState,
    NoticeChange,
    NoticeState,
    OpinionState,
    PaperState,
    PersonState,
    PresenceNote,
    RecusalState,
    Speech,
    SubjectState,
    Tally,
    VoteRound,
)
from agenda.store import items_of, kin_names
from bodies.charter import Charter
from bodies.store import body_people
from storage.ledger import entry

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

LEDGER_ALONE = {
    "MeetingState": (
        "refusals",
        "rulebook",
        "objections",
        "requests",
        "administration",
        "proceedings",
        "invited",
        "cancelled",
    ),
    "ItemOnAgenda": ("acting", "recorder", "clause", "called_in", "voiced"),
    "RecusalState": ("seq",),
    "VoteRound": ("absent", "recused", "quorum", "close", "closing_quorum", "sensitive", "rule", "reopened"),
    "Decision": ("at",),
    "Delivery": ("late", "seq"),
    "PresenceNote": ("seq", "by"),
    "Speech": ("by", "corrected"),
    "OpinionState": ("arrival",),
    "BallotState": ("at", "seq", "objected"),
    "MinutesState": ("missing", "steps", "sent_back", "sent_back_by", "sent_back_version"),
    "Approval": ("version", "by", "reason"),
}
"""The fields that no table holds, by struct: who was invited and called in, who held the chair for an item and who
kept its record, how a vote stood when it opened and closed, refusals and objections, by whom an entry was made and
which record it puts right, the head's answers on the agenda, who signed the proceedings, why the meeting was
cancelled, why and when the people were administered, whether a delivery was late, what minutes lack, by whom they went
on, why and by whom they were sent back, and the records of a delivery, a presence, a recusal and a ballot."""


async def fresh_state(connection: Connection, meeting: int) -> MeetingState:
    """The meeting as the tables have it; `connection` is the owner's. The fields of LEDGER_ALONE are left out."""
    row = await connection.fetchrow(
        "SELECT m.*, m.charter::text AS charter_text, k.seq FROM meetings m"
        " JOIN books k ON (k.subject_type, k.subject_id) = ('meeting', m.id)"
        " WHERE m.id = $1",
        meeting,
    )
    assert row is not None
    members = row["formal_members"]
    charter = msgspec.json.decode(row["charter_text"], type=Charter) if row["charter_text"] else None
    people = [
        PersonState(each.id, each.name, each.post, each.seat, each.in_charge, tuple(each.roles))
        for each in await body_people(connection, row["body_id"])
    ]
    formal = len(members) if members else sum("member" in each.roles for each in people)
    return MeetingState(
        seq=row["seq"],
        body=row["body_id"],
        id=meeting,
        state=row["state"],
        title=row["title"],
        starts_at=row["starts_at"],
        place=row["place"],
        presiding=row["presiding_id"],
        acting=row["acting_id"],
        secretary=row["secretary_id"],
        approval=Approval(row["agenda"]),
        charter=charter,
        people={each.id: each for each in people},
        notices=await _notices(connection, meeting),
        items=await _items(connection, meeting, row["body_id"]),
        presence={
            each["person_id"]: PresenceNote(each["state"], each["at"], each["method"], each["reason"])
            for each in await connection.fetch(
                "SELECT * FROM presence WHERE meeting_id = $1 AND state <> 'absent'", meeting
            )
        },
        present_needed=charter.present_of(formal, personnel=False) if charter else None,
        n=len(members) if members else None,
        formal_members=tuple(members or ()),
        year=row["year"],
        ordinal=row["ordinal"],
        called_at=row["called_at"],
        adjourned_at=row["adjourned_at"],
        minutes=await _minutes(connection, meeting),
    )


async def _notices(connection: Connection, meeting: int) -> dict[int, NoticeState]:
    found = {}
    for row in await connection.fetch("SELECT * FROM notices WHERE meeting_id = $1 ORDER BY id", meeting):
        rounds: dict[int, dict[int, Delivery]] = {}
        for each in await connection.fetch("SELECT * FROM deliveries WHERE notice_id = $1", row["id"]):
            rounds.setdefault(each["change_id"], {})[each["person_id"]] = Delivery(
                each["method"], each["delivered_at"], each["recorded_by"], each["acknowledged_at"]
            )
        changes = {
            each["id"]: NoticeChange(
                each["at"],
                each["starts_before"],
                each["starts_at"],
                each["place_before"],
                each["place"],
                each["reason"],
                each["changed_by"],
                rounds.get(each["id"], {}),
            )
            for each in await connection.fetch("SELECT * FROM notice_changes WHERE notice_id = $1", row["id"])
        }
        found[row["id"]] = NoticeState(
            row["id"], row["given_at"], row["agenda_hash"].hex(), row["given_by"], rounds.get(0, {}), changes,
            row["withdrawn_at"], row["reason"],
        )  # fmt: skip
    return found


async def _spoken(connection: Connection, meeting: int) -> dict[int, list[int]]:
    """By item, the seqs of the records of its speeches, by which a state names them."""
    found: dict[int, list[int]] = {}
    for row in await connection.fetch(
        "SELECT l.record, l.hash FROM ledger l JOIN books b ON b.id = l.book_id"
        " WHERE b.subject_type = 'meeting' AND b.subject_id = $1 AND l.kind = 'item.spoken' ORDER BY l.seq",
        meeting,
    ):
        record = entry(row["record"], row["hash"]).record
        found.setdefault(record.content["item"], []).append(record.seq)
    return found


async def _items(connection: Connection, meeting: int, body: int) -> dict[int, ItemOnAgenda]:
    found = {}
    spoken = await _spoken(connection, meeting)
    for item in await items_of(connection, meeting):
        names = await kin_names(connection, body, item.subjects)

        async def rows(table: str, order: str, item_id: int = item.id) -> list[asyncpg.Record]:
            return await connection.fetch(f"SELECT * FROM {table} WHERE item_id = $1 ORDER BY {order}", item_id)

        decisions = await rows("decisions", "item_id")
        found[item.id] = ItemOnAgenda(
            id=item.id,
            position=item.position,
            title=item.title,
            motion=item.motion,
            category=item.category,
            in_charge=item.in_charge_id,
            deputy_in_charge=item.deputy_in_charge_id,
            deputy_on_record=item.deputy_on_record_id,
            subjects={kin: SubjectState(names[kin]) for kin in item.subjects},
            confidential=item.confidential,
            attendees=tuple(item.attendees),
            materials_complete=item.materials_complete,
            committee=item_said(item, names).committee,
            papers={
                each["id"]: PaperState(
                    each["id"],
                    each["name"],
                    each["media_type"],
                    each["size"],
                    each["sha256"].hex(),
                    each["state"],
                    each["found"],
                )
                for each in await rows("papers", "id")
            },
            state=item.state,
            presenter=item.presenter_id,
            discussed=item.discussed,
            reason=item.reason,
            speeches=_speeches(spoken.get(item.id, []), await rows("speeches", "id")),
            positions={
                each["person_id"]: each["position"]
                for each in await rows("positions", "person_id")
                if each["position"] != "none"
            },
            opinions={
                each["person_id"]: OpinionState(
                    each["choice"], each["text"], each["read_at"] is not None, each["void_at"] is not None
                )
                for each in await rows("written_opinions", "person_id")
            },
            recusals={
                each["person_id"]: RecusalState(each["rule"], each["reason"])
                for each in await rows("recusals", "person_id")
            },
            votes={each["id"]: await _vote(connection, each) for each in await rows("votes", "round")},
            decision=Decision(decisions[0]["outcome"], decisions[0]["reason"], datetime.max, decisions[0]["text"])
            if decisions
            else None,
        )
    return found


def _speeches(seqs: list[int], rows: list[asyncpg.Record]) -> dict[int, Speech]:
    """The speeches by the seq of their record, each as its last correction has it."""
    first, said = iter(seqs), {}
    for row in rows:
        seq = row["corrects"] or next(first)
        said[seq] = None if row["struck"] else Speech(row["person_id"], row["summary"])
    return {seq: speech for seq, speech in said.items() if speech}


async def _vote(connection: Connection, row: asyncpg.Record) -> VoteRound:
    ballots = {
        each["person_id"]: BallotState(each["choice"], each["version"], key=each["key"])
        for each in await connection.fetch(
            "SELECT * FROM ballots WHERE vote_id = $1 ORDER BY person_id, version", row["id"]
        )
    }
    closed = row["state"] != "open"
    return VoteRound(
        id=row["id"],
        round=row["round"],
        opened_at=row["opened_at"],
        state=row["state"],
        chair=row["chair_id"],
        form=row["form"],
        roll=tuple(row["roll"]),
        base=row["base"],
        needed=row["needed"],
        cast=len(ballots),
        ballots=ballots,
        closed_at=row["closed_at"],
        tally=Tally(row["yes"], row["no"], row["abstain"], row["defer"], row["not_voted"]) if closed else None,
        result=row["result"],
        outstanding=tuple(person for person in row["roll"] if person not in ballots) if closed else (),
    )


async def _minutes(connection: Connection, meeting: int) -> dict[int, MinutesState]:
    found = {}
    for row in await connection.fetch("SELECT * FROM minutes WHERE meeting_id = $1 ORDER BY id", meeting):
        issued = row["number"] is not None
        copies = await connection.fetch("SELECT * FROM minutes_copies WHERE minutes_id = $1", row["id"])
        found[row["id"]] = MinutesState(
            id=row["id"],
            state=row["state"],
            version=row["version"],
            drafters=tuple(dict.fromkeys(row["drafters"])),
            series=row["series"] if issued else "",
            year=row["year"],
            number=row["number"],
            sha256=row["sha256"].hex() if row["sha256"] else "",
            replaces=row["replaces_id"] if issued else None,
            reason=row["void_reason"],
            copies={each["recipient"]: each["received_at"] is not None for each in copies},
        )
    return found


def differences(folded: Any, fresh: Any, where: str = "meeting") -> list[str]:
    """The places where the two differ, a line each; empty if old state plus records is fresh state.

    Times may lie up to two seconds apart: a table holds when an act began, its record when it was written.
    """
    if isinstance(folded, msgspec.Struct):
        assert type(folded) is type(fresh), where
        skipped = LEDGER_ALONE.get(type(folded).__name__, ())
        pairs = [(name, getattr(folded, name), getattr(fresh, name)) for name in folded.__struct_fields__]
        return [
            line
            for name, one, other in pairs
            if name not in skipped
            for line in differences(one, other, f"{where}.{name}")
        ]
    if isinstance(folded, dict) and isinstance(fresh, dict) and folded.keys() == fresh.keys():
        return [line for key in folded for line in differences(folded[key], fresh[key], f"{where}[{key}]")]
    if isinstance(folded, tuple) and isinstance(fresh, tuple) and len(folded) == len(fresh):
        pairs = [(str(place), one, other) for place, (one, other) in enumerate(zip(folded, fresh, strict=True))]
        return [line for place, one, other in pairs for line in differences(one, other, f"{where}[{place}]")]
    if isinstance(folded, datetime) and isinstance(fresh, datetime):
        return [] if abs(folded - fresh) < timedelta(seconds=2) else [f"{where}: {folded} is not {fresh}"]
    return [] if folded == fresh else [f"{where}: folded {folded!r}, fresh {fresh!r}"]
