"""The build: the size of what a tablet loads first, and a new start without a connection."""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from server.pages import FOLDER

MOST = 120_000  # bytes of script, gzipped


def manifest() -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / ".vite" / "manifest.json").read_text("utf-8"))
    return found


def needed(chunks: dict[str, Any], *names: str) -> set[Path]:
    """The scripts of these chunks and of all that they import statically."""
    found: set[str] = set()
    ahead = list(names)
    while ahead:
        name = ahead.pop()
        if name not in found:
            found.add(name)
            ahead += chunks[name].get("imports", [])
    return {FOLDER / chunks[name]["file"] for name in found}


# The room's page includes checking in; pdf.js is loaded when there is a paper to draw.
@pytest.mark.parametrize(
    "page", ["tablet/SignIn", "tablet/HomePage", "tablet/RoomPage", "tablet/PaperPage", "chair/ChairPage"]
)
def test_a_tablet_loads_little_before_it_shows_its_first_page(page: str) -> None:
    scripts = needed(manifest(), "index.html", f"src/{page}.vue") | {FOLDER / "registerSW.js"}
    size = sum(len(gzip.compress(path.read_bytes())) for path in scripts)
    assert size < MOST, sorted((path.stat().st_size, path.name) for path in scripts)
    assert not [path for path in scripts if path.parent.name == "apart"], "the tablet imports what is the desk's"


def test_a_tablet_can_start_again_without_a_connection() -> None:
    """The service worker keeps every script of the tablet's pages, and nothing of the desk."""
    kept = set(re.findall(r'url:"([^"]+)"', (FOLDER / "sw.js").read_text("utf-8")))
    chunks = manifest()
    pages = [name for name in chunks if name.startswith("src/tablet/")]
    assert len(pages) >= 4
    scripts = {str(path.relative_to(FOLDER)) for name in pages for path in needed(chunks, "index.html", name)}
    assert scripts | {"index.html"} <= kept
    assert not [url for url in kept if "/apart/" in url or url.endswith(".mjs")]
    sizes = [len(gzip.compress((FOLDER / url).read_bytes())) for url in kept]
    assert sum(sizes) < 2 * MOST


def test_a_tablet_puts_its_icon_on_the_home_screen() -> None:
    """The manifest's PNG icons have their stated sizes; tablets draw no SVG there."""
    app = json.loads((FOLDER / "manifest.webmanifest").read_text("utf-8"))
    pictures = {each["src"]: each["sizes"] for each in app["icons"] if each["type"] == "image/png"}
    assert {"192x192", "512x512"} <= set(pictures.values())
    (touch,) = re.findall(r'rel="apple-touch-icon" href="([^"]+)"', (FOLDER / "index.html").read_text("utf-8"))
    for name, sizes in {**pictures, touch: "180x180"}.items():
        with Image.open(FOLDER / name.lstrip("/")) as picture:
            assert "{}x{}".format(*picture.size) == sizes
