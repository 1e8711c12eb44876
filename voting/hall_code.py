"""The code on the hall screen: it changes every minute, checking in asks for it, and it serves each person once.

RFC 6238 with the meeting's own secret; the time is the database's.
"""

from collections.abc import Collection
from datetime import datetime

import pyotp

from acts.refusal import ALLOWED, Refused, Verdict

SECONDS = 60
GRACE = 30
WRONG = Refused(
    "presence.code",
    "签到码不正确或已过期，请按会场大屏上的六位数字重新输入，或请秘书代为签到。",
    "The code is wrong or has passed: type the six digits on the hall screen, or ask the secretary.",
)
USED = Refused(
    "presence.code",
    "您已用过这一签到码，请待会场大屏更换签到码后再输入，或请秘书代为签到。",
    "This code has served you already: wait for the next one on the hall screen, or ask the secretary.",
)


def code_at(secret: str, now: datetime) -> str:
    """Returns six digits, good for the minute of `now`."""
    return pyotp.TOTP(secret, interval=SECONDS).at(now)


def minute_of(secret: str, code: str, now: datetime) -> int | None:
    """Returns the minute (of the Unix epoch) that the code was shown for, None where it is not taken now.

    It is taken in its minute and for GRACE seconds more, since typing takes a moment. Full-width digits count as the
    others do.
    """
    totp, minute = pyotp.TOTP(secret, interval=SECONDS), int(now.timestamp()) // SECONDS
    late = int(now.timestamp()) % SECONDS < GRACE
    for each in (minute, minute - 1) if late else (minute,):
        if pyotp.utils.strings_equal(code, totp.at(each * SECONDS)):
            return each
    return None


def check_code(minute: int | None) -> Verdict:
    """Whether a code checks somebody in; `minute` as `minute_of` gives it."""
    return WRONG if minute is None else ALLOWED


def check_unused(minute: int, used: Collection[int]) -> Verdict:
    """Whether this minute's code has not yet served somebody; `used` are the minutes whose codes have."""
    return USED if minute in used else ALLOWED
