"""The programs that are compared to the desk make the same statements, and no others."""

from collections.abc import Mapping, Sequence

import asyncpg

from benchmarks.pipeline.script import Script, Statement, Step, Work, play, pooled


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


def test_a_statement_for_another_booking_has_its_number_in_lists_too() -> None:
    sql: Mapping[Work | Step, Sequence[Statement]] = {
        Work.CARD: [("SELECT $1, $2, $3", (5, [5, 6], [7]))]
    }
    script = Script(screens={}, sql=sql, booking=5, student=7, update=9)

    [(_, values)] = script.statements(Work.CARD, 50, 70)

    assert values == [50, [50, 6], [70]]
