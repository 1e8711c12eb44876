"""Bytes on their way into a backup and out of it: from a program, counted, compressed, encrypted; and back.

Encryption is age's (https://age-encryption.org, through pyrage): the server needs the public key alone, and `age` or
`rage` opens the files without this program. The bytes are never on the disk in between.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Protocol
from urllib.parse import urlsplit, urlunsplit

import pyrage
from pyrage.x25519 import Identity, Recipient

from storage.errors import BackupFailedError, RestoringRefusedError

AGE = ".age"
_CHUNK = 1024 * 1024
_SAID = 2000  # characters of a program's own words


Count = Callable[[int], None]
"""Called with the bytes that have passed so far."""


class Reader(Protocol):
    """Something to read bytes from."""

    def read(self, size: int = -1, /) -> bytes: ...


class Counting:
    """Reads from another and tells how much was read."""

    def __init__(self, source: Reader, count: Count) -> None:
        self._source, self._count = source, count
        self._read = 0

    def read(self, size: int = -1, /) -> bytes:
        block = self._source.read(size)
        self._read += len(block)
        self._count(self._read)
        return block


class Compressing:
    """Reads from another and gives it in gzip's form."""

    def __init__(self, source: Reader) -> None:
        self._source = source
        self._made = zlib.compressobj(1, wbits=31)
        self._ready, self._ended = b"", False

    def read(self, size: int = -1, /) -> bytes:
        while not self._ended and (size < 0 or len(self._ready) < size):
            block = self._source.read(_CHUNK)
            self._ended = not block
            self._ready += self._made.compress(block) if block else self._made.flush()
        given, self._ready = (self._ready, b"") if size < 0 else (self._ready[:size], self._ready[size:])
        return given


def recipients_of(keys: Sequence[str]) -> list[Recipient]:
    """The public keys (age1…). Raises BackupFailedError for one that is none."""
    try:
        return [Recipient.from_str(key) for key in keys]
    except pyrage.RecipientError as error:
        raise BackupFailedError("age", f"no public key of age, such as age1…: {', '.join(keys)} ({error})") from error


def identities_of(file: Path | None) -> list[Identity]:
    """The private keys of a file of `age-keygen`. Raises RestoringRefusedError."""
    if file is None:
        return []
    lines = [line.strip() for line in file.read_text("utf-8").splitlines()]
    try:
        return [Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except pyrage.IdentityError as error:
        raise RestoringRefusedError(f"{file} holds no private key of age (AGE-SECRET-KEY-…)") from error


def write(source: Reader, to: Path, keys: Sequence[str]) -> None:
    """Write what is read into a file; where keys are given encrypted to them, `.age` added to its name."""
    path = to.with_name(to.name + AGE) if keys else to
    path.touch(mode=0o600, exist_ok=False)
    with path.open("wb") as file:
        if keys:
            pyrage.encrypt_io(source, file, recipients_of(keys))
        else:
            shutil.copyfileobj(source, file, _CHUNK)


@contextmanager
def opened(path: Path, identities: Sequence[Identity], count: Count) -> Iterator[IO[bytes]]:
    """Yields the bytes of a backup's file, decrypted; `path` without `.age`. Raises RestoringRefusedError where no key
    opens it."""
    if path.exists():
        with path.open("rb") as file:
            yield Counting(file, count)  # type: ignore[misc] # it reads, which is all that is asked of it
        return
    if not identities:
        raise RestoringRefusedError("the backup is encrypted: name the file of its private key with --identity")
    failed: list[Exception] = []
    receiving, sending = os.pipe()

    def decrypt(source: IO[bytes], to: IO[bytes]) -> None:
        try:
            with to:
                pyrage.decrypt_io(Counting(source, count), to, identities)
        except BrokenPipeError:
            pass  # the reader went away, and says why
        except (OSError, pyrage.DecryptError) as error:
            failed.append(error)

    with path.with_name(path.name + AGE).open("rb") as file, os.fdopen(receiving, "rb") as plain:
        thread = threading.Thread(target=decrypt, args=(file, os.fdopen(sending, "wb")))
        thread.start()
        try:
            yield plain
        except Exception as error:
            if failed:
                raise RestoringRefusedError(f"the key does not open {file.name} ({failed[0]})") from error
            raise
        finally:
            plain.close()
            thread.join()
    if failed:
        raise RestoringRefusedError(f"the key does not open {path}{AGE} ({failed[0]})")


def unpack(source: IO[bytes], to: Path) -> None:
    """Unpack a compressed tar of plain files below `to`. Raises tarfile.TarError, OSError, EOFError."""
    with tarfile.open(fileobj=source, mode="r|gz") as tar:
        tar.extractall(to, filter="tar")
    source.read()  # to its end, for what writes it


@contextmanager
def program(command: Sequence[str], url: str, **more: Any) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of PostgreSQL's clients on the database of `url`, whose password no list of processes shows. It is ended
    with the block. Raises BackupFailedError where it fails."""
    parts = urlsplit(url)
    bare = urlunsplit(parts._replace(netloc=f"{parts.username}@{parts.netloc.rpartition('@')[2]}"))
    environment = os.environ | {"PGPASSWORD": parts.password or ""}
    arguments = [*command, f"--dbname={bare}"]
    with subprocess.Popen(arguments, env=environment, stderr=subprocess.PIPE, **more) as process:  # noqa: S603 -- ours
        assert process.stderr is not None
        said: list[bytes] = []
        thread = threading.Thread(target=lambda: said.append(process.stderr.read()))  # type: ignore[union-attr]
        thread.start()
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        finally:
            status = process.wait()
            thread.join()
    if status:
        words = b"".join(said).decode(errors="replace").strip()[-_SAID:]
        raise BackupFailedError(Path(command[0]).name, words or f"it ended with status {status}")
