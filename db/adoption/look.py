"""The look at a database before the desk touches it."""

from collections.abc import Iterator, Sequence

import structlog

from db.adoption.facts import Facts
from db.adoption.inspection import inspect
from db.adoption.lines import Line, Verdict
from db.adoption.server_rules import rights_lines, server_lines
from db.adoption.table_rules import (
    bookings_lines,
    collisions_lines,
    outlook_lines,
    tables_lines,
    users_lines,
)
from db.connection import Connection
from db.errors import MigrationError

logger = structlog.get_logger(__name__)


class AdoptionRefused(MigrationError):
    """The database has something that the desk cannot work with; it is as it was."""


async def look(connection: Connection, *, timezone: str) -> Sequence[Line]:
    """Return one line for each thing there is to say of the database, and change nothing.

    Args:
        connection: Not inside a transaction.
        timezone: In which the school's dates without a zone are meant.
    """
    return list(_lines(await inspect(connection, timezone=timezone)))


async def look_first(connection: Connection, *, timezone: str) -> None:
    """Look at a database before a start touches it.

    Raises:
        AdoptionRefused: it has something that the desk cannot work with.
    """
    facts = await inspect(connection, timezone=timezone)
    lines = list(_lines(facts))
    if wrong := [line.text for line in lines if line.verdict is Verdict.REFUSED]:
        others = f", and {len(wrong) - 1} more" if wrong[1:] else ""
        raise AdoptionRefused(f"{wrong[0]}{others}")
    for line in lines:
        if line.verdict is Verdict.NOTE and not (facts.is_adopted and facts.keeps_zone):
            logger.warning("found in the database", thing=line.subject, what=line.text)


def _lines(facts: Facts) -> Iterator[Line]:
    yield from server_lines(facts.server)
    yield from rights_lines(facts)
    yield from tables_lines(facts)
    if bookings := facts.tables.get("bookings"):
        yield from bookings_lines(bookings, facts)
    if users := facts.tables.get("users"):
        yield from users_lines(users)
    yield from collisions_lines(facts)
    yield from outlook_lines(facts)
