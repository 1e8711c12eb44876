"""A motion from the floor: refused, and the attempt recorded (Rules 6(1), 6(4); Personnel 20)."""

from acts.refusal import Refused, RefusedError, require
from agenda.acting import MeetingAct, require_state
from agenda.ad_hoc import check_ad_hoc
from agenda.situation import situation_of


async def try_motion(act: MeetingAct, title: str, mover: int) -> None:
    """Refuse the motion, always: an item of the notice is presented, not moved. Raises RefusedError (agenda.ad_hoc)."""
    situation = await situation_of(act)
    require_state(situation.state, "in_session")
    if not situation.belongs(mover):
        raise RefusedError(
            Refused(
                "input.invalid",
                "提议人不在本次会议的人员名单内，请管理员先将其加入（如列为列席人员）。",
                "The mover is not on this body's list; the administrator adds them first, as an attendee say.",
                {"field": "mover"},
            )
        )
    verdict = check_ad_hoc(title, (), str)
    assert isinstance(verdict, Refused)
    require(Refused(verdict.rule, verdict.detail, verdict.detail_en, {"title": title, "mover": mover}))
