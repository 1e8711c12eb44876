"""Every field that can be sent has a Chinese name, which a refusal's text uses; its `field` keeps the identifier."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from litestar import Litestar

from acts.packages import fields as named
from minutes.records import Texts
from server.field_names import chinese_name
from server.json_body import refusal_of
from server.openapi import describe
from tests.bureau import Bureau

# The whole body and the header of its type are refused by name too.
AROUND = {"body", "Content-Type"}


def _fields(app: Litestar) -> set[str]:
    """The names of all parameters, and of all fields of all commands' bodies at any depth."""
    document = describe(app)
    schemas = document["components"]["schemas"]
    seen: set[str] = set()

    def walk(schema: Any) -> Iterator[str]:
        if isinstance(schema, list):
            for each in schema:
                yield from walk(each)
        elif isinstance(schema, dict):
            if (reference := schema.get("$ref", "")) and reference not in seen:
                seen.add(reference)
                yield from walk(schemas[reference.rpartition("/")[2]])
            yield from schema.get("properties", {})
            for key, each in schema.items():
                yield from walk(list(each.values()) if key == "properties" else each)

    found = set()
    for path in document["paths"].values():
        for operation in path.values():
            found |= {each["name"] for each in operation.get("parameters", [])}
            for content in operation.get("requestBody", {}).get("content", {}).values():
                found |= set(walk(content["schema"]))
    return found


def test_every_field_has_a_name(app: Litestar) -> None:
    fields = _fields(app)
    assert len(fields) > 80
    assert {"title", "due", "copies_to", "minutes_id", "Idempotency-Key"} <= fields
    assert sorted(fields - named().keys()) == [], "name them in the package.py that brings them"
    assert sorted(named().keys() - fields - AROUND) == [], "no command has these"


@pytest.mark.parametrize(
    ("sent", "field", "said"),
    [
        (
            {"items": [{"item": 1, "tasks": [{"who": "办公室"}, {"who": "办公室", "due": "x"}]}]},
            "items[0].tasks[1].due",
            "“议题第 1 项的任务第 2 项的完成时限”",
        ),
        ({"copies_to": ["档案室", 1]}, "copies_to[1]", "“抄送第 2 项”"),
        ({"items": [{}]}, "items[0].item", "“议题第 1 项的议题”"),
        ({"items": [{"item": 1, "strange": 1}]}, "items[0].strange", "“items[0].strange”"),
        ({"copies": -1}, "copies", "“印发文本”"),
        ({"strange": 1}, "strange", "“strange”"),
        ([], "body", "“提交的内容”"),
    ],
)
def test_however_deep(sent: Any, field: str, said: str) -> None:
    with pytest.raises(msgspec.ValidationError) as error:
        msgspec.json.decode(msgspec.json.encode(sent), type=Texts)
    refusal = refusal_of(str(error.value))
    assert refusal.facts == {"field": field}
    assert refusal.detail.startswith(f"{said}填写有误：")
    assert refusal.detail_en.startswith(f"{field}: ")


def test_what_is_no_field_has_no_name() -> None:
    assert [chinese_name(field) for field in ("", "a.", "[0]", "\ud800", "title.x", f"title[{'1' * 9999}]")] == [
        None
    ] * 6


async def test_over_http(bureau: Bureau) -> None:
    path = f"/api/bodies/{bureau.body}/meetings"
    plan = {"title": "题" * 201, "starts_at": "2026-02-13T09:00:00+08:00"}
    problem = (await bureau.li.post(path, plan)).json()
    assert problem["detail"] == "“标题”填写有误：最多 200 个字符。"
    assert problem["field"] == problem["facts"]["field"] == "title"
    problem = (await bureau.li.get(path, limit=0)).json()
    assert problem["detail"] == "“每页条数”填写有误：不得小于 1。"
    assert problem["field"] == "limit"
