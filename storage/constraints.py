"""The one place where a constraint's name becomes what the program says.

The rules refuse first; these are the words for the rare case where PostgreSQL had to.
"""

from collections.abc import Mapping
from types import MappingProxyType

import asyncpg

from storage.refusal import Refused, RefusedError

_WORDS: Mapping[str, Refused] = MappingProxyType(
    {
        "agenda_sealed": Refused(
            "agenda.locked",
            "会议通知已发出，议程已封存，不得增改；确需调整的，请撤回通知后重新发出。",
            "Notice was given and the agenda is sealed; withdraw the notice and give a new one to change it.",
        ),
        "votes_one_open": Refused(
            "vote.item_by_item",
            "本次会议正有一项表决进行中，请先结束该项表决。",
            "Another vote is open in this meeting; close it first.",
        ),
        "proceedings_one_open": Refused(
            "vote.item_by_item",
            "会议正在审议另一议题，请先办结该议题。",
            "Another item is before the meeting; finish it first.",
        ),
        "ballots_vote_open": Refused(
            "state.wrong", "表决已结束，本票未计入。", "The vote is not open; this ballot was not counted."
        ),
        "ballots_on_roll": Refused(
            "vote.absent",
            "您不在本项表决名册上，可从下一议题起参加表决。",
            "You are not on this vote's roll; you vote from the next item on.",
        ),
        "ballots_one_each": Refused(
            "vote.changed",
            "您的表决已经计入，请刷新查看。",
            "Your ballot is counted already; reload to see it.",
        ),
        "votes_tally": Refused(
            "state.wrong",
            "计票与选票不符，表决未结束。请刷新后重试；仍不成功的，请联系管理员。",
            "The tally is not that of the ballots; the vote is not closed. Reload, or tell the administrator.",
        ),
        "votes_stand": Refused("state.wrong", "表决已结束，不得更改。", "The vote is closed and stands."),
        "votes_roll": Refused(
            "state.wrong",
            "会议未在进行，或者表决名册有误，表决不能开始。请刷新后重试；仍不成功的，请联系管理员。",
            "The meeting is not in session, or the roll is wrong. Reload; if it stays so, tell the administrator.",
        ),
        "meetings_state": Refused(
            "state.wrong", "会议已进入下一阶段，不能退回。", "The meeting has gone on; it does not go back."
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
            "尚有议题未办结，请主持人逐项作出决定，或暂缓表决、缓议、撤回后再散会。",
            "An item is not finished; the chair decides, puts off, defers or withdraws it before adjourning.",
        ),
        "proceedings_state": Refused(
            "state.wrong",
            "议题的审议状态已有变化，请刷新后重试。",
            "The item is at another stage; reload.",
        ),
        "discussion_open": Refused(
            "state.wrong",
            "本议题已停止讨论，不能再登记发言、表态、书面意见或回避。",
            "The discussion of this item is over: no speech, position, written opinion or recusal is added to it.",
        ),
        "opinions_stand": Refused(
            "state.wrong",
            "书面意见已宣读或失效，不得改动；可在表决前另行提交。",
            "The written opinion was read out or is void, and stands; its author may submit another before the vote.",
        ),
        "votes_base": Refused(
            "state.wrong",
            "计票基数与应到会人数不符，表决未开始，请刷新后重试。",
            "The base is not that of the formal members; the vote did not open. Reload.",
        ),
        "decisions_follow": Refused(
            "decision.majority",
            "所作决定与表决结果不符，不能宣布。请主持人按表决结果宣布，或说明理由后宣布修改、搁置或再次讨论。",
            "The decision does not follow from the vote. The chair announces its result, or another with a reason.",
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
        "minutes_immutable": Refused(
            "minutes.immutable",
            "会议纪要已印发，不得改动；如需更正，请主持人作废后重新印发。",
            "Issued minutes never change; to correct them, the chair voids them and they are issued anew.",
        ),
        "minutes_one_standing": Refused(
            "state.wrong",
            "本次会议已有会议纪要，不能另行起草；已印发的如需更正，请主持人先作废。",
            "This meeting has minutes already; to correct issued ones, the chair voids them first.",
        ),
        "minutes_copies_one_each": Refused(
            "input.invalid",
            "收件人重复，或此前已向其分发，请核对收件名单。",
            "A recipient is named twice, or has a copy already; check the list.",
            {"field": "copies"},
        ),
        "copies_stand": Refused("state.wrong", "该份纪要已经签收。", "That copy was receipted already."),
        "minutes_number": Refused(
            "minutes.number",
            "会议纪要须按年度依次编号，本次未编号。请重试；仍不成功的，请联系管理员。",
            "Minutes are numbered in order within the year; no number was taken. Try again, or tell the administrator.",
        ),
        "minutes_state": Refused(
            "state.wrong", "纪要尚未完成上一环节，不能进入这一步。", "The minutes have not passed the step before."
        ),
        "people_staff_number": Refused(
            "input.invalid",
            "工号已被使用，请核对后另填。",
            "That staff number is taken; check it.",
            {"field": "staff_number"},
        ),
        "bodies_name": Refused("input.invalid", "已有同名议事机构。", "A body of that name exists.", {"field": "name"}),
        "organizations_name": Refused(
            "input.invalid", "已有同名单位。", "An organization of that name exists.", {"field": "name"}
        ),
        "seats_one_each": Refused(
            "input.invalid", "该席位已有成员，请另选席位。", "That seat is taken; choose another.", {"field": "seat"}
        ),
        "grants_one_chair": Refused(
            "input.invalid",
            "主持人只能有一位，请先撤销现任。",
            "A body has one chair; revoke the other first.",
            {"field": "role"},
        ),
        "grants_observer_apart": Refused(
            "input.invalid",
            "监督人员不得同时为有表决权的成员。",
            "An observer is never a voting member.",
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
        "papers_once": Refused("input.invalid", "该文件已上传。", "That file is already there.", {"field": "file"}),
        "matters_code": Refused("input.invalid", "事项编号重复。", "That matter's code is taken.", {"field": "code"}),
        "papers_hash": Refused(
            "input.invalid", "文件内容与校验值不符，请重新上传。", "The file does not give its hash.", {"field": "file"}
        ),
        "items_position": Refused(
            "input.invalid", "议题序号重复，请刷新后重试。", "That position is taken; reload.", {"field": "position"}
        ),
    }
)

# The server is gone, going or starting, or has no room for more.
_LOST = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.InsufficientResourcesError,
)


def unavailable() -> Refused:
    """What is said where the database cannot be reached, or was lost while an act was under way."""
    return Refused(
        "unavailable",
        "数据库暂时不可用，不能确认本次操作是否生效，请稍候刷新核对后再试。",
        "The database cannot be reached, and whether this was done is not certain: wait a little, reload and look.",
        {"seconds": 2},
    )


def refused(error: asyncpg.PostgresError) -> RefusedError | None:
    """The refusal that an error of the database stands for; None for one that is the program's own."""
    name = getattr(error, "constraint_name", None) or ""
    if words := _WORDS.get(name):
        return RefusedError(words)
    if isinstance(error, _LOST):
        return RefusedError(unavailable())
    if isinstance(error, asyncpg.ForeignKeyViolationError):
        return RefusedError(unknown())
    if isinstance(error, asyncpg.CheckViolationError | asyncpg.UniqueViolationError | asyncpg.DataError):
        return RefusedError(
            Refused(
                "input.invalid",
                "提交的内容不符合要求，未予保存，请检查后重新提交。",
                "What was sent does not fit and was not kept; check it and send it again.",
                {"constraint": name} if name else {},
            )
        )
    return None


def unknown() -> Refused:
    """What is asked for is not there, or not for the asker's eyes: the answer does not tell which."""
    return Refused(
        "unknown",
        "没有找到所要的内容，或者您无权查看；如有疑问，请联系秘书。",
        "There is no such thing, or it is not yours to see; if in doubt, ask the secretary.",
    )
