"""The head approves the agenda before notice is given.

Rules 6(1): 由党组书记决定是否上会. Measures 2(1): 拟定会议议题、日期……并经局主要领导同意后.
Working 20: 报局长确定.

The approval is of the items, their order, the meeting's title and date; a change of these asks for it anew. Papers go
out with the notice and are judged there.
"""

from acts.access import HEADS
from acts.ids import in_chinese, in_english
from acts.refusal import ALLOWED, Refused, RefusedError, Verdict
from agenda import store
from agenda.acting import MeetingAct, require_step
from agenda.kinds.approving import AgendaApproved, AgendaSentBack, AgendaSubmitted
from agenda.situation import Situation, situation_of


def check_approved(situation: Situation) -> Verdict:
    """`agenda.approved`: the head, or the acting head, has approved the agenda as it stands."""
    stage = situation.state.approval.stage
    if stage == "approved":
        return ALLOWED
    heads = [person.id for person in situation.outside.people.values() if HEADS & set(person.roles)]
    if not heads:
        mend = "本机构尚未设主要负责人，请管理员设定，或登记主持工作的负责人"
        mend_en = "The body has no head: the administrator makes somebody head, or enters an acting head"
    elif stage == "submitted":
        mend = f"已报请审定，请{in_chinese(heads, situation.name)}审定后再发通知"
        mend_en = f"It was submitted; {in_english(heads, situation.name)} approves it first"
    else:
        mend = f"请秘书报请{in_chinese(heads, situation.name)}审定后再发通知"
        mend_en = f"The secretary submits it to {in_english(heads, situation.name)} first"
    return Refused(
        "agenda.approved",
        f"议程尚未经主要负责人审定，不能发出会议通知。{mend}。",
        f"The head has not approved the agenda, so notice cannot be given. {mend_en}.",
        {"stage": stage},
    )


def allow_submission(situation: Situation) -> None:
    """Ask whether the draft may be submitted to the head now. Raises RefusedError."""
    require_step(situation.outside.kind, situation.state, "agenda.submitted")
    if not situation.state.items:
        raise _wrong("议程没有议题，请先列入议题。", "The agenda is empty; put an item on it.")
    if situation.state.approval.stage in ("submitted", "approved"):
        raise _wrong("议程已报请审定，未再改动。", "The agenda was submitted and has not changed since.")


def allow_answer(situation: Situation, record: str = "agenda.approved") -> None:
    """Ask whether the head may answer now: `record` is the kind of the answer. Raises RefusedError."""
    require_step(situation.outside.kind, situation.state, record)
    stage = situation.state.approval.stage
    if stage != "submitted" and not (stage == "approved" and record == "agenda.sent_back"):
        raise _wrong(
            "议程已审定。" if stage == "approved" else "议程尚未报请审定，或报请后又有改动，请秘书报请后再办理。",
            "The agenda is approved." if stage == "approved" else "The agenda waits for the secretary to submit it.",
        )


async def submit(act: MeetingAct) -> None:
    """Submit the draft agenda to the head."""
    allow_submission(await situation_of(act))
    await store.set_agenda(act.connection, act.context.meeting.id, "submitted", None)
    await act.record(AgendaSubmitted(len(act.context.state.items)))


async def approve(act: MeetingAct, version: int) -> None:
    """Approve the agenda, as the head has read it: `version` is the seq of its submission."""
    allow_answer(await situation_of(act))
    if version != act.context.state.approval.version:
        raise _wrong(
            "议程已有改动并重新报请，请阅读后再审定。", "The agenda was changed and submitted anew; read it first."
        )
    await store.set_agenda(act.connection, act.context.meeting.id, "approved", act.caller.person)
    await act.record(AgendaApproved(version))


async def send_back(act: MeetingAct, reason: str) -> None:
    """Send the agenda back to the secretary, with the reason; an approval ends with it."""
    allow_answer(await situation_of(act), "agenda.sent_back")
    await store.set_agenda(act.connection, act.context.meeting.id, "returned", None)
    await act.record(AgendaSentBack(reason))


def _wrong(detail: str, detail_en: str) -> RefusedError:
    return RefusedError(Refused("state.wrong", detail, detail_en))
