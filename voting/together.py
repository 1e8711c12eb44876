"""Ballots of a meeting that wait at the same moment go together: one transaction, each with its own answer.

The first begins at once; those that come while it commits are the next transaction. Each is asked the same pure rules,
on the state that the ballots before it leave; one that is refused holds up no other. The meeting's row is locked, so
ballots and the closing take turns: a ballot is acknowledged and in the tally, or refused and in none.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from msgspec import to_builtins
from msgspec.structs import replace

from acts.access import check_access
from acts.acting import Caller, Receipt, existing, receipt_of, refused
from acts.commands import check_repetition
from acts.constraints import unavailable
from acts.content import Stamp
from acts.database import Database
from acts.folding import fold
from acts.limits import Limits
from acts.refusal import RefusedError, require
from acts.rulebook import default
from agenda.acting import MeetingContext, require_not_cancelled
from agenda.audience import roles_there
from agenda.records import Choice
from agenda.situation import Outside, Situation
from agenda.state import MeetingState
from identity.sessions import require_open, require_own
from storage.database import Scope
from storage.tracing import REQUEST
from voting import store
from voting.casting import ballot_of
from voting.kinds.balloting import BallotCast

OPERATION = "ballot.cast"
MOST = 100  # in one transaction


class Sent(NamedTuple):
    """A ballot as its member's device sent it: the session's secret and CSRF token, the command's key and digest."""

    vote: int
    choice: Choice
    replaces: UUID | None
    confirm_outstanding: bool
    secret: bytes
    csrf: str
    key: UUID | None
    command: bytes


class _Waiting:
    """A ballot that waits for its answer, and what is known of it meanwhile."""

    def __init__(self, sent: Sent) -> None:
        self.sent, self.request = sent, REQUEST.get()
        self.answer: asyncio.Future[Receipt] = asyncio.get_running_loop().create_future()
        self.caller: Caller | None = None
        self.context: MeetingContext | None = None
        self.content: BallotCast | None = None
        self.refusal: RefusedError | None = None
        self.receipt: Receipt | None = None


class Ballots:
    """The ballots of one process, by meeting."""

    def __init__(self, database: Database, limits: Limits) -> None:
        self._database, self._limits = database, limits
        self._lines: dict[int, list[_Waiting]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def cast(self, meeting: int, sent: Sent, proved: Callable[[], object]) -> Receipt:
        """Cast the ballot; give its receipt. `proved` is called once the session is found open.

        Raises RefusedError; a refusal by a rule with a clause is recorded, in a transaction of its own.
        """
        waiting = _Waiting(sent)
        if (line := self._lines.get(meeting)) is not None:
            line.append(waiting)
        else:
            self._lines[meeting] = [waiting]
            task = asyncio.create_task(self._go(meeting))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        try:
            return await waiting.answer
        except RefusedError as error:
            if waiting.caller is None or waiting.context is None:
                raise
            raise await refused(self._database, waiting.caller, OPERATION, waiting.context, error, sent.key) from error
        finally:
            if waiting.caller is not None:
                proved()

    async def _go(self, meeting: int) -> None:
        line = self._lines[meeting]
        while line:
            batch, line[:] = _parted(line)
            await self._answer(meeting, batch)
        del self._lines[meeting]

    async def _answer(self, meeting: int, batch: Sequence[_Waiting]) -> None:
        batch = [each for each in batch if not each.answer.done()]  # its sender may have gone
        if not batch:
            return
        REQUEST.set("+".join(each.request for each in batch if each.request))
        try:
            async with self._database.turn(meeting):
                await self._together(meeting, batch)
        except Exception as error:
            if len(batch) > 1 and not _is_away(error):
                for each in batch:  # what is refused of one at last undoes no other's
                    await self._answer(meeting, [each])
                return
            for each in batch:
                _settle(each, error)
            return
        for each in batch:
            _settle(each, each.refusal or each.receipt)

    async def _together(self, meeting: int, batch: Sequence[_Waiting]) -> None:
        folds = self._database.folds
        known: Any = folds.latest("meeting", meeting)
        async with self._database.transaction(Scope()) as transaction:
            secrets, keys = [each.sent.secret for each in batch], [each.sent.key for each in batch]
            callers, sees, entered = await store.enter_to_vote(
                transaction.connection, meeting, secrets, keys, known.seq
            )
            state: MeetingState
            state = known = fold(entered.since, known) if entered else known
            for place, each in enumerate(batch):
                try:
                    self._weigh(each, place, callers[place], entered if sees[place] else None, state)
                except RefusedError as error:
                    each.refusal = error
                if each.content is not None:
                    state = _after(state, each)
            cast = [each for each in batch if each.content is not None]
            if cast:
                entries = await store.cast_ballots(
                    transaction.connection,
                    meeting,
                    [each.sent.secret for each in cast],
                    [to_builtins(each.content) for each in cast],
                    [each.sent.command or None for each in cast],
                )
                transaction.appended.extend(entries)
                for each, entry in zip(cast, entries, strict=True):
                    each.receipt = receipt_of(entry)
        if entered:
            folds.keep("meeting", meeting, fold([each.record for each in transaction.appended], known))

    def _weigh(
        self, waiting: _Waiting, place: int, found: Caller | None, entered: store.Entered | None, state: MeetingState
    ) -> None:
        """Answer a ballot from its command's record, or make its own. Raises RefusedError."""
        waiting.context = waiting.content = waiting.refusal = waiting.receipt = None
        waiting.caller = self._admit(found, waiting.sent)
        waiting.context = _context_of(waiting.caller, existing(entered), state, place)
        waiting.receipt = _answered(waiting.caller, waiting.context)
        if waiting.receipt is None:
            waiting.content = _content_of(waiting.context, waiting.caller.person, waiting.sent)

    def _admit(self, found: Caller | None, sent: Sent) -> Caller:
        caller = require_open(found)
        require_own(caller, sent.csrf, self._limits)
        return replace(caller, command=sent.command)


def _is_away(error: Exception) -> bool:
    return isinstance(error, RefusedError) and error.refusals[0].rule == unavailable().rule


def _parted(line: Sequence[_Waiting]) -> tuple[list[_Waiting], list[_Waiting]]:
    """The ballots of the next transaction, and the rest. A command that is sent again waits for the answer of the
    first, and holds up nobody behind it."""
    batch: list[_Waiting] = []
    rest: list[_Waiting] = []
    seen: set[tuple[bytes, UUID]] = set()
    for each in line:
        sent = each.sent
        if len(batch) == MOST or (sent.key is not None and (sent.secret, sent.key) in seen):
            rest.append(each)
            continue
        if sent.key is not None:
            seen.add((sent.secret, sent.key))
        batch.append(each)
    return batch, rest


def _settle(waiting: _Waiting, outcome: Receipt | BaseException | None) -> None:
    if waiting.answer.done():
        return
    if isinstance(outcome, BaseException):
        waiting.answer.set_exception(outcome)
    elif outcome is not None:
        waiting.answer.set_result(outcome)


def _context_of(caller: Caller, entered: store.Entered, state: MeetingState, place: int) -> MeetingContext:
    return MeetingContext(
        book=entered.book,
        roles=roles_there(state, caller.person, caller.roles_in(entered.meeting.body_id)),
        now=entered.now,
        before=entered.before[place],
        rulebook=state.rulebook or entered.meeting.rulebook or default(),
        meeting=entered.meeting,
        state=state,
    )


def _answered(caller: Caller, context: MeetingContext) -> Receipt | None:
    """The receipt that the command had before, if it was sent before. Raises RefusedError where it may not be sent."""
    require(check_access(OPERATION, context.roles))
    if context.before is None:
        return None
    require(check_repetition(context.before.command, caller.command))
    return receipt_of(context.before.entry)


def _content_of(context: MeetingContext, person: int, sent: Sent) -> BallotCast:
    require_not_cancelled(context.meeting)
    # A ballot reads nothing of other books: the roll is frozen, the names are the meeting's.
    situation = Situation(context.state, Outside(), context.now, person, context.roles)
    return ballot_of(
        situation,
        sent.vote,
        sent.choice,
        sent.key or uuid4(),
        replaces=sent.replaces,
        confirm_outstanding=sent.confirm_outstanding,
    )


def _after(state: MeetingState, waiting: _Waiting) -> MeetingState:
    """The state after a ballot that is not kept yet, for the rules that the next one is asked."""
    assert waiting.content is not None
    assert waiting.context is not None
    stamp = Stamp(state.seq + 1, waiting.context.now, waiting.content.person)
    return replace(waiting.content.apply(state, stamp), seq=stamp.seq)
