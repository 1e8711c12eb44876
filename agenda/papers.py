"""The papers of an item: added before notice, sealed by it, read under `reading.py` (Rules 6(2), 6(3))."""

import asyncio
import hashlib
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from msgspec import Struct

from acts.acting import existing
from acts.refusal import require
from agenda import store
from agenda.acting import Look, MeetingAct
from agenda.audience import called_in
from agenda.checking import check_scanned, leave_to_check
from agenda.contents import paper_said
from agenda.file_types import DRAWN, PDF, base_name, check_file, has_parts, type_of
from agenda.items import item_of, require_may_prepare, require_unsealed
from agenda.kinds.planning import MaterialsChecked, PaperAdded, PaperRemoved
from agenda.materials import check_drawn, check_has_papers, check_let_through
from agenda.reading import Reader, check_may_read
from agenda.records import Item, Paper, PaperStage
from agenda.recusing import recused_by
from documents.active import check_inert

# One file is looked into at a time, however many are sent: a meeting keeps the machine's cores and memory.
_looking = ThreadPoolExecutor(1, thread_name_prefix="paper")


class Upload(Struct, frozen=True):
    """A file that may become a paper; its media type comes from its content."""

    name: str
    media_type: str
    sha256: bytes
    content: bytes


async def inspect(name: str, content: bytes) -> Upload:
    """Check a file that was sent. Raises RefusedError (`input.invalid`, `input.too_large`)."""
    name = base_name(name)
    kind = await asyncio.to_thread(type_of, content)
    require(check_file(name, len(content), kind))
    assert kind is not None
    if kind is PDF or has_parts(kind):
        looked = partial(check_inert, content, pdf=kind is PDF)
        require(await asyncio.get_running_loop().run_in_executor(_looking, looked))
    digest = await asyncio.to_thread(lambda: hashlib.sha256(content).digest())
    return Upload(name, kind.media_type, digest, content)


async def add_paper(act: MeetingAct, item_id: int, upload: Upload, checking: bool) -> None:
    """Keep a paper with its item; one that is `checking` waits for the virus scanner."""
    require_unsealed(act, "add")
    item = await item_of(act, item_id)
    await require_may_prepare(act, item_id)
    require(check_drawn([] if upload.media_type in DRAWN else [upload.name], personnel=item.personnel))
    keys = (item.id, item.meeting_id, item.body_id)
    state: PaperStage = "checking" if checking else "kept"
    added = await store.add_paper(
        act.connection, keys, upload.name, upload.media_type, upload.sha256, upload.content, state
    )
    paper = Paper(added, item.id, upload.name, upload.media_type, len(upload.content), upload.sha256.hex())
    await act.record(PaperAdded(item.id, paper_said(paper), checking))
    if checking:
        await leave_to_check(act, paper)


async def remove_paper(act: MeetingAct, item_id: int, paper_id: int) -> None:
    """Take a paper away; an item that is left with none is no longer complete."""
    require_unsealed(act, "remove")
    item = await item_of(act, item_id)
    await require_may_prepare(act, item_id)
    paper: Paper = existing(await store.paper(act.connection, item.meeting_id, item.id, paper_id))
    await store.remove_paper(act.connection, paper.id)
    await act.record(PaperRemoved(item.id, paper.id))
    left = (await store.papers_of(act.connection, item.meeting_id)).get(item.id, [])
    if item.materials_complete and not any(each.state == "kept" for each in left):
        await _set_materials(act, item, False)


async def check_materials_of(act: MeetingAct, item_id: int, complete: bool) -> None:
    """Record the secretary's word that an item's papers are complete, or are not after all (Rules 6(2))."""
    require_unsealed(act, "edit")
    item = await item_of(act, item_id)
    await require_may_prepare(act, item_id)
    papers = (await store.papers_of(act.connection, item.meeting_id)).get(item.id, [])
    waiting = [each.name for each in papers if each.state != "kept"] if complete else []
    require(
        check_let_through(waiting, personnel=item.personnel),
        check_has_papers(complete=complete, papers=len(papers), personnel=item.personnel),
    )
    await _set_materials(act, item, complete)


async def _set_materials(act: MeetingAct, item: Item, complete: bool) -> None:
    await store.set_materials(act.connection, item.id, complete)
    await act.record(MaterialsChecked(item.id, complete))


class ReaderIn(Struct, frozen=True):
    """A person in one meeting; `recused` holds the rule by item."""

    roles: frozenset[str]
    present: bool
    recused: dict[int, str]
    called_in: frozenset[int] = frozenset()

    def of(self, item: int) -> Reader:
        return Reader(self.roles, self.present, self.recused.get(item, ""), item in self.called_in)


async def reader_in(look: Look, person: int) -> ReaderIn:
    """Returns the person as a reader of this meeting's papers."""
    situation = await look.situation()
    state = situation.state
    recused = {item.id: recused_by(situation, item, person) for item in state.items.values()}
    return ReaderIn(look.roles, state.is_present(person), recused, called_in(state, person))


async def read_paper(look: Look, person: int, item_id: int, paper_id: int) -> tuple[Item, Paper, bytes]:
    """Returns the item, the paper and its content, where the person may read it now. Raises RefusedError."""
    item: Item = existing(await store.item(look.connection, look.meeting.id, item_id))
    paper: Paper = existing(await store.paper(look.connection, look.meeting.id, item_id, paper_id))
    reader = (await reader_in(look, person)).of(item.id)
    require(check_may_read(reader, meeting=look.meeting.state, item=item.state, personnel=item.personnel))
    require(check_scanned(paper))
    return item, paper, await store.paper_content(look.connection, paper.id)
