"""The latest states of books, kept in this process so that an act folds only later records."""

from collections import OrderedDict

from acts.folding import BookState
from acts.packages import subjects

_MOST = 256  # books; the one longest unused goes first


class Folds:
    """States by (type of subject, id). They are committed states: an act that fails leaves them as they were."""

    def __init__(self) -> None:
        self._states: OrderedDict[tuple[str, int], BookState] = OrderedDict()

    def latest(self, subject: str, id_: int) -> BookState:
        """The subject's state as it was last kept, the empty one where none is."""
        return self._states.get((subject, id_)) or subjects()[subject].empty

    def keep(self, subject: str, id_: int, state: BookState) -> None:
        """Keep a state that was folded from committed records."""
        self._states[subject, id_] = state
        self._states.move_to_end((subject, id_))
        if len(self._states) > _MOST:
            self._states.popitem(last=False)
