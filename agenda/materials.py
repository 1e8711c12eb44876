"""No vote without the papers (Rules 6(2), 6(3); Personnel 20)."""

from storage.refusal import ALLOWED, Refused, Verdict


def check_materials(*, complete: bool, personnel: bool) -> Verdict:
    """`materials.incomplete`, on a personnel item `personnel.materials`: the papers are complete."""
    if complete:
        return ALLOWED
    if personnel:
        return Refused(
            "personnel.materials",
            "干部考察材料不齐全，不讨论、不审批。请人事部门补齐材料后再提请会议审议。",
            "The personnel papers are incomplete: the item is neither discussed nor decided. The personnel "
            "section can complete them.",
        )
    return Refused(
        "materials.incomplete",
        "上会材料不齐全，不得付诸表决。请承办部门补齐材料，由秘书确认后再提请会议审议。",
        "The papers are incomplete: no vote. The section responsible can complete them, and the secretary "
        "confirm them.",
    )


def check_readable(*, personnel: bool, item_open: bool, in_the_room: bool) -> Verdict:
    """`personnel.materials`: personnel papers are read in the meeting and taken back after it.

    They are open only to formal members in the room (`in_the_room`) and only while their item is open
    (Rules 6(3): 供其会上阅读，会后收回). Other papers are no concern of this rule.
    """
    if not personnel or (item_open and in_the_room):
        return ALLOWED
    return Refused(
        "personnel.materials",
        "人事议题的材料只在审议该议题时，供到会的正式成员会上阅读，会后收回。请在会场签到，待主持人开始审议后阅读。",
        "Personnel papers are read only while their item is open, by the formal members in the room, and are "
        "then withdrawn. Check in in the room and wait for the chair to open the item.",
        {"item_open": item_open, "in_the_room": in_the_room},
    )
