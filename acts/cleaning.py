"""Brings what is sent into its normal form, by the type that takes it: no route can forget it.

A text is taken as text of several lines, unless its type says in `Meta(extra={"form": ...})` that it is a name, a code
or a line, or is kept as it is.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias

from msgspec import inspect

from acts.normal import FORMS

Clean: TypeAlias = Callable[[Any], Any]


@cache
def cleaner(type_: Any) -> Clean | None:
    """A function from decoded JSON to the same with its texts in normal form; None where the type holds no text.

    A value of another shape than the type's stays as it is, for the conversion to refuse.
    """
    return _clean(inspect.type_info(type_))


def _clean(type_: inspect.Type, form: str = "text") -> Clean | None:
    clean: Clean | None = None
    match type_:
        case inspect.Metadata():
            clean = _clean(type_.type, (type_.extra or {}).get("form", form))
        case inspect.UnionType():
            clean = _each_of([found for each in type_.types if (found := _clean(each, form))])
        case inspect.StructType():
            clean = _fields({field.encode_name: found for field in type_.fields if (found := _clean(field.type))})
        case inspect.ListType():
            clean = _items(_clean(type_.item_type))
        case inspect.DictType():
            clean = _values(_clean(type_.value_type))
        case inspect.StrType():
            clean = _text(form)
    return clean


def _text(form: str) -> Clean | None:
    clean = FORMS.get(form)  # type: ignore[call-overload] # what is kept as it is has none
    return clean and (lambda value: clean(value) if isinstance(value, str) else value)


def _each_of(cleans: list[Clean]) -> Clean | None:
    def clean(value: Any) -> Any:
        for each in cleans:  # each leaves a value of another shape alone
            value = each(value)
        return value

    return clean if cleans else None


def _items(item: Clean | None) -> Clean | None:
    return item and (lambda value: [item(each) for each in value] if isinstance(value, list) else value)


def _values(item: Clean | None) -> Clean | None:
    return item and (
        lambda value: {key: item(each) for key, each in value.items()} if isinstance(value, dict) else value
    )


def _fields(fields: Mapping[str, Clean]) -> Clean | None:
    def clean(value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        return {key: fields[key](each) if key in fields else each for key, each in value.items()}

    return clean if fields else None
