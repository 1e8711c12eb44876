"""Importing a file: read apart, compared with what is on record, then done through the acts that screens use.

Preview and application make the same plan; the plan is made anew inside the application's transaction, under its
locks, so that what is refused or has changed meanwhile is seen there.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg
import msgspec

from acts.access import ADMINISTRATOR, check_access
from acts.acting import Act, Caller, Receipt, existing
from acts.constraints import refused
from acts.database import Database
from acts.refusal import Refused, RefusedError, Verdict
from bodies import forming, relatives, staff, store
from bodies.entering import BodyAct, enter_body
from bodies.records import Body, Kin, Seat
from identity import people
from identity import store as people_store
from identity.entering import OrganizationAct, perform_in_organization, require_in_organization, roles_in_organization
from imports.kin import KinRef
from imports.kinds.importing import ImportApplied
from imports.plan import make_plan
from imports.reading import MOST_BYTES, OUT_OF_MEMORY, Answer, Table, too_large, unpacks_too_large
from imports.rows import Contents, read_rows
from imports.steps import (
    BodyOnRecord,
    ChangePerson,
    Deputize,
    Grant,
    MakeBody,
    MakePerson,
    OnRecord,
    Planned,
    Preview,
    Relate,
    SetMatters,
    Sit,
    Step,
)

if TYPE_CHECKING:
    from storage.store import Connection

# One file is read at a time, however many are sent: a meeting keeps the machine's cores and memory.
_reading = ThreadPoolExecutor(1, thread_name_prefix="import")

Progress = Callable[[int, int], None]


def nobody(done: int, steps: int) -> None:
    """Show no progress, for callers that need none."""


async def preview(database: Database, caller: Caller, content: bytes) -> Preview:
    """Returns what the file would do. Raises RefusedError with every bad row, by sheet, row and column."""
    require_in_organization(caller, "import.preview")
    contents = await _read(content)
    async with database.transaction(caller.scope) as transaction:
        bodies = await _named(transaction.connection, contents)
        on_record = await _on_record(transaction.connection, bodies)
    plan = await asyncio.to_thread(make_plan, contents, on_record, partial(_allowed, caller), _sha256(content))
    return plan.preview


async def apply(
    database: Database,
    caller: Caller,
    content: bytes,
    digest: str | None = None,
    key: UUID | None = None,
    progress: Progress = nobody,
) -> Receipt:
    """Take the file, all of it or nothing; its record `import.applied` comes first, then those of the acts.

    `digest` is a preview's: where the plan is another by now, nothing is done. Raises RefusedError as `preview`
    does, and `state.wrong`.
    """
    require_in_organization(caller, "import.apply")
    contents = await _read(content)
    act = partial(_apply, contents=contents, sha256=_sha256(content), digest=digest, progress=progress)
    return await perform_in_organization(database, caller, "import.apply", act, key)


async def _read(content: bytes) -> Contents:
    """Returns the file's rows, read off the event loop, since a large file takes a moment."""
    return await asyncio.to_thread(read_rows, await read_apart(content))


async def read_apart(content: bytes) -> list[Table]:
    """Run `imports.reading.read_file` in a process with bounded memory and time. Raises RefusedError."""
    if len(content) > MOST_BYTES:
        raise RefusedError(too_large())
    answer = await asyncio.get_running_loop().run_in_executor(_reading, _answer, content)
    if answer.refusals:
        raise RefusedError(*answer.refusals)
    return answer.tables


def _answer(content: bytes) -> Answer:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "imports.reading"], input=content, capture_output=True, check=False,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    if done.returncode == OUT_OF_MEMORY or done.returncode < 0:  # its bounds ended it
        return Answer(refusals=[unpacks_too_large()])
    if done.returncode:
        raise RuntimeError(f"the reader failed: {done.stderr.decode(errors='replace')[-2000:]}")
    return msgspec.json.decode(done.stdout, type=Answer)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _allowed(caller: Caller, operation: str, body: int | None) -> Verdict:
    if operation == "import.people" and not caller.security:
        return check_access("role.grant", frozenset())  # its rows give roles
    if body is None:
        return check_access(operation, roles_in_organization(caller))
    # A body that another import has just made is not yet among the caller's; the administrator may act in it too.
    return check_access(operation, caller.roles_in(body) | (ADMINISTRATOR if caller.administrator else frozenset()))


async def _named(connection: Connection, contents: Contents) -> list[Body]:
    """Returns the bodies on record that the file names, by id."""
    names = {row.name for row in contents.bodies}
    names.update(row.body for rows in (contents.people, contents.kinship, contents.matters) for row in rows)
    return sorted((body for body in await store.bodies(connection) if body.name in names), key=lambda body: body.id)


async def _on_record(connection: Connection, bodies: Sequence[Body]) -> OnRecord:
    return OnRecord(
        await people_store.people(connection),
        {
            body.name: BodyOnRecord(
                body,
                {person.id: frozenset(person.roles) for person in await store.body_people(connection, body.id)},
                await store.seats(connection, body.id),
                await store.deputies(connection, body.id),
                await store.kin(connection, body.id),
                await store.relations(connection, body.id),
                await store.matters(connection, body.id),
            )
            for body in bodies
        },
    )


async def _apply(act: OrganizationAct, contents: Contents, sha256: str, digest: str | None, progress: Progress) -> None:
    acts: dict[str, BodyAct] = {}
    for body in await _named(act.connection, contents):
        await _enter(act, acts, body.id)
    on_record = await _on_record(act.connection, [each.context.body for each in acts.values()])
    plan = await asyncio.to_thread(make_plan, contents, on_record, partial(_allowed, act.caller), sha256)
    if digest not in (None, plan.preview.digest):
        raise RefusedError(
            Refused(
                "state.wrong",
                "文件或系统中的内容在预览之后有了变化，未予导入，请重新预览。",
                "The file or what is on record has changed since the preview, and nothing was taken; preview again.",
            )
        )
    told = plan.preview
    await act.record(ImportApplied(sha256, told.digest, told.created, told.changed, told.same))
    numbers = {person.staff_number: person.id for person in on_record.people}
    for done, planned in enumerate(plan.steps):
        progress(done, len(plan.steps))
        try:
            await _take(act, acts, numbers, planned.step)
        except (RefusedError, asyncpg.PostgresError) as error:
            raise _placed(planned, error) from error
    progress(len(plan.steps), len(plan.steps))


async def _enter(act: OrganizationAct, acts: dict[str, BodyAct], body: int) -> None:
    """Lock a body, for its acts within this one; their records go into its own book."""
    context = await enter_body(body, act.transaction, act.caller, None)
    acts[context.body.name] = Act(act.transaction, act.caller, context, None)


async def _take(act: OrganizationAct, acts: dict[str, BodyAct], numbers: dict[str, int], step: Step) -> None:
    match step:
        case MakeBody():
            await _enter(act, acts, await forming.create_body(act, step.name, step.kind))
        case MakePerson():
            numbers[step.staff_number] = await people.create_person(
                act, step.staff_number, step.name, step.post, administrator=False, password=None
            )
        case ChangePerson():
            await staff.change_person(act, numbers[step.staff_number], step.name, step.post, None, None)
        case Grant():
            await forming.grant_role(acts[step.body], numbers[step.staff_number], step.role)
        case Sit():
            seat = Seat(step.seat, step.post, step.in_charge)
            await forming.seat_member(acts[step.body], numbers[step.staff_number], seat)
        case Deputize():
            await forming.set_deputy(acts[step.body], numbers[step.staff_number], numbers[step.deputy])
        case Relate():
            body = acts[step.body]
            a, b = await _kin(body, numbers, step.a), await _kin(body, numbers, step.b)
            await relatives.relate(body, step.type, a, b)
        case SetMatters():
            await forming.set_matters(acts[step.body], step.lines)


async def _kin(act: BodyAct, numbers: dict[str, int], ref: KinRef) -> Kin:
    """Returns the kin whom the plan means, put on record where they are not."""
    body = act.context.body.id
    if ref.staff_number is not None:
        person = existing(await people_store.read_person(act.connection, numbers[ref.staff_number]))
        return Kin(await relatives.kin_of(act, person), person.name, person.id)
    known = await store.kin_named(act.connection, body, ref.name)
    return known[0] if known else Kin(await store.create_kin(act.connection, body, ref.name, None), ref.name, None)


def _placed(planned: Planned, error: RefusedError | asyncpg.PostgresError) -> BaseException:
    """Returns the error with its row; it can only be one that the plan cannot see, as a meeting that sits."""
    if isinstance(error, asyncpg.PostgresError):
        refusal = refused(error)
        if refusal is None:
            return error
        error = refusal
    return RefusedError(
        *(
            Refused(
                each.rule,
                f"“{planned.sheet}”第 {planned.row} 行：{each.detail}",
                f"Sheet {planned.sheet}, row {planned.row}: {each.detail_en}",
                each.facts | {"sheet": planned.sheet, "row": planned.row},
            )
            for each in error.refusals
        )
    )
