"""What PostgreSQL tells of itself: how it carries out a query, and who waits for whom."""

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
    """A plan that has been carried out: `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON)`."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._nodes = list(_walk(root))

    def scans(self, table: str) -> set[str]:
        """Return the kinds of scan that read the table."""
        return {node["Node Type"] for node in self._of(table)}

    def rows_read(self, table: str) -> int:
        """Count the rows of the table that were looked at, those thrown away included."""
        return sum(
            round(
                (node["Actual Rows"] + node.get("Rows Removed by Filter", 0))
                * node["Actual Loops"]
            )
            for node in self._of(table)
        )

    def blocks_read(self, table: str) -> int:
        """Count the blocks of the table and its indexes that were looked at."""
        return sum(
            int(node["Shared Hit Blocks"]) + int(node["Shared Read Blocks"])
            for node in self._of(table)
        )

    def _of(self, table: str) -> list[Mapping[str, Any]]:
        return [node for node in self._nodes if node.get("Relation Name") == table]


async def plan_of(connection: Connection, asking: Awaitable[object]) -> Plan:
    """Return the plan of the one query that `asking` runs on the connection."""
    asked: list[LoggedQuery] = []
    with connection.query_logger(asked.append):
        await asking
        # asyncpg tells of a query in the loop's next turn, and before it of what it asked itself.
        await asyncio.sleep(0)
    query = asked[-1]
    values = ", ".join([await _literal(connection, value) for value in query.args])
    await connection.execute(f"PREPARE asked AS {query.query}")
    try:
        [row] = await connection.fetch(
            f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE asked {values and f'({values})'}"
        )
    finally:
        await connection.execute("DEALLOCATE asked")
    return Plan(json.loads(row[0])[0]["Plan"])


async def until_true(connection: Connection, question: str, *values: object) -> None:
    """Return when the database answers a question with yes, or with a number that is not 0."""
    await until(partial(connection.fetchval, question, *values))


async def until_counted(connection: Connection, query: str, count: int) -> None:
    """Return when the query, which counts something, says so many."""
    await until_true(connection, f"SELECT ({query}) = $1", count)


async def until_one_waits(connection: Connection) -> None:
    """Return when some statement in this database waits for a lock."""
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
        return str(await connection.fetchval(sql, [str(each) for each in value]))
    sql = "SELECT quote_nullable($1::text)"
    return str(await connection.fetchval(sql, None if value is None else str(value)))


def _walk(node: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield node
    for child in node.get("Plans", ()):
        yield from _walk(child)
