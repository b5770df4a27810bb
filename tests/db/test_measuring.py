"""What is compared to the desk asks PostgreSQL for the same, and nothing besides."""

import asyncpg

from benchmarks.pipeline.script import play, pooled


async def test_who_is_measured_beside_the_desk_makes_its_statements_and_no_other(
    dsn: str,
) -> None:
    asked = []

    async def listen(connection: asyncpg.Connection) -> None:
        connection.add_query_logger(lambda query: asked.append(query.query))

    statements = [("BEGIN;", ()), ("SELECT $1::integer", (1,)), ("COMMIT;", ())]
    async with pooled(dsn, init=listen) as pool:
        await play(pool, statements)

    assert asked == [statement for statement, _ in statements]
