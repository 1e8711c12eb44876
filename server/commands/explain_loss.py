"""`yijue explain-loss`: an operator says on record why records are lost, and the bodies number minutes again."""

import re
import sys
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.text import Text

from bodies.kinds.losing import LostNumber
from server.connecting import owner_connection, reach
from server.ending import run
from server.lost import Loss, explain, find_losses, kept_lines, read_kept
from server.settings import from_environment
from storage.errors import OwnerUnknownError

_NUMBER = re.compile(r"(.{1,100})〔(\d{4})〕([1-9]\d{0,3})号")


class _Number(click.ParamType[LostNumber]):
    """A number as it is printed, with its series: 会议纪要〔2026〕2号."""

    name = "会议纪要〔2026〕2号"

    def convert(self, value: str | LostNumber, param: click.Parameter | None, ctx: click.Context | None) -> LostNumber:
        if isinstance(value, LostNumber):
            return value
        found = _NUMBER.fullmatch(value.strip())
        if found is None:
            self.fail(f"请写成 会议纪要〔2026〕2号 · write it as it is printed: {value}", param, ctx)
        return LostNumber(found[1], int(found[2]), int(found[3]))


@click.command("explain-loss")
@click.option("--reason", help="发生了什么，将永久记录 · what happened; it is kept for ever")
@click.option("--body", metavar="机构", help="机构名称，有多个时须填 · the body, where there are several")
@click.option(
    "--number", "numbers", multiple=True, type=_Number(),
    help="已印发而丢失的编号，不再使用 · a number that was issued and lost, to be passed over",
)  # fmt: skip
@click.option(
    "--heads", type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="留痕外存文件（默认 YIJUE_HEADS） · the file of heads",
)  # fmt: skip
def explain_loss(reason: str | None, body: str | None, numbers: tuple[LostNumber, ...], heads: Path | None) -> None:
    """列出已经发出而本库没有的操作留痕；用 --reason 登记原因后，恢复印发编号。

    List the records that were given out and are not here, an older copy of the database having been put back. With
    --reason it is said on record what happened, and minutes are numbered again, past the numbers that were lost. Exit
    status 1 where losses are left unexplained.
    """
    left = run(_explain(reason, body, numbers, heads))
    sys.exit(1 if left else 0)


async def _explain(
    reason: str | None, body: str | None, numbers: tuple[LostNumber, ...], heads: Path | None
) -> list[Loss]:
    settings, console = from_environment(), Console(highlight=False)
    async with reach(settings, beside=True) as sign_ins:
        if sign_ins.owner is None:
            raise OwnerUnknownError("explaining a loss")
        lines = kept_lines(settings.heads) if heads is None else read_kept(heads)
        async with owner_connection(sign_ins.owner) as owner:
            losses = await find_losses(owner, lines)
            _show(console, losses)
            if not losses or reason is None:
                return losses
            chosen = [each for each in losses if body in (None, each.name)]
            if len(chosen) != 1:
                raise click.UsageError("请用 --body 指明机构 · name the body with --body")
            if not reason.strip():
                raise click.UsageError("请写明原因 · the reason is empty")
            await explain(owner, chosen[0], reason.strip(), numbers)
    console.print(Text(f"✓ 已登记“{chosen[0].name}”的说明，可以继续印发 · on record", style="green"))
    return [each for each in losses if each is not chosen[0]]


def _show(console: Console, losses: list[Loss]) -> None:
    if not losses:
        console.print("✓ 已知的操作留痕均在 · every record that is known outside is here")
    for loss in losses:
        for zh, en in loss.words:
            console.print(Text(f"✗ {loss.name}：{zh} · {en}", style="red"), soft_wrap=True)
        for each in loss.numbers:
            console.print(
                Text(f"  已印发 · was issued: {each.series}〔{each.year}〕{each.number}号", style="red"), soft_wrap=True
            )
