"""Heads of books as others keep them: sealed, so that none can be invented, and compared with what is here. Pure.

An older copy of the database that is put back is whole by itself. Only those outside know of the later records: pages
that followed a meeting, and the file of heads.
"""

import hashlib
import hmac
import re
from collections.abc import Callable
from datetime import datetime

from msgspec import Struct

_SEALED = re.compile(r"([1-9]\d{0,17})\.([1-9]\d{0,17})\.([0-9a-f]{64})\.([0-9a-f]{32})")

Sealing = Callable[[int, bytes], str]
"""Gives the sealed head of one book for a seq and a hash."""


class Told(Struct, frozen=True):
    """What somebody says of a book: its record `seq` has this hash. `body` is the book's, 0 where it is not said."""

    seq: int
    hash: bytes
    body: int = 0


class LostBook(Struct, frozen=True):
    """A book of a body of which a later record (`seq`, `hash` in hex) is known outside than is here (`here`), where its
    loss is not explained."""

    subject: str
    id: int
    body: int
    here: int
    seq: int
    hash: str
    told_by: str
    noticed_at: datetime

    @property
    def key(self) -> tuple[str, int, int]:
        """The loss, whatever is written here meanwhile."""
        return self.subject, self.id, self.seq


def sealing(key: bytes, body: int, subject: str, number: int) -> Sealing:
    """The sealing of a book's heads by the database's key; the body is told too, since the book may be lost whole."""
    return lambda seq, digest: f"{body}.{seq}.{digest.hex()}.{_mac(key, body, subject, number, seq, digest)}"


def unsealed(key: bytes, subject: str, number: int, text: str | None) -> Told | None:
    """The head that this database, or a later state of it, once gave out for the book; None for anything else."""
    found = _SEALED.fullmatch(text or "")
    if found is None:
        return None
    body, seq, digest = int(found[1]), int(found[2]), bytes.fromhex(found[3])
    same = hmac.compare_digest(_mac(key, body, subject, number, seq, digest), found[4])
    return Told(seq, digest, body) if same else None


def _mac(key: bytes, body: int, subject: str, number: int, seq: int, digest: bytes) -> str:
    words = f"{body}|{subject}|{number}|{seq}|".encode() + digest
    return hashlib.blake2b(words, key=key, digest_size=16).hexdigest()
