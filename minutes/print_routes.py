"""Prints of a meeting over HTTP, and the signing of its proceedings."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import TypeAlias

from litestar import Response, get, post
from litestar.di import NamedDependency

from acts.acting import Caller, Receipt, existing
from acts.database import Database
from acts.dates import BUREAU_TIME
from acts.files import PDF, file_answer
from acts.http import Db, Key, PathId, Who
from agenda.acting import Look, look_into, perform_in_meeting, require_state
from agenda.recusing import related_items
from agenda.state import MeetingState
from agenda.views import view_of
from bodies.kinds_of_body import KINDS_OF_BODY
from bodies.store import read_body
from documents.blocks import Block, pages
from documents.fonts import FontSet
from documents.pdf import draw
from identity.accessing import note_access
from identity.kinds.accessing import What
from minutes.prints.attendance import sign_in_sheet
from minutes.prints.ballots import ballots_book
from minutes.prints.meeting import Letter, movements, until_adjourned
from minutes.prints.notice import agenda_paper, notice_paper
from minutes.prints.proceedings import proceedings_paper
from minutes.proceedings import sign_proceedings
from minutes.taking import taken
from storage.ledger import Entry
from storage.store import entries

PRINTS = "/api/meetings/{meeting_id:int}/prints"
Fonts: TypeAlias = NamedDependency[FontSet]
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def _book(look: Look) -> Sequence[Entry]:
    return await entries(look.connection, ("meeting", look.meeting.id))


async def _letter(look: Look) -> Letter:
    body = existing(await read_body(look.connection, look.meeting.body_id))
    return Letter(body.name, KINDS_OF_BODY[look.meeting.kind].meeting)


async def _hidden(look: Look) -> frozenset[int]:
    situation = await look.situation()
    return view_of(situation.state, look.person, look.roles, related_items(situation)).hidden


async def _pdf(
    blocks: Iterable[Block], state: MeetingState, letter: Letter, name: str, fonts: FontSet
) -> Response[bytes]:
    assert state.starts_at is not None
    made = state.starts_at.astimezone(BUREAU_TIME).date()
    body = list(blocks)

    def drawn() -> bytes:
        return draw(pages(body, fonts), title=name, author=letter.body, subject=state.title, made=made, fonts=fonts)

    return file_answer(await asyncio.to_thread(drawn), PDF, f"{name}.pdf")


async def _noted(database: Database, caller: Caller, what: What, state: MeetingState) -> None:
    await note_access(database, caller, taken(what, state))


@get(PRINTS + "/agenda", opt={"operation": "print.agenda"})
async def print_agenda(meeting_id: PathId, database: Db, caller: Who, fonts: Fonts) -> Response[bytes]:
    """Returns the sealed agenda as a PDF; of items that an attendee is not called in for the titles alone."""
    async with look_into(database, caller, "print.agenda", meeting_id) as look:
        state, letter = look.state, await _letter(look)
        view = view_of(state, look.person, look.roles)
    require_state(state, "noticed", "in_session", "adjourned")
    alone = frozenset(item.id for item in state.agenda if not view.opens(item.id, reserved=item.reserved))
    await _noted(database, caller, "agenda", state)
    return await _pdf(agenda_paper(state, letter, alone), state, letter, "会议议程", fonts)


@get(PRINTS + "/notice", opt={"operation": "print.notice"})
async def print_notice(meeting_id: PathId, database: Db, caller: Who, fonts: Fonts) -> Response[bytes]:
    """Returns the notice that stands, with its signing list, as a PDF."""
    async with look_into(database, caller, "print.notice", meeting_id) as look:
        state, letter = look.state, await _letter(look)
    require_state(state, "noticed", "in_session", "adjourned")
    await _noted(database, caller, "notice", state)
    return await _pdf(notice_paper(state, existing(state.notice), letter), state, letter, "会议通知", fonts)


@get(PRINTS + "/attendance", opt={"operation": "print.attendance"})
async def print_attendance(meeting_id: PathId, database: Db, caller: Who, fonts: Fonts) -> Response[bytes]:
    """Returns the sign-in sheet as a PDF, from the notice on."""
    async with look_into(database, caller, "print.attendance", meeting_id) as look:
        state, letter, book = look.state, await _letter(look), await _book(look)
    require_state(state, "noticed", "in_session", "adjourned")
    moved = movements([each.record for each in book])
    await _noted(database, caller, "attendance", state)
    return await _pdf(sign_in_sheet(state, moved, letter), state, letter, "会议签到表", fonts)


@get(PRINTS + "/proceedings", opt={"operation": "print.proceedings"})
async def print_proceedings(meeting_id: PathId, database: Db, caller: Who, fonts: Fonts) -> Response[bytes]:
    """Returns the proceedings of an adjourned meeting as a PDF, less the items from which the reader is recused."""
    async with look_into(database, caller, "print.proceedings", meeting_id) as look:
        state, letter, book = look.state, await _letter(look), await _book(look)
        hidden = await _hidden(look)
    require_state(state, "adjourned")
    blocks = proceedings_paper(until_adjourned(book), letter, hidden, state.proceedings)
    await _noted(database, caller, "proceedings", state)
    return await _pdf(blocks, state, letter, "会议记录", fonts)


@get(PRINTS + "/ballots", opt={"operation": "print.ballots"})
async def print_ballots(meeting_id: PathId, database: Db, caller: Who) -> Response[bytes]:
    """Returns the ballots of all closed votes as a workbook (XLSX), less those on items from which the reader is
    recused."""
    async with look_into(database, caller, "print.ballots", meeting_id) as look:
        state, book, hidden = look.state, await _book(look), await _hidden(look)
    require_state(state, "in_session", "adjourned")
    await _noted(database, caller, "ballots", state)
    return file_answer(await asyncio.to_thread(ballots_book, state, book, hidden), _XLSX, "表决情况.xlsx")


@post("/api/meetings/{meeting_id:int}/proceedings/signature", opt={"operation": "proceedings.sign"}, status_code=200)
async def sign(meeting_id: PathId, database: Db, caller: Who, key: Key = None) -> Receipt:
    """The recorder signs the proceedings as read, and after that the chair."""
    return await perform_in_meeting(database, caller, "proceedings.sign", meeting_id, sign_proceedings, key)


routes = [print_agenda, print_notice, print_attendance, print_proceedings, print_ballots, sign]
