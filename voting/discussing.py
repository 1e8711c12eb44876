"""Presenting an item and discussing it (Rules 6(4)): who presents, who spoke, who is for and against."""

from msgspec.structs import replace

from acts.refusal import Refused, RefusedError, require
from agenda import store as agenda_store
from agenda.acting import MeetingAct
from agenda.records import Position
from agenda.recusal import cause_of
from agenda.recusing import Required, recused_by, required_recusals
from agenda.situation import Situation, situation_of
from agenda.state import ItemOnAgenda
from voting import store
from voting.chair_last import check_chair_speaks_last
from voting.chairing import require_chair_unrecused
from voting.item_by_item import check_item_by_item
from voting.kinds.discussing import DiscussionClosed, ItemPresented, ItemSpoken, PositionVoiced, RecusalSaid
from voting.recorder import recorder_standing
from voting.room import item_in_session, keys_of, roll_for
from voting.taking import weigh_taking


def allow_presenting(situation: Situation, item_id: int) -> list[Required]:
    """Returns those whom kinship recuses from the item, where it may be put before the meeting: what binds the vote
    binds the discussion. Raises RefusedError with every rule against it."""
    item = item_in_session(situation, item_id, *situation.before("item.presented"))
    current = situation.state.current
    found = required_recusals(situation, item)
    roll = roll_for(situation, item)
    roll = replace(roll, recused=roll.recused | {each.person for each in found})
    _, taken = weigh_taking(situation, item, roll)
    require(check_item_by_item(current.title if current else None), *taken)
    chair = situation.state.chair
    require_chair_unrecused(situation, chair, item)
    if not situation.state.is_present(chair):
        raise RefusedError(
            Refused(
                "state.wrong",
                "主持人不在会场，不能提请审议。请主持人返回会场签到，或者委托其他成员主持。",
                "The chair is not in the room: they come back and check in, or hand the chair over first.",
            )
        )
    require(recorder_standing(situation, item))
    return found


def allow_presenter(situation: Situation, item_id: int, presenter: int) -> None:
    """This person may present the item: of the body, in the room, not recused. Raises RefusedError."""
    if not situation.belongs(presenter):
        raise RefusedError(
            Refused(
                "input.invalid",
                "汇报人不在本次会议的人员名单内，请管理员先将其加入（如列为列席人员）。",
                "The presenter is not on this body's list; the administrator adds them first, as an attendee say.",
                {"field": "presenter"},
            )
        )
    item = situation.item(item_id)
    if rule := recused_by(situation, item, presenter):
        raise RefusedError(
            Refused(
                rule,
                "汇报人对本议题应当回避，请另行安排汇报人。",
                "The presenter is recused from this item; name another.",
                {"person": presenter},
                cause_of(rule, item.personnel),
            )
        )
    if not situation.state.is_present(presenter):
        raise RefusedError(
            Refused(
                "input.invalid",
                "汇报人不在会场，请其签到或者另行安排汇报人。",
                "The presenter is not in the room: have them check in, or name another.",
                {"field": "presenter"},
            )
        )


async def present_item(act: MeetingAct, item_id: int, presenter: int) -> None:
    """Put an item before the meeting; those whom kinship recuses leave (Personnel 18, 23). Where the chair is among
    them, the presiding member entrusts another with it first."""
    situation = await situation_of(act)
    found = allow_presenting(situation, item_id)
    allow_presenter(situation, item_id, presenter)
    for recusal in found:
        await store.recuse(act.connection, keys_of(act, item_id), recusal.person, recusal.rule, recusal.reason)
    await agenda_store.set_proceedings(act.connection, item_id, "open", presenter=presenter)
    recusals = tuple(RecusalSaid(each.person, each.rule, each.reason) for each in found)
    await act.record(ItemPresented(item_id, presenter, recusals))


def allow_taking_part(situation: Situation, item_id: int, person: int) -> ItemOnAgenda:
    """Returns the item under discussion, where this person may take part in it. Raises RefusedError."""
    item = item_in_session(situation, item_id, "open")
    if not situation.state.is_present(person):
        raise RefusedError(
            Refused(
                "input.invalid",
                "该人员不在会场，请其先签到。",
                "That person is not in the room: have them check in first.",
                {"field": "person"},
            )
        )
    if rule := recused_by(situation, item, person):
        raise RefusedError(
            Refused(
                rule,
                "该人员对本议题应当回避，不得参加讨论。",
                "That person is recused from this item and takes no part in it.",
                {"person": person},
                cause_of(rule, item.personnel),
            )
        )
    return item


async def record_speech(act: MeetingAct, item_id: int, person: int, summary: str) -> None:
    """Record a speech, in short. A recused member takes no part; an absent one gives a written opinion."""
    allow_taking_part(await situation_of(act), item_id, person)
    await store.add_speech(act.connection, keys_of(act, item_id), person, summary)
    await act.record(ItemSpoken(item_id, person, summary))


def allow_position(situation: Situation, item_id: int, person: int) -> None:
    """A position of this person may be recorded. Raises RefusedError."""
    item = allow_taking_part(situation, item_id, person)
    if person not in situation.formal:
        raise RefusedError(
            Refused(
                "input.invalid", "只登记正式成员的表态。", "Only formal members take positions.", {"field": "person"}
            )
        )
    heard = item.positions.keys() | {each.person for each in item.speeches.values()}
    voters = roll_for(situation, item).voters
    require(check_chair_speaks_last(situation.charter, person, situation.state.chair, voters, heard, situation.name))


async def record_position(act: MeetingAct, item_id: int, person: int, position: Position) -> None:
    """Record that a formal member is for or against, or for putting the item off, as voiced in the discussion."""
    allow_position(await situation_of(act), item_id, person)
    await store.set_position(act.connection, keys_of(act, item_id), person, position)
    await act.record(PositionVoiced(item_id, person, position))


def allow_closing_discussion(situation: Situation, item_id: int) -> None:
    """The discussion of the item may be closed. Raises RefusedError."""
    if item_in_session(situation, item_id, *situation.before("discussion.closed")).discussed:
        raise RefusedError(Refused("state.wrong", "已确认讨论充分。", "The discussion was already closed."))


async def close_discussion(act: MeetingAct, item_id: int) -> None:
    """Close the discussion: all who wished to speak did."""
    allow_closing_discussion(await situation_of(act), item_id)
    await agenda_store.set_proceedings(act.connection, item_id, "open", discussed=True)
    await act.record(DiscussionClosed(item_id))
