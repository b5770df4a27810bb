"""Reads what a database is like; it changes nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from db.adoption.facts import NAMES, WITHOUT_ZONE, Column, Facts, Generated, Kind, Server, Table
from db.attachment.parts import missing
from db.connection import Connection
from db.sessions import Transaction

_RIGHTS: Final = ("SELECT", "INSERT", "UPDATE")

_SERVER: Final = """
    SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
           current_setting('server_version_num')::integer AS number,
           current_database()::text AS database,
           current_user::text AS role,
           -- PostgreSQL reads a file for each of its zones, which takes a start's time.
           $1::text IS NULL
               OR EXISTS (SELECT FROM pg_timezone_names WHERE lower(name) = lower($1))
               AS knows_zone,
           CASE WHEN to_regnamespace('booking_desk') IS NULL
                THEN has_database_privilege(current_database(), 'CREATE')
                ELSE has_schema_privilege('booking_desk', 'CREATE')
           END AS may_create_schema,
           current_schema()::text AS home,
           coalesce(has_schema_privilege(
               coalesce((SELECT relnamespace FROM pg_class WHERE oid = to_regclass('bookings')),
                        to_regnamespace(quote_ident(current_schema()))), 'CREATE'), false)
               AS may_create_tables
"""
_TABLE: Final = """
    SELECT nspname::text AS schema, relname::text AS name, relkind::text AS kind,
           pg_get_userbyid(relowner)::text AS owner,
           pg_has_role(relowner, 'USAGE') AS is_owned,
           ARRAY(SELECT may FROM unnest($2::text[]) AS may
                  WHERE has_table_privilege(pg_class.oid, may)) AS rights,
           (SELECT coalesce(sum(greatest(part.reltuples, 0)), 0)::bigint
              FROM pg_partition_tree(pg_class.oid) AS tree
              JOIN pg_class AS part ON part.oid = tree.relid) AS estimate,
           ARRAY(SELECT tgname::text FROM pg_trigger
                  WHERE tgrelid = pg_class.oid AND NOT tgisinternal ORDER BY 1) AS triggers,
           relkind = 'r' AND EXISTS (SELECT FROM pg_inherits
                                      WHERE inhparent = pg_class.oid) AS has_heirs,
           relispartition AS is_partition,
           relrowsecurity AND relforcerowsecurity AS hides_rows
      FROM pg_class
      JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE pg_class.oid = to_regclass($1)
"""
_COLUMNS: Final = """
    WITH RECURSIVE column_type AS (
        SELECT attname, atttypid AS type FROM pg_attribute
         WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped
        UNION ALL
        SELECT attname, typbasetype FROM column_type JOIN pg_type ON pg_type.oid = type
         WHERE typtype = 'd'
    )
    SELECT attname::text AS name, format_type(atttypid, atttypmod) AS type,
           typname::text AS base, attnotnull AS not_null, attgenerated::text AS generated,
           pg_get_expr(adbin, adrelid) AS default
      FROM pg_attribute
      JOIN column_type USING (attname)
      JOIN pg_type ON pg_type.oid = column_type.type AND typtype <> 'd'
      LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     WHERE attrelid = to_regclass($1)
     ORDER BY attnum
"""
_KEYS: Final = """
    SELECT ARRAY(SELECT attname::text FROM pg_attribute
                  WHERE attrelid = indrelid AND attnum = ANY(indkey[:indnkeyatts - 1]))
      FROM pg_index
     WHERE indrelid = to_regclass($1) AND indisunique AND indisvalid AND indimmediate
       AND indpred IS NULL AND indexprs IS NULL
"""
_ELSEWHERE: Final = """
    SELECT nspname::text, relname::text
      FROM pg_class
      JOIN pg_namespace ON pg_namespace.oid = relnamespace
     WHERE lower(relname) = 'bookings' AND relkind = ANY('{r,p,v,m,f}')
       AND to_regclass('bookings') IS NULL
       AND nspname <> 'booking_desk' AND nspname !~ '^pg_'
     ORDER BY 1, 2
"""
_STRANGERS: Final = """
    SELECT 'booking_desk.' || relname FROM pg_class
     WHERE relnamespace = to_regnamespace('booking_desk')
       AND to_regclass('booking_desk.migrations') IS NULL
    UNION ALL
    SELECT relname FROM pg_class
      LEFT JOIN pg_index ON indexrelid = pg_class.oid
     WHERE relname LIKE 'booking\\_desk\\_%'
       AND relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('bookings'))
       AND indrelid IS DISTINCT FROM to_regclass('bookings')
       AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = pg_class.oid)
     ORDER BY 1
"""
_NO_NUMBERS: Final = """
    SELECT count(*) FROM bookings WHERE user_id::text !~ '^ *[0-9]{1,18} *$'
"""
_IS_ADOPTED: Final = """
    SELECT to_regprocedure('booking_desk.moment(timestamp)') IS NOT NULL
       AND to_regclass('booking_desk.migrations') IS NOT NULL
"""
_KEEPS_ZONE: Final = """
    SELECT bool_and(booking_desk.moment(noon) = noon AT TIME ZONE $1)
      FROM unnest('{2026-01-01 12:00, 2026-07-01 12:00}'::timestamp[]) AS noon
"""
_TEXTS: Final = frozenset({"text", "varchar", "bpchar", "citext"})


async def inspect(connection: Connection, *, timezone: str) -> Facts:
    """Look at the database in one snapshot that can change nothing."""
    async with Transaction(connection, isolation="repeatable_read", readonly=True):
        found = {name: await _table(connection, name) for name in NAMES}
        tables = {name: table for name, table in found.items() if table}
        columns = tables["bookings"].columns if "bookings" in tables else {}
        person, created = columns.get("user_id"), columns.get("created_at")
        without_zone = created is not None and created.base in WITHOUT_ZONE
        is_adopted = await connection.fetchval(_IS_ADOPTED)
        server = await _server(connection, timezone if without_zone else None)
        return Facts(
            server=server,
            tables=tables,
            elsewhere=[(row[0], row[1]) for row in await connection.fetch(_ELSEWHERE)],
            is_adopted=is_adopted,
            lacking=await missing(connection),
            strangers=[row[0] for row in await connection.fetch(_STRANGERS)],
            keeps_zone=(
                not (is_adopted and without_zone and server.knows_zone)
                or await connection.fetchval(_KEEPS_ZONE, timezone)
            ),
            no_numbers=(
                await connection.fetchval(_NO_NUMBERS) if person and person.base in _TEXTS else 0
            ),
        )


async def _server(connection: Connection, timezone: str | None) -> Server:
    row = await connection.fetchrow(_SERVER, timezone)
    asked = datetime.now(UTC)
    now: datetime = await connection.fetchval("SELECT clock_timestamp()")
    half_way = asked + (datetime.now(UTC) - asked) / 2
    return Server(**row, ahead=(now - half_way).total_seconds())


async def _table(connection: Connection, name: str) -> Table | None:
    row = await connection.fetchrow(_TABLE, name, _RIGHTS)
    if row is None:
        return None
    facts = dict(row)
    kind, rows = Kind(facts.pop("kind")), facts.pop("estimate")
    if not rows and kind in {Kind.TABLE, Kind.PARTITIONED} and "SELECT" in facts["rights"]:
        rows = await connection.fetchval(f"SELECT count(*) FROM {name}")
    keys: Sequence[tuple[list[str]]] = await connection.fetch(_KEYS, name)
    return Table(
        **{**facts, "rights": frozenset(facts["rights"])},
        kind=kind,
        rows=rows,
        columns={
            column["name"]: Column(
                type=column["type"],
                base=column["base"],
                not_null=column["not_null"],
                generated=Generated(column["generated"]),
                default=column["default"],
            )
            for column in await connection.fetch(_COLUMNS, name)
        },
        keys=[frozenset(columns) for (columns,) in keys],
    )
