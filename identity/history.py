"""The books of the administration as their readers see them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from acts.acting import Caller
from acts.showing import LedgerPage, show_book
from identity import store
from identity.state import AdminView
from storage.store import entries

if TYPE_CHECKING:
    from storage.store import Connection


async def show_administration(
    connection: Connection, caller: Caller, subject: Literal["organization", "body"], id_: int, start: int
) -> LedgerPage:
    """A page of an organization's or a body's book, as an administrator or an observer sees it."""
    view = AdminView("administrator" if caller.administrator else "observer")
    records = await entries(connection, (subject, id_))
    names = {person.id: person.name for person in await store.people(connection)}
    return show_book(records, subject, lambda _: view, start, names)
