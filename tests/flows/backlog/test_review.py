"""An admin decides what waits, one tap a booking."""

from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from bot.settings import Settings
from simulator import Telegram
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.school import MakeBooking

MARCH = datetime(2026, 3, 1, tzinfo=UTC)


async def make_waiting(make_booking: MakeBooking, *names: str, **fields: object) -> list[int]:
    """Insert pending bookings a day apart, the oldest first."""
    return [
        await make_booking(
            first_name=name, user_id=900 + day, created_at=MARCH + timedelta(days=day), **fields
        )
        for day, name in enumerate(names)
    ]


async def statuses(sql: asyncpg.Connection) -> list[int]:
    return [row[0] for row in await sql.fetch("SELECT confirmed FROM bookings ORDER BY id")]


async def test_each_decision_takes_one_tap_and_brings_the_next_booking(
    patient_desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    names = [f"Student{letter}" for letter in "ABCDEFGHIJKL"]
    await make_waiting(make_booking, *names)

    await anna.opens("/review", shows="StudentA")
    for name in names[1:]:
        await anna.press("✅ Confirm")
        await anna.sees(name)
    await anna.press("✅ Confirm")
    await anna.sees("Nothing more waits here", "12 confirmed")

    assert await statuses(sql) == [2] * 12
    assert len(anna.inbox) == 1


async def test_buttons_stay_in_their_places_when_undo_appears(
    patient_desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    await make_waiting(make_booking, "Olga", "Petr", "Rita")
    await anna.opens("/review", shows="Olga")
    before = [[button.text for button in row] for row in anna.screen.buttons]

    await anna.cancels()
    await anna.sees("Petr", "Undo")

    after = [[button.text for button in row] for row in anna.screen.buttons]
    assert after[: len(before)] == before
    assert after[len(before) :] == [["↩️ Undo #1 Olga"]]


async def test_the_last_decision_is_undone_from_the_next_booking(
    patient_desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await make_waiting(make_booking, "Olga", "Petr")
    await anna.opens("/review", shows="2 waiting")
    await anna.press("✅ Confirm")
    await anna.sees("#1 Olga: can be undone until", "Booking #2")

    await anna.press("Undo #1")
    await anna.sees("Booking #1", "2 waiting")

    assert await statuses(sql) == [1, 1]
    assert await sql.fetchval("SELECT state FROM booking_desk.outbox") == "withdrawn"


async def test_what_is_put_off_comes_again_at_the_end(
    patient_desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    await make_waiting(make_booking, "Olga", "Petr", "Rita")
    await anna.opens("/review", shows="Olga")
    await anna.press("Later")
    await anna.sees("Petr")
    await anna.cancels()
    await anna.sees("Rita")
    await anna.press("Later")
    await anna.sees("That was the last one", "2 still wait", "1 cancelled", "Undo #2 Petr")

    await anna.press("Look at them again")
    await anna.sees("Olga")


async def test_previous_leads_back_and_says_where_the_beginning_is(
    patient_desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    await make_waiting(make_booking, "Olga", "Petr")
    await anna.opens("/review", shows="Olga")
    await anna.press("Later")
    await anna.sees("Petr")
    await anna.press("‹ Previous")
    await anna.sees("Olga")

    answer = await anna.press("‹ Previous")

    assert answer.text == "This is the first one"
    await anna.sees("Olga")


async def test_two_who_review_at_once_get_different_bookings(
    patient_desk: None,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    await make_waiting(make_booking, "Olga", "Petr", "Rita")
    await anna.opens("/review", shows="Olga")

    await boris.opens("/review", shows="Petr")
    await anna.press("✅ Confirm")
    await anna.sees("Rita")
    await boris.press("✅ Подтвердить")
    await boris.sees("Это была последняя")
    await sql.execute("UPDATE booking_desk.claims SET until = now() - interval '1 second'")
    await boris.press("Посмотреть ещё раз")
    await boris.sees("Rita")


async def test_a_booking_that_a_colleague_decided_meanwhile_is_not_decided_twice(
    patient_desk: None,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    await make_waiting(make_booking, "Olga", "Petr")
    await anna.opens("/review", shows="Olga")
    await boris.opens("/booking 1", shows="Olga")
    await boris.cancels()
    await boris.sees("Отменена")

    answer = await anna.press("✅ Confirm")
    await anna.sees("Petr")

    assert answer.show_alert
    assert "#1" in (answer.text or "")
    assert "Борис" in (answer.text or "")
    assert await statuses(sql) == [-1, 1]


async def test_an_undo_that_comes_too_late_says_so_and_the_review_goes_on(
    patient_desk: None,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    await make_waiting(make_booking, "Olga", "Petr")
    await anna.opens("/review", shows="Olga")
    await anna.cancels()
    await anna.sees("Undo #1")
    await sql.execute("UPDATE booking_desk.audit SET at = at - interval '1 hour'")

    answer = await anna.press("Undo #1")
    await anna.misses("Undo")
    await anna.sees("Petr")

    assert answer.show_alert
    assert await statuses(sql) == [-1, 1]


async def test_a_second_delivery_of_a_press_decides_nothing_more(
    patient_desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await make_waiting(make_booking, "Olga", "Petr", "Rita")
    await anna.opens("/review", shows="Olga")
    confirm = anna.choice("✅ Confirm")

    await anna.forge(confirm).answered()
    await anna.forge(confirm).answered()
    await anna.sees("Petr")

    assert await statuses(sql) == [2, 1, 1]


@pytest.mark.parametrize("command", ["/review stream:south", "/review pending stream:south"])
async def test_a_review_of_words_has_only_what_fits(
    patient_desk: None, anna: Person, make_booking: MakeBooking, command: str
) -> None:
    await make_waiting(make_booking, "Olga")
    await make_waiting(make_booking, "Petr", "Rita", course_stream="south")

    await anna.opens(command, shows="2 waiting")
    await anna.sees("Petr")
    await anna.cancels()
    await anna.sees("Rita")
    await anna.cancels()
    await anna.sees("Nothing more waits here", "2 cancelled")


async def test_the_lists_of_what_waits_offer_a_review_with_their_filter(
    patient_desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    await make_waiting(make_booking, "Olga", confirmed=0)
    await make_waiting(make_booking, "Petr", course_stream="south")
    await make_waiting(make_booking, "Rita")

    await anna.opens("/bookings", shows="3 bookings")
    assert "▶️ Review" not in anna.buttons
    await anna.press("🆕 1")
    await anna.press("▶️ Review")
    await anna.sees("1 waiting", "Olga")
    await anna.opens("/pending stream:south", shows="Petr")
    await anna.press("▶️ Review")
    await anna.sees("1 waiting", "Petr")
    await anna.press("Back to the list")
    await anna.sees("Petr", "Filter")


async def test_only_what_waits_is_reviewed(
    patient_desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    await make_booking(confirmed=2)

    await anna.opens("/review confirmed", shows="Only bookings that wait")
    await anna.opens("/review", shows="Nothing more waits here")


async def test_a_deleted_booking_ends_nothing(
    patient_desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await make_waiting(make_booking, "Olga", "Petr")
    await anna.opens("/review", shows="Olga")
    await sql.execute("DELETE FROM bookings WHERE id = 1")

    await anna.press("Later")
    await anna.sees("Petr", "1 waiting")


async def test_a_review_goes_on_after_a_restart(
    settings: Settings, telegram: Telegram, anna: Person, make_booking: MakeBooking
) -> None:
    await make_waiting(make_booking, "Olga", "Petr")
    async with open_desk(settings):
        await anna.opens("/review", shows="Olga")
    async with open_desk(settings):
        await anna.press("✅ Confirm")
        await anna.sees("Petr")


async def test_a_former_admin_reviews_nothing(
    settings: Settings, anna: Person, boris: Person, make_booking: MakeBooking
) -> None:
    await make_waiting(make_booking, "Olga")
    async with open_desk(settings):
        await boris.opens("/review", shows="Olga")
    async with open_desk(settings.model_copy(update={"admin_ids": frozenset({anna.id})})):
        answer = await boris.press("✅ Подтвердить")
        assert answer.show_alert
        await anna.opens("/review", shows="That was the last one")
