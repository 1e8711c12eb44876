"""The frame of every act in a meeting: the meeting's row is locked first, so acts take turns."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from msgspec import Struct

from acts.access import check_access
from acts.acting import Act, Caller, Context, Receipt, existing, perform
from acts.database import Database
from acts.folding import fold
from acts.folds import Folds
from acts.packages import words
from acts.procedures import starts
from acts.refusal import Allowed, Refused, RefusedError, Verdict, require
from acts.rulebook import default
from agenda import store
from agenda.audience import roles_there
from agenda.records import Meeting, MeetingStage
from agenda.situation import Situation, read_outside
from agenda.state import MeetingState
from bodies.kinds_of_body import KINDS_OF_BODY
from storage.database import Transaction
from storage.store import now

if TYPE_CHECKING:
    from storage.store import Connection

_STATES = {
    "draft": ("尚未发出会议通知", "notice has not been given"),
    "noticed": ("已发出会议通知、尚未开会", "notice was given and it has not been called to order"),
    "in_session": ("正在进行", "it is in session"),
    "adjourned": ("已经散会", "it is adjourned"),
    "cancelled": ("已经取消", "it is cancelled"),
}


class MeetingContext(Context, frozen=True, kw_only=True):
    """A meeting, locked until the act's transaction ends."""

    meeting: Meeting
    state: MeetingState


MeetingAct = Act[MeetingContext]


async def enter_meeting(
    folds: Folds, meeting_id: int, transaction: Transaction, caller: Caller, key: UUID | None
) -> MeetingContext:
    """Lock the meeting and fold its records. Raises RefusedError (unknown) where the caller can see no such meeting."""
    known = folds.latest("meeting", meeting_id)
    entered: store.Entered = existing(
        await store.enter_meeting(transaction.connection, meeting_id, caller.person, key, known.seq)
    )
    state: MeetingState = fold(entered.since, known)
    folds.keep("meeting", meeting_id, state)
    return MeetingContext(
        book=entered.book,
        roles=roles_there(state, caller.person, caller.roles_in(entered.meeting.body_id)),
        now=entered.now,
        before=entered.before,
        rulebook=state.rulebook or entered.meeting.rulebook or default(),
        meeting=entered.meeting,
        state=state,
    )


async def perform_in_meeting(
    database: Database,
    caller: Caller,
    operation: str,
    meeting_id: int,
    act: Callable[[MeetingAct], Awaitable[object]],
    key: UUID | None = None,
    item: int | None = None,
) -> Receipt:
    """Do one act in a meeting, as `acts.acting.perform` does. Raises RefusedError for any act in a cancelled one."""

    async def act_there(doing: MeetingAct) -> None:
        require_not_cancelled(doing.context.meeting)
        await act(doing)

    async with database.turn(meeting_id):
        return await perform(
            database, caller, operation, partial(enter_meeting, database.folds, meeting_id), act_there, key, item
        )


class Look(Struct, frozen=True):
    """A look at a meeting: as it stands, folded from its records, without a lock, with the caller's roles there."""

    connection: Connection
    meeting: Meeting
    roles: frozenset[str]
    person: int
    state: MeetingState

    async def situation(self) -> Situation:
        """Returns the situation as it stands."""
        outside = await read_outside(self.connection, self.meeting)
        return Situation(self.state, outside, await now(self.connection), self.person, self.roles)


@asynccontextmanager
async def look_into(
    database: Database, caller: Caller, operation: str, meeting_id: int, *, of_body: bool = False
) -> AsyncIterator[Look]:
    """Read in a meeting, where the access table allows it; `of_body` where what is read is its body's (issued minutes),
    so that those count too who joined after the meeting. Raises RefusedError."""
    async with database.transaction(caller.scope) as transaction:
        look = await look_at(transaction.connection, database.folds, caller, meeting_id, of_body=of_body)
        require(_check_there(operation, look.roles, caller.roles_in(look.meeting.body_id)))
        try:
            yield look
        except RefusedError as error:
            raise error.by(look.state.rulebook or look.meeting.rulebook or default()) from error


async def look_at(
    connection: Connection, folds: Folds, caller: Caller, meeting_id: int, *, of_body: bool = False
) -> Look:
    """Returns the meeting as it stands, whatever the caller may do there. Raises RefusedError (unknown)."""
    meeting: Meeting = existing(await store.read_meeting(connection, meeting_id))
    known = folds.latest("meeting", meeting_id)
    state: MeetingState = fold(await store.records_since(connection, meeting_id, known.seq), known)
    granted = caller.roles_in(meeting.body_id)
    roles = roles_there(state, caller.person, granted) | (granted if of_body else frozenset())
    return Look(connection, meeting, roles, caller.person, state)


def _check_there(operation: str, roles: frozenset[str], granted: frozenset[str]) -> Verdict:
    """Whether the table allows the operation to these roles in a meeting; `granted` are those in its body today."""
    verdict = check_access(operation, roles)
    if isinstance(verdict, Refused) and isinstance(check_access(operation, granted), Allowed):
        return Refused(
            verdict.rule,
            "本次会议的通知和会议名单中没有您，不能查阅。如需列席，请联系秘书。",
            "Neither the notice nor the call to order of this meeting names you; the secretary can tell you more.",
            verdict.facts,
        )
    return verdict


def require_not_cancelled(meeting: Meeting) -> None:
    """Refuse any act in a cancelled meeting."""
    if meeting.state == "cancelled":
        raise RefusedError(words()["meetings_cancelled"])


def require_state(meeting: Meeting | MeetingState, *allowed: MeetingStage) -> None:
    """Refuse unless the meeting is in one of these states."""
    _require(meeting, frozenset(allowed))


def require_step(kind: str, meeting: Meeting | MeetingState, record: str) -> None:
    """Refuse unless this kind of body's procedure has, from the meeting's state, the step that `record` stands for."""
    _require(meeting, starts(KINDS_OF_BODY[kind].procedure, "meeting", record))


def _require(meeting: Meeting | MeetingState, allowed: frozenset[str]) -> None:
    if meeting.state not in allowed:
        chinese, english = _STATES[meeting.state]
        raise RefusedError(
            Refused(
                "state.wrong",
                f"会议{chinese}，不能进行此项操作。",
                f"This cannot be done while {english}.",
                {"state": meeting.state},
            )
        )
