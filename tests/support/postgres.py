"""Information from PostgreSQL: plans of queries, and waits for locks."""

import asyncio
import json
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import asyncpg
from asyncpg.connection import LoggedQuery

from db.connection import Connection
from tests.support.waiting import until


class Plan:
    """An executed plan: `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)`."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._nodes = list(_walk(root))

    def scans(self, table: str) -> set[str]:
        """Return the kinds of scan that read the table."""
        return {node["Node Type"] for node in self._of(table)}

    def rows_read(self, table: str) -> int:
        """Count the rows of the table that were read, including those that a filter removed."""
        return sum(
            round(
                (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
                * node["Actual Loops"]
            )
            for node in self._of(table)
        )

    def blocks_read(self, table: str) -> int:
        """Count the blocks of the table and its indexes that were read."""
        return sum(
            int(node["Shared Hit Blocks"]) + int(node["Shared Read Blocks"])
            for node in self._of(table)
        )

    def _of(self, table: str) -> list[Mapping[str, Any]]:
        return [node for node in self._nodes if node.get("Relation Name") == table]


async def plan_of(connection: Connection, call: Awaitable[object]) -> Plan:
    """Return the plan of the one query that `call` runs on the connection."""
    queries: list[LoggedQuery] = []
    with connection.query_logger(queries.append):
        await call
        # asyncpg logs the query in the next turn of the loop, after its own queries.
        await asyncio.sleep(0)
    query = queries[-1]
    values = ", ".join([await _literal(connection, value) for value in query.args])
    await connection.execute(f"PREPARE measured AS {query.query}")
    try:
        [row] = await connection.fetch(
            f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE measured {values and f'({values})'}"
        )
    finally:
        await connection.execute("DEALLOCATE measured")
    return Plan(json.loads(row[0])[0]["Plan"])


async def until_true(connection: Connection, query: str, *values: object) -> None:
    """Wait until the query returns true or a number that is not 0."""
    await until(partial(connection.fetchval, query, *values))


async def until_counted(connection: Connection, query: str, count: int) -> None:
    """Wait until a counting query returns this number."""
    await until_true(connection, f"SELECT ({query}) = $1", count)


async def until_one_waits(connection: Connection) -> None:
    """Wait until a statement in this database waits for a lock."""
    await until_true(
        connection,
        """
        SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'
        """,
    )


async def _literal(connection: asyncpg.Connection, value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str):
        sql = "SELECT quote_literal($1::text[]::text)"
        return str(await connection.fetchval(sql, [str(item) for item in value]))
    sql = "SELECT quote_nullable($1::text)"
    return str(await connection.fetchval(sql, None if value is None else str(value)))


def _walk(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _walk(child)
