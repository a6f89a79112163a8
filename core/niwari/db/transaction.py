"""``transaction(ctx)``: the only way to write."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from niwari.context import Context
from niwari.db.engine import database, is_postgresql


@contextmanager
def transaction(ctx: Context) -> Iterator[None]:
    """Run the block in one transaction; an inner call joins the outer one.

    The outermost is IMMEDIATE on SQLite: a transaction that starts by reading and then writes can
    never be told "database is locked". An exception rolls the whole back; one that the outer block
    catches undoes the inner block alone, so that nothing half done is ever committed. Two processes
    that write the same row are kept apart by ``locked`` or by a unique key, never by luck.
    """
    if not isinstance(ctx, Context):
        raise TypeError("transaction() takes the Context of the request, job or command")
    with database.atomic() if database.in_transaction() else immediate():
        yield


def immediate() -> Any:
    """Return the block of ``transaction`` without its questions, for what has no ``Context``."""
    return database.atomic() if is_postgresql() else database.atomic("IMMEDIATE")


@contextmanager
def savepoint() -> Iterator[None]:
    """Let a failure undo the block alone, so that a transaction around it stays usable.

    Outside a transaction it does nothing: there the block's own transactions roll back.
    """
    if not database.in_transaction():
        yield
        return
    with database.atomic():
        yield


def check_in_transaction() -> None:
    """Raise ``RuntimeError`` outside of a transaction, where no lock would hold; for texts made once."""
    if not database.in_transaction():
        raise RuntimeError("locked() needs a transaction(ctx) around it")


def locked(query: Any, *, of: Any = None) -> Any:
    """Lock the rows that ``query`` reads until the transaction ends, of a join those of ``of`` alone.

    FOR NO KEY UPDATE on PostgreSQL: keys never change, and a plain FOR UPDATE would also hold up
    (and deadlock with) whoever merely refers to the row. On SQLite the IMMEDIATE transaction already
    holds the only write lock.
    """
    check_in_transaction()
    return query.for_update("FOR NO KEY UPDATE", of=of) if is_postgresql() else query
