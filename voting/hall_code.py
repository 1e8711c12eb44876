"""The code on the hall screen: it changes every minute, and checking in asks for it.

RFC 6238 with the meeting's own secret; the time is the database's.
"""

from datetime import datetime
from io import BytesIO

import pyotp
import segno

from acts.refusal import ALLOWED, Refused, Verdict

SECONDS = 60


def code_at(secret: str, now: datetime) -> str:
    """Returns six digits, good for the minute of `now`."""
    return pyotp.TOTP(secret, interval=SECONDS).at(now)


def picture_of(address: str) -> str:
    """Returns a QR code of the address, as SVG with its quiet zone."""
    drawn = BytesIO()
    segno.make_qr(address, error="m").save(drawn, kind="svg", xmldecl=False, nl=False, border=4, omitsize=True)
    return drawn.getvalue().decode()


def check_code(secret: str, code: str, now: datetime) -> Verdict:
    """Whether `code` is this minute's or that of the minute before, since typing takes a moment."""
    totp = pyotp.TOTP(secret, interval=SECONDS)
    if any(pyotp.utils.strings_equal(code, totp.at(now, counter_offset=offset)) for offset in (0, -1)):
        return ALLOWED
    return Refused(
        "presence.code",
        "签到码不正确或已过期，请按会场大屏上的六位数字重新输入，或请秘书代为签到。",
        "The code is wrong or has passed: type the six digits on the hall screen, or ask the secretary.",
    )
