"""Reading what is sent, strictly: JSON straight into the type that the route takes, each refusal naming the field."""

import re
from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import ValidationException

from acts.refusal import Refused, RefusedError
from server.field_names import chinese_name

_PLACE = re.compile(r" - at `\$\.?(?P<place>[^`]*)`$")
_MISSING = re.compile(r"^Missing required \w+ parameter '(?P<name>[^']*)'")
_HEADERS = {"key": "Idempotency-Key"}
_NAMED = re.compile(r"^Object (?P<what>missing required|contains unknown) field `(?P<name>[^`]*)`")
# What msgspec says, in words for the person; the first that fits.
_WORDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"^Object missing required", "缺少此项"),
        (r"^Object contains unknown", "没有此项"),
        (r"^Invalid enum value", "不在可选范围内"),
        (r"^Expected `str` of length <= (\d+)", r"最多 \1 个字符"),
        (r"^Expected `str` of length >= 1$", "不能为空"),
        (r"^Expected `str` of length >= (\d+)", r"至少 \1 个字符"),
        (r"^Expected `str` matching regex", "内容为空、含有控制字符，或格式不正确"),
        (r"^Expected `array` of length <= (\d+)", r"最多 \1 项"),
        (r"^Expected `array` of length >= (\d+)", r"至少 \1 项"),
        (r"^Expected `int` >= (-?\d+)", r"不得小于 \1"),
        (r"^Expected `int` <= (-?\d+)", r"不得大于 \1"),
        (r"^Expected `datetime` with a timezone", "时间须注明时区，例如 2026-01-13T09:00:00+08:00"),
        (r"^Invalid RFC3339 encoded date", "日期或时间有误"),
        (r"^Expected `bool", "应为 true 或 false"),
        (r"^Expected `int", "应为整数"),
        (r"^Expected `str", "应为文字"),
    )
)


class StrictRequest(Request[Any, Any, Any]):
    """A request whose JSON is decoded into the handler's own type: no text is taken for a number, nor 1 for true."""

    async def json(self) -> Any:
        field = self.route_handler.parsed_data_field
        body = await self.body()
        if self.content_type[0] != "application/json":
            raise RefusedError(field_refusal("Content-Type", "Expected `application/json`"))
        try:
            return msgspec.json.decode(body, type=Any if field is None else field.annotation)
        except msgspec.ValidationError as error:
            raise RefusedError(refusal_of(str(error))) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            why = "not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
            raise RefusedError(
                Refused(
                    "input.invalid", "提交的内容不是有效的 JSON，请检查后重试。", f"Not JSON: {why}", {"field": "body"}
                )
            ) from None


def refusal_of(message: str) -> Refused:
    """What msgspec says of a body, as a refusal: the missing or unknown field is the one that is named."""
    place = match["place"] if (match := _PLACE.search(message)) else ""
    why = _PLACE.sub("", message)
    if named := _NAMED.match(why):
        place = f"{place}.{named['name']}".lstrip(".")
    return field_refusal(place or "body", why)


def refusal_of_parameters(error: ValidationException) -> Refused:
    """What the framework says of a parameter in path, query or header."""
    extra = error.extra if isinstance(error.extra, list) else []
    first: dict[str, Any] = extra[0] if extra else {}
    field, why = str(first.get("key") or "body"), str(first.get("message") or error.detail)
    if missing := _MISSING.match(why):
        return field_refusal(missing["name"], "Object missing required parameter")
    if field == "data":
        return field_refusal("body", "Object missing required body")
    return field_refusal(_HEADERS.get(field, field), why)


def field_refusal(field: str, why: str) -> Refused:
    """`input.invalid` for a field; `why` in msgspec's words."""
    chinese = next(
        (match.expand(words) for pattern, words in _WORDS if (match := pattern.search(why))), "类型或格式不正确"
    )
    shown = field if len(field) <= 100 else f"{field[:100]}…"
    name = chinese_name(field) or shown
    return Refused("input.invalid", f"“{name}”填写有误：{chinese}。", f"{shown}: {why}", {"field": shown})
