"""The right to read a paper (Rules 6(3); Personnel 18, 20, 23).

An attendee reads those of the items that they are called in for. The notice goes out with its papers
(会议通知含议题及有关资料), so before it they are the desk's and the head's. The papers of a personnel item are for the
formal members in the room alone, while their item is open (发给所有与会的正式成员，供其会上阅读，会后收回): not for the
observer, nor for the secretary. A person who is recused sees none.
"""

from collections.abc import Set as AbstractSet

from msgspec import Struct

from acts.access import HEADS
from acts.refusal import ALLOWED, Refused, Verdict
from agenda.materials import check_readable
from agenda.records import ItemState, MeetingStage

OPEN: frozenset[ItemState] = frozenset({"open", "voting", "voted"})
_DESK = frozenset({"secretary", "chair"})
_READERS = _DESK | {"member", "observer"}
_MEMBERS = frozenset({"member", "chair"})


class Reader(Struct, frozen=True):
    """A person who asks to read: their roles in the meeting, whether they are in the room, the rule by which they
    are recused from the item (empty where they are not), and whether they are called in for it as an attendee."""

    roles: AbstractSet[str]
    present: bool
    recused_by: str = ""
    called_in: bool = False


def check_may_read(reader: Reader, *, meeting: MeetingStage, item: ItemState, personnel: bool) -> Verdict:
    """Whether the reader may read the item's papers now.

    Refuses by `access.role` a role that reads none, or none before notice; by `recusal.related` and
    `recusal.declared` (Personnel 18, 23); by `personnel.materials` (Rules 6(3); Personnel 20).
    """
    if reader.recused_by:
        return Refused(
            reader.recused_by,
            "您对本议题应当回避，不得查阅该议题的材料。",
            "You are recused from this item and do not see its papers.",
        )
    if meeting in ("draft", "cancelled"):
        if reader.roles & (_DESK | HEADS):
            closed = meeting == "cancelled" and personnel
            return check_readable(personnel=True, item_open=False, in_the_room=False) if closed else ALLOWED
        return Refused(
            "access.role",
            "会议通知发出前，上会材料仅供秘书、主持人和主要负责人查阅，请待通知发出后查阅。",
            "Before notice the papers are for secretary, chair and head alone.",
        )
    if not reader.roles & _READERS and "attendee" in reader.roles and not reader.called_in:
        return Refused(
            "access.role",
            "您未列席本议题，不能查阅该议题的材料。如需列席，请联系秘书。",
            "You are not called in for this item and do not see its papers; the secretary can tell you more.",
        )
    if not reader.roles & (_READERS | {"attendee"}):
        return Refused(
            "access.role",
            "您的角色不能查阅上会材料。如有需要，请联系管理员。",
            "Your role does not read papers. If you need to, ask the administrator.",
        )
    in_the_room = reader.present and bool(reader.roles & _MEMBERS)
    return check_readable(personnel=personnel, item_open=item in OPEN, in_the_room=in_the_room)
