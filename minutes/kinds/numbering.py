"""The running numbers of a body that begins in midyear."""

from typing import ClassVar

from acts.content import Words
from bodies.state import BodyTeller, OfBody


class NumberReached(OfBody, frozen=True):
    """The body had reached this number in the year before it began here: of its meetings (`series` ""), or of its
    minutes."""

    kind: ClassVar = "number.reached"

    series: str
    year: int
    reached: int

    def tell(self, teller: BodyTeller) -> Words:
        if not self.series:
            return (
                f"登记启用前的编号：{self.year}年已开至第{self.reached}次会议",
                f"Number reached: {self.reached} meetings were held in {self.year} before",
            )
        return (
            f"登记启用前的编号：{self.series}已编至〔{self.year}〕{self.reached}号",
            f"Number reached: {self.series} had come to 〔{self.year}〕{self.reached}号",
        )
