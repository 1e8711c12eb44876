"""People sign in and out, read personnel papers, take files along: the book of an organization's access."""

from datetime import datetime
from typing import ClassVar, Literal

from acts.content import Teller, Words
from acts.dates import date_text
from identity.state import OfAccess

What = Literal[
    "agenda",
    "notice",
    "attendance",
    "proceedings",
    "ballots",
    "minutes",
    "minutes_docx",
    "register",
    "people",
    "access",
    "slips",
    "organization",
]
_WHAT: dict[What, Words] = {
    "agenda": ("会议议程", "the agenda"), "notice": ("会议通知", "the notice"),
    "attendance": ("会议签到表", "the sign-in sheet"), "proceedings": ("会议记录", "the proceedings"),
    "ballots": ("表决情况", "the ballots"), "minutes": ("会议纪要", "the minutes"),
    "minutes_docx": ("会议纪要（DOCX）", "the minutes (DOCX)"), "register": ("会议纪要汇编", "the register of minutes"),
    "people": ("机构和人员表", "the workbook of bodies and people"),
    "access": ("操作审计记录", "the records of access"),
    "slips": ("初始密码条", "slips of first passwords"),
    "organization": ("单位全部数据（运维人员以 yijue export 导出）", "the whole organization (yijue export)"),
}  # fmt: skip


class SignedIn(OfAccess, frozen=True):
    """The actor signed in, from this address, by a password or by the provider that the operator named."""

    kind: ClassVar = "access.signed_in"

    address: str
    way: Literal["password", "provider"]

    def tell(self, teller: Teller) -> Words:
        by, by_en = ("经统一身份认证", " by the provider") if self.way == "provider" else ("", "")
        return f"{by}登录（{self.address or '—'}）", f"Signed in{by_en} ({self.address or '—'})"


class SignInFailed(OfAccess, frozen=True):
    """Somebody failed to sign in, so many times within a minute, as `person`; null: with numbers that nobody has. The
    numbers are not kept, for they may be passwords."""

    kind: ClassVar = "access.failed"

    address: str
    person: int | None
    times: int

    def tell(self, teller: Teller) -> Words:
        who, who_en = (
            ("以不存在的工号", "with a number that nobody has")
            if self.person is None
            else (f"以{teller.who(self.person)}的工号", f"as {teller.who(self.person)}")
        )
        return (
            f"{who}登录失败 {self.times} 次（{self.address or '—'}）",
            f"Failed {self.times} times to sign in {who_en} ({self.address or '—'})",
        )


class SignedOut(OfAccess, frozen=True):
    """The actor signed out."""

    kind: ClassVar = "access.signed_out"

    def tell(self, teller: Teller) -> Words:
        return "退出登录", "Signed out"


class PaperRead(OfAccess, frozen=True):
    """The actor was shown a personnel paper of an item; neither its name nor the item's title stands here."""

    kind: ClassVar = "access.paper_read"

    meeting: int
    title: str
    starts_at: datetime
    position: int
    item: int
    paper: int

    def tell(self, teller: Teller) -> Words:
        day = date_text(self.starts_at.date())
        return (
            f"阅看{day}“{self.title}”第 {self.position} 项议题的人事材料（编号 {self.paper}）",
            f"Read a personnel paper (no. {self.paper}) of item {self.position}, “{self.title}”, {day}",
        )


class FileTaken(OfAccess, frozen=True):
    """The actor was given a file: a print, issued minutes, a workbook; `of` names what it is of."""

    kind: ClassVar = "access.file_taken"

    what: What
    of: str
    meeting: int | None = None

    def tell(self, teller: Teller) -> Words:
        zh, en = _WHAT[self.what]
        return f"打印或下载{zh}：{self.of}", f"Printed or downloaded {en}: {self.of}"
