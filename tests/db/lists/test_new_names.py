"""Names that nobody has looked for yet."""

import asyncio
from secrets import token_hex

import asyncpg

from bot.services.lists.search import SearchService
from bot.services.upkeep import UpkeepService
from db.database import Database
from tests.db.lists.finding import found
from tests.support.school import MakeBooking
from tests.support.waiting import until


async def test_names_that_are_new_at_once_are_learned_without_waiting(
    dsn: str, make_booking: MakeBooking, search: SearchService
) -> None:
    writer = await asyncpg.connect(dsn)
    insert = "INSERT INTO bookings (user_id, first_name) VALUES ($1, 'Серафима')"
    async with writer.transaction():
        await writer.execute(insert, 801)

        async with asyncio.timeout(2):
            booking = await make_booking(user_id=802, first_name="Серафима")
            assert await found(search, "serafima") == [booking]
    writer.terminate()

    assert len(await found(search, "serafima")) == 2


async def test_a_crowd_of_new_names_is_learned_without_a_rest(
    db: Database, sql: asyncpg.Connection, search: SearchService
) -> None:
    await sql.execute(
        """
        INSERT INTO bookings (user_id, first_name)
        SELECT n, CASE n WHEN 4000 THEN 'Серафима' ELSE 'Student ' || n END
          FROM generate_series(1, 4000) AS n
        """
    )
    upkeep = UpkeepService(db)

    await until(upkeep.run)

    assert await found(search, "serafima") == [4000]


async def test_an_endless_name_and_code_are_no_hindrance_to_who_writes_them(
    search: SearchService, make_booking: MakeBooking
) -> None:
    # PostgreSQL cannot compress random letters.
    endless = token_hex(5_000)

    booking = await make_booking(
        first_name=f"Ян {endless}", username=endless, referral_code=endless
    )

    assert await found(search, "ян") == [booking]


async def test_a_name_that_another_program_learns_at_the_moment_is_waited_for(
    search: SearchService, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking(user_id=900, first_name="Серафима")
    async with sql.transaction():
        await sql.execute("SELECT booking_desk.learn_words(10)")
        searching = asyncio.create_task(found(search, "serafima"))
        await asyncio.sleep(0.05)

    assert await searching == [booking]
