"""The items of an agenda, until the notice seals it (Rules 6(1), 6(4))."""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from acts.acting import existing
from acts.refusal import require
from agenda import store
from agenda.acting import MeetingAct
from agenda.carrying import due_in_committee
from agenda.contents import item_said
from agenda.errors import bad_field
from agenda.file_types import DRAWN
from agenda.kinds.planning import ItemAdded, ItemChanged, ItemMoved, ItemRemoved
from agenda.materials import check_drawn
from agenda.records import Category, Item
from agenda.recusing import require_unrecused
from agenda.sealed import Act, check_sealed
from agenda.situation import situation_of
from agenda.state import ItemOnAgenda, SubjectState
from bodies.store import body_people, formal_members


class Draft(Struct, frozen=True):
    """An item as it is to be; `subjects` are kin ids, `attendees` the people named to attend for it (列席),
    `carries_out` the item of a Party committee (党组 …) that decided what this one carries out."""

    title: str
    motion: str
    category: Category
    in_charge: int | None
    deputy_in_charge: int | None
    subjects: Sequence[int]
    confidential: bool
    attendees: Sequence[int] = ()
    carries_out: int | None = None


async def add_item(act: MeetingAct, draft: Draft) -> None:
    """Put an item at the end of the agenda."""
    meeting = act.context.meeting
    require_unsealed(act, "add")
    names = await _check(act, draft)
    await _require_unrelated(act, draft)
    added = await store.add_item(act.connection, meeting.id, meeting.body_id, _values(meeting.kind, draft))
    item: Item = existing(await store.item(act.connection, meeting.id, added))
    await act.record(ItemAdded(item_said(item, names)))


async def change_item(act: MeetingAct, item_id: int, draft: Draft) -> None:
    """Replace all that an item says."""
    require_unsealed(act, "edit")
    await item_of(act, item_id)
    await require_may_prepare(act, item_id)
    names = await _check(act, draft)
    await _require_unrelated(act, draft)
    papers = (await store.papers_of(act.connection, act.context.meeting.id)).get(item_id, [])
    kept = [paper.name for paper in papers if paper.media_type not in DRAWN]
    require(check_drawn(kept, personnel=draft.category == "personnel"))
    await store.change_item(act.connection, item_id, _values(act.context.meeting.kind, draft))
    await act.record(ItemChanged(item_said(await item_of(act, item_id), names)))


async def remove_item(act: MeetingAct, item_id: int) -> None:
    """Take an item and its papers away; those after it move up by one."""
    require_unsealed(act, "remove")
    await item_of(act, item_id)
    await store.remove_item(act.connection, act.context.meeting.id, item_id)
    await act.record(ItemRemoved(item_id))


async def order_items(act: MeetingAct, order: Sequence[int]) -> None:
    """Put the items in this order, which names each of them once."""
    require_unsealed(act, "move")
    meeting = act.context.meeting
    if sorted(order) != sorted(item.id for item in await store.items_of(act.connection, meeting.id)):
        raise bad_field("order", "须列出全部议题，每项一次。", "Name every item of the agenda once.")
    await store.set_order(act.connection, meeting.id, order)
    await act.record(ItemMoved(tuple(order)))


def require_unsealed(act: MeetingAct, what: Act) -> None:
    """Refuse by `agenda.locked` once notice was given."""
    require(check_sealed(what, sealed=act.context.meeting.state != "draft"))


async def item_of(act: MeetingAct, item_id: int) -> Item:
    """Returns the meeting's item of this id. Raises RefusedError (unknown) where there is none."""
    item: Item = existing(await store.item(act.connection, act.context.meeting.id, item_id))
    return item


async def require_may_prepare(act: MeetingAct, item_id: int) -> None:
    """Refuse the preparing of an item to one who is recused from it: its papers are never theirs (Personnel 18, 23)."""
    situation = await situation_of(act)
    require_unrecused(situation, situation.item(item_id))


async def _require_unrelated(act: MeetingAct, draft: Draft) -> None:
    """Refuse a personnel item to one who is related to somebody that it is to name."""
    item = ItemOnAgenda(
        0, 0, draft.title, "", draft.category, subjects={kin: SubjectState("") for kin in draft.subjects}
    )
    require_unrecused(await situation_of(act), item)


def _values(kind: str, draft: Draft) -> dict[str, Any]:
    return {
        "title": draft.title,
        "motion": draft.motion,
        "category": draft.category,
        "in_charge_id": draft.in_charge,
        "deputy_in_charge_id": draft.deputy_in_charge,
        "subjects": list(draft.subjects),
        "confidential": draft.confidential,
        "attendees": list(draft.attendees),
        "carries_out": draft.carries_out,
        "to_committee": draft.carries_out is None and due_in_committee(kind, draft.category),
    }


async def _check(act: MeetingAct, draft: Draft) -> dict[int, str]:
    """Returns the subjects' names by kin id. Raises RefusedError, by field, where the draft does not fit the body."""
    body = act.context.meeting.body_id
    members = await formal_members(act.connection, body)
    for field, person in (("in_charge", draft.in_charge), ("deputy_in_charge", draft.deputy_in_charge)):
        if person is not None and person not in members:
            raise bad_field(field, "分管成员须为本机构的正式成员。", "Who is in charge is a formal member of the body.")
    if draft.deputy_in_charge is not None and draft.deputy_in_charge == draft.in_charge:
        raise bad_field(
            "deputy_in_charge",
            "B角须为分管成员以外的成员。",
            "The deputy is somebody other than who is in charge.",
        )
    if draft.deputy_in_charge is not None and not act.context.meeting.charter.deputies:
        raise bad_field(
            "deputy_in_charge",
            "本机构议事决策规范不设B角代行，不能填写B角。",
            "The charter of the body admits no deputies.",
        )
    if draft.deputy_in_charge is not None and draft.in_charge is None:
        raise bad_field("in_charge", "已填写B角，须同时填写分管成员。", "A deputy stands for somebody in charge.")
    names = await store.kin_names(act.connection, body, draft.subjects)
    if len(set(draft.subjects)) != len(draft.subjects) or names.keys() != set(draft.subjects):
        raise bad_field(
            "subjects",
            "所涉人员有重复，或未在亲属关系登记中。请先登记。",
            "A subject is named twice, or is not on the body's record of kinship; record them first.",
        )
    people = {each.id: each for each in await body_people(act.connection, body)}
    strangers = [each for each in draft.attendees if each not in people or "attendee" not in people[each].roles]
    if strangers or len(set(draft.attendees)) != len(draft.attendees):
        raise bad_field(
            "attendees",
            "列席人员须为本机构的列席人员，每人一次。请管理员先授予其列席人员角色。",
            "Attendees of an item hold that role in the body, each named once; the administrator grants it.",
        )
    if draft.category == "personnel" and not draft.subjects:
        raise bad_field(
            "subjects",
            "人事议题须写明所涉人员，以便核对回避。",
            "A personnel item names whom it is about, so that recusal can be checked.",
        )
    if draft.carries_out is not None and not due_in_committee(act.context.meeting.kind, draft.category):
        raise bad_field(
            "carries_out",
            "仅行政会议（局长办公会、专题会议等）的“三重一大”议题填写所贯彻的党组决定。",
            "Only a “三重一大” matter at an executive meeting names the decision of the 党组 that it carries out.",
        )
    return names
