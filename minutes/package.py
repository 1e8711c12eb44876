"""The package of the minutes: tables, routes, operations, rules, jobs, words, field names."""

from acts.access import (
    ADMINISTRATOR,
    ANYONE,
    APPROVERS,
    CHAIR,
    DESK,
    HEADS,
    MEMBERS,
    ROOM,
    SECRETARY,
    SIGNED_IN,
    SIGNERS,
)
from acts.packages import Package
from acts.refusal import Refused, Rule

PACKAGE = Package(
    tables=("minutes", "minutes_counters", "minutes_copies", "committee_decided", "lost_numbers"),
    functions=("issue_find", "issue_look", "minutes_draw", "minutes_hand", "next_number"),
    routes=(
        "minutes.routes",
        "minutes.list_routes",
        "minutes.print_routes",
        "minutes.numbering_routes",
        "minutes.verification_routes",
    ),
    operations={
        "issue.verify": ANYONE,
        "issue.find": ANYONE,
        "minutes.draft": SECRETARY,
        "minutes.edit": SECRETARY,
        "minutes.review_office": frozenset({"office_head"}),
        "minutes.review_deputy": frozenset({"deputy"}),
        "minutes.send_back": SIGNERS | {"office_head", "deputy"},
        "minutes.sign": SIGNERS,
        "minutes.issue": SECRETARY,
        "minutes.void": CHAIR | HEADS,
        "minutes.read": ROOM | APPROVERS,
        "minutes.pdf": ROOM | APPROVERS,
        "minutes.docx": ROOM | APPROVERS,  # to whom the PDF is given
        "minutes.draft_read": APPROVERS,
        "minutes.distribute": SECRETARY,
        "minutes.receive": SIGNED_IN,  # of these, those to whom a copy was sent
        "minutes.note_void": SIGNED_IN,  # likewise
        "minutes.list_void_copies": SIGNED_IN,
        "minutes.list_pending": MEMBERS | APPROVERS,  # and of each, only those who may read its draft
        "print.agenda": ROOM,
        "print.notice": DESK | {"observer"},
        "print.attendance": DESK | {"observer"},
        "print.proceedings": DESK | {"observer"},
        "print.ballots": DESK | {"observer"},
        "proceedings.sign": DESK,
        "number.read": ADMINISTRATOR | SECRETARY,
        "number.enter": ADMINISTRATOR | SECRETARY,
        "register.list": MEMBERS | APPROVERS | {"observer"},
        "register.read": MEMBERS | APPROVERS | {"observer"},
    },
    rules=(
        Rule("minutes.number", "会议纪要按年度连续编号", "minutes are numbered by the year"),
        Rule("minutes.drawing", status=503),
        Rule("minutes.hands", "起草、审核、签发由不同的人办理", "who drafts does not review or sign"),
        Rule("minutes.incomplete", "会议纪要要素齐全方可印发", "minutes are complete before issue"),
        Rule("minutes.immutable", "会议纪要印发后不得更改", "issued minutes never change"),
    ),
    jobs={"minutes.draw": "minutes.issuing:draw"},
    words={
        "minutes_immutable": Refused(
            "minutes.immutable",
            "会议纪要已印发，不得改动；如需更正，请主要负责人或者主持人作废后重新印发。",
            "Issued minutes never change; to correct them, the head or the chair voids them and they are issued anew.",
        ),
        "minutes_one_standing": Refused(
            "state.wrong",
            "本次会议已有会议纪要，不能另行起草；已印发的如需更正，请主要负责人或者主持人先作废。",
            "This meeting has minutes already; to correct issued ones, the head or the chair voids them first.",
        ),
        "minutes_copies_one_each": Refused(
            "input.invalid",
            "收件人重复，或此前已向其分发，请核对收件名单。",
            "A recipient is named twice, or has a copy already; check the list.",
            {"field": "copies"},
        ),
        "copies_stand": Refused("state.wrong", "该份纪要已经签收。", "That copy was receipted already."),
        "numbers_begun": Refused(
            "minutes.number",
            "该年度已开始编号，不能再登记启用前的编号。",
            "Numbers of that year are being allotted already; the number reached before is entered ahead of the first.",
        ),
        "reached_once": Refused(
            "minutes.number",
            "该年度启用前的编号已经登记，只登记一次，不能更改。",
            "The number reached in that year is entered already; it is entered once.",
        ),
        "minutes_number": Refused(
            "minutes.number",
            "会议纪要须按年度依次编号，本次未编号。请重试；仍不成功的，请联系管理员。",
            "Minutes are numbered in order within the year; no number was taken. Try again, or tell the administrator.",
        ),
        "minutes_hands": Refused(
            "minutes.hands",
            "会议纪要由现任办公室主任、分管负责人审核，起草人不得审核，由主要负责人或者其委托的成员签发。",
            "Office head and deputy in charge review the minutes, not those who drafted them; the head signs, or whom"
            " the head entrusts.",
        ),
        "minutes_state": Refused(
            "state.wrong", "纪要尚未完成上一环节，不能进入这一步。", "The minutes have not passed the step before."
        ),
    },
    fields={
        "minutes_id": "会议纪要",
        "series": "编号序列",
        "number": "编号",
        "of": "编号对象",
        "reached": "已编至",
        "sha256": "文件校验值",
        "items": "议题",
        "discussion": "讨论",
        "decision": "决定内容",
        "basis": "决定依据",
        "brief": "简要标题",
        "tasks": "任务",
        "who": "责任单位或责任人",
        "what": "任务内容",
        "due": "完成时限",
        "supervisor": "督办",
        "no_task": "无需督办",
        "leader": "上级分管领导",
        "copies_to": "抄送",
        "copies": "印发文本",
        "recipient": "收件单位或人员",
    },
)
