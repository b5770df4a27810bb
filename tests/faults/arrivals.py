"""Scenarios in which the staff are told of new bookings."""

import asyncio
import re
from collections.abc import Sequence
from random import Random
from typing import Final

from simulator import Person
from tests.faults.verdicts import TAKEN_OVER, Promise
from tests.support.stage.world import World

_AT_ONCE: Final = 3
"""Programs that write bookings; the world has one connection more."""
_LONGEST: Final = 2.0
"""Seconds of a transaction."""
_GIVEN_UP: Final = 0.2
"""The share of the bookings that are rolled back."""
_ANNOUNCING: Final = {"ANNOUNCE_BOOKINGS": "true"}
_TOLD: Final = """
    SELECT lead.telegram_message_ids[1] AS message_id, count(*) AS bookings
      FROM booking_desk.outbox AS lead JOIN booking_desk.notices AS told ON told.lead_id = lead.id
     WHERE lead.kind = 'arrival'
     GROUP BY 1
"""


async def killed_while_bookings_come(world: World) -> Promise:
    """Bookings commit in any order or not at all, and whoever announces them is killed."""
    chance = Random(1)  # noqa: S311
    students = world.acquaintances(world.volume(120, 45))
    replica = await world.replica(_ANNOUNCING)
    writers = [
        asyncio.create_task(_book(world, students[n::_AT_ONCE], Random(n)))  # noqa: S311
        for n in range(_AT_ONCE)
    ]
    while not all(writer.done() for writer in writers):
        await asyncio.sleep(chance.uniform(2, 6))
        await replica.kill()
        replica = await world.replica(_ANNOUNCING)
    booked = await world.sql.fetchval("SELECT count(*) FROM bookings")
    await world.until(
        "SELECT count(*) = $1 FROM booking_desk.outbox WHERE kind = 'arrival'", booked
    )
    await world.settled()
    await world.until("SELECT bool_and(due_at IS NULL) FROM booking_desk.copies")
    told = await world.sql.fetch(_TOLD)
    world.expect(
        sum(row["bookings"] for row in told) == booked,
        otherwise=f"{booked} bookings, of which {sum(row['bookings'] for row in told)} are told",
    )
    texts = {each.message_id: each.text for each in world.admin.chat(world.bot)}
    wrong = [row for row in told if _counted(texts[row["message_id"]]) != row["bookings"]]
    world.expect(not wrong, otherwise=f"{len(wrong)} messages count wrong")
    world.figures.append(f"{booked} bookings in {len(told)} messages")
    await world.confirm_all()
    return Promise(delay=TAKEN_OVER)


async def _book(world: World, students: Sequence[Person], chance: Random) -> None:
    """Book for one student after another, each in a transaction of some length."""
    for student in students:
        async with world.sql.acquire() as connection:
            booking = connection.transaction()
            await booking.start()
            await connection.execute(
                "INSERT INTO bookings (user_id, first_name, course_id, course_stream, confirmed)"
                " VALUES ($1, $2, 1, 'north', 1)",
                student.id,
                student.name,
            )
            await asyncio.sleep(chance.uniform(0, _LONGEST))
            if chance.random() < _GIVEN_UP:
                await booking.rollback()
            else:
                await booking.commit()


def _counted(text: str) -> int:
    """Return how many bookings a notice says have come."""
    several = re.search(r"(\d+) new bookings", text)
    return int(several[1]) if several else text.count("New booking")
