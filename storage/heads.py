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

_SEALED = re.compile(r"([1-9]\d{0,17})\.([0-9a-f]{64})\.([0-9a-f]{32})")

Sealing = Callable[[int, bytes], str]
"""Gives the sealed head of one book for a seq and a hash."""


class Told(Struct, frozen=True):
    """What somebody says of a book: its record `seq` has this hash."""

    seq: int
    hash: bytes


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


def sealing(key: bytes, subject: str, number: int) -> Sealing:
    """The sealing of a book's heads by the database's key."""
    return lambda seq, digest: f"{seq}.{digest.hex()}.{_mac(key, subject, number, seq, digest)}"


def unsealed(key: bytes, subject: str, number: int, text: str | None) -> Told | None:
    """The head that this database, or a later state of it, once gave out for the book; None for anything else."""
    found = _SEALED.fullmatch(text or "")
    if found is None:
        return None
    seq, digest = int(found[1]), bytes.fromhex(found[2])
    return Told(seq, digest) if hmac.compare_digest(_mac(key, subject, number, seq, digest), found[3]) else None


def _mac(key: bytes, subject: str, number: int, seq: int, digest: bytes) -> str:
    return hashlib.blake2b(f"{subject}|{number}|{seq}|".encode() + digest, key=key, digest_size=16).hexdigest()
