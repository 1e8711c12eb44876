"""The unsafe settings that `yijue doctor` names, each with what to do. They are faults of a production database alone.

Each `look_at_…` takes values and gives a finding; the statements that find these are the stores'.
"""

import os
import pwd
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from server.finding import Finding
from server.settings import Settings
from storage.cluster import ACCOUNT
from storage.store import Durability

_FAR = 60.0  # seconds between two clocks of one moment
_SHARED = ("nobody", "root")  # accounts that other programs use too


def look_at_transport(settings: Settings) -> Finding:
    """Look at whether a proxy with TLS is named: without one the session's cookie is not `Secure`."""
    what = "传输加密 · TLS"
    if settings.proxies:
        return Finding(
            what, "由可信代理提供，会话 cookie 为 Secure · the named proxy's; the session's cookie is Secure"
        )
    mend = (
        "未指定提供 TLS 的反向代理，口令和会话以明文传输，会话 cookie 不带 Secure；请设置反向代理，"
        "并在 YIJUE_TRUSTED_PROXIES 中写明 · passwords and sessions travel in the clear and the cookie is not Secure:"
        " put a reverse proxy with TLS before the program and name it in YIJUE_TRUSTED_PROXIES"
    )
    return Finding(what, "无 · none", mend)


def look_at_purpose(purpose: str, offset: timedelta) -> Finding:
    """Look at what the database was made for, and whether its clock is moved."""
    what = "数据库用途 · Purpose"
    if not offset:
        return Finding(what, purpose)
    mend = (
        "时钟已被拨动，不得用于正式会议；请为正式使用另建数据库"
        " · its clock is moved: hold no real meeting in it, and make another database for those"
    )
    return Finding(what, f"{purpose} ({offset})", mend)


def look_at_owner(settings: Settings) -> Finding:
    """Look at whether the owner's sign-in stands in the environment, where the serving program would have it too."""
    what = "所有者登录 · Owner's sign-in"
    if settings.database_url is None or settings.owner_url is None:
        return Finding(what, "不在环境中 · not in the environment")
    if settings.provider is not None:
        return Finding(what, "在环境中，统一身份认证登录需要 · in the environment: sign-ins by the provider need it")
    mend = (
        "服务运行时不应持有所有者的口令：请只在 migrate、found、check、backup 等命令时设置"
        " YIJUE_DATABASE_OWNER_URL，从服务的环境中删去"
        " · the serving program need not have the owner's password: set YIJUE_DATABASE_OWNER_URL for commands such as"
        " migrate, found, check and backup alone, and take it out of the service's environment"
    )
    return Finding(what, "在环境中 · in the environment", mend)


def look_at_account(settings: Settings, *, root: bool) -> Finding:
    """Look at the account that the embedded server's files belong to, and at whether the program itself is root."""
    what = "系统账号 · Account"
    cluster = settings.data / "cluster"
    if settings.database_url is None and cluster.exists():
        uid = cluster.stat().st_uid
        try:
            name = pwd.getpwuid(uid).pw_name
        except KeyError:
            name = str(uid)
        mend = (
            f"内置数据库归共用账号 {name} 所有，请停止服务后 chown -R 给专用账号 {ACCOUNT} · the cluster belongs to"
            f" {name}, which others use too: stop the server and chown -R the cluster to {ACCOUNT}"
        )
        return Finding(what, name, mend if name in _SHARED else "")
    mend = (
        "以 root 运行，请为服务建立专用账号（见 deploy/yijue.service）· it runs as root: give the service an account of"
        " its own, as deploy/yijue.service does"
    )
    return Finding(what, "root" if root else pwd.getpwuid(os.geteuid()).pw_name, mend if root else "")


def look_at_durability(found: Durability) -> Finding:
    """Look at whether a ballot that was acknowledged survives a power cut, and whether damage of a page shows."""
    what = "数据安全 · Durability"
    said = {
        "fsync": found.fsync,
        "full_page_writes": found.full_page_writes,
        "synchronous_commit": found.synchronous_commit != "off",
        "data_checksums": found.checksums,
    }
    how = ", ".join(f"{name} {'on' if on else 'off'}" for name, on in said.items())
    mends = [
        f"已回执的表决可能在断电时丢失 · acknowledged ballots can be lost: set {name} = on in postgresql.conf"
        for name in ("fsync", "full_page_writes", "synchronous_commit")
        if not said[name]
    ]
    if not found.checksums:
        mends.append(
            "数据页没有校验，磁盘损坏不会被发现"
            " · damage of the disk goes unnoticed: stop PostgreSQL and run pg_checksums --enable"
        )
    return Finding(what, how, "; ".join(mends))


def look_at_clock(database: datetime, last: datetime | None, machine: float | None = None) -> Finding:
    """Look at the database's clock beside this machine's and beside the latest record."""
    what = "时钟 · Clock"
    here = time.time() if machine is None else machine
    apart = database.timestamp() - here
    mends = []
    if abs(apart) > _FAR:
        mends.append(
            f"数据库与本机时钟相差 {apart:+.0f} 秒，请校准（chrony 或 systemd-timesyncd）"
            f" · the database's clock is {apart:+.0f} s from this machine's: set both by chrony or systemd-timesyncd"
        )
    if last is not None and (ahead := (last - database).total_seconds()) > _FAR:
        mends.append(
            f"最新记录的时间比现在晚 {ahead:.0f} 秒，时钟曾被拨快或现在偏慢 · the latest record is {ahead:.0f} s ahead:"
            " the clock was fast, or is slow now; set it by chrony or systemd-timesyncd"
        )
    return Finding(what, f"{database:%Y-%m-%d %H:%M:%S} UTC", "; ".join(mends))


def look_at_observers(bodies: Sequence[str]) -> Finding:
    """Look at the bodies that nobody observes."""
    what = "监督 · Observers"
    if not bodies:
        return Finding(what, "每个机构都有监督人员 · every body has one")
    named = "、".join(bodies[:10]) + ("……" if len(bodies) > 10 else "")
    mend = (
        f"以下机构没有监督人员，管理员的操作无人复核，请管理员设定：{named}"
        " · nobody watches these bodies: the administrator gives somebody the role of observer"
    )
    return Finding(what, f"{len(bodies)} 个机构没有 · bodies without", mend)


def look_at_backup_folder(folder: Path | None) -> Iterator[Finding]:
    """Look at whether others may read the backups, which hold all that the database does. The folder's group may: in
    compose.yaml the serving program looks at their age."""
    if folder is None or not folder.exists():
        return
    mode = folder.stat().st_mode & 0o777
    mend = (
        f"其他用户可以读取备份，请收紧权限 · others may read the backups: chmod g-w,o-rwx {folder}"
        if mode & 0o027
        else ""
    )
    yield Finding("备份目录 · Backups' folder", f"{folder} ({mode:o})", mend)
