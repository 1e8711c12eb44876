"""`yijue import`: a file of bodies, people, kinship and matters, previewed, then taken as a whole or not at all."""

import sys
import uuid
from contextlib import AsyncExitStack
from pathlib import Path

import rich_click as click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from acts import normal
from acts.database import connected
from acts.refusal import Refused, RefusedError
from identity.sessions import caller_for_operator
from imports import importing
from imports.rows import MOST_COMPLAINTS
from imports.sheets import PEOPLE
from imports.steps import Preview, RowChange
from imports.template import make_template
from server.connecting import apply_migrations, nobody, owner_connection, reach
from server.ending import run
from server.progress import progress_bar
from server.settings import from_environment
from storage.errors import OwnerUnknownError

_WIDTH = 120
_SHOWN = 200  # rows of a preview
_ACTIONS = {"create": Text("新增", style="green"), "change": Text("修改", style="yellow")}


@click.command("import")
@click.argument("file", required=False, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--as", "staff_number", metavar="工号", help="以谁的名义导入：本单位管理员的工号 · who imports")
@click.option(
    "--organization", metavar="单位", help="单位代号或全称，有多个单位时须填 · needed where there are several"
)
@click.option("--yes", is_flag=True, help="不再询问，预览后即导入 · apply without asking")
@click.option(
    "--template", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.xlsx",
    help="写出待填写的模板 · write the template to fill in",
)  # fmt: skip
def import_(
    file: Path | None, staff_number: str | None, organization: str | None, yes: bool, template: Path | None
) -> None:
    """导入议事机构、人员、亲属关系和事项清单（XLSX 或 CSV），先预览，确认后全部生效。

    Import FILE (XLSX or CSV): a preview, then all of it or nothing. A bad row is named by sheet, row and column,
    exit status 1. Works beside a serving yijue too.
    """
    console = Console(highlight=False, width=None if sys.stdout.isatty() else _WIDTH)
    if template is not None:
        template.write_bytes(make_template())
        console.print(Text(f"模板已写入 {template}"))
    if file is None:
        if template is None:
            raise click.UsageError("请给出要导入的文件，或用 --template 写出模板 · name a file, or --template")
        return
    if not staff_number:
        raise click.UsageError("请用 --as 给出管理员的工号 · name the administrator with --as")
    where = organization and normal.name(organization)
    sys.exit(run(_import(console, file.read_bytes(), where, normal.code(staff_number), yes)))


async def _import(console: Console, content: bytes, organization: str | None, staff_number: str, yes: bool) -> int:
    async with AsyncExitStack() as stack:
        sign_ins = await stack.enter_async_context(reach(from_environment(), beside=True))
        if sign_ins.owner is None:
            raise OwnerUnknownError("importing as the operator")
        await apply_migrations(sign_ins.owner)
        database = await stack.enter_async_context(connected(sign_ins.app, nobody))
        owner = await stack.enter_async_context(owner_connection(sign_ins.owner))
        try:
            operator = caller_for_operator(database, owner, organization, staff_number)
            caller = await stack.enter_async_context(operator)
            preview = await importing.preview(database, caller, content)
        except RefusedError as error:
            print_refusals(Console(stderr=True, highlight=False), error.refusals)
            return 1
        print_preview(console, preview)
        if not preview.changes:
            return 0
        if not yes and not click.confirm("导入以上内容？ Apply?"):
            console.print("未导入。Nothing was taken.")
            return 1
        with progress_bar("导入") as progress:
            await importing.apply(database, caller, content, preview.digest, uuid.uuid4(), progress)
    console.print(Text(f"已导入：新增 {preview.created} 行，修改 {preview.changed} 行。", style="bold green"))
    if any(change.sheet == PEOPLE.name and change.action == "create" for change in preview.changes):
        console.print("新登记的人员没有密码，由管理员设置密码后方可登录。")
    return 0


def print_preview(console: Console, preview: Preview) -> None:
    """Print the changes, a table for each sheet, then the counts."""
    sheets: dict[str, list[RowChange]] = {}
    for change in preview.changes[:_SHOWN]:
        sheets.setdefault(change.sheet, []).append(change)
    for sheet, changes in sheets.items():
        table = Table(title=sheet, title_justify="left", expand=True)
        table.add_column("行", justify="right")
        table.add_column("")
        table.add_column("内容", ratio=1)
        table.add_column("变动", ratio=1)
        for change in changes:
            table.add_row(str(change.row), _ACTIONS[change.action], Text(change.title), _differences(change))
        console.print(table)
    if (more := len(preview.changes) - _SHOWN) > 0:
        console.print(f"另有 {more} 行未列出。")
    counts = f"新增 {preview.created} 行，修改 {preview.changed} 行，不变 {preview.same} 行"
    console.print(Text(counts if preview.changes else f"{counts}：没有需要导入的内容。", style="bold"))


def _differences(change: RowChange) -> Text:
    lines = Text("\n").join(
        Text(f"{each.heading}：{f'{each.before} → ' if each.before else ''}{each.after}") for each in change.differences
    )
    return lines


def print_refusals(console: Console, refusals: tuple[Refused, ...]) -> None:
    """Print every place that is wrong, each in a line that names it."""
    for each in refusals[: MOST_COMPLAINTS + 1]:
        console.print(Text(f"yijue: {each.detail} ({each.detail_en})"), soft_wrap=True)
    console.print(Text("未导入任何内容。Nothing was taken.", style="bold red"))
