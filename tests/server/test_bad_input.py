"""Any bad input gets a refusal that names the field, never a traceback, and changes nothing."""

import io
import uuid
import zipfile
from typing import Any, TypeAlias, get_args

import asyncpg
import pytest

from acts.limits import Limit, Limits
from acts.packages import operations
from agenda.records import ItemState
from tests.bureau import Bureau, Person
from tests.server.guarded import SENT, GuardedRoute, World, ask, guarded_routes
from tests.test_one_meeting import PDF, Room

Owner: TypeAlias = "asyncpg.Connection[asyncpg.Record]"
DEEP = 100_000
# Raw bodies that no command takes, and the fields of which the refusal names one.
RAW: list[tuple[bytes, str]] = [
    (b"", "body"),
    (b"null", "body"),
    (b"[]", "body"),
    (b'"text"', "body"),
    (b"7", "body"),
    (b"{", "body"),
    (b"{}{}", "body"),
    (b"{'a': 1}", "body"),
    (b"NaN", "body"),
    (b'{"x": NaN}', "body x"),
    (b'{"x": Infinity}', "body x"),
    (b'{"x": 1e999}', "x"),
    (b'{"x": "\xff\xfe"}', "body x"),
    (b"\xef\xbb\xbf{}", "body"),
    (b"\x00", "body"),
    (b"\xff" * 1000, "body"),
    (b'{"\xf0\x9f\x97\xb3": 1}', "🗳"),
    (b'{"\\ud800": 1}', "body"),
    (b'{"' + b"x" * 10_000 + b'": 1}', f"{'x' * 79}…"),
    (b"[" * DEEP, "body"),
    (b'{"x":' * DEEP, "x"),
    (b'{"__class__": "os.system"}', "__class__"),
    (b"<?xml version='1.0'?><x/>", "body"),
]


def _asker(world: World, route: GuardedRoute) -> Person:
    allowed = operations()[route.operation]
    for who in world.people.values():
        if who.home and (allowed & ((who.roles or frozenset()) | {"anyone", "signed_in"})):
            return who.person
    raise AssertionError(f"nobody may {route.operation}")


def _commands(world: World) -> list[GuardedRoute]:
    """The commands that take JSON with fields."""
    return [route for route in guarded_routes(world.app) if route.method == "POST" and SENT[route.operation]] + [
        route
        for route in guarded_routes(world.app)
        if route.operation in ("meeting.change", "person.change", "vote.close")
    ]


async def test_raw_bodies(world: World, owner: Any, limits: Limits) -> None:
    limits.commands = Limit(10**6, 60)
    before = await owner.fetchval("SELECT count(*) FROM ledger")
    wrong = []
    commands = _commands(world)
    assert len(commands) > 40
    for route in commands:
        asker = _asker(world, route)
        path = route.path.format(**world.ids)
        for raw, fields in RAW:
            answer = await asker.client.post(path, content=raw, headers={"Content-Type": "application/json"})
            problem = answer.json()
            # A command may name a missing field before an unknown one.
            if (answer.status_code, problem.get("rule")) != (422, "input.invalid") or not (
                problem["field"] in fields.split(" ") or "missing" in problem["detail_en"]
            ):
                wrong.append(f"{route.operation} {raw[:40]!r}: {answer.status_code} {answer.text[:200]}")
        for kind in (
            "text/plain",
            "application/x-www-form-urlencoded",
            "multipart/form-data",
            "",
            "text/xml; x=y",
            "é",
        ):
            answer = await asker.client.post(path, content=b"{}", headers={b"Content-Type": kind.encode()})
            if answer.status_code != 422 or answer.json()["field"] != "Content-Type":
                wrong.append(f"{route.operation} {kind}: {answer.status_code} {answer.text[:200]}")
    assert not wrong, "\n".join(wrong)
    assert await owner.fetchval("SELECT count(*) FROM ledger") == before


async def test_a_body_of_ten_megabytes(world: World) -> None:
    li = world.people["li"].person
    path = f"/api/bodies/{world.ids['body_id']}/meetings"
    for content in (b'{"title":"' + b"x" * 10**7 + b'"}', b"[" * 10**7):
        answer = await li.client.post(path, content=content, headers={"Content-Type": "application/json"})
        assert (answer.status_code, answer.json()["rule"]) == (413, "input.too_large")


async def test_the_last_of_a_key_sent_twice_counts_as_in_every_browser(world: World) -> None:
    li = world.people["li"].person
    answer = await li.client.post(
        f"/api/bodies/{world.ids['body_id']}/kin",
        content='{"name": "甲", "name": "乙"}'.encode(),
        headers={"Content-Type": "application/json"},
    )
    assert answer.json()["content"]["kin"]["name"] == "乙"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"starts_at": "2026-02-13T09:00:00"}, "starts_at"),
        ({"starts_at": "2026-02-30T09:00:00+08:00"}, "starts_at"),
        ({"starts_at": "2026-02-13"}, "starts_at"),
        ({"starts_at": 1770944400}, "starts_at"),
        ({"starts_at": "0001-01-01T00:00:00+14:00"}, "starts_at"),
        ({"starts_at": "9999-12-31T23:59:59-12:00"}, "starts_at"),
        ({"starts_at": "9999-12-31T23:59:59+08:00"}, "starts_at"),
        ({"starts_at": "2026-02-13T09:00:00+25:00"}, "starts_at"),
        ({"starts_at": "+10000-01-01T00:00:00Z"}, "starts_at"),
        ({"starts_at": "now"}, "starts_at"),
        ({"title": "题" * 201}, "title"),
        ({"title": "题" * 10_000}, "title"),
        ({"title": "\u3000 \u00a0"}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "a\nb"}, "title"),
        ({"title": "a\x9bb"}, "title"),
        ({"title": "\u2066\u200b\ufeff"}, "title"),
        ({"title": "a\ue000\uffffb"}, "title"),
        ({"title": ["a"]}, "title"),
        ({"place": "\x07"}, "place"),
        ({"place": None}, "place"),
        ({"presiding": 0}, "presiding"),
        ({"presiding": "1"}, "presiding"),
        ({"presiding": 1.0}, "presiding"),
        ({"presiding": True}, "presiding"),
        ({"presiding": 2**53}, "presiding"),
        ({"presiding": 10**30}, "presiding"),
        ({"presiding": 2**53 - 1}, "presiding"),
        ({"secretary": 2**53 - 1}, "secretary"),
    ],
)
async def test_a_meeting_that_cannot_be(bureau: Bureau, changed: dict[str, Any], field: str) -> None:
    plan = {"title": "党组会议", "starts_at": "2026-02-13T09:00:00+08:00", "place": "三楼"}
    answer = await bureau.li.post(f"/api/bodies/{bureau.body}/meetings", {**plan, **changed})
    assert (answer.status_code, answer.json()["rule"], answer.json()["field"]) == (422, "input.invalid", field)
    assert answer.json()["detail"].endswith("。")


def _zip(**parts: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return buffer.getvalue()


_TYPES = "[Content_Types].xml"
DOCX = _zip(**{_TYPES: "<Types/>", "word/document.xml": "<document/>"})
HTML = b"<!DOCTYPE html><script>alert(1)</script>"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
LIES: list[tuple[str, bytes, str]] = [
    ("报告.pdf", b"MZ\x90\x00\x03" + bytes(200), "an EXE"),
    ("报告.pdf", b"\x7fELF" + bytes(200), "an ELF"),
    ("报告.pdf", HTML, "HTML"),
    ("报告.pdf", HTML + PDF, "HTML before a PDF"),
    ("报告.png", SVG, "SVG"),
    ("报告.svg", SVG, "SVG that says so"),
    ("报告.html", HTML, "HTML that says so"),
    ("报告.docx", _zip(readme="x"), "a zip that is no document"),
    ("报告.docx", _zip(**{"word/document.xml": "x"}), "a document without its types"),
    ("报告.docx", DOCX[: len(DOCX) // 2], "half a document"),
    ("报告.docx", b"PK\x03\x04" + bytes(1000), "the beginning of a zip"),
    ("报告.xlsx", DOCX, "a document named a table"),
    ("报告.pdf", DOCX, "a document named PDF"),
    ("报告.pdf.exe", PDF, "a PDF named a program"),
    ("报告", PDF, "a PDF without a name for it"),
    ("报告.pdf", b"", "nothing"),
    ("报告.jpg", b"\x89PNG\r\n\x1a\n", "PNG named JPEG"),
    ("fdp.\u202efdp", PDF, "a name that reads backwards"),
    ("告" * 10_000 + ".pdf", PDF, "a name of 10,000 characters"),
]


async def _draft(bureau: Bureau) -> str:
    plan = {"title": "党组会议", "starts_at": "2026-02-13T09:00:00+08:00"}
    meeting = (await bureau.li.do(f"/api/bodies/{bureau.body}/meetings", plan))["content"]["meeting"]
    item = await bureau.li.do(f"/api/meetings/{meeting}/items", {"title": "一项", "category": "other"})
    return f"/api/meetings/{meeting}/items/{item['content']['item']['id']}"


async def test_files_that_lie(bureau: Bureau, owner: Any) -> None:
    item = await _draft(bureau)
    for name, content, what in LIES:
        files = {"file": (name, content, "application/pdf")}
        answer = await bureau.li.client.post(f"{item}/papers", files=files)
        assert answer.status_code == 422, (what, answer.text)
        assert (answer.json()["rule"], answer.json()["field"]) == ("input.invalid", "file"), what
    for form in (None, {"other": ("x.pdf", PDF, "application/pdf")}):
        answer = await bureau.li.client.post(f"{item}/papers", files=form)
        assert (answer.json()["rule"], answer.json()["field"]) == ("input.invalid", "file")
    for raw in (
        b"",
        b"--x",
        b"--x\r\n\r\n",
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.pdf"\r\n\r\n',
    ):
        for kind in (
            "multipart/form-data; boundary=x",
            "multipart/form-data",
            "multipart/form-data; boundary=" + "b" * 300,
        ):
            answer = await bureau.li.client.post(f"{item}/papers", content=raw, headers={"Content-Type": kind})
            assert (answer.status_code, answer.json()["field"]) == (422, "file"), (raw, kind, answer.text)
    assert await owner.fetchval("SELECT count(*) FROM papers") == 0


async def test_a_paper_does_nothing_by_itself(bureau: Bureau, owner: Any) -> None:
    item = await _draft(bureau)
    macros = _zip(**{_TYPES: "<Types/>", "word/document.xml": "<document/>", "word/vbaProject.bin": "x"})
    script = PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>")
    for name, content, found in (("a.docx", macros, "macros"), ("a.pdf", script, "script")):
        answer = await bureau.li.client.post(f"{item}/papers", files={"file": (name, content, "x/y")})
        assert (answer.status_code, answer.json().get("found")) == (422, found)
    files = {"file": ("a.xlsx", macros.replace(b"word/document.xml", b"xl/worksheets.xml"), "x/y")}
    assert (await bureau.admin.client.post("/api/import/preview", files=files)).json()["found"] == "macros"
    assert await owner.fetchval("SELECT count(*) FROM papers") == 0


async def test_a_file_that_is_two_things_is_served_as_what_it_was_taken_for(bureau: Bureau) -> None:
    """A PDF with a page of HTML behind it is served as a PDF: with its type, without sniffing, as a download."""
    item = await _draft(bureau)
    for name, content in (
        ("𠮷䶮🗳️ 报告.pdf", PDF + HTML),
        ("../../etc/passwd.pdf", PDF + b"\x00" * 1000),
        ("C:\\x\\尾.PDF", PDF + _zip(a="b")),
    ):
        files = {"file": (name, content, "text/html")}
        added = await bureau.li.client.post(f"{item}/papers", files=files)
        assert added.is_success, added.text
        paper = added.json()["content"]["paper"]
        assert paper["name"] == name.replace("\\", "/").rpartition("/")[2]
        answer = await bureau.li.get(f"{item}/papers/{paper['id']}")
        assert answer.content == content
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-disposition"].startswith("attachment;")


async def test_a_zip_of_a_million_names_is_not_unrolled(bureau: Bureau) -> None:
    """A zip whose directory fills the file is refused at once; a document's directory is short."""
    entry = b"PK\x01\x02" + bytes(24) + (1).to_bytes(2, "little") + bytes(16) + b"a"
    count = 400_000
    directory = entry * count
    end = b"PK\x05\x06" + bytes(4) + b"\xff\xff\xff\xff" + len(directory).to_bytes(4, "little") + bytes(4) + bytes(2)
    item = await _draft(bureau)
    content = b"PK\x03\x04" + directory + end
    answer = await bureau.li.client.post(f"{item}/papers", files={"file": ("a.docx", content, "x/y")})
    assert (answer.status_code, answer.json()["field"]) == (422, "file")
    assert answer.elapsed.total_seconds() < 2


# --- out of turn -------------------------------------------------------------------------------------

# The states of the meeting in which an act may be done; in any other it is out of turn.
IN_MEETING: dict[str, str] = {
    "meeting.change": "draft",
    "meeting.cancel": "draft",
    "meeting.preside": "draft noticed",
    "item.add": "draft",
    "item.change": "draft",
    "item.move": "draft",
    "item.remove": "draft",
    "paper.add": "draft",
    "paper.remove": "draft",
    "materials.check": "draft",
    "agenda.submit": "draft",
    "agenda.approve": "draft",
    "agenda.send_back": "draft",
    "notice.preview": "draft",
    "notice.give": "draft",
    "notice.withdraw": "noticed",
    "notice.change": "noticed",
    "delivery.record": "noticed",
    "delivery.acknowledge": "noticed in_session",
    "hall_code.read": "noticed in_session",
    "presence.check_in": "noticed in_session",
    "presence.record": "noticed in_session",
    "presence.leave": "noticed in_session",
    "leave.grant": "draft noticed in_session",
    "meeting.call": "noticed",
    "meeting.adjourn": "in_session",
    "people.request": "in_session",
    "people.decide": "in_session",
    "chair.hand_over": "noticed in_session",
    "attendee.call": "noticed in_session",
    "item.present": "in_session",
    "speech.record": "in_session",
    "position.record": "in_session",
    "presence.correct": "noticed in_session adjourned",
    "delivery.correct": "noticed in_session adjourned",
    "speech.correct": "noticed in_session adjourned",
    "position.correct": "noticed in_session adjourned",
    "discussion.close": "in_session",
    "opinion.submit": "noticed in_session",
    "opinion.read_out": "in_session",
    "recusal.declare": "in_session",
    "recusal.take_back": "in_session",
    "recorder.name": "in_session",
    "motion.try": "in_session",
    "objection.raise": "noticed in_session adjourned",
    "vote.open": "in_session",
    "vote.weigh": "in_session",
    "ballot.cast": "in_session",
    "ballot.take": "in_session",
    "ballot.object": "in_session",
    "vote.close": "in_session",
    "item.put_off": "in_session",
    "item.withdraw": "noticed in_session",
    "item.defer": "noticed in_session",
    "item.reopen": "in_session",
    "decision.announce": "in_session",
    "minutes.draft": "adjourned",
    "print.agenda": "noticed in_session adjourned",
    "print.notice": "noticed in_session adjourned",
    "print.attendance": "noticed in_session adjourned",
    "print.ballots": "in_session adjourned",
    "print.proceedings": "adjourned",
    "proceedings.sign": "adjourned",
}
ANY_STATE = {
    "meeting.read", "paper.read", "notice.read", "notice.outlook", "recusal.list", "ledger.read", "live.watch",
    "ballot.read", "note.list", "note.write",
    "minutes.edit", "minutes.review_office", "minutes.review_deputy", "minutes.send_back", "minutes.sign",
    "minutes.issue", "minutes.void", "minutes.note_void", "minutes.read", "minutes.pdf", "minutes.docx",
    "minutes.distribute", "minutes.receive", "item.committee_decisions",
}  # fmt: skip
# The states of the item, in a meeting in session, in which an act on it may be done.
ON_ITEM: dict[str, str] = {
    "item.present": "listed",
    "speech.record": "open",
    "position.record": "open",
    "discussion.close": "open",
    "opinion.submit": "listed open",
    "opinion.read_out": "open",
    "recusal.declare": "listed open",
    "vote.open": "listed open voting",  # its rules refuse there
    "item.put_off": "open",
    "item.withdraw": "listed open",
    "item.defer": "listed open",
    "item.reopen": "voted",
    "decision.announce": "voted",
}
OUT_OF_TURN = {"state.wrong", "agenda.locked"}


async def _ask(world: World, route: GuardedRoute, ids: dict[str, Any]) -> str:
    spoiled = World(world.app, ids, world.people)
    _, rule = await ask(spoiled, route, _asker(world, route))
    return rule


def in_a_meeting(world: World) -> list[GuardedRoute]:
    return [route for route in guarded_routes(world.app) if "{meeting_id}" in route.path]


def test_the_states_of_each_act_are_listed(world: World) -> None:
    assert {route.operation for route in in_a_meeting(world)} == IN_MEETING.keys() | ANY_STATE


@pytest.mark.long
async def test_every_act_in_every_state_of_the_meeting(world: World, bureau: Bureau, owner: Any) -> None:
    room = Room(bureau, owner)
    await room.prepare()
    item = room.items[0]
    paper = await owner.fetchval("SELECT id FROM papers WHERE item_id = $1", item)
    ids = {**world.ids, "meeting_id": room.meeting, "item_id": item, "paper_id": paper}
    meetings = {"noticed": ids, "adjourned": world.ids}
    plan = {"title": "下一次会议", "starts_at": "2026-02-13T09:00:00+08:00"}
    draft = (await bureau.li.do(f"/api/bodies/{bureau.body}/meetings", plan))["content"]["meeting"]
    added = await bureau.li.do(f"/api/meetings/{draft}/items", {"title": "一项", "category": "other"})
    meetings["draft"] = {**world.ids, "meeting_id": draft, "item_id": added["content"]["item"]["id"]}
    wrong = []
    for state in ("noticed", "adjourned", "draft", "in_session"):
        if state == "in_session":
            await room.gather(ordinal=2)
            meetings[state] = ids
        for route in in_a_meeting(world):
            allowed = IN_MEETING.get(route.operation)
            if allowed is None or state in allowed.split():
                continue
            rule = await _ask(world, route, meetings[state])
            if rule not in OUT_OF_TURN:
                wrong.append(f"{route.operation} while {state}: {rule or 'done'}")
        assert await owner.fetchval("SELECT state FROM meetings WHERE id = $1", meetings[state]["meeting_id"]) == state
    assert not wrong, "\n".join(wrong)


@pytest.mark.long
async def test_every_act_in_every_state_of_the_item(world: World, bureau: Bureau, owner: Owner) -> None:
    on_an_item = {route.operation: route for route in guarded_routes(world.app) if route.operation in ON_ITEM}
    assert on_an_item.keys() == ON_ITEM.keys()
    room = Room(bureau, owner)
    await room.prepare()
    await room.gather(ordinal=2)
    wrong, seen = [], []

    async def ask_while(state: str, index: int) -> None:
        seen.append(state)
        ids = {**world.ids, "meeting_id": room.meeting, "item_id": room.items[index]}
        for operation, route in on_an_item.items():
            if state in ON_ITEM[operation].split():
                continue
            rule = await _ask(world, route, ids)
            now = await owner.fetchval("SELECT state FROM proceedings WHERE item_id = $1", room.items[index])
            if rule != "state.wrong" or now != state:
                wrong.append(f"{operation} while {state}: {rule or 'done'}, now {now}")

    await ask_while("listed", 0)
    item = await room.discuss(0, bureau.lin)
    await ask_while("open", 0)
    opened = await bureau.zhou.do(f"{item}/votes")
    await ask_while("voting", 0)
    await bureau.zhou.do(f"{room.path}/votes/{opened['content']['vote']}/close", {"confirm_outstanding": True})
    await ask_while("voted", 0)
    await room.decide(item, "not_passed")
    await ask_while("decided", 0)
    for index, act, state in ((1, "put-off", "put_off"), (3, "withdrawal", "withdrawn"), (4, "deferral", "deferred")):
        if state == "put_off":
            await room.discuss(index, bureau.he)
        await bureau.zhou.do(f"{room.path}/items/{room.items[index]}/{act}", {"reason": "因故"})
        await ask_while(state, index)
    assert sorted(seen) == sorted(get_args(ItemState))
    assert not wrong, "\n".join(wrong)


async def test_a_vote_cast_twice(bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> None:
    """The same key gets the same answer; another key replaces the ballot or is refused, as the charter says."""
    for change, expected in (("until_close", "replaced"), ("until_chair", "replaced"), ("never", "vote.changed")):
        await owner.execute(
            "UPDATE bodies SET charter = jsonb_build_object('ballot_change', $1::text, 'chair_last', false)", change
        )
        room = Room(bureau, owner)
        await room.prepare()
        await room.gather(ordinal=("until_close", "until_chair", "never").index(change) + 1)
        item = await room.discuss(0, bureau.lin)
        vote = f"{room.path}/votes/{(await bureau.zhou.do(f'{item}/votes'))['content']['vote']}"
        key = uuid.uuid4()
        first = (await bureau.lin.post(f"{vote}/ballots", {"choice": "no"}, key)).json()
        assert first["content"]["version"] == 1
        assert (await bureau.lin.post(f"{vote}/ballots", {"choice": "no"}, key)).json() == first
        assert (await bureau.lin.post(f"{vote}/ballots", {"choice": "yes"}, key)).json()["rule"] == "command.key"
        other, replacing = uuid.uuid4(), {"choice": "yes", "replaces": str(key)}
        again = (await bureau.lin.post(f"{vote}/ballots", replacing, other)).json()
        assert again.get("rule", "replaced") == expected
        await bureau.zhou.do(f"{vote}/ballots", {"choice": "yes"})
        replacing = {"choice": "abstain", "replaces": str(key if change == "never" else other)}
        late = (await bureau.lin.post(f"{vote}/ballots", replacing, uuid.uuid4())).json()
        assert late.get("rule", "replaced") == ("replaced" if change == "until_close" else "vote.changed")
        closed = await bureau.zhou.do(f"{vote}/close", {"confirm_outstanding": True})
        wanted = {"until_close": "abstain", "until_chair": "yes", "never": "no"}[change]
        assert {"person": bureau.lin.id, "choice": wanted} in closed["content"]["choices"]
        # The key gets the same answer after the vote.
        assert (await bureau.lin.post(f"{vote}/ballots", {"choice": "no"}, key)).json() == first
