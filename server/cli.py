"""The command `yijue`. Each subcommand is imported only to run, so that each starts fast."""

import os
import sys
from importlib import import_module
from types import MappingProxyType

import rich_click as click

from acts.refusal import RefusedError
from storage.errors import YijueError

# Name → where it is, and the line that says what it does.
COMMANDS = MappingProxyType(
    {
        "found": (
            "server.commands.found:found",
            "建立单位和第一位管理员 · Found an organization with its administrator",
        ),
        "serve": ("server.commands.serve:serve", "启动服务 · Serve"),
        "demo": ("server.commands.demo:demo", "演示一次会议 · The demonstration meeting"),
        "import": (
            "server.commands.import_:import_",
            "导入机构、人员、亲属关系和事项清单 · Import bodies, people, kinship and matters",
        ),
        "export": ("server.commands.export:export", "导出一个单位的全部数据 · Export one organization, all of it"),
        "import-organization": (
            "server.commands.import_organization:import_organization",
            "导入由 export 导出的单位 · Take in an organization that was exported",
        ),
        "watch": ("server.commands.watch:watch", "在终端旁观一次会议 · Follow a meeting live in the terminal"),
        "verify": ("server.commands.verify:verify", "核验会议纪要 · Whether minutes follow from the records"),
        "check": ("server.commands.check:check", "核查数据库是否完好 · Whether the database is whole"),
        "backup": ("server.commands.backup:backup", "备份全部数据 · Back up everything"),
        "restore": ("server.commands.restore:restore_", "将备份恢复到空处 · Restore a backup into an empty place"),
        "explain-loss": (
            "server.commands.explain_loss:explain_loss",
            "登记操作留痕丢失的原因 · Say on record why records are lost",
        ),
        "migrate": ("server.commands.migrate:migrate", "升级数据库结构 · Bring the database to the program's schema"),
        "upgrade-database": (
            "server.commands.upgrade_database:upgrade_database",
            "将内置数据库升级到新的主版本 · Bring the embedded PostgreSQL to the next major version",
        ),
        "renew-passwords": (
            "server.commands.renew_passwords:renew_passwords",
            "另设内置数据库的口令 · New passwords for the embedded PostgreSQL",
        ),
        "doctor": ("server.commands.doctor:doctor", "检查运行环境 · Is everything there, and what to do if not"),
        "decide": (
            "server.commands.decide:decide",
            "按议事规则试算或复核一次会议 · What the rules make of a meeting",
        ),
    }
)


class LazyGroup(click.RichGroup):
    """A group that lists its commands without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        return click.RichCommand(name=cmd_name, help=COMMANDS[cmd_name][1])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name, command, rest = super().resolve_command(ctx, args)
        return name, command if name is None else _load(COMMANDS[name][0]), rest


def _load(place: str) -> click.Command:
    module, _, attribute = place.partition(":")
    command = getattr(import_module(module), attribute)
    if not isinstance(command, click.Command):
        raise TypeError(f"{place} is no command")
    return command


@click.group(cls=LazyGroup, invoke_without_command=True)
@click.pass_context
def yijue(context: click.Context) -> None:
    """议决：依规则集体决策，过程可查可证。

    Collective decisions, made by the rules and provable afterwards.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


def main() -> None:
    """Run `yijue`; a failure is one line on standard error, or one for each refusal, and exit status 1. A fault of
    the program itself is raised."""
    try:
        yijue()
    except RefusedError as error:
        click.echo(
            "\n".join(f"yijue: {each.detail} ({each.rule}: {each.detail_en})" for each in error.refusals), err=True
        )
        sys.exit(1)
    except (OSError, YijueError) as error:
        click.echo(f"yijue: {error}", err=True)
        # The rest of the buffer cannot be written either; the interpreter would say so once more.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.exit(1)
    except Exception as error:
        from asyncpg import InterfaceError, PostgresError  # here: `yijue --help` does not load the driver

        if not isinstance(error, InterfaceError | PostgresError):
            raise
        click.echo(
            f"yijue: PostgreSQL 未能执行：{error}；请运行 yijue check 核查数据库"
            " (PostgreSQL could not do it; `yijue check` looks at the database)",
            err=True,
        )
        sys.exit(1)
