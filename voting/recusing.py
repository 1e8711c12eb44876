"""Recusals as acts: declared, and taken back by the chair (Personnel 18, 23). Kinship's are in `agenda.recusal`."""

from acts.acting import existing
from acts.refusal import Refused, RefusedError
from agenda.acting import MeetingAct
from agenda.recusing import required_recusals
from agenda.situation import Situation, situation_of
from voting import store
from voting.kinds.discussing import RecusalDeclared, RecusalTakenBack
from voting.room import item_in_session, keys_of


def allow_recusal(situation: Situation, item_id: int, person: int) -> None:
    """This person's recusal from the item may be declared: their own by anybody, another's by the chair.
    Raises RefusedError."""
    item = item_in_session(situation, item_id, "listed", "open")
    if person != situation.person and "chair" not in situation.roles:
        raise RefusedError(
            Refused("access.role", "只能申请本人回避；他人回避由主持人决定。", "Only the chair recuses somebody else.")
        )
    if not situation.belongs(person):
        raise RefusedError(
            Refused(
                "input.invalid",
                "回避人须为本次会议的人员。",
                "Recusal is for the people of the meeting.",
                {"field": "person"},
            )
        )
    if person in item.recusals:
        raise RefusedError(Refused("state.wrong", "该人员已经回避。", "That person is recused already."))


async def declare_recusal(act: MeetingAct, item_id: int, person: int, reason: str) -> None:
    """A person of the meeting withdraws from an item for another interest, or the chair has them withdraw, before it is
    voted."""
    allow_recusal(await situation_of(act), item_id, person)
    await store.recuse(act.connection, keys_of(act, item_id), person, "recusal.declared", reason)
    await act.record(RecusalDeclared(item_id, person, reason))


def allow_taking_back(situation: Situation, item_id: int, person: int) -> int:
    """Returns the seq of the recusal that the chair may take back, until the vote opens. One that kinship requires
    stands as long as the record of kinship does. Raises RefusedError."""
    item = item_in_session(situation, item_id, "listed", "open")
    recusal = existing(item.recusals.get(person))
    if any(each.person == person for each in required_recusals(situation, item)):
        raise RefusedError(
            Refused(
                "recusal.related",
                "该回避系依亲属登记作出，不能撤销；登记有误的，请秘书先行更正登记。",
                "The record of kinship requires this recusal, and it stands; if the record is wrong, the secretary "
                "corrects that first.",
                {"person": person},
            )
        )
    seq: int = recusal.seq
    return seq


async def take_back_recusal(act: MeetingAct, item_id: int, person: int, reason: str) -> None:
    """The chair takes a recusal back: a slip, or an interest that is none. Its record names the one it corrects."""
    corrected = allow_taking_back(await situation_of(act), item_id, person)
    await store.take_back_recusal(act.connection, item_id, person)
    await act.record(RecusalTakenBack(item_id, person, reason, corrected))
