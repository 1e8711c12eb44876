"""A finding of `yijue doctor`."""

from msgspec import Struct


class Finding(Struct, frozen=True):
    """One thing looked at (中文 · English) and how it is; `mend` says what to do if it is wrong, else is empty."""

    what: str
    how: str
    mend: str = ""
