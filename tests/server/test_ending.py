"""A signal ends `yijue serve` in order, its PostgreSQL too, whatever it is doing; a closing terminal ends nothing."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from storage import cluster, embedded
from storage.cluster import Places
from tests.serving import served

pytestmark = pytest.mark.long


@pytest.fixture
def data() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="yijue-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder) / "data"


def all_is_ended(data: Path) -> None:
    assert cluster.working_in(Places(data).cluster) == []
    assert not Places(data).pid.exists(), "not a clean shutdown"
    assert embedded.attached(data) is None, "the folder is locked"
    assert not (data / "socket").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_both(data: Path, tmp_path: Path, number: int) -> None:
    with served(tmp_path, data=str(data)) as server:
        server.process.send_signal(signal.SIGHUP)
        time.sleep(0.3)
        assert httpx.get(f"{server.base}/api/health").is_success
        assert len(cluster.working_in(Places(data).cluster)) > 1
        server.process.send_signal(number)
        server.process.send_signal(number)  # a second one does not cut the end short
        assert server.process.wait(30) == 0
        assert "Traceback" not in server.log.read_text("utf-8")
    all_is_ended(data)


def test_a_signal_ends_it_while_its_postgresql_hangs(data: Path, tmp_path: Path) -> None:
    """Ctrl-C waits some seconds for what does not answer, then kills it; nothing that was written is lost."""
    with served(tmp_path, data=str(data)) as server:
        stopped = cluster.working_in(Places(data).cluster)
        try:
            for pid in stopped:
                os.kill(pid, signal.SIGSTOP)
            began = time.monotonic()
            server.process.send_signal(signal.SIGINT)
            assert server.process.wait(30) == 0
            assert time.monotonic() - began < 25
        finally:
            for pid in set(stopped) & set(cluster.working_in(Places(data).cluster)):
                os.kill(pid, signal.SIGCONT)
        assert "Traceback" not in server.log.read_text("utf-8")
    assert cluster.working_in(Places(data).cluster) == []
    with served(tmp_path, data=str(data)) as server:
        assert httpx.get(f"{server.base}/api/health").is_success
    all_is_ended(data)


@pytest.mark.parametrize("after", [0.3, 0.8, 1.3, 2.0])
def test_a_signal_during_the_start_ends_both(data: Path, tmp_path: Path, after: float) -> None:
    environment = os.environ | {"YIJUE_DATA": str(data)}
    command = [sys.executable, "-c", "from server.cli import main; main()", "serve", "--port", "0"]
    with (tmp_path / "log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        time.sleep(after)
        process.send_signal(signal.SIGTERM)
        # Before the command has begun, Python itself ends by the signal; nothing runs yet.
        assert process.wait(60) in (0, -signal.SIGTERM)
    assert "Traceback" not in (tmp_path / "log").read_text("utf-8")
    all_is_ended(data)
