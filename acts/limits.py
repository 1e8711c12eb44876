"""How often one account may do a thing.

Counted in this process: its one event loop makes the count exact where many requests race, and a restart, which is
the operator's alone, gives each account at most one allowance more.
"""

import time
from collections.abc import Callable, Hashable

from acts.refusal import Refused, RefusedError

_SECOND = 1_000_000_000  # nanoseconds
_MOST_KEPT = 10_000  # keys; above it those that may do all again are forgotten


class Limit:
    """At most `most` at once for each key, and `most` in `seconds` over time (GCRA)."""

    def __init__(self, most: int, seconds: int, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self._step = seconds * _SECOND // most
        self._burst = self._step * (most - 1)
        self._clock = clock
        self._due: dict[Hashable, int] = {}

    def take(self, key: Hashable) -> int:
        """Count one and return 0 where that is allowed; else return the seconds to wait, without counting."""
        now = self._clock()
        due = max(self._due.get(key, now), now)
        if due - now > self._burst:
            return -((now + self._burst - due) // _SECOND)
        if len(self._due) >= _MOST_KEPT:
            self._due = {each: at for each, at in self._due.items() if at > now}
        self._due[key] = due + self._step
        return 0

    def give_back(self, key: Hashable) -> None:
        """Take back the count of the last one."""
        if key in self._due:
            self._due[key] -= self._step


class Limits:
    """The limits of one running program: commands of an account, wrong hall codes of a person in a meeting, failed
    sign-ins of strangers from an address, sign-ins there by a provider, questions about issued minutes from an address,
    and those that compose and draw them anew."""

    def __init__(self) -> None:
        self.commands = Limit(300, 60)
        self.hall_codes = Limit(5, 300)
        self.sign_ins = Limit(100, 600)
        self.providers = Limit(120, 60)
        self.verifications = Limit(60, 60)
        self.recomputations = Limit(20, 60)


def require_slower(wait: int, detail: str, detail_en: str) -> None:
    """Refuse by `access.rate` where there are seconds to wait; `{seconds}` stands in the sentences for them."""
    if wait:
        raise RefusedError(
            Refused("access.rate", detail.format(seconds=wait), detail_en.format(seconds=wait), {"seconds": wait})
        )
