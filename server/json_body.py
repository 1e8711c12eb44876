"""Reads what is sent, strictly: JSON straight into the type that the route takes; each refusal names the field."""

import re
from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import ValidationException

from acts.cleaning import cleaner
from acts.malformed import Malformed, malformed
from acts.quoting import quoted, requoted
from acts.refusal import Refused, RefusedError
from server.field_names import chinese_name

_MISSING = re.compile(r"^Missing required \w+ parameter '(?P<name>[^']*)'")
_HEADERS = {"key": "Idempotency-Key"}


class StrictRequest(Request[Any, Any, Any]):
    """A request whose JSON is decoded into the handler's own type: no text is taken for a number, nor 1 for true."""

    async def json(self) -> Any:
        field = self.route_handler.parsed_data_field
        body = await self.body()
        if self.content_type[0] != "application/json":
            raise RefusedError(field_refusal("Content-Type", "Expected `application/json`"))
        try:
            return _decoded(body, Any if field is None else field.annotation)
        except msgspec.ValidationError as error:
            raise RefusedError(refusal_of(str(error))) from None
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            why = "not UTF-8" if isinstance(error, UnicodeDecodeError) else str(error)
            raise RefusedError(
                Refused(
                    "input.invalid", "提交的内容不是有效的 JSON，请检查后重试。", f"Not JSON: {why}", {"field": "body"}
                )
            ) from None


def _decoded(body: bytes, type_: Any) -> Any:
    """The body as its type, its texts in normal form before they are bounded. Raises as msgspec does."""
    clean = cleaner(type_)
    if clean is None:
        return msgspec.json.decode(body, type=type_)
    try:
        plain = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return msgspec.json.decode(body, type=type_)  # raises the same, or names the field that is wrong before it
    return msgspec.convert(clean(plain), type_, str_keys=True)


def refusal_of(message: str) -> Refused:
    """Turn msgspec's message on a body into a refusal that names the field."""
    wrong = malformed(message)
    return field_refusal(wrong.path or "body", wrong.why)


def refusal_of_parameters(error: ValidationException) -> Refused:
    """Turn the framework's error on a parameter in path, query or header into a refusal that names it."""
    extra = error.extra if isinstance(error.extra, list) else []
    first: dict[str, Any] = extra[0] if extra else {}
    field, why = str(first.get("key") or "body"), str(first.get("message") or error.detail)
    if missing := _MISSING.match(why):
        return field_refusal(missing["name"], "Object missing required parameter")
    if field == "data":
        return field_refusal("body", "Object missing required body")
    return field_refusal(_HEADERS.get(field, field), why)


def field_refusal(field: str, why: str) -> Refused:
    """Returns `input.invalid` for a field; `why` is in msgspec's words."""
    chinese = Malformed(field, why).chinese() or "类型或格式不正确"
    shown, why = quoted(field), requoted(why)
    name = chinese_name(field) or shown
    return Refused("input.invalid", f"“{name}”填写有误：{chinese}。", f"{shown}: {why}", {"field": shown})
