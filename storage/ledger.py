"""The ledger's record and its chain: pure; SQL stands in `store.py`.

A record is encoded once, as JSON with sorted keys; the database stores and hashes those exact bytes:
hash = SHA-256(hash of the record before ‖ bytes), 32 zero bytes before the first.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

GENESIS = bytes(32)

Content = Mapping[str, Any]


class Record(Struct, frozen=True):
    """One thing that happened; `at` is the database's time in UTC.

    `subject` and `subject_id` say in whose book it stands ("meeting", "body", "organization" …), `version` is that of
    the kind's content. `salt`, 32 hex digits by the database, keeps the record's hash from revealing its content:
    a record shown in part is shown without it.
    """

    seq: int
    at: datetime
    body: int | None
    subject_id: int
    actor: int | None
    kind: str
    content: dict[str, Any]
    subject: str = "meeting"
    organization: int = 0
    version: int = 1
    salt: str = ""

    @property
    def meeting(self) -> int | None:
        """The meeting in whose book it stands, or None."""
        return self.subject_id if self.subject == "meeting" else None


class Entry(Struct, frozen=True):
    """A record as it is kept: its bytes and its place in the chain."""

    raw: bytes
    hash: bytes
    record: Record


class Answered(Struct, frozen=True):
    """A record that a command with a key wrote, and the command's digest (32 bytes; none from an act without HTTP)."""

    entry: Entry
    command: bytes = b""


class BrokenChainError(Exception):
    """The chain does not hold; `seq` is the first record that does not continue the one before."""

    def __init__(self, seq: int, why: str) -> None:
        self.seq, self.why = seq, why
        super().__init__(f"record {seq}: {why}")


def encode_content(content: Content) -> str:
    """JSON with sorted keys at every depth."""
    return msgspec.json.encode(content, order="sorted").decode()


_decoder = msgspec.json.Decoder(Record)


def read_record(raw: bytes) -> Record:
    """Decode a record from its stored bytes."""
    return _decoder.decode(raw)


def entry(raw: bytes, digest: bytes) -> Entry:
    """Decode an entry from its stored bytes and hash."""
    return Entry(raw=raw, hash=digest, record=_decoder.decode(raw))


def check_chain(entries: Iterable[Entry]) -> bytes:
    """Recompute a whole book from its first record; give the last hash. Raises BrokenChainError."""
    last = GENESIS
    for seq, item in enumerate(entries, start=1):
        if item.record.seq != seq:
            raise BrokenChainError(seq, f"found record {item.record.seq} in its place")
        if hashlib.sha256(last + item.raw).digest() != item.hash:
            raise BrokenChainError(seq, "its bytes do not give its hash")
        last = item.hash
    return last
