"""Putting right what was entered by a slip of the hand: by whoever entered it, or the secretary for the desk.

It goes on until the minutes are submitted for review, and again once they are sent back: what reviewers read stays as
they read it. A correction is a record that names the one it corrects; nothing disappears from the ledger (惯例).
"""

from acts.refusal import Refused, RefusedError
from agenda.acting import require_state
from agenda.situation import Situation
from agenda.state import MeetingState


def require_correctable(state: MeetingState) -> None:
    """Refuse corrections before the notice, and once the minutes are submitted or the proceedings signed. Raises
    RefusedError (state.wrong)."""
    require_state(state, "noticed", "in_session", "adjourned")
    if state.proceedings:
        raise RefusedError(
            Refused(
                "state.wrong",
                "会议记录已阅签，登记不得再更正。",
                "The proceedings are signed as read, and entries stand.",
            )
        )
    if any(each.state not in ("draft", "voided") for each in state.minutes.values()):
        raise RefusedError(
            Refused(
                "state.wrong",
                "会议纪要已送审，登记不得再更正。确需更正的，请审核人先退回会议纪要。",
                "The minutes are under review or issued, and entries stand. A reviewer can send them back first.",
            )
        )


def require_own_entry(situation: Situation, entered_by: int | None, *, desk: bool = True) -> None:
    """Refuse a caller who neither made the entry nor, as secretary, corrects what the desk entered; `desk` says that it
    was made for somebody else. Raises RefusedError (access.role)."""
    if situation.person != entered_by and not (desk and "secretary" in situation.roles):
        raise RefusedError(
            Refused(
                "access.role",
                "该登记须由登记人本人或者秘书更正；本人签到的，由本人更正。",
                "An entry is put right by whoever made it, or by the secretary where the desk made it.",
            )
        )


def require_unchanged(corrects: int | None, stands: int) -> None:
    """Refuse to correct another record than the one that stands; None asks of any. Raises RefusedError."""
    if corrects not in (None, stands):
        raise RefusedError(
            Refused(
                "state.wrong",
                "该登记此后已有变动，请刷新后再更正。",
                "That entry has changed since; reload, and correct what stands.",
                {"stands": stands},
            )
        )
