"""No discussion without the papers (Rules 6(2), 6(3); Personnel 20)."""

from collections.abc import Sequence

from acts.refusal import ALLOWED, Refused, Verdict


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
        "上会材料不齐全，不得提请审议和表决。请承办部门补齐材料，由秘书确认后再提请会议审议。",
        "The papers are incomplete: the item is neither taken nor voted. The section responsible can complete them, "
        "and the secretary confirm them.",
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
        "人事议题的材料在审议时供到会成员阅读，会后收回。请在会场签到，待主持人开始审议后阅读。",
        "Personnel papers are read only while their item is open, by the formal members in the room, and are "
        "then withdrawn. Check in in the room and wait for the chair to open the item.",
        {"item_open": item_open, "in_the_room": in_the_room},
    )


def check_drawn(names: Sequence[str], *, personnel: bool) -> Verdict:
    """`personnel.materials`: personnel papers are shown, not handed out (Rules 6(3): 供其会上阅读，会后收回).

    `names` are those of the papers that the page cannot draw; they would have to be downloaded, and stay.
    """
    if not personnel or not names:
        return ALLOWED
    return Refused(
        "personnel.materials",
        f"人事议题的材料在审议时供到会成员阅读，会后收回，须为 PDF、PNG、JPEG 文件，"
        f"以下材料须下载才能打开：{'、'.join(names)}。请秘书转换为 PDF 后重新上传。",
        "Personnel papers are read on the screen and withdrawn, so they are PDF, PNG or JPEG; these could only be "
        f"downloaded: {', '.join(names)}. The secretary converts them to PDF and uploads them again.",
        {"papers": list(names)},
    )


def check_has_papers(*, complete: bool, papers: int, personnel: bool) -> Verdict:
    """`materials.incomplete`, on a personnel item `personnel.materials`: an item without papers is not complete."""
    if papers or not complete:
        return ALLOWED
    return Refused(
        "personnel.materials" if personnel else "materials.incomplete",
        "该议题尚无上会材料，不能确认材料齐全。请秘书先上传材料。",
        "The item has no papers yet, so they cannot be complete. The secretary can upload them.",
        {"papers": papers},
    )


def check_let_through(waiting: Sequence[str], *, personnel: bool) -> Verdict:
    """`materials.incomplete`, on a personnel item `personnel.materials`: a paper that waits for the virus scanner, or
    in which it found something, is not there. `waiting` holds their names."""
    if not waiting:
        return ALLOWED
    return Refused(
        "personnel.materials" if personnel else "materials.incomplete",
        f"以下材料尚未通过查毒：{'、'.join(waiting)}。请等待查毒完成；查出病毒或不再使用的，请秘书删去；"
        "长时间未完成的，请管理员检查查毒服务。",
        f"These papers are not through the virus check: {', '.join(waiting)}. Wait for it, or have the secretary take "
        "them away; if it takes long, the administrator looks at the scanner.",
        {"papers": list(waiting)},
    )


def check_notice_materials(incomplete: Sequence[str]) -> Verdict:
    """`materials.incomplete`: the notice goes out with its papers (Rules 6(3): 会议通知含议题及有关资料).

    `incomplete` holds the titles of the items whose papers are not complete, personnel items left out: theirs
    are handed out in the meeting.
    """
    if not incomplete:
        return ALLOWED
    return Refused(
        "materials.incomplete",
        f"以下议题的上会材料不齐全，不能发出会议通知：{'、'.join(incomplete)}。请承办部门补齐材料，由秘书确认。",
        f"The notice goes out with its papers, and these items lack theirs: {', '.join(incomplete)}. The sections "
        "responsible can complete them, and the secretary confirm them.",
        {"items": list(incomplete)},
    )
