"""The screen of a review that nobody touches stays true."""

import asyncpg

from bot.services.upkeep import UpkeepService
from bot.settings import Settings
from db.database import Database
from tests.flows.backlog.test_review import make_waiting
from tests.support.desk import short_grace
from tests.support.person import Person
from tests.support.postgres import until_true
from tests.support.school import MakeBooking

NOTED = "SELECT count(*) = 1 AND bool_and(leased_until IS NULL) FROM booking_desk.copies"


def undos(admin: Person) -> list[str]:
    return [label for label in admin.buttons if "Undo" in label]


async def test_the_next_booking_stays_and_the_undo_above_it_goes(
    settings: Settings, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    vera.start()
    first, second = [await make_booking(course_id=n) for n in range(2)]
    async with short_grace(settings):
        await anna.opens("/review", shows=f"Booking #{first}")
        await anna.press("✅ Confirm")
        await anna.sees(f"Booking #{second}", f"Undo #{first}")

        await anna.misses("Undo")

        assert "1 waiting" in anna.screen.text
        await anna.press("✅ Confirm")
        await anna.sees("2 confirmed", f"Undo #{second}")
        await anna.misses("Undo")
        assert "2 confirmed" in anna.screen.text


async def test_what_a_colleague_has_decided_only_leads_on(
    patient_desk: None,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    first, _ = await make_waiting(make_booking, "Olga", "Petr")
    await anna.opens("/review", shows="Olga")
    await until_true(sql, NOTED)

    await boris.opens(f"/booking {first}", shows="Ждёт решения")
    await boris.press("Подтвердить")

    await anna.sees("Confirmed by Борис", "1 waiting")
    assert "✅ Confirm" not in anna.buttons
    assert not undos(anna)
    await anna.press("Next booking")
    await anna.sees("Petr", "✅ Confirm")


async def test_a_booking_that_another_program_deletes_says_so_and_leads_on(
    patient_desk: None,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
    db: Database,
) -> None:
    first, _ = await make_waiting(make_booking, "Olga", "Petr")
    await anna.opens("/review", shows="Olga")
    await until_true(sql, NOTED)

    await sql.execute("DELETE FROM bookings WHERE id = $1", first)
    await UpkeepService(db).run()

    await anna.sees(f"Booking #{first}", "is gone")
    assert anna.buttons == ["Next booking ›", "‹ Back to the list"]
    await anna.press("Next booking")
    await anna.sees("Petr")
