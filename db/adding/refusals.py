"""What the school's own tables refuse of the desk."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from db.connection import Connection
from db.errors import RowRefused, reason_of
from db.failures import FAILURES, is_refused
from db.sessions import Transaction


@asynccontextmanager
async def taken_by_school(connection: Connection) -> AsyncIterator[None]:
    """Roll back what the block has written if a table of the school refuses it.

    Raises:
        RowRefused: it does.
    """
    try:
        async with Transaction(connection):
            yield
    except FAILURES as error:
        if not is_refused(error):
            raise
        raise RowRefused(reason_of(error)) from error
