"""`yijue renew-passwords`: new passwords for the embedded PostgreSQL's roles, where `passwords.json` is lost."""

import rich_click as click

from server.settings import from_environment
from storage import embedded


@click.command()
def renew_passwords() -> None:
    """为内置 PostgreSQL 的角色另设口令（passwords.json 遗失时）；数据不变。

    Give the roles of the embedded PostgreSQL new passwords, where `passwords.json` is lost. The data stay as they are;
    no yijue may run on the folder meanwhile.
    """
    settings = from_environment()
    if settings.database_url is not None:
        raise click.UsageError("YIJUE_DATABASE_URL names a server: its administrator sets its passwords")
    embedded.renew_passwords(settings.data)
    click.echo(f"已另设口令 · renewed: {settings.data / 'passwords.json'}")
