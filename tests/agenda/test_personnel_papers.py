"""Personnel papers are shown, not handed out (Rules 6(3); Personnel 20): only what the page draws is one."""

import io
import zipfile
from typing import Any

import pytest

from tests.bureau import Bureau
from tests.storage.attacks import Attacker, Connection
from tests.test_one_meeting import PDF, Room


def docx() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for part in ("[Content_Types].xml", "word/document.xml"):
            archive.writestr(part, "<x/>")
    return made.getvalue()


async def add(bureau: Bureau, path: str, name: str, content: bytes) -> Any:
    answer = await bureau.li.client.post(f"{path}/papers", files={"file": (name, content, "application/pdf")})
    return answer.json()


@pytest.mark.moment("drafted")
async def test_what_cannot_be_drawn_is_refused(bureau: Bureau, owner: Any) -> None:
    room = Room(bureau, owner)
    funds, personnel = (f"{room.path}/items/{room.items[index]}" for index in (0, 2))
    refused = await add(bureau, personnel, "考察材料.docx", docx())
    assert refused["rule"] == "personnel.materials"
    assert "考察材料.docx" in refused["detail"]
    assert (await add(bureau, personnel, "考察材料.pdf", PDF + b"more"))["kind"] == "paper.added"

    # An item that has such a paper does not become personnel.
    assert (await add(bureau, funds, "测算表.docx", docx()))["kind"] == "paper.added"
    item = {"title": "科长任职", "category": "personnel", "subjects": [bureau.kin["candidate"]]}
    answer = await bureau.li.post(funds, item)
    assert answer.json()["rule"] == "personnel.materials"
    assert "测算表.docx" in answer.json()["detail"]


@pytest.mark.moment("drafted")
async def test_postgresql_keeps_it_too(bureau: Bureau, app_role: Connection) -> None:
    funds, personnel = bureau.items[0], bureau.items[2]
    paper = (
        "INSERT INTO papers (item_id, meeting_id, body_id, name, media_type, size, sha256, content)"
        f" VALUES ({{}}, {bureau.meeting}, {bureau.body}, '材料', 'application/vnd.x', 1, sha256('x'), 'x')"
    )
    becomes = f"{paper.format(funds)}; UPDATE items SET category = 'personnel' WHERE id = {funds}"
    attacks = dict.fromkeys((paper.format(personnel), becomes), "papers_drawn")
    await Attacker(app_role, bureau.li).assert_refused(attacks)


@pytest.mark.moment("in_session")
async def test_nothing_keeps_what_was_read(bureau: Bureau, owner: Any) -> None:
    """A personnel paper comes without a name to be saved under; no cache on the way or in the browser keeps it."""
    room = Room(bureau, owner)
    await room.discuss(2, bureau.chen)
    headers = {}
    for index in (0, 2):
        item = (await bureau.lin.get(room.path)).json()["items"][index]
        path = f"{room.path}/items/{item['id']}/papers/{item['papers'][0]['id']}"
        headers[index] = (await bureau.lin.get(path)).headers
        assert headers[index]["cache-control"] == "no-store"
        assert "etag" not in headers[index]
        assert "last-modified" not in headers[index]
    assert headers[0]["content-disposition"].startswith("attachment")
    assert headers[2]["content-disposition"] == "inline"
