"""The unsafe settings that `yijue doctor` names, each with what to do. They are faults of a production database alone.

Each `look_at_…` takes values and gives a finding; the statements that find these are the stores'.
"""

import os
import pwd
import time
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path

from acts.heads import Outside
from server.finding import Finding
from server.settings import Settings
from storage.cluster import ACCOUNT
from storage.store import Durability

_FAR = 60.0  # seconds between two clocks of one moment
_PRIVATE = tuple(
    ip_network(each)
    for each in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10",
                 "::1/128", "fc00::/7", "fe80::/10")
)  # fmt: skip
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


def look_at_heads(heads: str | None) -> Finding:
    """Look at whether heads are kept outside: without them an older copy that is put back can go unnoticed."""
    what = "留痕外存位置 · Place of heads"
    mend = (
        "操作留痕的校验值没有存到数据库之外，恢复旧备份后可能无人察觉；"
        "请将 YIJUE_HEADS 设为另一磁盘上的文件或另一台机器的网址"
        " · nobody but open pages knows that an older copy was put back: set YIJUE_HEADS to a file on another disk, or"
        " an address on another machine"
    )
    return Finding(what, heads or "未设置 · not kept", "" if heads else mend)


def look_at_places(settings: Settings) -> Finding:
    """Look at whether backups or heads lie on the disk of the data, and are lost with it."""
    what = "数据与备份分盘 · Disks"
    data = _device(settings.disk if settings.database_url is not None else settings.data)
    if data is None:
        return Finding(what, "未知 · not known（YIJUE_DATABASE_DISK）")
    kept = {"YIJUE_BACKUPS": settings.backups.folder, "YIJUE_HEADS": Outside(settings.heads).file}
    same = [name for name, path in kept.items() if path is not None and _device(path) == data]
    mend = (
        f"{'、'.join(same)} 与数据在同一磁盘，磁盘损坏时一并丢失；请改设在另一磁盘"
        f" · {', '.join(same)} on the data's own disk: lost together with it, so name a place on another disk"
    )
    return Finding(what, "同盘 · the same disk" if same else "不同盘 · apart", mend if same else "")


def _device(path: Path | None) -> int | None:
    """The disk of a path that may not be there yet; None where it is not known."""
    there = next((each for each in (path, *path.parents) if each.exists()), None) if path is not None else None
    return None if there is None else there.stat().st_dev


def look_at_metrics(settings: Settings) -> Finding:
    """Look at whether the figures are open to more than private networks."""
    what = "监控地址 · Metrics"
    open_ = [each for each in settings.metrics_from if not _is_private(ip_network(each, strict=False))]
    mend = (
        f"{'、'.join(open_)} 不是内部网络，外人可以读取运行数据；请缩小 YIJUE_METRICS_FROM，或改用 YIJUE_METRICS_TOKEN"
        f" · {', '.join(open_)}: not a private network, so strangers read the figures: narrow YIJUE_METRICS_FROM, or"
        " use YIJUE_METRICS_TOKEN"
    )
    return Finding(what, ", ".join(settings.metrics_from), mend if open_ else "")


def _is_private(network: IPv4Network | IPv6Network) -> bool:
    """Whether all of the network lies in a private one; `is_private` of a network looks at its two ends alone."""
    ends = network.network_address, network.broadcast_address
    return any(all(end in private for end in ends) for private in _PRIVATE)


def look_at_encryption(settings: Settings) -> Finding:
    """Look at whether backups are encrypted: a note, since a folder in a locked room may do without."""
    what, chosen = "备份加密 · Encryption", settings.backups
    if chosen.recipients:
        return Finding(what, f"{len(chosen.recipients)} 个公钥 · keys")
    none = "未加密，存到别处的请设 YIJUE_BACKUP_RECIPIENTS（age-keygen）· none: for backups that leave the room set it"
    return Finding(what, none)


def look_at_second_factor(organizations: Sequence[str]) -> Finding:
    """Look at the organizations that demand no second factor: a note, since some offices give out no phones."""
    what = "第二验证 · Second factor"
    if not organizations:
        return Finding(what, "各单位都要求 · every organization demands one")
    how = f"{'、'.join(organizations[:10])} 未要求，可在“单位管理 → 登录链接”设定 · not demanded there"
    return Finding(what, f"{how}: the administrator can, under 单位管理")
