"""The routes of the application, the content sent to each, and everybody who may ask: for tests of every route."""

from typing import Any

import asyncpg
import msgspec
from litestar import Litestar
from litestar.routes import HTTPRoute, WebSocketRoute
from msgspec import Struct

from bodies.charter import Charter
from tests.bureau import Bureau, Person, client_of, open_session
from tests.test_one_meeting import PDF, Room

_THERE = {"person": "…"}  # filled in from the world
_REASON = {"reason": "文字有误"}
_NOTHING: dict[str, Any] = {}

# The content sent to each operation: JSON of the right shape, so that the asker alone decides. None: no content.
SENT: dict[str, dict[str, Any] | None] = {
    "alive.read": None,
    "ready.read": None,
    "health.read": None,
    "metrics.read": None,
    "sign_in.read": None,
    "provider.read": None,
    "session.open": {"staff_number": "nobody", "password": "wrong", "organization": "江州市交通运输局"},
    "session.read": None,
    "session.close": _NOTHING,
    "code.enter": {"factor_code": "000000"},
    "second_factor.begin": _NOTHING,
    "second_factor.set": {"factor_code": "000000"},
    "duties.set": {"apart": False, "reason": "未变"},
    "second_factor.reset": _NOTHING,
    "second_factor.demand": {"demanded": False},
    "session.list": None,
    "session.end": _NOTHING,
    "session.end_others": _NOTHING,
    "password.change": {"old": "wrong", "new": "another password"},
    "organization.read": None,
    "organization.code": {"organization_code": "jtysj"},
    "sign_in.link": None,
    "sign_in.slips": {"given": []},
    "history.read": None,
    "audit.read": None,
    "audit.export": None,
    "person.create": {"staff_number": "0001", "name": "重号"},
    "person.list": None,
    "person.change": _NOTHING,
    "person.sign_out": _NOTHING,
    "person.password": {"password": "x7k2-p9qm-4trw"},
    "body.create": {"name": "江州市交通运输局党组"},
    "body.list": None,
    "body.read": None,
    "body.history": None,
    "role.grant": {**_THERE, "role": "member"},
    "role.revoke": _NOTHING,
    "role.retire": {**_THERE, "role": "member", "ends_on": "2099-12-31"},
    "seat.set": {**_THERE, "seat": 9},  # already their seat
    "seat.deputy": {**_THERE, "deputy": None},
    "signing.entrust": _THERE,
    "signing.take_back": _NOTHING,
    "rulebook.read": None,
    "rulebook.set": {"titles": {}, "clauses": {"vote.form": {"zh": "惯例（表决方式）"}}},
    "charter.set": msgspec.to_builtins(Charter()),
    "kinship.read": None,
    "kinship.record": {"type": "spouse", "a": 1, "b": 1},
    "kinship.remove": _NOTHING,
    "kin.add": {"name": "郑晓楠"},
    "matter.set": {"year": 2026, "matter_code": "1", "title": "预算", "category": "major"},
    "matter.remove": None,
    "body.rename": {"name": "市局党组"},
    "matter.list": None,
    "calendar.set": {"holidays": ["2025-01-01"], "workdays": []},
    "calendar.read": None,
    "import.template": None,
    "import.export": None,
    "import.preview": _NOTHING,
    "import.apply": _NOTHING,
    "meeting.create": {"title": "又一次会议", "starts_at": "2026-02-13T09:00:00+08:00"},
    "meeting.plan": None,
    "meeting.change": _NOTHING,
    "meeting.cancel": {"reason": "不开了"},
    "notice.change": {"reason": "会议室另有安排", "place": "五楼会议室"},
    "meeting.list": None,
    "sitting.list": None,
    "meeting.read": None,
    "meeting.preside": _THERE,
    "item.add": {"title": "又一项", "category": "other"},
    "item.committee_decisions": None,
    "item.change": {"title": "改一项", "category": "other"},
    "item.move": {"order": []},
    "item.remove": _NOTHING,
    "paper.add": _NOTHING,
    "paper.remove": _NOTHING,
    "paper.read": None,
    "materials.check": {"complete": False},
    "agenda.submit": {},
    "agenda.approve": {"version": 1},
    "agenda.send_back": {"reason": "再议"},
    "notice.preview": None,
    "notice.outlook": None,
    "notice.give": _NOTHING,
    "notice.withdraw": _REASON,
    "notice.read": None,
    "delivery.record": {**_THERE, "method": "phone"},
    "delivery.correct": {**_THERE, "corrects": 1, "method": "phone"},
    "delivery.acknowledge": _NOTHING,
    "note.list": None,
    "note.write": {"text": "存疑。"},
    "hall_code.read": None,
    "presence.check_in": {"code": "000000"},
    "presence.record": _THERE,
    "presence.leave": _THERE,
    "presence.correct": {**_THERE, "corrects": 1},
    "leave.grant": {**_THERE, **_REASON},
    "meeting.call": _NOTHING,
    "meeting.adjourn": _NOTHING,
    "chair.hand_over": {**_THERE, **_REASON},
    "attendee.call": _THERE,
    "item.present": {"presenter": 1},
    "speech.record": {**_THERE, "summary": "同意。"},
    "position.record": {**_THERE, "position": "yes"},
    "speech.correct": {**_THERE, "corrects": 1, "summary": "同意。"},
    "position.correct": {**_THERE, "corrects": 1, "position": "yes"},
    "discussion.close": _NOTHING,
    "opinion.submit": {"choice": "yes", "text": "同意。"},
    "opinion.read_out": _THERE,
    "recusal.declare": _REASON,
    "recusal.list": None,
    "recusal.take_back": {**_THERE, **_REASON},
    "recorder.name": _THERE,
    "people.request": {**_THERE, **_REASON, "change": "password"},
    "people.decide": {"allowed": True},
    "motion.try": {"title": "临时动议"},
    "objection.raise": {"text": "未逐项表决。"},
    "vote.open": _NOTHING,
    "vote.weigh": None,
    "ballot.read": None,
    "ballot.cast": {"choice": "yes"},
    "vote.close": _NOTHING,
    "item.put_off": _REASON,
    "item.withdraw": _REASON,
    "item.defer": _REASON,
    "item.reopen": _REASON,
    "ballot.take": {**_THERE, "choice": "yes"},
    "ballot.object": _NOTHING,
    "decision.announce": {"outcome": "passed"},
    "minutes.draft": _NOTHING,
    "minutes.edit": _NOTHING,
    "minutes.review_office": {"version": 1},
    "minutes.review_deputy": {"version": 1},
    "minutes.send_back": _REASON,
    "minutes.sign": {"version": 1},
    "minutes.issue": _NOTHING,
    "minutes.void": _REASON,
    "minutes.read": None,
    "minutes.pdf": None,
    "minutes.docx": None,
    "minutes.distribute": {"copies": [{"recipient": "党组成员"}]},
    "minutes.receive": _NOTHING,
    "minutes.note_void": _NOTHING,
    "minutes.list_void_copies": None,
    "minutes.list_pending": None,
    "print.agenda": None,
    "print.notice": None,
    "print.attendance": None,
    "print.proceedings": None,
    "print.ballots": None,
    "proceedings.sign": _NOTHING,
    "number.read": None,
    "number.enter": {"of": "meetings", "year": 2026, "reached": 3},
    "register.list": None,
    "register.read": None,
    "issue.verify": None,
    "issue.find": None,
    "ledger.read": None,
    "live.watch": None,
    "origin.ask": None,
    "alarm.list": None,
}


# The query parameters of each operation.
ASKED: dict[str, dict[str, Any]] = {
    "register.list": {"year": 2026},
    "origin.ask": {"origin": "http://test"},
    "issue.find": {"organization": "江州市交通运输局", "series": "会议纪要", "year": 2026, "number": 1},
}
FILES = {"paper.add", "import.preview", "import.apply"}  # operations that take a form with a file


class GuardedRoute(Struct, frozen=True):
    """One route: method, path with its parameters' names, and the operation it names."""

    method: str
    path: str
    operation: str


def guarded_routes(app: Litestar) -> list[GuardedRoute]:
    """Every route of the interface."""
    found = []
    for route in app.routes:
        if route.path.startswith("/api/schema"):
            continue
        if isinstance(route, HTTPRoute):
            for handler in route.route_handlers:
                if handler.opt.get("operation") == "page.read":
                    continue  # open to all, and no part of the interface: test_pages.py
                found += [
                    GuardedRoute(method, route.path_format, handler.opt["operation"])
                    for method in handler.http_methods
                    if method != "OPTIONS"
                ]
        elif isinstance(route, WebSocketRoute):
            found.append(GuardedRoute("WEBSOCKET", route.path_format, route.route_handler.opt["operation"]))
    return found


class Who(Struct, frozen=True):
    """An asker: their roles in the bureau's body (None outside it) and `anywhere`; `home` if of its organization."""

    person: Person
    roles: frozenset[str] | None
    anywhere: frozenset[str]
    home: bool = True


class World(Struct, frozen=True):
    """The bureau after its meeting, the ids of paths, and everybody who asks."""

    app: Litestar
    ids: dict[str, Any]
    people: dict[str, Who]


async def leave_the_meeting(bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> dict[str, Any]:
    """Return the ids that paths name, of the meeting whose minutes are issued; a later Room holds another meeting."""
    b, room = bureau, Room(bureau, owner)
    bureau.meeting, bureau.items = 0, ()
    await owner.execute(  # an attendee reads minutes of which they have a copy
        "INSERT INTO minutes_copies (minutes_id, body_id, recipient, person_id, sent_at)"
        " SELECT id, body_id, '唐宁', $1, yijue_now() FROM minutes",
        b.tang.id,
    )
    return {
        "body_id": b.body,
        "meeting_id": room.meeting,
        "item_id": room.items[0],
        "vote_id": await owner.fetchval("SELECT min(id) FROM votes"),
        "paper_id": await owner.fetchval("SELECT id FROM papers WHERE item_id = $1", room.items[0]),
        "minutes_id": await owner.fetchval("SELECT id FROM minutes"),
        "person": b.xu.id,
        "role": "member",
        "matter": await owner.fetchval(
            "INSERT INTO matters (body_id, year, code, title, category) VALUES ($1, 2026, '1', '预算', 'major')"
            " RETURNING id",
            b.body,
        ),
        "relation": await owner.fetchval("SELECT min(id) FROM kinships"),
        "request_id": 1,
        "session": 10**6,  # nobody's
        "year": 2025,
        "sha256": await owner.fetchval("SELECT encode(sha256, 'hex') FROM minutes"),
    }


async def _join(
    owner: "asyncpg.Connection[asyncpg.Record]", app: Litestar, organization: int, number: str, admin: bool = False
) -> Person:
    person = await owner.fetchval(
        "INSERT INTO people (organization_id, staff_number, name, administrator) VALUES ($1, $2, $2, $3) RETURNING id",
        organization, number, admin,
    )  # fmt: skip
    return Person(number, person, client_of(app, *await open_session(owner, person)))


async def found_world(app: Litestar, bureau: Bureau, owner: "asyncpg.Connection[asyncpg.Record]") -> World:
    """The world of a meeting held, with people of every role inside and outside the body."""
    ids = await leave_the_meeting(bureau, owner)
    people = {}
    for key in ("admin", "li", "zhou", "lin", "wu", "zhao", "tang", "hall", "jiang"):
        person = bureau.people[key]
        rows = await owner.fetch("SELECT role FROM grants WHERE person_id = $1", person.id)
        roles = frozenset(row["role"] for row in rows) | ({"administrator", "security"} if key == "admin" else set())
        roles |= {"chair"} if key == "zhou" else set()  # who presides over the one meeting
        people[key] = Who(person, roles, roles)
    deputy = await _join(owner, app, bureau.organization, "deputy")
    await owner.execute("INSERT INTO grants VALUES ($1, $2, 'deputy')", bureau.body, deputy.id)
    people["deputy"] = Who(deputy, frozenset({"deputy"}), frozenset({"deputy"}))
    other_body = await owner.fetchval(
        "INSERT INTO bodies (organization_id, name) VALUES ($1, '机关党委') RETURNING id", bureau.organization
    )
    neighbour = await _join(owner, app, bureau.organization, "neighbour")
    await owner.execute("INSERT INTO grants VALUES ($1, $2, 'member')", other_body, neighbour.id)
    people["neighbour"] = Who(neighbour, None, frozenset({"member"}))
    elsewhere = await owner.fetchval("INSERT INTO organizations (name) VALUES ('另一单位') RETURNING id")
    stranger = await _join(owner, app, elsewhere, "stranger", admin=True)
    theirs = await owner.fetchval(
        "INSERT INTO bodies (organization_id, name) VALUES ($1, '党组') RETURNING id", elsewhere
    )
    for role in ("member", "head", "secretary"):
        await owner.execute("INSERT INTO grants VALUES ($1, $2, $3)", theirs, stranger.id, role)
    people["stranger"] = Who(
        stranger, None, frozenset({"member", "head", "secretary", "administrator", "security"}), home=False
    )
    return World(app, ids, people)


async def ask(world: World, route: GuardedRoute, who: Person | None, csrf: bytes | None = None) -> tuple[int, str]:
    """Call the route as this person; return the status and the rule that refused, "" if none did."""
    path = route.path.format(**world.ids)
    if route.method == "WEBSOCKET":
        return await _upgrade(world.app, path, who)
    client = who.client if who else client_of(world.app, "no such session", "")
    sent: dict[str, Any] = {}
    body = SENT[route.operation]
    if route.operation in FILES:
        sent["files"] = {"file": ("又一份.pdf", PDF + b"more", "application/pdf")}
    elif body is not None:
        sent["json"] = {name: world.ids["person"] if value == "…" else value for name, value in body.items()}
    params = ASKED.get(route.operation, {})
    headers: dict[bytes, bytes] = {} if csrf is None else {b"X-CSRF-Token": csrf}
    answer = await client.request(route.method, path, headers=headers, params=params, **sent)
    if answer.is_success:
        return answer.status_code, ""
    assert answer.headers["content-type"] == "application/problem+json", (route, answer.text)
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["detail"]
    assert problem["detail_en"]
    return answer.status_code, problem["rule"]


async def _upgrade(app: Litestar, path: str, who: Person | None) -> tuple[int, str]:
    """Open the WebSocket over ASGI and leave again; return as `ask` does."""
    cookie = f"yijue_session={who.client.cookies['yijue_session'] if who else 'none'}"
    scope: Any = {
        "type": "websocket", "asgi": {"version": "3.0"}, "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(b"host", b"test"), (b"origin", b"http://test"), (b"cookie", cookie.encode())],
        "subprotocols": [], "scheme": "ws", "server": ("test", 80), "client": ("test", 1), "root_path": "",
        "extensions": {"websocket.http.response": {}},
    }  # fmt: skip
    coming: list[Any] = [{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1000}]
    said: list[Any] = []

    async def receive() -> Any:
        return coming.pop(0)

    async def send(message: Any) -> None:
        said.append(message)

    await app(scope, receive, send)
    if said[0]["type"] == "websocket.accept":
        return 101, ""
    if said[0]["type"] == "websocket.close":  # the framework refused the path or its parameter
        return 403, {"Not Found": "unknown"}.get(said[0]["reason"], "input.invalid")
    assert said[0]["type"] == "websocket.http.response.start", said
    return said[0]["status"], msgspec.json.decode(said[1]["body"])["rule"]
