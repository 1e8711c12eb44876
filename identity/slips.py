"""First passwords as slips: two side by side in a table that is cut apart, four on a page."""

from collections.abc import Iterator, Sequence

from msgspec import Struct

from documents.blocks import Block, Gap, Grid, NewPage

_SHARES = (1.2, 3.0, 1.2, 3.0)
_ON_A_PAGE = 4


class Slip(Struct, frozen=True):
    """One person's slip."""

    name: str
    staff_number: str
    password: str


def slips_paper(organization: str, link: str, slips: Sequence[Slip]) -> Iterator[Block]:
    """The blocks of a paper of slips; `link` is the organization's sign-in page."""

    def lines(slip: Slip) -> list[tuple[str, str]]:
        return [
            ("姓名", slip.name),
            ("单位", organization),
            ("登录网址", link),
            ("工号", slip.staff_number),
            ("初始密码", slip.password),
            ("首次登录", "请改为自己的密码，勿转告他人"),
        ]

    for start in range(0, len(slips), 2):
        if start:
            yield Gap() if start % _ON_A_PAGE else NewPage()
        left, *others = (lines(slip) for slip in slips[start : start + 2])
        right = others[0] if others else [("", "")] * len(left)
        head, *rows = [(*one, *other) for one, other in zip(left, right, strict=True)]
        yield Grid(_SHARES, head, rows)
