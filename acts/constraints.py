"""Words for a refusal by PostgreSQL; the rules refuse first.

The words for a constraint stand in the `package.py` of the package that owns its table.
"""

import asyncpg
import msgspec
from msgspec.structs import replace

from acts.damage import damaged
from acts.packages import words
from acts.refusal import Fact, Refused, RefusedError
from acts.room import disk_full
from storage.errors import DamagedBookError, UnreachableError

# The server is gone, going or starting, has no room for more, or took longer than it may.
_LOST = (
    UnreachableError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.InsufficientResourcesError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.IdleInTransactionSessionTimeoutError,
)


def unavailable() -> Refused:
    """The refusal where the database cannot be reached, or was lost while an act was under way."""
    return Refused(
        "unavailable",
        "数据库暂时不可用，不能确认本次操作是否生效，请稍候刷新核对后再试。",
        "The database cannot be reached, and whether this was done is not certain: wait a little, reload and look.",
        {"seconds": 2},
    )


def refused(error: Exception) -> RefusedError | None:
    """The refusal that an error of the database stands for; None for one that is the program's own."""
    if isinstance(error, DamagedBookError):
        return RefusedError(damaged())
    name = getattr(error, "constraint_name", None) or ""
    if violated := words().get(name):
        return RefusedError(replace(violated, facts=violated.facts | _facts(error)))
    if isinstance(error, _LOST):
        return RefusedError(disk_full() if isinstance(error, asyncpg.DiskFullError) else unavailable())
    if isinstance(error, asyncpg.ForeignKeyViolationError):
        return RefusedError(unknown())
    if isinstance(error, asyncpg.CheckViolationError | asyncpg.UniqueViolationError | asyncpg.DataError):
        return RefusedError(
            Refused(
                "input.invalid",
                "提交的内容不符合要求，未予保存，请检查后重新提交。",
                "What was sent does not fit and was not kept; check it and send it again.",
                {"constraint": name} if name else {},
            )
        )
    return None


def _facts(error: Exception) -> dict[str, Fact]:
    """The facts that a trigger of ours gives with its refusal, as JSON; none where PostgreSQL wrote the detail."""
    try:
        facts = msgspec.json.decode(getattr(error, "detail", None) or "{}", type=dict[str, Fact])
    except msgspec.MsgspecError:
        return {}
    return facts


def unknown() -> Refused:
    """The refusal of a thing that is not there or not for the asker to see, without saying which."""
    return Refused(
        "unknown",
        "没有找到所要的内容，或者您无权查看；如有疑问，请联系秘书。",
        "There is no such thing, or it is not yours to see; if in doubt, ask the secretary.",
    )
