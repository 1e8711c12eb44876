"""Every unsafe setting is named by `yijue doctor`, each with what to do; the safe one beside it is not."""

import os
import pwd
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from bodies.store import bodies_unobserved, organizations_without_second_factor
from identity.provider import ProviderSettings
from server import safety
from server.connecting import SignIns
from server.doctor import _look_inside
from server.finding import Finding
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
from server.settings import Backups, Settings
from storage.store import Durability, durability, latest_record, purpose_and_offset
from tests.bureau import Bureau
from tests.conftest import Urls
from tests.storage.attacks import Connection

SETTINGS = Settings(None, None, Path("/nonexistent"), {}, (), ())
NAMED = replace(SETTINGS, database_url="postgresql://yijue_app@db/yijue")
OWNED = replace(NAMED, owner_url="postgresql://yijue_owner@db/yijue")
PROVIDER = ProviderSettings("https://id.example", "yijue", "", "preferred_username", None, "统一身份认证")
SURE = Durability(True, True, "on", True)
NOW = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)

CASES: list[tuple[str, Callable[[], Finding], Callable[[], Finding], str]] = [
    ("no TLS", lambda: look_at_transport(SETTINGS), lambda: look_at_transport(replace(SETTINGS, proxies=("10.0.0.1",))),
     "YIJUE_TRUSTED_PROXIES"),
    ("a moved clock", lambda: look_at_purpose("demonstration", -400 * SECOND),
     lambda: look_at_purpose("production", timedelta()), "hold no real meeting"),
    ("the owner's sign-in", lambda: look_at_owner(OWNED),
     lambda: look_at_owner(NAMED), "YIJUE_DATABASE_OWNER_URL"),
    ("the owner's sign-in that no provider needs", lambda: look_at_owner(OWNED),
     lambda: look_at_owner(replace(OWNED, provider=PROVIDER)), "YIJUE_DATABASE_OWNER_URL"),
    ("root", lambda: look_at_account(NAMED, root=True), lambda: look_at_account(NAMED, root=False),
     "deploy/yijue.service"),
    ("fsync", lambda: look_at_durability(replace(SURE, fsync=False)), lambda: look_at_durability(SURE),
     "set fsync = on"),
    ("full_page_writes", lambda: look_at_durability(replace(SURE, full_page_writes=False)),
     lambda: look_at_durability(SURE), "set full_page_writes = on"),
    ("synchronous_commit", lambda: look_at_durability(replace(SURE, synchronous_commit="off")),
     lambda: look_at_durability(replace(SURE, synchronous_commit="local")), "set synchronous_commit = on"),
    ("checksums", lambda: look_at_durability(replace(SURE, checksums=False)), lambda: look_at_durability(SURE),
     "pg_checksums --enable"),
    ("a clock apart", lambda: look_at_clock(NOW, None, NOW.timestamp() - 90),
     lambda: look_at_clock(NOW, None, NOW.timestamp()), "+90 s from this machine's"),
    ("a record ahead", lambda: look_at_clock(NOW, NOW + 90 * SECOND, NOW.timestamp()),
     lambda: look_at_clock(NOW, NOW, NOW.timestamp()), "90 s ahead"),
    ("heads kept nowhere", lambda: look_at_heads(None), lambda: look_at_heads("/var/heads.jsonl"), "set YIJUE_HEADS"),
    ("figures for all", lambda: look_at_metrics(replace(SETTINGS, metrics_from=("10.0.0.0/8", "0.0.0.0/0"))),
     lambda: look_at_metrics(replace(SETTINGS, metrics_from=("10.1.0.0/16", "192.168.1.5", "::1"))),
     "0.0.0.0/0: not a private network"),
    ("figures for a neighbour", lambda: look_at_metrics(replace(SETTINGS, metrics_from=("203.0.113.0/24",))),
     lambda: look_at_metrics(SETTINGS), "narrow YIJUE_METRICS_FROM"),
    ("no observer", lambda: look_at_observers(["甲局党组"]), lambda: look_at_observers([]), "甲局党组"),
]  # fmt: skip


@pytest.mark.parametrize(("what", "unsafe", "safe", "words"), CASES, ids=[each[0] for each in CASES])
def test_what_is_unsafe_is_named(
    what: str, unsafe: Callable[[], Finding], safe: Callable[[], Finding], words: str
) -> None:
    found = unsafe()
    assert words in found.mend, what
    chinese, _, english = found.mend.partition("·")
    assert any("\u4e00" <= each <= "\u9fff" for each in chinese)
    assert english, what
    assert not safe().mend, what


def test_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert list(look_at_backup_folder(None)) == list(look_at_backup_folder(tmp_path / "none")) == []
    tmp_path.chmod(0o755)
    assert f"chmod g-w,o-rwx {tmp_path}" in next(look_at_backup_folder(tmp_path)).mend
    tmp_path.chmod(0o700)
    assert not next(look_at_backup_folder(tmp_path)).mend
    embedded = replace(SETTINGS, data=tmp_path)
    (tmp_path / "cluster").mkdir()
    mine = pwd.getpwuid(os.geteuid()).pw_name
    monkeypatch.setattr(safety, "_SHARED", (mine,))
    assert "chown -R" in look_at_account(embedded, root=False).mend
    monkeypatch.setattr(safety, "_SHARED", ())
    assert look_at_account(embedded, root=False) == Finding("系统账号 · Account", mine)


def test_one_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where a folder is not there yet, and where a named database's disk is known."""
    backups = Backups(tmp_path / "not" / "yet")
    for settings in (replace(SETTINGS, data=tmp_path), replace(NAMED, disk=tmp_path)):
        assert not look_at_places(replace(settings, heads="https://elsewhere.example/heads")).mend
        assert "YIJUE_BACKUPS on the data's own disk" in look_at_places(replace(settings, backups=backups)).mend
        assert "YIJUE_HEADS on the data's own disk" in look_at_places(replace(settings, heads=f"{tmp_path}/h")).mend
    assert not look_at_places(replace(NAMED, backups=backups)).mend
    monkeypatch.setattr(safety, "_device", lambda path: 2 if path == backups.folder else 1)
    assert not look_at_places(replace(SETTINGS, data=tmp_path, backups=backups)).mend


def test_notes_say_what_to_do() -> None:
    """Notes on things that a small office may do without are no faults."""
    plain, keyed = look_at_encryption(SETTINGS), replace(SETTINGS, backups=Backups(recipients=("age1",)))
    assert (plain.mend, "YIJUE_BACKUP_RECIPIENTS" in plain.how) == ("", True)
    assert "YIJUE_BACKUP_RECIPIENTS" not in look_at_encryption(keyed).how
    found = look_at_second_factor(["甲局"])
    assert (found.mend, "甲局" in found.how, "登录链接" in found.how) == ("", True, True)
    assert "every organization" in look_at_second_factor([]).how


async def test_the_database_is_asked(bureau: Bureau, owner: Connection, app_role: Connection) -> None:
    assert (await durability(app_role)).checksums
    await app_role.execute("SET synchronous_commit = off")
    assert (await durability(app_role)).synchronous_commit == "off"
    assert await bodies_unobserved(owner) == []
    await owner.execute("DELETE FROM grants WHERE role = 'observer'")
    assert await bodies_unobserved(owner) == ["江州市交通运输局党组"]
    assert await latest_record(owner) is None  # the bureau's rows are the owner's, without records
    await bureau.li.do(f"/api/bodies/{bureau.body}/kin", {"name": "赵钱"})
    assert await latest_record(owner) is not None
    assert await organizations_without_second_factor(owner) == ["江州市交通运输局"]
    await owner.execute("UPDATE organizations SET second_factor = true")
    assert await organizations_without_second_factor(owner) == []
    assert (await purpose_and_offset(app_role))[0] == "test"


async def test_production_alone_is_looked_at(
    bureau: Bureau, owner: Connection, app_role: Connection, urls: Urls
) -> None:
    async def said() -> dict[str, Finding]:
        found = [each async for each in _look_inside(app_role, SignIns(urls.app, urls.owner), SETTINGS, "")]
        return {each.what: each for each in found}

    unsafe = {"传输加密 · TLS", "数据安全 · Durability", "监督 · Observers", "时钟 · Clock", "系统账号 · Account",
              "留痕外存位置 · Place of heads", "数据与备份分盘 · Disks", "监控地址 · Metrics",
              "第二验证 · Second factor"}  # fmt: skip
    assert not unsafe & (await said()).keys()
    await owner.execute("ALTER TABLE deployment DISABLE TRIGGER USER")
    await owner.execute("UPDATE deployment SET purpose = 'production', clock_offset = '0'")
    found = await said()
    assert unsafe <= found.keys()
    assert found["留痕外存位置 · Place of heads"].mend
