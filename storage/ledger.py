"""The ledger's record and its chain: pure; SQL stands in `store.py`.

A record is encoded once, as JSON with sorted keys; the database stores and hashes those exact bytes:
hash = SHA-256(hash of the record before ‖ bytes), 32 zero bytes before the first.
"""

import hashlib
import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

GENESIS = bytes(32)

Content = Mapping[str, Any]


class Record(Struct, frozen=True):
    """One thing that happened; `at` is the database's time in UTC, `meeting` is None in a body's own book."""

    seq: int
    at: datetime
    body: int | None
    meeting: int | None
    actor: int | None
    kind: str
    content: dict[str, Any]
    version: int = 1

    @property
    def subject_id(self) -> int:
        return self.meeting or self.body or 0


class Entry(Struct, frozen=True):
    """A record as it is kept: its bytes and its place in the chain."""

    raw: bytes
    hash: bytes
    record: Record


class BrokenChainError(Exception):
    """The chain does not hold; `seq` is the first record that does not continue the one before."""

    def __init__(self, seq: int, why: str) -> None:
        self.seq, self.why = seq, why
        super().__init__(f"record {seq}: {why}")


def new_salt() -> str:
    """What a record holds beside a choice, so that its hash does not tell the choice: receipts and the ledger show
    hashes also to those who may not see it yet, and there are only four to try."""
    return secrets.token_hex(16)


def encode_content(content: Content) -> str:
    """JSON with sorted keys at every depth."""
    return msgspec.json.encode(content, order="sorted").decode()


_decoder = msgspec.json.Decoder(Record)


def read_record(raw: bytes) -> Record:
    """The record that these stored bytes are."""
    return _decoder.decode(raw)


def entry(raw: bytes, digest: bytes) -> Entry:
    """The entry that these stored bytes are."""
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
