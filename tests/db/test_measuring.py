"""The programs that are compared to the desk make the same statements, and no others."""

import asyncpg

from benchmarks.pipeline.script import play, pooled


async def test_who_is_measured_beside_the_desk_makes_its_statements_and_no_other(
    dsn: str,
) -> None:
    queries = []

    async def listen(connection: asyncpg.Connection) -> None:
        connection.add_query_logger(lambda query: queries.append(query.query))

    statements = [("BEGIN;", ()), ("SELECT $1::integer", (1,)), ("COMMIT;", ())]
    async with pooled(dsn, init=listen) as pool:
        await play(pool, statements)

    assert queries == [statement for statement, _ in statements]
