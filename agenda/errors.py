"""The refusal of a value that was sent: it names the field."""

from acts.refusal import Refused, RefusedError


def bad_field(field: str, detail: str, detail_en: str) -> RefusedError:
    """Returns `input.invalid` for one field, to be raised."""
    return RefusedError(Refused("input.invalid", detail, detail_en, {"field": field}))
