"""The card of a booking that was taken back says so, instead of offering what cannot be done."""

import asyncpg

from bot.settings import Settings
from tests.flows.adding.conftest import Send
from tests.support.desk import long_grace
from tests.support.person import Person
from tests.support.postgres import until_true

NOTED = "SELECT count(*) = {} FROM booking_desk.copies"


async def test_the_card_of_an_addition_that_is_undone(
    settings: Settings, anna: Person, boris: Person, sql: asyncpg.Connection
) -> None:
    async with long_grace(settings):
        await anna.opens("/add", shows="Who is it for?")
        await anna.answers("42", "Drawing", "autumn")
        await anna.press("🆕 New")
        await anna.press("✅ Add the booking")
        await anna.sees("is added")
        await boris.opens("/booking 1", shows="Заявка #1")
        await until_true(sql, "SELECT count(*) > 0 FROM booking_desk.copies WHERE chat_id = 12")

        await anna.press("Undo")

        await boris.sees("Этой заявки больше нет", "‹ Все заявки")
        assert len(boris.buttons) == 1
        await until_true(sql, NOTED.format(0))


async def test_the_card_of_an_import_that_is_taken_back(
    patient_desk: None, anna: Person, boris: Person, send: Send, sql: asyncpg.Connection
) -> None:
    await send("id,status\n101,new\n102,new\n", "✅ Add 2")
    await anna.press("✅ Add 2")
    await anna.sees("Done: 2 bookings are in")
    await boris.opens("/booking 1", shows="Заявка #1")
    await until_true(sql, NOTED.format(1))

    await anna.press("Take 2 back")

    await boris.sees("Этой заявки больше нет")
