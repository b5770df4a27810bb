"""The contents of a school's database, in a form that tests can compare."""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

Rows = Sequence[tuple[Any, ...]]


async def columns(school: asyncpg.Connection) -> Mapping[str, Sequence[str]]:
    """Return the columns of each of the school's tables, in their order."""
    rows = await school.fetch(
        """
        SELECT table_name, array_agg(column_name::text ORDER BY ordinal_position)
          FROM information_schema.columns
         WHERE table_schema = 'public'
         GROUP BY table_name
        """
    )
    return dict(rows)


async def contents(
    school: asyncpg.Connection, tables: Mapping[str, Sequence[str]]
) -> Mapping[str, Rows]:
    """Return every row of the tables, of these columns, and when it was last written."""
    found = {}
    for table, names_ in tables.items():
        rows = await school.fetch(
            f"SELECT {', '.join(names_)}, xmin::text FROM {table} ORDER BY {names_[0]}"
        )
        found[table] = [tuple(row) for row in rows]
    return found


async def schema(school: asyncpg.Connection) -> Rows:
    """Return everything there is in the database but rows."""
    rows = await school.fetch(
        """
        SELECT 'column' AS what, attrelid::regclass::text AS of, attname::text AS name,
               format_type(atttypid, atttypmod) || attnotnull
               || coalesce(pg_get_expr(adbin, adrelid), '') AS text
          FROM pg_attribute
          JOIN pg_class ON pg_class.oid = attrelid
          LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
         WHERE attnum > 0 AND relnamespace::regnamespace::text IN ('public', 'booking_desk')
        UNION ALL
        SELECT 'index', indrelid::regclass::text, indexrelid::regclass::text,
               pg_get_indexdef(indexrelid)
          FROM pg_index
          JOIN pg_class ON pg_class.oid = indrelid
         WHERE relnamespace::regnamespace::text IN ('public', 'booking_desk')
        UNION ALL
        SELECT 'constraint', conrelid::regclass::text, conname, pg_get_constraintdef(oid)
          FROM pg_constraint
         WHERE connamespace::regnamespace::text IN ('public', 'booking_desk')
        UNION ALL
        SELECT 'trigger', tgrelid::regclass::text, tgname, pg_get_triggerdef(oid)
          FROM pg_trigger
         WHERE NOT tgisinternal
        UNION ALL
        SELECT 'function', '', proname, pg_get_functiondef(oid)
          FROM pg_proc
         WHERE pronamespace::regnamespace::text IN ('public', 'booking_desk')
         ORDER BY what, of, name
        """
    )
    return [tuple(row) for row in rows]


async def desk_rows(school: asyncpg.Connection) -> Mapping[str, Rows]:
    """Return every row of the desk's own tables, and when it was last written."""
    tables = await school.fetch(
        "SELECT tablename FROM pg_tables WHERE schemaname = 'booking_desk' ORDER BY 1"
    )
    found = {}
    for (table,) in tables:
        rows = await school.fetch(
            f"SELECT *, xmin::text FROM booking_desk.{table} AS row ORDER BY row"
        )
        found[table] = [tuple(row) for row in rows]
    return found


async def welcomes(school: asyncpg.Connection) -> Rows:
    """Return the booking, the state and the reason of each welcome, oldest first."""
    rows = await school.fetch(
        "SELECT booking_id, state, reason FROM booking_desk.outbox ORDER BY id"
    )
    return [tuple(row) for row in rows]
