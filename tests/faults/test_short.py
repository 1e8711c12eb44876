"""The scenarios of `make faults` in small numbers."""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.__main__ import SCENARIOS, Scenario

TIMES = {
    "duplicates": 800,
    "two servers race": 100,
    "PostgreSQL hangs": 1,
    "the disk is full": 1,
    "copies of the running folder": 1,
    "backups": 2,
    "PostgreSQL is killed": 3,
    "the server is killed": 3,
}


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that PostgreSQL's account can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="yijue-test-", ignore_cleanup_errors=True) as there:
        Path(there).chmod(0o755)
        yield Path(there)


@pytest.mark.parametrize(("name", "play"), [(name, play) for name, _, play in SCENARIOS])
async def test_in_small(folder: Path, name: str, play: Scenario) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    figures = await play(folder, seed, TIMES[name], lambda: None)
    assert figures
