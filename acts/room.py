"""Room on the database's disk: papers leave a reserve, so that ballots and records are still kept while it fills up."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from acts.refusal import ALLOWED, Refused, Verdict

MIB = 1024**2
RESERVE = 512 * MIB  # bytes; a year of ballots and records takes less
_REMEMBERED = 60.0  # seconds for which a full disk that PostgreSQL met keeps papers away


def check_room(free: int | None, size: int, reserve: int, *, full: bool = False) -> Verdict:
    """Refuse a paper of `size` bytes that would take the free space below the reserve, or comes while the disk is
    `full`; `free` is None where it is not known. PostgreSQL writes a paper twice: into its log and into its table."""
    if not full and (free is None or free - 2 * size >= reserve):
        return ALLOWED
    return Refused(
        "disk.reserve",
        "服务器磁盘空间不足，暂不接收新的材料，以保证表决和记录照常进行。本次文件未上传，已有材料和记录不受影响；"
        "请联系管理员清理磁盘后重新上传。",
        "The server's disk is nearly full. Papers are not taken, so that votes and records go on; this file was not "
        "kept and all else is unharmed. Ask the administrator to free some space, then send it again.",
        {"free_mib": (free or 0) // MIB, "reserve_mib": reserve // MIB},
    )


def disk_full() -> Refused:
    """The refusal where PostgreSQL has no room left for an act; its transaction is undone."""
    return Refused(
        "disk.full",
        "数据库磁盘已满，本次操作未生效，此前的记录均已保存。请立即告知管理员清理磁盘空间，然后重新操作。",
        "The database's disk is full: this was not done, and all before it is kept. Tell the administrator at once, "
        "who frees some space; then do it again.",
        {"seconds": 5},
    )


class Room:
    """The disk that holds `folder` (None: not known), of which `reserve` bytes are kept from papers."""

    def __init__(
        self, folder: Path | None = None, reserve: int = RESERVE, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._folder, self.reserve, self._clock = folder, reserve, clock
        self._full_until = 0.0

    @property
    def free(self) -> int | None:
        """The free bytes, None where they are not known."""
        try:
            return None if self._folder is None else shutil.disk_usage(self._folder).free
        except OSError:
            return None

    @property
    def full(self) -> bool:
        """Whether PostgreSQL met a full disk a short time ago."""
        return self._clock() < self._full_until

    def was_full(self) -> None:
        """Remember that PostgreSQL met a full disk."""
        self._full_until = self._clock() + _REMEMBERED

    def check(self, size: int) -> Verdict:
        """Ask whether there is room for a paper of `size` bytes."""
        return check_room(self.free, size, self.reserve, full=self.full)
