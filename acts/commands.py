"""One key, one command: a key that was used for one command answers no other. Pure.

A command's digest is kept beside the key, with the first record that the command wrote.
"""

import hashlib
import hmac
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import msgspec

from acts.refusal import ALLOWED, Refused, Verdict


def digest_of(method: str, target: str, body: bytes, secret: bytes = b"") -> bytes:
    """Returns the SHA-256 of a command: its method, its path with the query, its JSON whatever the order of the fields.

    With `secret`, the session's, it is an HMAC: the digest of a command that holds a password must not serve to guess
    the password. Such a command is repeated from the same session alone.
    """
    with suppress(msgspec.DecodeError, UnicodeDecodeError, RecursionError):  # what is no JSON is refused before any act
        body = msgspec.json.encode(msgspec.json.decode(body), order="sorted")
    said = b"\n".join((method.encode(), target.encode(), body))
    return hmac.digest(secret, said, "sha256") if secret else hashlib.sha256(said).digest()


def target_of(scope: Mapping[str, Any]) -> str:
    """Returns the path of a request with its query."""
    query: bytes = scope["query_string"]
    path: str = scope["path"]
    return f"{path}?{query.decode('latin-1')}" if query else path


def with_file(command: bytes, name: str, content: bytes) -> bytes:
    """Returns the digest of a command that sends a file."""
    return (
        hashlib.sha256(command + hashlib.sha256(name.encode() + b"\n" + content).digest()).digest() if command else b""
    )


def check_repetition(before: bytes, command: bytes) -> Verdict:
    """`command.key`: the command is the one that the key was first used for; both are digests."""
    if before == command:
        return ALLOWED
    return Refused(
        "command.key",
        "本次操作使用了另一项操作的标识，未予执行。请刷新页面，核对后重新操作。",
        "This key was used for another command, so nothing was done. Reload the page, look, and do it again.",
    )
