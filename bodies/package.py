"""The parts that bodies bring to the program."""

from acts.access import ADMINISTRATOR, APPROVERS, AUDIT, DESK, EVERYBODY, HEADS, MEMBERS, SECRETARY, SECURITY, SIGNED_IN
from acts.folding import Subject
from acts.packages import Package
from acts.refusal import Refused, Rule
from bodies.state import BodyState

PACKAGE = Package(
    functions=("create_body", "held"),
    tables=(
        "kinds_of_body",
        "bodies",
        "grants",
        "held_roles",
        "entrustments",
        "seats",
        "kin",
        "kinships",
        "matters",
        "calendar_years",
    ),
    subjects={"body": Subject(BodyState())},
    routes=("bodies.routes", "bodies.audit_routes"),
    operations={
        "person.change": ADMINISTRATOR | SECURITY,
        "body.create": ADMINISTRATOR,
        "body.rename": ADMINISTRATOR,
        "body.list": SIGNED_IN,
        "body.history": ADMINISTRATOR | AUDIT,
        "audit.read": AUDIT,
        "audit.export": AUDIT,
        "body.read": EVERYBODY | ADMINISTRATOR | SECURITY | APPROVERS,
        "role.grant": SECURITY,
        "role.revoke": SECURITY,
        "role.retire": SECURITY,
        "seat.set": ADMINISTRATOR | SECRETARY,
        "seat.deputy": ADMINISTRATOR | SECRETARY,
        "signing.entrust": HEADS,
        "signing.take_back": HEADS,
        "charter.set": ADMINISTRATOR,
        "rulebook.read": EVERYBODY | ADMINISTRATOR | APPROVERS,
        "rulebook.set": ADMINISTRATOR,
        "kinship.read": SECRETARY,
        "kinship.record": SECRETARY,
        "kinship.remove": SECRETARY,
        "kin.add": SECRETARY,
        "matter.list": DESK | MEMBERS,
        "matter.set": SECRETARY,
        "matter.remove": SECRETARY,
        "calendar.set": ADMINISTRATOR,
        "calendar.read": SIGNED_IN,
    },
    rules=(Rule("calendar.unknown", "推算工作日须有当年的工作日历", "working days are counted by a known calendar"),),
    words={
        "bodies_name": Refused("input.invalid", "已有同名议事机构。", "A body of that name exists.", {"field": "name"}),
        "bodies_kind_known": Refused(
            "input.invalid", "没有这一机构类别。", "There is no such kind.", {"field": "kind"}
        ),
        "organizations_name": Refused(
            "input.invalid", "已有同名单位。", "An organization of that name exists.", {"field": "name"}
        ),
        "seats_one_each": Refused(
            "input.invalid", "该排名已有成员，请另选排名。", "That seat is taken; choose another.", {"field": "seat"}
        ),
        "seats_deputy": Refused(
            "input.invalid", "B角须为本机构的成员。", "A deputy is a member of the body.", {"field": "deputy"}
        ),
        "entrustments_head": Refused(
            "input.invalid",
            "签发由主要负责人委托本机构的成员，也由主要负责人收回。",
            "The head entrusts a member of the body with signing, and takes it back.",
            {"field": "person"},
        ),
        "entrustments_another": Refused(
            "input.invalid",
            "受托签发的须为本机构的另一名成员，请重新选择。",
            "Signing is entrusted to another member of the body: choose one.",
            {"field": "person"},
        ),
        "grants_acting": Refused(
            "input.invalid",
            "登记主持工作须填写上级任命文件文号和起始日期。",
            "An acting head is entered with the superior's document and its date.",
            {"field": "document"},
        ),
        "grants_one_acting_head": Refused(
            "input.invalid",
            "主持工作的负责人只能有一位，请先撤销现任。",
            "A body has one acting head; revoke the other first.",
            {"field": "role"},
        ),
        "grants_one_head": Refused(
            "input.invalid",
            "主要负责人只能有一位，请先撤销现任。",
            "A body has one head; revoke the other first.",
            {"field": "role"},
        ),
        "grants_observer_apart": Refused(
            "input.invalid",
            "监督人员可以是成员，但不得是主要负责人。",
            "An observer may be a member, and is never the head.",
            {"field": "role"},
        ),
        "grants_pkey": Refused(
            "input.invalid", "该人员已有此角色。", "That person holds this role.", {"field": "role"}
        ),
        "kin_person": Refused(
            "input.invalid",
            "该人员已在亲属登记中。",
            "That person is already in the record of kinship.",
            {"field": "person"},
        ),
        "kinships_once": Refused(
            "input.invalid", "该亲属关系已登记。", "That relation is on record.", {"field": "type"}
        ),
        "kinships_two_people": Refused(
            "input.invalid", "甲、乙须为不同的两人。", "A relation is between two people.", {"field": "b"}
        ),
        "matters_code": Refused("input.invalid", "事项编号重复。", "That matter's code is taken.", {"field": "code"}),
    },
    fields={
        "group": "类别",
        "oldest": "顺序",
        "until": "截止时间",
        "body_id": "议事机构",
        "titles": "文件名称",
        "clauses": "规则条款",
        "zh": "条款",
        "en": "英文条款",
        "relation": "亲属关系",
        "kind": "类别",
        "role": "角色",
        "ends_on": "免去之日",
        "seat": "排名",
        "in_charge": "分管",
        "deputy": "B角",
        "deputies": "B角代行",
        "oral_vote": "口头表决",
        "hands_vote": "举手表决",
        "type": "亲属关系",
        "a": "甲",
        "b": "乙",
        "another": "同名的另一人",
        "matter": "事项",
        "matter_code": "事项编号",
        "note": "备注",
        "holidays": "放假日期",
        "workdays": "调休上班日期",
        "lead_working_days": "通知提前的工作日",
        "quorum": "到会人数比例",
        "personnel_quorum": "讨论干部问题的到会人数比例",
        "quorum_strict": "须超过该比例",
        "recused_in_base": "回避成员计入应到会人数",
        "recused_counts_present": "回避成员计为到会",
        "close_margin": "意见接近的人数差",
        "chair_last": "主持人末位表态",
        "document": "任命文件文号",
        "since": "起始日期",
        "ballot_change": "更改表决",
        "ballots_live": "表决结束前逐票公开的范围",
        "number_year": "编号所属年度",
        "minutes_series": "会议纪要的名称",
    },
)
