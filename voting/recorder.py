"""The substitute recorder: a recused secretary keeps no record of the item (Personnel 23), and somebody else does."""

from acts.refusal import ALLOWED, Refused, RefusedError, Verdict, require
from agenda.acting import MeetingAct
from agenda.recusing import recused_by
from agenda.situation import Situation, situation_of
from agenda.state import ItemOnAgenda
from voting.kinds.discussing import RecorderNamed
from voting.room import item_in_session


def check_recorder(rule: str, recorder: int | None, recorder_rule: str, secretary: str) -> Verdict:
    """The item's record is kept by somebody who is not recused from it.

    `rule` is the one by which the meeting's secretary is recused ("" where they are not), `recorder` the substitute on
    record, `recorder_rule` the one by which that person is recused; `secretary` is a name.
    """
    if not rule or (recorder is not None and not recorder_rule):
        return ALLOWED
    return Refused(
        rule,
        f"会议记录人{secretary}对本议题应当回避，请主持人先指定在场的其他人员代为记录。",
        f"{secretary}, who keeps the record, is recused from this item: the chair names somebody in the room who keeps "
        "it instead.",
    )


def recorder_standing(situation: Situation, item: ItemOnAgenda) -> Verdict:
    """Returns what `check_recorder` says of the item as it stands."""
    secretary = situation.state.secretary
    by = "" if item.recorder is None else recused_by(situation, item, item.recorder)
    return check_recorder(recused_by(situation, item, secretary), item.recorder, by, situation.name(secretary))


def allow_recorder(situation: Situation, item_id: int, person: int) -> None:
    """This person may keep the item's record in place of the secretary, who is recused from it. Raises RefusedError."""
    item = item_in_session(situation, item_id, "listed", "open", "voting", "voted")
    if not recused_by(situation, item, situation.state.secretary):
        raise RefusedError(
            Refused(
                "state.wrong",
                "会议记录人无须回避本议题，不必指定代记录人。",
                "The secretary is not recused from this item and keeps its record.",
            )
        )
    if person == item.recorder:
        raise RefusedError(Refused("state.wrong", "已由该人员代为记录。", "That person keeps the record already."))
    if rule := recused_by(situation, item, person):
        require(
            Refused(
                rule,
                "该人员对本议题应当回避，请另行指定代记录人。",
                "That person is recused from this item; name another.",
                {"person": person},
            )
        )
    roles = situation.outside.people[person].roles if person in situation.outside.people else ["member"]
    fit = situation.belongs(person) and not {"observer", "hall"} & set(roles) and person != situation.state.chair
    if not fit or not situation.state.is_present(person):
        raise RefusedError(
            Refused(
                "input.invalid",
                "代记录人须为在场的会务人员、成员或者列席人员，且不是主持人。",
                "The record is kept by somebody of the desk, a member or an attendee in the room, not by the chair.",
                {"field": "person"},
            )
        )


async def name_recorder(act: MeetingAct, item_id: int, person: int) -> None:
    """Name the person who keeps the item's record; another takes their place until the item is finished."""
    allow_recorder(await situation_of(act), item_id, person)
    await act.record(RecorderNamed(item_id, person))
