"""The vote on an item, over HTTP: readiness, opening, ballots, close."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Request, get
from litestar.di import NamedDependency
from litestar.params import JSONBody
from msgspec import Struct

from acts.acting import Receipt, existing, receipt_of
from acts.commands import digest_of, target_of
from acts.connection import signed_in
from acts.http import Db, Id, Key, PathId, Who
from acts.problems import RefusedRule, refused_rule
from acts.refusal import RefusedError
from agenda.acting import look_into
from agenda.records import Choice, VoteForm
from agenda.state import Positions, Quorum
from identity.records import SIGNED_OUT
from identity.sessions import cookie_name, digest
from voting import closing, opening, store, taking_down
from voting.commands import ITEM, VOTE, act, in_meeting
from voting.room import item_in_session
from voting.together import OPERATION, Ballots, Sent


class ItemReadiness(Struct, frozen=True):
    """The refusals that the item's vote meets now, its quorum, and the advisory on close positions."""

    refusals: list[RefusedRule]
    quorum: Quorum
    positions: Positions


@get(ITEM + "/readiness", opt={"operation": "vote.weigh"})
async def read_readiness(meeting_id: PathId, item_id: PathId, database: Db, caller: Who) -> ItemReadiness:
    """Returns how the item stands before its vote, for the chair to weigh."""
    async with look_into(database, caller, "vote.weigh", meeting_id) as look:
        situation = await look.situation()
    item = item_in_session(situation, item_id)
    ready = opening.weigh(situation, item)
    refusals = [refused_rule(each.by(situation.rulebook)) for each in ready.refusals]
    return ItemReadiness(refusals, ready.quorum, ready.positions)


class VoteOpening(Struct, frozen=True, forbid_unknown_fields=True):
    """The form of the vote: on devices, 口头 (oral), 举手 (hands)."""

    form: VoteForm = "device"


@act(ITEM + "/votes", "vote.open")
async def open_vote(
    meeting_id: PathId,
    item_id: PathId,
    data: JSONBody[VoteOpening],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Open the item's vote; after a void one, take it again."""
    run = in_meeting(meeting_id, "vote.open", database, caller, key, item_id)
    return await run(partial(opening.open_vote, item_id=item_id, form=data.form))


class Ballot(Struct, frozen=True, forbid_unknown_fields=True):
    """A ballot: 同意 yes, 反对 no, 弃权 abstain; on personnel items also 缓议 defer. The chair may say not to
    wait any longer for those who have yet to vote. `replaces` is the key (`Idempotency-Key`) of the ballot that it
    replaces: the member's standing one as they saw it, or their device's own before it."""

    choice: Choice
    replaces: UUID | None = None
    confirm_outstanding: bool = False


@act(VOTE + "/ballots", OPERATION)
async def cast_ballot(
    meeting_id: PathId,
    vote_id: PathId,
    data: JSONBody[Ballot],
    request: Request[Any, Any, Any],
    ballots: NamedDependency[Ballots],
    key: Key = None,
) -> Receipt:
    """Cast or replace the caller's ballot; the receipt is its record. The session is proved with the ballot."""
    token = request.cookies.get(cookie_name(request.scope["scheme"]))
    if not token:
        raise RefusedError(SIGNED_OUT)
    command = digest_of(request.method, target_of(request.scope), await request.body()) if key else b""
    sent = Sent(
        vote_id,
        data.choice,
        data.replaces,
        data.confirm_outstanding,
        digest(token),
        request.headers.get("x-csrf-token", ""),
        key,
        command,
    )
    return await ballots.cast(meeting_id, sent, partial(signed_in, request.scope))


class BallotOfMember(Struct, frozen=True, forbid_unknown_fields=True):
    """A member's ballot by voice or show of hands. For the chair's: the chair's word not to wait any longer for those
    who have yet to vote."""

    person: Id
    choice: Choice
    confirm_outstanding: bool = False


@act(VOTE + "/taken-down", "ballot.take")
async def take_ballot(
    meeting_id: PathId,
    vote_id: PathId,
    data: JSONBody[BallotOfMember],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Take down a member's ballot in a vote by voice or show of hands, or put right what was taken down."""
    run = in_meeting(meeting_id, "ballot.take", database, caller, key)
    take = partial(
        taking_down.take_down,
        vote_id=vote_id,
        member=data.person,
        choice=data.choice,
        confirm_outstanding=data.confirm_outstanding,
    )
    return await run(take)


@act(VOTE + "/ballot/objection", "ballot.object")
async def object_to_ballot(meeting_id: PathId, vote_id: PathId, database: Db, caller: Who, key: Key = None) -> Receipt:
    """Object to the ballot that was taken down for the caller."""
    run = in_meeting(meeting_id, "ballot.object", database, caller, key)
    return await run(partial(taking_down.object_to, vote_id=vote_id))


@get(VOTE + "/ballot", opt={"operation": "ballot.read"})
async def read_ballot(meeting_id: PathId, vote_id: PathId, database: Db, caller: Who) -> Receipt:
    """Returns the receipt of the caller's own standing ballot. Refuses as unknown where there is none."""
    async with look_into(database, caller, "ballot.read", meeting_id) as look:
        mine = await store.ballot_records(look.connection, meeting_id, caller.person)
    return receipt_of(existing(next((each for each in mine if each.record.content["vote"] == vote_id), None)))


class Close(Struct, frozen=True, forbid_unknown_fields=True):
    """Whether the chair closes although ballots are outstanding."""

    confirm_outstanding: bool = False


@act(VOTE + "/close", "vote.close")
async def close_vote(
    meeting_id: PathId,
    vote_id: PathId,
    data: JSONBody[Close],
    database: Db,
    caller: Who,
    key: Key = None,
) -> Receipt:
    """Close the vote and count it; one that lost its quorum is void."""
    run = in_meeting(meeting_id, "vote.close", database, caller, key)
    return await run(partial(closing.close_vote, vote_id=vote_id, confirm_outstanding=data.confirm_outstanding))


routes = [
    read_readiness,
    open_vote,
    cast_ballot,
    take_ballot,
    object_to_ballot,
    read_ballot,
    close_vote,
]
