"""Organizations and their people, as the program holds and answers them."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from acts.refusal import Refused

SIGNED_OUT = Refused("access.signed_out", "请先登录。", "Sign in first.")
DUE = {
    "password": Refused(
        "access.due",
        "您的密码是由他人设置的，请先改为自己的密码，再办理其他事项。",
        "Another person gave you your password: change it first.",
        {"due": "password"},
    ),
    "code": Refused(
        "access.due",
        "请输入动态验证码，完成登录。",
        "Enter the code of your authenticator to finish signing in.",
        {"due": "code"},
    ),
    "enrol": Refused(
        "access.due",
        "本单位要求您使用动态验证码登录，请先设置，再办理其他事项。",
        "Your organization demands a second factor of you: set it up first.",
        {"due": "enrol"},
    ),
}
"""The refusals of a session whose person has something to do first."""

Ending = Literal["expired", "idle", "elsewhere", "administrator", "password", "reset", "closed"]
"""Why a session has ended: its time is up, an hour without use, its person or an administrator ended it, its person
changed the password on another device, an administrator set one, the account is closed."""


class Organization(Struct, frozen=True):
    """One 单位; `code` names it in its sign-in link; `second_factor` says whether one is demanded of administrators,
    secretaries, heads and observers."""

    id: int
    name: str
    code: str
    second_factor: bool
    duties_apart: bool


class Person(Struct, frozen=True):
    """One of an organization's people; `can_sign_in` says whether a password is set, never which, `password_given`
    whether another gave it and its owner has not changed it yet; `second_factor` whether one is set up. An `auditor`
    reads the records of access."""

    id: int
    staff_number: str
    name: str
    post: str
    administrator: bool
    active: bool
    can_sign_in: bool
    password_given: bool
    second_factor: bool
    auditor: bool
    security: bool


class OpenSession(Struct, frozen=True):
    """One of a person's open sessions: `browser` as it named itself, the time of its sign-in and of its last use (to
    the minute), and whether it is the one that asks."""

    session: int
    browser: str
    since: datetime
    used: datetime
    here: bool


def pinyin(name: str) -> bytes:
    """A key that sorts Chinese names as a reader expects.

    The 3,755 everyday characters (level 1 of GB 2312) lie in pinyin order in GB 18030, so its bytes give
    that order wherever the program runs: it needs no locale of the system and no table of readings.
    """
    return name.encode("gb18030")
