"""A clone stands alone: no tracked file reads or names a path outside the repository."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MACHINE = re.compile(r"(?<![\w.*-])/(?:work|home|root|Users|mnt|media|srv)/")
UPWARD = re.compile(r"(?<![.\w])(?:\.\./)*\.\.(?=[/\"'\s)]|$)")
PARENTS = re.compile(r"__file__\)(?:\.resolve\(\))?((?:\.parents\[\d+\]|\.parent\b)+)")
STEP = re.compile(r"\[(\d+)\]|\.parent\b")


def outside(path: str, text: str) -> list[str]:
    """The paths in `text`, of the file at `path` from the root, that lead out of the repository."""
    depth = path.count("/")
    return [
        *(found[0] for found in MACHINE.finditer(text)),
        *(found[0] for found in UPWARD.finditer(text) if found[0].count("..") > depth),
        *(
            found[0]
            for found in PARENTS.finditer(text)
            if sum(int(step[1] or 0) + 1 for step in STEP.finditer(found[1])) > depth + 1
        ),
    ]


def tracked() -> dict[str, str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True)
    texts = {}
    for path in filter(None, listed.stdout.split("\0")):
        data = (ROOT / path).read_bytes() if (ROOT / path).is_file() else b""
        if b"\0" not in data:
            texts[path] = data.decode()
    return texts


def test_no_tracked_file_leaves_the_repository() -> None:
    texts = tracked()
    assert len(texts) > 400
    left = {path: found for path, text in texts.items() if (found := outside(path, text))}
    assert left == {}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tests/a/b.py", "Path(FILE).parents[2].parent / 'beside'"),
        ("tests/b.py", "Path(FILE).resolve().parent.parent.parent"),
        ("web/src/a.ts", "import x from 'UP/UP/UP/beside/x'"),
        ("Makefile", "cd UP && ls"),
        ("docs/page.md", "[beside](UP/UP/beside/page.md)"),
        ("docs/page.md", "kept in ROOThome/somebody/cases"),
    ],
)
def test_what_leaves_is_found(path: str, text: str) -> None:
    text = text.replace("FILE", "__file__").replace("UP", "..").replace("ROOT", "/")
    assert outside(path, text) != []
    assert outside(f"one/deeper/{path}", text) == [] or MACHINE.search(text)
