"""The administration of a meeting's people while it sits: asked for, then allowed by the chair, then done.

From the notice on every such change is a record of the meeting, which PostgreSQL writes with the change itself. From
the call to order to the adjournment it refuses one that the chair has not allowed; for what the chair asks or what
concerns the chair, the observer. Nobody allows what they ask or what concerns them.
"""

from typing import Literal, TypeAlias

from acts.acting import existing
from acts.refusal import Refused, RefusedError
from agenda import store
from agenda.acting import MeetingAct, require_state
from agenda.kinds.administering import PeopleDecided, PeopleRequested
from agenda.records import Administered
from agenda.situation import Situation, situation_of
from agenda.state import RequestState

Decider: TypeAlias = Literal["chair", "observer"]

_KINSHIP: frozenset[Administered] = frozenset({"kinship.recorded", "kinship.removed"})


def allow_asking(situation: Situation, what: Administered, person: int | None, detail: str) -> None:
    """The caller may ask that the meeting's people be administered so, while it sits: the secretary for kinship, else
    the administrator. Raises RefusedError."""
    require_state(situation.state, "in_session")
    keeper = "secretary" if what in _KINSHIP else "administrator"
    if keeper not in situation.roles:
        raise RefusedError(
            Refused(
                "access.role",
                "亲属登记由秘书办理；密码、角色和账号由管理员办理。",
                "Kinship is the secretary's to record; passwords, roles and accounts are the administrator's.",
            )
        )
    asked = (what, person, detail)
    for request in situation.state.requests.values():
        if request.state in ("asked", "allowed") and asked == (request.what, request.person, request.detail):
            raise RefusedError(
                Refused(
                    "state.wrong",
                    "已就此提出请求；主持人同意后，请再次办理。"
                    if request.state == "asked"
                    else "主持人已同意，请再次办理。",
                    "This was asked for already; once it is allowed, do it again.",
                )
            )


async def ask(act: MeetingAct, what: Administered, person: int | None, detail: str, reason: str) -> None:
    """Ask for the chair's yes to a change of the meeting's people."""
    situation = await situation_of(act)
    allow_asking(situation, what, person, detail)
    name = "" if person is None else existing(await store.name_of(act.connection, person))
    request = await store.ask(act.connection, act.context.meeting, what, person, detail, act.caller.person)
    await act.record(PeopleRequested(what, person, name, detail, request, reason))


def decider(chair: int | None, person: int | None, by: int | None) -> Decider:
    """Returns the role that says yes or no to a change of this person, None for kinship, which `by` asks for: the
    chair, the observer for what is the chair's own."""
    return "observer" if chair in (person, by) else "chair"


def decider_of(situation: Situation, request: RequestState) -> Decider:
    """Returns the role that says yes or no to the request."""
    return decider(situation.state.chair, request.person, request.by)


def allow_deciding(situation: Situation, request_id: int) -> None:
    """The caller, in the room, may say yes or no to this request. Raises RefusedError."""
    state, caller = situation.state, situation.person
    require_state(state, "in_session")
    request: RequestState = existing(state.requests.get(request_id))
    if request.state != "asked":
        raise RefusedError(Refused("state.wrong", "该请求已经办理。", "That request was dealt with already."))
    if decider_of(situation, request) not in situation.roles or caller in (request.person, request.by):
        raise RefusedError(
            Refused(
                "access.role",
                "会议进行中，人员变动须由主持人同意；涉及主持人本人的，由监督人员同意。",
                "While the meeting sits the chair allows changes of its people, and the observer those of the chair.",
            )
        )
    if not state.is_present(caller):
        raise RefusedError(Refused("state.wrong", "您不在会场，请先签到。", "You are not in the room: check in first."))


async def decide(act: MeetingAct, request_id: int, allowed: bool) -> None:
    """Say yes or no to a request; what is allowed is done by the one who asked, once."""
    allow_deciding(await situation_of(act), request_id)
    await store.decide_request(act.connection, request_id, act.caller.person, allowed, act.context.now)
    await act.record(PeopleDecided(request_id, allowed))
