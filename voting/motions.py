"""A motion from the floor: refused, and the attempt recorded (Rules 6(1), 6(4); Personnel 20)."""

from acts.refusal import Refused, RefusedError, require
from agenda.acting import MeetingAct, require_state
from agenda.ad_hoc import check_ad_hoc
from agenda.situation import Situation, situation_of


def require_mover(situation: Situation, mover: int) -> None:
    """Refuse a motion in the name of somebody else, unless the secretary takes it down. Raises RefusedError."""
    if mover != situation.person and "secretary" not in situation.roles:
        raise RefusedError(
            Refused(
                "access.role",
                "只能登记本人提出的临时动议；他人提出的，请秘书登记。",
                "You can only record your own motion; the secretary takes down others'.",
            )
        )
    if not situation.belongs(mover):
        raise RefusedError(
            Refused(
                "input.invalid",
                "提议人不在本次会议的人员名单内，请管理员先将其加入（如列为列席人员）。",
                "The mover is not on this body's list; the administrator adds them first, as an attendee say.",
                {"field": "mover"},
            )
        )


async def try_motion(act: MeetingAct, title: str, mover: int) -> None:
    """Refuse the motion, always: an item of the notice is presented, not moved. Raises RefusedError (agenda.ad_hoc;
    access.role where the caller may not name its mover)."""
    situation = await situation_of(act)
    require_state(situation.state, "in_session")
    require_mover(situation, mover)
    verdict = check_ad_hoc(title, (), str)
    assert isinstance(verdict, Refused)
    require(Refused(verdict.rule, verdict.detail, verdict.detail_en, {"title": title, "mover": mover}))
