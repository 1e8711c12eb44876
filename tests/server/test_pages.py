"""The pages as the server sends them: policy, caches, packing, and no other file."""

import gzip
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from litestar import Litestar

from acts.database import Database
from realtime.hub import Hub
from server.app import create_app
from server.pages import FOLDER, Page, read_pages
from tests.bureau import Bureau

INDEX = (
    '<!doctype html><html lang="zh-CN"><div id="app"></div><script src="/assets/a-1.js" type="module"></script></html>'
)
SCRIPT = "export const words = '议决';\n" * 100


@pytest.fixture
def pages(tmp_path: Path) -> dict[str, Page]:
    """A small build, and a file beside it that nobody may read."""
    (tmp_path / "secret.txt").write_text("hidden words")
    folder = tmp_path / "static"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(INDEX)
    (folder / "manifest.webmanifest").write_text("{}")
    (folder / "icon.svg").write_text("<svg/>")
    (folder / ".vite").mkdir()
    (folder / ".vite" / "manifest.json").write_text('"hidden words"')
    (folder / "assets" / "a-1.js").write_text(SCRIPT)
    return read_pages(folder)


def client_of(app: Litestar) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")  # type: ignore[arg-type]


@pytest.fixture
async def client(database: Database, hub: Hub, pages: dict[str, Page]) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(create_app(database, hub, pages=pages)) as client:
        yield client


def _policy(answer: httpx.Response) -> dict[str, list[str]]:
    directives = (each.split() for each in answer.headers["content-security-policy"].split(";"))
    return {name: values for name, *values in directives}


@pytest.mark.parametrize("path", ["/", "/index.html", "/meetings/7/papers/8/9", "/desk/minutes", "/sign-in?to=/"])
async def test_a_path_that_is_no_file_is_the_page_which_knows_it(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    assert (answer.status_code, answer.text) == (200, INDEX)
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"


async def test_the_policy_lets_nothing_in_that_was_not_handed_out_here(client: httpx.AsyncClient) -> None:
    for path in ("/", "/assets/a-1.js", "/icon.svg"):
        answer = await client.get(path)
        policy = _policy(answer)
        assert policy["default-src"] == policy["script-src"] == policy["style-src"] == ["'self'"]
        assert policy["connect-src"] == policy["form-action"] == ["'self'"]
        assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == ["'none'"]
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"


async def test_what_bears_a_hash_is_kept_for_a_year_and_packed(client: httpx.AsyncClient) -> None:
    answer = await client.get("/assets/a-1.js", headers={"Accept-Encoding": "br, gzip"})
    assert answer.text == SCRIPT  # unpacked by the client
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-type"].startswith("text/javascript")
    assert int(answer.headers["content-length"]) < len(SCRIPT) / 2
    plain = await client.get("/assets/a-1.js", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == SCRIPT.encode()
    manifest = await client.get("/manifest.webmanifest")
    assert manifest.headers["content-type"].startswith("application/manifest+json")
    assert manifest.headers["cache-control"] == "no-cache"


async def test_a_file_of_an_earlier_build_is_gone_not_the_page(client: httpx.AsyncClient) -> None:
    answer = await client.get("/assets/a-0.js")
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/.vite/manifest.json", "/%2e%2e/secret.txt", "/assets/../../secret.txt",
     "/assets/..%2f..%2fsecret.txt", "/..%5csecret.txt", "//secret.txt", "/assets/%00", "/%2fetc%2fpasswd"],
)  # fmt: skip
async def test_nothing_beside_the_build_can_be_had(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(httpx.URL("http://test", raw_path=path.encode()))
    assert "hidden words" not in answer.text
    assert "root:" not in answer.text
    assert answer.status_code == 404 or answer.text == INDEX


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
@pytest.mark.parametrize("path", ["/api/nothing", "/api/meetings/1/nothing", "/api"])
async def test_an_unknown_path_of_the_interface_is_a_problem(client: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, path)
    assert (answer.status_code, answer.headers["content-type"]) == (404, "application/problem+json")
    assert answer.json()["rule"] == "unknown"


async def test_what_the_interface_answers_is_kept_nowhere(bureau: Bureau) -> None:
    answers = [
        await bureau.lin.get("/api/session"),
        await bureau.lin.get("/api/nothing"),
        await bureau.lin.post(f"/api/bodies/{bureau.body}/kin", {"name": "某"}),
    ]
    assert [answer.status_code for answer in answers] == [200, 404, 403]
    for answer in answers:
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"


async def test_without_a_build_the_server_says_how_to_make_one(database: Database, hub: Hub) -> None:
    async with client_of(create_app(database, hub, pages={})) as client:
        answer = await client.get("/meetings/1")
        assert answer.status_code == 503
        assert answer.text.count("make web") == 2
        assert (await client.get("/api/health")).is_success


def test_a_folder_that_is_not_there_has_no_pages(tmp_path: Path) -> None:
    assert read_pages(tmp_path / "static") == {}


def test_what_is_small_or_a_picture_is_not_packed(pages: dict[str, Page]) -> None:
    assert {path for path, page in pages.items() if page.packed} == {"/assets/a-1.js"}
    packed = pages["/assets/a-1.js"].packed
    assert packed is not None
    assert gzip.decompress(packed) == SCRIPT.encode()


class Inline(HTMLParser):
    """Finds inline scripts, styles and handlers, which a page should have in files."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._script = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self._script = tag == "script"
        names = {name for name, _ in attributes}
        self.found += [name for name in names if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in names):
            self.found.append(tag)

    def handle_data(self, data: str) -> None:
        if self._script and data.strip():
            self.found.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._script = False


def test_no_script_or_style_stands_in_a_built_page() -> None:
    assert (FOLDER / "index.html").is_file(), "make web"
    for path in FOLDER.rglob("*.html"):
        page = Inline()
        page.feed(path.read_text("utf-8"))
        assert page.found == [], path
