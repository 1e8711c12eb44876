"""Presenting an item and discussing it (Rules 6(4)): who presents, who spoke, who is for and against."""

from acts.refusal import Refused, RefusedError, require
from agenda import store as agenda_store
from agenda.acting import MeetingAct
from agenda.records import Item
from voting import store
from voting.chairing import require_chair_unrecused
from voting.item_by_item import check_item_by_item
from voting.recusing import kinship_recusals
from voting.room import before, formal, item_in, place_of, roll_for


async def present_item(act: MeetingAct, item_id: int, presenter: int) -> None:
    """Put an item before the meeting; those whom kinship recuses leave (Personnel 18, 23), the chair not among
    them: who presides hands it over first."""
    item = await item_in(act, item_id, *before(act, "item.presented"))
    for other in await agenda_store.items_of(act.connection, act.place.meeting.id):
        if other.state in ("open", "voting", "voted"):
            require(check_item_by_item(other.title))
    if not await store.belongs(act.connection, item.body_id, presenter):
        raise RefusedError(
            Refused(
                "input.invalid",
                "汇报人不在本次会议的人员名单内，请管理员先将其加入（如列为列席人员）。",
                "The presenter is not on this body's list; the administrator adds them first, as an attendee say.",
                {"field": "presenter"},
            )
        )
    found = await kinship_recusals(act.connection, act.place.meeting, item)
    recused = await store.recused(act.connection, item.id) | {each.person: each.rule for each in found}
    require_chair_unrecused(act, recused)
    await _require_presenting(act, presenter, recused)
    for recusal in found:
        await store.recuse(act.connection, place_of(act, item.id), recusal.person, recusal.rule, recusal.reason)
    await agenda_store.set_proceedings(act.connection, item.id, "open", presenter=presenter)
    await act.record(
        "item.presented",
        {
            "item": item.id,
            "presenter": presenter,
            "recusals": [{"person": each.person, "rule": each.rule, "reason": each.reason} for each in found],
        },
    )


async def _require_presenting(act: MeetingAct, presenter: int, recused: dict[int, str]) -> None:
    if rule := recused.get(presenter):
        raise RefusedError(
            Refused(
                rule,
                "汇报人对本议题应当回避，请另行安排汇报人。",
                "The presenter is recused from this item; name another.",
                {"person": presenter},
            )
        )
    if (await store.presence(act.connection, act.place.meeting.id)).get(presenter) != "present":
        raise RefusedError(
            Refused(
                "input.invalid",
                "汇报人不在会场，请其签到或者另行安排汇报人。",
                "The presenter is not in the room: have them check in, or name another.",
                {"field": "presenter"},
            )
        )


async def record_speech(act: MeetingAct, item_id: int, person: int, summary: str) -> None:
    """Who spoke, in short. A recused member takes no part; an absent one's word is a written opinion."""
    item = await item_in(act, item_id, "open")
    await _in_the_room(act, item, person)
    await store.add_speech(act.connection, place_of(act, item.id), person, summary)
    await act.record("item.spoken", {"item": item.id, "person": person, "summary": summary})


async def record_position(act: MeetingAct, item_id: int, person: int, position: str) -> None:
    """A formal member is for or against, as voiced in the discussion."""
    item = await item_in(act, item_id, "open")
    await _in_the_room(act, item, person)
    if person not in formal(act.place.meeting):
        raise RefusedError(
            Refused(
                "input.invalid", "只登记正式成员的表态。", "Only formal members take positions.", {"field": "person"}
            )
        )
    await store.set_position(act.connection, place_of(act, item.id), person, position)
    await act.record("position.voiced", {"item": item.id, "person": person, "position": position})


async def close_discussion(act: MeetingAct, item_id: int) -> None:
    """Whoever wished to speak did."""
    item = await item_in(act, item_id, *before(act, "discussion.closed"))
    if item.discussed:
        raise RefusedError(Refused("state.wrong", "已确认讨论充分。", "The discussion was already closed."))
    await agenda_store.set_proceedings(act.connection, item.id, "open", discussed=True)
    await act.record("discussion.closed", {"item": item.id})


async def _in_the_room(act: MeetingAct, item: Item, person: int) -> None:
    roll = await roll_for(act.connection, act.place.meeting, item)
    if person not in roll.present:
        raise RefusedError(
            Refused(
                "input.invalid",
                "该人员不在会场，请其先签到。",
                "That person is not in the room: have them check in first.",
                {"field": "person"},
            )
        )
    if person in roll.recused:
        recusals = await store.recused(act.connection, item.id)
        rule = recusals[person]
        raise RefusedError(
            Refused(
                rule,
                "该成员对本议题应当回避，不得参加讨论。",
                "That member is recused from this item and takes no part in it.",
                {"person": person},
            )
        )
