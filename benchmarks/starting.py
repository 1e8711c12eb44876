"""Times `yijue serve` from its start until /api/health answers, the embedded PostgreSQL with it."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from benchmarks.site import free_port, ready, serving
from benchmarks.table import Figure, between

TIMES, WANTED = 3, 2.0


async def measure(step: Callable[[], None]) -> list[Figure]:
    """Measure on a folder that is not there yet, and on one that is."""
    new, there = [], []
    for _ in range(TIMES):
        with tempfile.TemporaryDirectory(prefix="yijue-bench-") as folder:
            Path(folder).chmod(0o755)
            new.append(await _start(Path(folder) / "data"))
            there.append(await _start(Path(folder) / "data"))
        step()
    return [
        Figure(f"start to ready, {name}, s", f"{median(took):.2f}", wanted=f"≤ {WANTED:.0f}",
               met=median(took) <= WANTED, between=between(took))
        for name, took in (("new folder", new), ("existing folder", there))
    ]  # fmt: skip


async def _start(data: Path) -> float:
    port = free_port()
    start = time.perf_counter()
    async with serving(port, {"YIJUE_DATA": str(data)}):
        await ready(port)
        return time.perf_counter() - start
