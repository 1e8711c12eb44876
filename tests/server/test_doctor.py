"""`yijue doctor` on the embedded server: it reads and creates nothing."""

import tempfile
from pathlib import Path

from msgspec.structs import replace

from bodies.store import found_organization
from identity.sessions import hash_password
from server.connecting import apply_migrations, owner_connection, reach
from server.doctor import look_at_database, look_at_folder, look_at_proxies, look_at_scanner
from server.finding import Finding
from server.settings import Settings
from tests.clamd import Clamd
from tests.server.commands import run


async def test_it_makes_nothing() -> None:
    with tempfile.TemporaryDirectory(prefix="yijue-test-") as there:
        folder = Path(there) / "data"
        status, said, _ = await run("doctor", YIJUE_DATA=str(folder))
        assert status == 0, said
        assert "首次启动时建立" in said
        assert not folder.exists()


async def test_it_asks_the_scanner(tmp_path: Path) -> None:
    nowhere = Settings(None, None, tmp_path, {}, (), ())
    none = await look_at_scanner(nowhere)
    assert not none.mend
    assert "YIJUE_VIRUS_SCANNER" in none.how
    clamd = Clamd(tmp_path / "clamd.sock")
    named = replace(nowhere, scanner=f"unix:{clamd.path}")
    async with clamd.running():
        assert await look_at_scanner(named) == Finding(
            "病毒查杀 · Virus scanner", "ClamAV 1.4.6/27000/Tue Dec  1 00:00:00 2026"
        )
    clamd.path.unlink(missing_ok=True)
    assert "start clamd" in (await look_at_scanner(named)).mend
    assert "unix:/path or host:port" in (await look_at_scanner(replace(nowhere, scanner="clamd"))).mend


def test_it_names_proxies_and_origins_that_are_none() -> None:
    nowhere = Settings(None, None, Path("/nonexistent"), {}, (), ())
    proxies, origins = look_at_proxies(nowhere)
    assert "YIJUE_TRUSTED_PROXIES" in proxies.how
    assert (proxies.mend, origins.mend) == ("", "")
    good = replace(nowhere, proxies=("10.0.0.5", "fd00::/8"), origins=("https://yijue.example", "http://10.0.0.1:8000"))
    assert [each.mend for each in look_at_proxies(good)] == ["", ""]
    bad = replace(good, proxies=("10.0.0.5", "proxy"), origins=("yijue.example", "https://yijue.example/", "wss://a"))
    proxies, origins = look_at_proxies(bad)
    assert proxies.mend.endswith("no address and no network: proxy (YIJUE_TRUSTED_PROXIES)")
    assert origins.mend.endswith("not an origin: yijue.example, https://yijue.example/, wss://a (YIJUE_ORIGINS)")


async def test_it_looks_into_a_database_that_is_there() -> None:
    with tempfile.TemporaryDirectory(prefix="yijue-test-") as there:
        Path(there).chmod(0o755)
        settings = Settings(None, None, Path(there) / "data", {}, (), ())
        async with reach(settings) as sign_ins:
            assert sign_ins.owner
            await apply_migrations(sign_ins.owner)
            async with owner_connection(sign_ins.owner) as owner:
                await found_organization(owner, "甲单位", "1", "甲", await hash_password("12345678"))
                year = await owner.fetchval("SELECT extract(year FROM yijue_now() AT TIME ZONE 'Asia/Shanghai')::int")
            # The server is running meanwhile, as under `yijue serve`.
            findings = {finding.what: finding async for finding in look_at_database(settings)}
            assert findings["程序角色 · Role"].how == "yijue_app"
            assert findings["数据库用途 · Purpose"].how == "production"
            assert f"{year} 年工作日历 · Calendar" in findings
            assert f"{year + 1} 年工作日历 · Calendar" in findings
            assert not [finding for finding in look_at_folder(settings) if finding.mend]
            (settings.data / "passwords.json").chmod(0o644)
            (mend,) = [finding.mend for finding in look_at_folder(settings) if finding.mend]
            assert f"chmod go-rwx {settings.data / 'passwords.json'}" in mend
