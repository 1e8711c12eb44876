"""A refusal quotes 80 characters at most of what was sent, wherever it was sent; so no answer is large."""

import io
import re
from typing import Any

import msgspec
import openpyxl
from litestar.routes import HTTPRoute

from acts.limits import Limit, Limits
from acts.packages import operations
from acts.quoting import MOST_QUOTED, quoted, requoted
from tests.bureau import Bureau
from tests.server.guarded import FILES, SENT, World

LONG = 300_000
GIANT = "甲x" * (LONG // 2)
# As a text, as texts in a list, as a key, as a key of a key: wherever one may stand.
GIANTS: tuple[Any, ...] = (
    GIANT,
    [GIANT, GIANT],
    {GIANT: 1},
    {"a": {GIANT: GIANT}},
    {GIANT: {"zh": "惯例"}},
    [{GIANT: 1}],
)
MOST = 3_000  # bytes of an answer that names one field
QUOTED = re.compile("[甲x]+")


def short(text: str) -> bool:
    return len(text.encode()) <= MOST and max((len(each) for each in QUOTED.findall(text)), default=0) <= MOST_QUOTED


def fields_of(app: Any) -> dict[str, list[str]]:
    """The fields of every operation that takes JSON."""
    found: dict[str, list[str]] = {}
    for route in app.routes:
        for handler in route.route_handlers if isinstance(route, HTTPRoute) else ():
            if (field := handler.parsed_data_field) is not None:
                info = msgspec.inspect.type_info(field.annotation)
                named = [each.encode_name for each in getattr(info, "fields", ())]
                found[handler.opt["operation"]] = [*named, "no_such_field"]
    return found


async def test_no_field_of_no_command_comes_back(world: World, limits: Limits) -> None:
    limits.commands = Limit(10**6, 60)
    wrong, asked = [], 0
    fields = fields_of(world.app)
    for route in world.app.routes:
        if not isinstance(route, HTTPRoute) or not route.path.startswith("/api/"):
            continue
        for handler in route.route_handlers:
            operation = handler.opt.get("operation", "")
            if operation not in fields or operation in FILES:
                continue
            allowed = operations()[operation]
            asker = next(
                who.person
                for who in world.people.values()
                if who.home and allowed & ((who.roles or frozenset()) | {"anyone", "signed_in"})
            )
            base = {
                key: world.ids["person"] if value == "…" else value for key, value in (SENT[operation] or {}).items()
            }
            path = route.path_format.format(**world.ids)
            for field in (*fields[operation], GIANT):
                for giant in GIANTS if field != GIANT else (1,):
                    (method,) = handler.http_methods - {"OPTIONS"}
                    answer = await asker.client.request(method, path, json={**base, field: giant})
                    asked += 1
                    if answer.is_success or answer.status_code >= 500 or not short(answer.text):
                        wrong.append(f"{operation} {field[:20]}: {answer.status_code} {len(answer.content)} B")
    assert not wrong, "\n".join(wrong)
    assert asked > 700


async def test_no_parameter_and_no_header_comes_back(world: World) -> None:
    person, giant = world.people["li"].person, "x" * 20_000
    for path in (
        f"/api/meetings/{giant}", f"/api/{giant}", f"/api/bodies/{giant}/meetings", f"/api/verification/{giant}",
        f"/api/bodies/{world.ids['body_id']}/roles/{giant}/1", f"/{giant}",
    ):  # fmt: skip
        assert short((await person.client.get(path)).text), path[:40]
        assert short((await person.client.delete(path)).text), path[:40]
    meetings = f"/api/bodies/{world.ids['body_id']}/meetings"
    for name in ("limit", "offset", giant):
        assert short((await person.client.get(meetings, params={name: giant})).text) or name == giant
    headers: list[dict[bytes, bytes]] = [
        {b"Idempotency-Key": giant.encode()}, {b"Content-Type": giant.encode()}, {b"X-CSRF-Token": giant.encode()},
        {b"Cookie": b"yijue_session=" + giant.encode()},
    ]  # fmt: skip
    for header in headers:
        assert short((await person.client.post(meetings, content=b"{}", headers=header)).text), header


async def test_no_file_comes_back(bureau: Bureau) -> None:
    """An import names at most 200 cells, each with 80 characters of it."""
    admin = bureau.admin.client
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "人员"
    for column in range(1, 60):
        sheet.cell(1, column).value = f"x{'甲' * 4_000}{column}"
    book.save(buffer := io.BytesIO())
    wide = ",".join([GIANT[:4_000]] * 60)
    files = {
        "a.csv": GIANT.encode(), "b.csv": f"工号,姓名\n{GIANT},{GIANT}".encode(),
        "c.csv": f"工号,姓名,角色\n{wide}".encode(),
        "d.csv": ("工号,姓名,角色\n" + f"1,{GIANT[:4000]},{GIANT[:4000]}\n" * 900).encode(),
        "e.xlsx": buffer.getvalue(), f"{GIANT}.csv": "工号,姓名".encode(),
    }  # fmt: skip
    for name, content in files.items():
        answer = await admin.post("/api/import/preview", files={"file": (name, content, "text/csv")})
        assert not answer.is_success
        assert len(answer.content) < 250_000, (name[:20], len(answer.content))
        assert max(len(each) for each in QUOTED.findall(answer.text) or [""]) <= MOST_QUOTED, name[:20]
    draft = await bureau.li.do(
        f"/api/bodies/{bureau.body}/meetings", {"title": "党组会议", "starts_at": "2026-02-13T09:00:00+08:00"}
    )
    meeting = draft["content"]["meeting"]
    item = await bureau.li.do(f"/api/meetings/{meeting}/items", {"title": "一项", "category": "other"})
    path = f"/api/meetings/{meeting}/items/{item['content']['item']['id']}/papers"
    for name in (f"{GIANT}.pdf", "x.pdf"):
        assert short(
            (
                await bureau.li.client.post(path, files={"file": (name, GIANT.encode(), GIANT[:9000].encode().hex())})
            ).text
        )


def test_what_is_quoted() -> None:
    assert quoted("x" * 80) == "x" * 80
    assert quoted("x" * 81) == "x" * 79 + "…"
    assert requoted("Invalid enum value 'yes'") == "Invalid enum value 'yes'"
    assert requoted(f"Invalid enum value '{'x' * 500}'") == f"Invalid enum value '{'x' * 79}…'"
    assert requoted(f"contains unknown field `{'`' * 500}`") == f"contains unknown field `{'`' * 79}…`"
    assert len(requoted("y" * 500)) == 80
