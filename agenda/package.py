"""The agenda's package: its tables, routes, operations, rules and words."""

from acts.access import ADMINISTRATOR, APPROVERS, CHAIR, DESK, EVERYBODY, HEADS, MEMBERS, ROOM, SECRETARY, SECURITY
from acts.folding import Subject
from acts.packages import Package
from acts.refusal import Refused, Rule
from agenda.state import MeetingState
from agenda.views import MeetingTeller

PACKAGE = Package(
    tables=(
        "procedures",
        "reached_numbers",
        "meetings",
        "items",
        "papers",
        "proceedings",
        "notices",
        "notice_changes",
        "deliveries",
        "notes",
        "people_requests",
    ),
    functions=(
        "enter_meeting",
        "proofs_of",
        "refuse",
        "step_records",
        "committee_decisions",
        "paper_to_check",
        "paper_checked",
        "papers_waiting",
    ),
    jobs={"paper.check": "agenda.checking:check_paper"},
    subjects={"meeting": Subject(MeetingState(), MeetingTeller)},
    routes=("agenda.routes", "agenda.change_routes", "agenda.people_routes"),
    operations={
        "meeting.create": SECRETARY,
        "meeting.plan": SECRETARY,
        "meeting.change": SECRETARY,
        "meeting.cancel": SECRETARY,
        "meeting.list": EVERYBODY | APPROVERS,
        "sitting.list": ADMINISTRATOR | SECURITY,
        "meeting.read": EVERYBODY | APPROVERS,
        "item.add": SECRETARY,
        "item.committee_decisions": SECRETARY,
        "item.change": SECRETARY,
        "item.move": SECRETARY,
        "item.remove": SECRETARY,
        "paper.add": SECRETARY,
        "paper.remove": SECRETARY,
        "paper.read": ROOM,
        "materials.check": SECRETARY,
        "agenda.submit": SECRETARY,
        "agenda.approve": HEADS,
        "agenda.send_back": HEADS,
        "notice.preview": SECRETARY,
        "notice.give": DESK,
        "notice.read": ROOM,
        "notice.change": DESK,
        "delivery.record": SECRETARY,
        "delivery.acknowledge": MEMBERS,
        "meeting.preside": DESK,
        "people.request": ADMINISTRATOR | SECURITY | SECRETARY,
        "people.decide": CHAIR | {"observer"},
        "note.list": ROOM,
        "note.write": ROOM,
    },
    rules=(
        Rule("notice.lead", "会议通知连同材料提前送达", "notice and papers reach the members in time"),
        Rule("notice.missing", "会议通知送达每位成员并有登记", "notice to every member is on record"),
        Rule("meeting.early", "会议当日方可宣布开会，不早于原定时间一小时", "a meeting begins on its day"),
        Rule("agenda.approved", "议程经主要负责人审定后通知", "the head approves the agenda before notice"),
        Rule("agenda.locked", "议程随会议通知封存，其后只可撤下或缓议", "the agenda is sealed with the notice"),
        Rule("agenda.ad_hoc", "不审议临时动议", "nothing off the agenda is taken"),
        Rule("materials.incomplete", "材料齐备方可审议", "no item is taken without its papers"),
        Rule("personnel.one_by_one", "干部任免逐人审议、表决", "appointments are taken one by one"),
        Rule("people.in_session"),
        Rule(
            "personnel.materials",
            "人事议题材料在审议时供到会成员阅读，会后收回",
            "personnel papers, while the item is open",
        ),
    ),
    words={
        "agenda_sealed": Refused(
            "agenda.locked",
            "会议通知已发出，议程已封存，不得增改；确需调整的，请撤回通知后重新发出。",
            "Notice was given and the agenda is sealed; withdraw the notice and give a new one to change it.",
        ),
        "agenda_approved": Refused(
            "agenda.approved",
            "议程尚未经主要负责人审定，或审定后又有改动。请秘书报请审定后再发通知。",
            "The head has not approved the agenda as it stands; the secretary submits it first.",
        ),
        "proceedings_one_open": Refused(
            "vote.item_by_item",
            "会议正在审议另一议题，请先审议完该议题。",
            "Another item is before the meeting; finish it first.",
        ),
        "meetings_state": Refused(
            "state.wrong", "会议已进入下一阶段，不能退回。", "The meeting has gone on; it does not go back."
        ),
        "meetings_cancelled": Refused(
            "state.wrong",
            "会议已取消，不能进行任何操作；确需召开的，请秘书新建会议。",
            "The meeting is cancelled and nothing can be done to it; the secretary can plan a new one.",
        ),
        "meetings_early": Refused(
            "meeting.early",
            "会议只能在会议当日、最早于开会前一小时宣布开会。",
            "A meeting is called to order on its day, at most an hour before its time.",
        ),
        "meetings_called": Refused(
            "state.wrong",
            "会议已宣布开始，应到会人数和会议编次不再变动。",
            "The meeting was called to order; its N and number stand.",
        ),
        "meetings_members": Refused(
            "state.wrong",
            "应到会成员名单刚有变动，请主持人刷新后重新宣布开会。",
            "The formal members have changed meanwhile; the chair reloads and calls to order again.",
        ),
        "meetings_finished": Refused(
            "state.wrong",
            "尚有议题未审议完毕，请主持人逐项作出决定，或暂缓表决、缓议、撤下后再散会。",
            "An item is not finished; the chair decides, puts off, defers or withdraws it before adjourning.",
        ),
        "proceedings_state": Refused(
            "state.wrong",
            "议题的审议状态已有变化，请刷新后重试。",
            "The item is at another stage; reload.",
        ),
        "people_in_session": Refused(
            "people.in_session",
            "会议正在进行，与会人员的密码、角色、账号和亲属登记须经主持人同意方可变动（涉及主持人本人的，由监督人员同意）。"
            "请先提出请求，同意后再次办理。",
            "The meeting is in session: passwords, roles, accounts and kinship of its people change with the chair's "
            "yes (the observer's for the chair's own). Ask for it, then do this again.",
        ),
        "people_requests_decided": Refused(
            "access.role",
            "会议进行中，人员变动须由主持人同意；涉及主持人本人的，由监督人员同意。",
            "While the meeting sits the chair allows changes of its people, and the observer those of the chair.",
        ),
        "notice_changes_stand": Refused(
            "state.wrong",
            "会议时间、地点刚有变动，或会议已宣布开始，请刷新后重试。",
            "Time or place have changed meanwhile, or the meeting was called to order; reload.",
        ),
        "notice_changes_later": Refused(
            "agenda.locked",
            "会议通知发出后，开会时间只能推迟，不能提前。",
            "After notice the start only moves later.",
        ),
        "notice_changes_something": Refused(
            "state.wrong", "时间和地点均未变动。", "Neither the time nor the place changes."
        ),
        "notices_one_active": Refused("state.wrong", "会议通知已经发出。", "Notice was already given."),
        "meetings_noticed": Refused(
            "state.wrong", "会议通知的状态已有变化，请刷新后重试。", "The notice has changed meanwhile; reload."
        ),
        "notices_stand": Refused(
            "state.wrong",
            "会议通知发出后不得改动，只能撤回，且只能撤回一次。",
            "A notice stands; it can only be withdrawn, once.",
        ),
        "deliveries_stand": Refused("state.wrong", "送达已经签收。", "The delivery was already acknowledged."),
        "deliveries_pkey": Refused(
            "state.wrong", "该成员的送达已有记录。", "That member's delivery is already recorded."
        ),
        "deliveries_time": Refused(
            "state.wrong",
            "会议通知已撤回，或送达时间不在通知发出之后，送达未予登记，请秘书核对。",
            "The notice was withdrawn, or was not delivered after it was given; the secretary checks the delivery.",
        ),
        "papers_drawn": Refused(
            "personnel.materials",
            "人事议题的材料在审议时供到会成员阅读，会后收回，须为 PDF、PNG、JPEG 文件。请秘书转换为 PDF 后重新上传。",
            "Personnel papers are read on the screen and withdrawn, so they are PDF, PNG or JPEG; convert the file.",
        ),
        "papers_checked": Refused(
            "materials.incomplete",
            "有材料尚未通过查毒，请等待查毒完成，或由秘书删去该材料。",
            "A paper is not through the virus check; wait for it, or have the secretary take it away.",
        ),
        "papers_once": Refused("input.invalid", "该文件已上传。", "That file is already there.", {"field": "file"}),
        "papers_hash": Refused(
            "input.invalid", "文件内容与校验值不符，请重新上传。", "The file does not give its hash.", {"field": "file"}
        ),
        "items_carry_out": Refused(
            "input.invalid",
            "议题所贯彻的党组决定须已通过，且载于本单位党组织已印发、未作废的会议纪要。"
            "请秘书重新选择，或待更正的纪要印发后再办。",
            "An item carries out a decision passed in standing issued minutes of a Party committee of this "
            "organization; the secretary chooses another, or waits until the corrected minutes are issued.",
            {"field": "carries_out"},
        ),
        "items_position": Refused(
            "input.invalid", "议题序号重复，请刷新后重试。", "That position is taken; reload.", {"field": "position"}
        ),
    },
    fields={
        "request_id": "人员变动请求",
        "change": "变动事项",
        "detail": "变动内容",
        "allowed": "是否同意",
        "meeting_id": "会议",
        "item_id": "议题",
        "paper_id": "材料",
        "limit": "每页条数",
        "offset": "起始条数",
        "starts_at": "开会时间",
        "place": "地点",
        "presiding": "主持人",
        "secretary": "秘书",
        "motion": "议案",
        "category": "类别",
        "deputy_in_charge": "B角",
        "subjects": "涉及人员",
        "confidential": "需保密",
        "attendees": "列席人员",
        "carries_out": "所贯彻的党组决定",
        "order": "顺序",
        "complete": "材料齐全",
        "method": "送达方式",
    },
)
