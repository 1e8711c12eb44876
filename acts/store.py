"""The SQL of jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import Struct

if TYPE_CHECKING:
    from storage.store import Connection


class Job(Struct, frozen=True):
    """One piece of work, in its `attempt`th attempt; `body` is None for an organization's."""

    id: int
    organization: int
    body: int | None
    kind: str
    arguments: dict[str, Any]
    attempt: int


class Figures(Struct, frozen=True):
    """Numbers of jobs that wait and that failed; kind and error of the last failed one, empty where none failed."""

    waiting: int
    failed: int
    kind: str
    error: str


async def put(
    connection: Connection, organization: int, body: int | None, kind: str, arguments: dict[str, Any]
) -> None:
    """Keep a job that is due at once."""
    await connection.execute(
        "INSERT INTO jobs (organization_id, body_id, kind, arguments) VALUES ($1, $2, $3, $4)",
        organization, body, kind, msgspec.json.encode(arguments, order="sorted").decode(),
    )  # fmt: skip


async def claim(connection: Connection) -> Job | None:
    """Count an attempt of the job that is due first and return it; None where none is due."""
    row = await connection.fetchrow(
        "SELECT id, organization_id, body_id, kind, arguments::text AS arguments, attempt FROM job_claim()"
    )
    if row is None:
        return None
    arguments = msgspec.json.decode(row["arguments"], type=dict[str, Any])
    return Job(row["id"], row["organization_id"], row["body_id"], row["kind"], arguments, row["attempt"])


async def begin(connection: Connection, job: Job) -> bool:
    """Lock the job until the transaction ends; False where another worker has it or did it."""
    begun: bool = await connection.fetchval("SELECT job_begin($1, $2)", job.id, job.attempt)
    return begun


async def done(connection: Connection, job: Job) -> None:
    """Mark the job as done, if the transaction commits."""
    await connection.execute("SELECT job_done($1)", job.id)


async def failed(connection: Connection, job: Job, error: str) -> None:
    """Mark the attempt as failed; the last one fails the job."""
    await connection.execute("SELECT job_failed($1, $2, $3)", job.id, job.attempt, error)


async def later(connection: Connection, job: Job, why: str) -> None:
    """Have the job wait: its attempts are counted anew."""
    await connection.execute("SELECT job_later($1, $2, $3)", job.id, job.attempt, why)


async def retry(connection: Connection) -> None:
    """Make the failed jobs due again."""
    await connection.execute("SELECT jobs_retry()")


async def figures(connection: Connection) -> Figures:
    """The figures of all bodies' jobs."""
    row = await connection.fetchrow("SELECT * FROM job_figures()")
    assert row is not None
    return Figures(row["waiting"], row["failed"], row["last_kind"] or "", row["last_error"] or "")
