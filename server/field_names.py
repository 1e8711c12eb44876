"""What a refusal calls a field in Chinese: one name for each, wherever it is sent, near the word of the pages."""

import re

# A name that several commands share has one word that fits them all.
NAMES = {
    # the whole, and what goes round it
    "body": "提交的内容",
    "Content-Type": "内容类型",
    "Idempotency-Key": "操作标识",
    # in paths and questions
    "body_id": "议事机构",
    "meeting_id": "会议",
    "item_id": "议题",
    "paper_id": "材料",
    "vote_id": "表决",
    "minutes_id": "会议纪要",
    "relation": "亲属关系",
    "organization": "单位",
    "series": "编号序列",
    "year": "年度",
    "number": "编号",
    "sha256": "文件校验值",
    "digest": "预览校验值",
    "limit": "每页条数",
    "offset": "起始条数",
    "after": "起始记录序号",
    "view": "视图",
    # people, bodies, kinship
    "staff_number": "工号",
    "name": "姓名或名称",
    "post": "职务",
    "password": "密码",
    "old": "原密码",
    "new": "新密码",
    "administrator": "管理员",
    "active": "账号状态",
    "kind": "类别",
    "person": "人员",
    "people": "人员",
    "role": "角色",
    "seat": "席位",
    "in_charge": "分管",
    "type": "亲属关系",
    "a": "甲",
    "b": "乙",
    "another": "同名的另一人",
    "holidays": "放假日期",
    "workdays": "调休上班日期",
    # the charter
    "lead_working_days": "通知提前的工作日",
    "quorum": "到会人数比例",
    "personnel_quorum": "讨论干部问题的到会人数比例",
    "quorum_strict": "须超过该比例",
    "recused_in_base": "回避成员计入应到会人数",
    "recused_counts_present": "回避成员计为到会",
    "close_margin": "意见接近的人数差",
    "chair_last": "主持人末位表态",
    "ballot_change": "更改表决",
    "ballots_live": "表决结束前逐票公开的范围",
    "number_year": "编号所属年度",
    "minutes_series": "会议纪要的名称",
    # the agenda
    "title": "标题",
    "starts_at": "开会时间",
    "place": "地点",
    "presiding": "主持人",
    "secretary": "秘书",
    "motion": "议案",
    "category": "类别",
    "deputy_in_charge": "受委托成员",
    "subjects": "涉及人员",
    "confidential": "需保密",
    "order": "顺序",
    "complete": "材料齐全",
    "method": "送达方式",
    "text": "内容",
    # the meeting
    "code": "签到码",
    "version": "版本",
    "reason": "理由",
    "presenter": "汇报人",
    "summary": "发言要点",
    "position": "表态",
    "mover": "提议人",
    "item": "议题",
    "choice": "表决选择",
    "confirm_outstanding": "对尚有未表决成员的确认",
    "outcome": "决定结果",
    # the minutes
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
    "copies_to": "抄送",
    "copies": "印发文本",
    "recipient": "收件单位或人员",
}
_STEP = re.compile(r"([^.\[\]]+)(?:\[([0-9]{1,6})\])?")


def chinese_name(field: str) -> str | None:
    """The name of a field, `title` or deep within the body: `items[0].due` is 议题第 1 项的完成时限; None for one that
    no command has."""
    steps = [_STEP.fullmatch(step) for step in field.split(".")]
    names = [_named(step[1], step[2]) for step in steps if step and step[1] in NAMES]
    return "的".join(names) if len(names) == len(steps) else None


def _named(name: str, index: str | None) -> str:
    return NAMES[name] if index is None else f"{NAMES[name]}第 {int(index) + 1} 项"
