"""The page in a backup that says to people what it holds and how to restore it (`README.txt`)."""

from collections import Counter
from datetime import UTC

from acts.dates import BUREAU_TIME
from storage.backups import CLUSTER, DUMP, PASSWORDS, SUMS, Page
from storage.streams import AGE

BOOKS = {"organization": "单位", "body": "议事机构", "meeting": "会议"}


def sheet(page: Page) -> str:
    """The page as text, Chinese first. It holds no secret: a head's hash betrays nothing of its record."""
    at = page.at.astimezone(BUREAU_TIME)
    names_zh, names_en = "、".join(page.organizations) or "（无）", ", ".join(page.organizations) or "none"
    file = (CLUSTER if page.method == "cluster" else DUMP) + (AGE if page.recipients else "")
    whole = page.method == "cluster"
    zh = [
        "议决数据备份",
        "",
        f"单位：{names_zh}",
        f"时间：{at:%Y-%m-%d %H:%M:%S}（北京时间）",
        f"程序版本 {page.program}，数据库结构第 {page.schema} 版，PostgreSQL {page.postgresql}",
        f"内容：{file}，{'内置数据库的完整副本及其口令' if whole else '数据库的导出（pg_dump）'}",
        f"加密：{'、'.join(page.recipients) if page.recipients else '未加密，请妥善保管'}",
        f"操作留痕：{_counted_zh(page)}，各簿的末条记录列于文末。",
        "",
        "恢复：",
        "  1. 装上同一版本或更新版本的程序；",
        f"  2. 设 YIJUE_DATA 为一个空文件夹{'' if whole else '，或设 YIJUE_DATABASE_OWNER_URL 为一个空数据库'}；",
        f"  3. 运行 yijue restore 本文件夹{' --identity 私钥文件' if page.recipients else ''}；",
        "  4. 按其提示处理，然后运行 yijue serve。",
        f"核对本文件夹：sha256sum --check {SUMS}",
        *(["解密：age --decrypt --identity 私钥文件 文件名"] if page.recipients else []),
    ]
    en = [
        "A backup of Yijue",
        "",
        f"Organizations: {names_en}",
        f"Taken at: {page.at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
        f"Program {page.program}, schema {page.schema}, PostgreSQL {page.postgresql}",
        f"Content: {file}, " + (f"the whole embedded cluster; {PASSWORDS} beside it" if whole else "by pg_dump"),
        f"Encrypted to: {', '.join(page.recipients) or 'nobody: keep it safe'}",
        f"Ledger: {_counted_en(page)}; the last record of each is listed below.",
        "",
        "To restore:",
        "  1. install this version of the program, or a newer one;",
        "  2. name an empty folder in YIJUE_DATA"
        + ("" if whole else ", or an empty database in YIJUE_DATABASE_OWNER_URL"),
        f"  3. run: yijue restore FOLDER{' --identity KEYFILE' if page.recipients else ''}",
        "  4. do what it says, then run: yijue serve",
        f"To compare the files with their checksums: sha256sum --check {SUMS}",
        *(["To decrypt by hand: age --decrypt --identity KEYFILE FILE"] if page.recipients else []),
    ]
    heads = [
        f"{BOOKS.get(each.subject, each.subject)} {each.subject} {each.id}: {each.seq} {each.hash}"
        for each in page.heads
    ]
    note = "（备份开始时；其后的记录亦可能在内 · as it began; later records may be in it too）" if whole else ""
    return "\n".join([*zh, "", "-" * 72, "", *en, "", "-" * 72, "", f"末条记录 · Heads{note}", "", *heads, ""])


def _counted_zh(page: Page) -> str:
    records = sum(each.seq for each in page.heads)
    kinds = "、".join(
        f"{BOOKS.get(kind, kind)} {count} 簿" for kind, count in Counter(each.subject for each in page.heads).items()
    )
    return f"{kinds or '无'}，共 {records} 条记录"


def _counted_en(page: Page) -> str:
    kinds = ", ".join(f"{count} of {kind}" for kind, count in Counter(each.subject for each in page.heads).items())
    return f"{sum(each.seq for each in page.heads)} records in {len(page.heads)} books ({kinds or 'none'})"
