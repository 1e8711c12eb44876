"""Signing minutes is entrusted to a member, and taken back (惯例)."""

from typing import ClassVar

from acts.content import Words
from bodies.state import BodyTeller, OfBody


class SigningEntrusted(OfBody, frozen=True):
    """The head, `by`, entrusts a member with signing minutes, in place of anybody entrusted before."""

    kind: ClassVar = "signing.entrusted"

    person: int
    name: str
    by: str

    def tell(self, teller: BodyTeller) -> Words:
        return f"{self.by}委托{self.name}签发会议纪要", f"{self.by} entrusted {self.name} with signing minutes"


class SigningTakenBack(OfBody, frozen=True):
    """The member is not entrusted with signing minutes any more."""

    kind: ClassVar = "signing.taken_back"

    person: int
    name: str

    def tell(self, teller: BodyTeller) -> Words:
        return f"收回{self.name}签发会议纪要的委托", f"{self.name} is not entrusted with signing minutes any more"
