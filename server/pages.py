"""The front end as `make` built it, read once at start; hashed files are cached for a year, the page itself never.

The Content-Security-Policy admits only what this server served; no script stands in a page.
"""

import gzip
import mimetypes
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from litestar import Request, Response, get
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from msgspec import Struct

from acts.constraints import unknown
from acts.refusal import RefusedError

FOLDER = Path(__file__).parent / "static"
HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self' data:;"
        " connect-src 'self'; worker-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'self';"
        " frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_YEAR = "public, max-age=31536000, immutable"
_TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".webmanifest": "application/manifest+json"}
_MISSING = (
    "页面尚未生成：请在源码目录运行 make web，再启动服务。\n"
    "The pages are not built: run `make web`, then start again.\n"
)
_PACKED = ("text/", "application/json", "application/manifest+json", "image/svg+xml")


class Page(Struct, frozen=True):
    """A file as it is served; `packed` is its gzip if it is text of more than 1 KiB, else None."""

    media_type: str
    content: bytes
    packed: bytes | None
    cache: str


@cache
def read_pages(folder: Path = FOLDER) -> dict[str, Page]:
    """Read every file of the build, by its path, `/index.html` among them; empty if the pages are not built."""
    return dict(_read(folder)) if folder.is_dir() else {}


def _read(folder: Path) -> Iterator[tuple[str, Page]]:
    for path in sorted(folder.rglob("*")):
        name = "/" + path.relative_to(folder).as_posix()
        if not path.is_file() or "/." in name:
            continue  # a file that the build made for itself
        kind = _TYPES.get(path.suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
        content = path.read_bytes()
        packed = gzip.compress(content, 6, mtime=0) if kind.startswith(_PACKED) and len(content) > 1024 else None
        yield name, Page(kind, content, packed, _YEAR if name.startswith("/assets/") else "no-cache")


def page_routes(pages: Mapping[str, Page]) -> list[HTTPRouteHandler]:
    """Make the handlers of the pages; any path that is none of the server's own is the front end's."""

    @get(["/", "/{path:path}"], opt={"operation": "page.read"}, include_in_schema=False)
    async def read_page(request: Request[Any, Any, Any], path: FromPath[str] = "/") -> Response[bytes]:
        """Returns a file of the front end, or the page in which it runs."""
        if not pages:
            return Response(_MISSING.encode(), status_code=503, media_type="text/plain; charset=utf-8", headers=HEADERS)
        page = pages.get(path)
        if page is None and not path.startswith("/assets/"):
            page = pages["/index.html"]
        if page is None:
            raise RefusedError(unknown())
        headers = {**HEADERS, "Cache-Control": page.cache, "Vary": "Accept-Encoding"}
        if page.packed is not None and "gzip" in request.headers.get("accept-encoding", ""):
            return Response(page.packed, media_type=page.media_type, headers={**headers, "Content-Encoding": "gzip"})
        return Response(page.content, media_type=page.media_type, headers=headers)

    return [read_page]
