"""`yijue found`: an organization and its first administrator, who makes everything else over HTTP."""

import re

import rich_click as click

from acts import normal
from bodies.store import found_organization
from identity.sessions import hash_password
from identity.store import read_organization
from identity.weakness import weakness
from server.connecting import apply_migrations, owner_connection, reach
from server.ending import run
from server.settings import from_environment
from storage.errors import OwnerUnknownError


@click.command()
@click.argument("name")
@click.option("--staff-number", required=True, help="管理员工号 · the administrator's staff number")
@click.option(
    "--code", help="单位代号，用于登录链接；不填则随机生成 · the code in its sign-in link, random if left out"
)
@click.option("--administrator", default="系统管理员", show_default=True, help="管理员姓名 · the administrator's name")
@click.password_option(envvar="YIJUE_PASSWORD", help="管理员密码（至少 8 位） · the password, 8 characters or more")
def found(name: str, staff_number: str, code: str | None, administrator: str, password: str) -> None:
    """建立单位和第一位管理员，其余由管理员登录后办理。

    Found the organization NAME with its first administrator, who does the rest after signing in.
    """
    if len(password) < 8:
        raise click.BadParameter("密码至少 8 位 · 8 characters or more", param_hint="--password")
    weak = weakness(password, normal.name(administrator), (staff_number, normal.name(name)), "password")
    if weak is not None:
        raise click.BadParameter(f"{weak.detail} · {weak.detail_en}", param_hint="--password")
    if code is not None and not re.fullmatch("[a-z0-9]{2,20}", code := normal.code(code).lower()):
        raise click.BadParameter("须为 2 至 20 个字母或数字 · 2 to 20 letters or digits", param_hint="--code")
    name, administrator, staff_number = normal.name(name), normal.name(administrator), normal.code(staff_number)
    code = run(_found(name, staff_number, code, administrator, password))
    click.echo(f"已建立“{name}”，管理员 {administrator}（工号 {staff_number}）可以登录，登录页为 /sign-in/{code}。")


async def _found(name: str, staff_number: str, code: str | None, administrator: str, password: str) -> str:
    async with reach(from_environment(), beside=True) as sign_ins:
        if sign_ins.owner is None:
            raise OwnerUnknownError("founding an organization")
        await apply_migrations(sign_ins.owner)
        async with owner_connection(sign_ins.owner) as connection:
            hashed = await hash_password(password)
            made = await found_organization(connection, name, staff_number, administrator, hashed, code)
            home = await read_organization(connection, made)
    assert home is not None
    return home.code
