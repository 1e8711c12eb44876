"""Reading a decision case: JSON in, a `Case` or one `CaseError` out."""

import re
from collections.abc import Hashable, Iterable
from typing import Any

import msgspec

from acts.malformed import malformed, words
from agenda.records import Choice
from bodies.charter import share
from decide.case import Case, Position, Presence

_VALUES: dict[str, Any] = {
    "attendance": Presence,
    "notices": str,
    "positions": Position,
    "written": Choice,
    "ballots": str,
}
# The reader of these wrote the JSON: types are named, and a value that is refused is repeated.
_WORDS = words(
    (
        (r"^Object missing required", "缺少必填字段"),
        (r"^Object contains unknown", "不认识的字段"),
        (r"^Expected `(.*)`, got `(.*)`$", r"类型应为 \1，实为 \2"),
        (r"^Invalid enum value (.*)", r"取值不在允许之列：\1"),
        (r"^Invalid RFC3339 encoded date", "不是有效的日期，应写作 2026-04-13"),
        (r"out of range$", "数值超出范围"),
    )
)


class CaseError(Exception):
    """A case is malformed: the field that is, and why in English (`message`) and Chinese, each on one line."""

    def __init__(self, field: str, message: str, chinese: str = "格式有误") -> None:
        self.field, self.message, self.chinese = visible(field), visible(message), visible(chinese)
        super().__init__(f"{self.field}: {self.message}")


def visible(text: str, limit: int = 200) -> str:
    """Returns `text` on one line: escapes stand for what does not print; beyond `limit` characters it ends in “…”."""
    if len(text) > limit:
        text = text[: limit - 1] + "…"
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in text)


def read_case(data: bytes) -> Case:
    """Read a case, bare or as `{"case": …, "expect": …}`, from UTF-8 JSON. Raises CaseError if malformed.

    The error names a field from the case on, whether the case came wrapped or not.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CaseError("case", f"not UTF-8 (byte {error.start})", "不是有效的 UTF-8 文本") from None
    try:
        case = _decode(text)
    except RecursionError:
        raise CaseError("case", "nested too deeply", "嵌套过深") from None
    _check(case)
    return case


class _Wrapper(msgspec.Struct):
    # A wrapper has a `case` and none of a case's own parts. In a bare case `case` is an unknown field.
    case: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    body: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    items: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET


_wrapper = msgspec.json.Decoder(_Wrapper)
_case = msgspec.json.Decoder(Case)


def _decode(text: str) -> Case:
    source: str | msgspec.Raw = text
    try:
        outer = _wrapper.decode(text)
        if isinstance(outer.case, msgspec.Raw) and outer.body is outer.items is msgspec.UNSET:
            source = outer.case
        return _case.decode(source)
    except msgspec.ValidationError as error:
        raise _located(str(error), source) from None
    except (msgspec.DecodeError, ValueError) as error:
        raise CaseError("case", f"not JSON: {error}", "不是有效的 JSON") from None


def _located(text: str, source: str | msgspec.Raw) -> CaseError:
    wrong = malformed(text)
    if wrong.of_key:
        return CaseError(wrong.path, "an id cannot be empty", "标识不能为空")
    place = wrong.path
    if place.endswith("[...]"):
        place = _with_key(place.removesuffix("[...]"), source)
    why = wrong.why
    if why.startswith("Object "):  # a field is missing or unknown; the place names it
        why = "missing" if why.startswith("Object missing") else "unknown field"
    return CaseError(place or "case", why, wrong.chinese(_WORDS) or "格式有误")


def _with_key(path: str, source: str | msgspec.Raw) -> str:
    # msgspec says which map, not which key.
    try:
        here: Any = msgspec.json.decode(source)
        steps = re.findall(r"[^.\[\]]+", path)
        for step in steps:
            here = here[int(step)] if isinstance(here, list) else here[step]
        for key, value in here.items():
            try:
                msgspec.convert(value, _VALUES[steps[-1]])
            except msgspec.ValidationError:
                return f"{path}.{key}"
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError):
        pass  # The map alone is named then.
    return path


def _check(case: Case) -> None:
    if not case.body.members:
        raise CaseError("body.members", "a body has members", "应到会成员不能为空")
    _once(case.body.members, "body.members[{}]")
    policy = case.body.policy
    # Beyond 64 bits msgspec keeps no bounds.
    if policy.lead_working_days < 1:
        raise CaseError("body.policy.lead_working_days", "Expected `int` >= 1", "不得小于 1")
    if policy.close_margin < 0:
        raise CaseError("body.policy.close_margin", "Expected `int` >= 0", "不得小于 0")
    for field, text in (("quorum", policy.quorum), ("personnel_quorum", policy.personnel_quorum)):
        try:
            share(text)
        except ValueError as error:
            chinese = "应为大于 0 且不超过 1 的分数，如 2/3"
            raise CaseError(f"body.policy.{field}", str(error), chinese) from None
    holidays = set(case.calendar.holidays)
    for index, day in enumerate(case.calendar.workdays):
        if day in holidays:
            raise CaseError(f"calendar.workdays[{index}]", "a holiday as well", "同时列为休息日")
    _check_times(case)
    for index, relation in enumerate(case.relations):
        if relation.a == relation.b:
            raise CaseError(f"relations[{index}].b", "a relation with oneself", "不能与本人构成亲属关系")
    _once((item.id for item in case.items), "items[{}].id")


def _once(ids: Iterable[Hashable], place: str) -> None:
    seen: set[Hashable] = set()
    for index, each in enumerate(ids):
        if each in seen:
            raise CaseError(place.format(index), "named twice", "重复")
        seen.add(each)


def _check_times(case: Case) -> None:
    field = "meeting.at"
    try:
        case.meeting.starts()
        for member in case.meeting.notices:
            field = f"meeting.notices.{member}"
            case.meeting.reached_on(member)
    except (ValueError, OverflowError):
        message = "not a time in ISO 8601 with its offset, such as 2026-04-14T09:00:00+08:00"
        chinese = "不是带时区的 ISO 8601 时间，应如 2026-04-14T09:00:00+08:00"
        raise CaseError(field, message, chinese) from None
