"""Records of access: written as something is read or taken, before it is answered."""

from msgspec import to_builtins

from acts.acting import Caller
from acts.database import Database
from identity.state import OfAccess
from storage.store import append, book_of


async def note_access(database: Database, caller: Caller, content: OfAccess) -> None:
    """Put on record that the caller reads or takes what `content` says."""
    async with database.transaction(caller.scope) as transaction:
        book = await book_of(transaction.connection, ("access", caller.organization))
        assert book is not None
        await append(transaction.connection, book, caller.person, content.kind, to_builtins(content), None)
