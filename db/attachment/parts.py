"""Which columns, indexes and triggers the desk needs on the school's tables, and which it has."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from db.connection import Connection

_HERE: Final = Path(__file__).parent
TRIGGERS: Final = (_HERE / "triggers.sql").read_text("utf-8")
TRIGGER_NAMES: Final = tuple(re.findall(r"CREATE OR REPLACE TRIGGER (\w+)", TRIGGERS))
INDEXES: Final[Mapping[str, str]] = {
    name: statement
    for statement, name in re.findall(
        r"^(CREATE INDEX CONCURRENTLY (\w+)[^;]+);",
        (_HERE / "indexes.sql").read_text("utf-8"),
        re.MULTILINE,
    )
}
"""The statement of each index, by its name."""
COLUMNS: Final[Mapping[tuple[str, str], str]] = {
    ("users", "course_stream"): "character varying(50)",
    # A school may do without these.
    ("bookings", "username"): "text",
    ("bookings", "first_name"): "text",
    ("bookings", "course_stream"): "character varying(50)",
    ("bookings", "referral_code"): "text",
    ("bookings", "discount_percent"): "integer DEFAULT 0",
    # A button names the revision that it was drawn for; a change by any program makes it stale.
    ("bookings", "revision"): "integer NOT NULL DEFAULT 1",
    # After a deletion a new booking may get the number. Its revisions begin above the old ones.
    ("bookings", "first_revision"): "integer NOT NULL DEFAULT 1",
}
"""The type of each column, by its table and name; no row is written when it is added."""

_OF_ODD_PERSONS: Final = "booking_desk_of_person_id"
_NUMBERED: Final = """
    SELECT atttypid IN ('integer'::regtype, 'bigint'::regtype) FROM pg_attribute
     WHERE attrelid = to_regclass('bookings') AND attname = 'user_id' AND NOT attisdropped
"""
"""Whether the index above serves already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """What the school's tables lack."""

    columns: Sequence[tuple[str, str]]
    indexes: Sequence[str]
    invalid: Sequence[str]
    """Those of the missing indexes of which a start that died has left something."""
    triggers: Sequence[str]
    repair: bool
    """Whether something was missed and has to be made up for."""

    def __bool__(self) -> bool:
        return bool(self.columns or self.indexes or self.triggers or self.repair)


async def missing(connection: Connection) -> Missing:
    """Look at the school's tables; they and the desk's schema need not be there."""
    indexes = await _indexes(connection)
    return Missing(
        columns=await _missing_columns(connection),
        indexes=[name for name in INDEXES if not indexes.get(name)],
        invalid=[name for name in INDEXES if indexes.get(name) is False],
        triggers=await _missing_triggers(connection),
        repair=await _needs_repair(connection),
    )


async def _missing_columns(connection: Connection) -> Sequence[tuple[str, str]]:
    rows = await connection.fetch(
        """
        SELECT relation, name
          FROM unnest($1::text[], $2::text[]) AS wanted (relation, name)
         WHERE NOT EXISTS (SELECT FROM pg_attribute
                            WHERE attrelid = to_regclass(relation) AND attname = name
                              AND attnum > 0 AND NOT attisdropped)
           -- The desk works without a table of users that it may not alter.
           AND (relation <> 'users'
                OR EXISTS (SELECT FROM pg_class
                            WHERE oid = to_regclass(relation) AND relkind IN ('r', 'p')
                              AND pg_has_role(relowner, 'USAGE')))
        """,
        *map(list, zip(*COLUMNS, strict=True)),
    )
    return [(relation, name) for relation, name in rows]


async def _indexes(connection: Connection) -> Mapping[str, bool]:
    """Return the indexes of `bookings`, and whether each is valid."""
    rows = await connection.fetch(
        """
        SELECT relname::text, indisvalid
          FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
         WHERE indrelid = to_regclass('bookings')
        """
    )
    indexes = dict(rows)
    if await connection.fetchval(_NUMBERED):
        indexes[_OF_ODD_PERSONS] = True
    return indexes


async def _missing_triggers(connection: Connection) -> Sequence[str]:
    rows = await connection.fetch(
        """
        SELECT name FROM unnest($1::text[]) AS name
         WHERE NOT EXISTS (SELECT FROM pg_trigger
                            WHERE tgrelid = to_regclass('bookings') AND tgname = name
                              AND tgenabled <> 'D')
        """,
        TRIGGER_NAMES,
    )
    return [name for (name,) in rows]


async def _needs_repair(connection: Connection) -> bool:
    if await connection.fetchval("SELECT to_regclass('booking_desk.faults') IS NULL"):
        return False
    needed: bool = await connection.fetchval("SELECT EXISTS (SELECT FROM booking_desk.faults)")
    return needed
