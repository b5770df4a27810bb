"""The card shows everything about one booking."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import pytest

from bot.settings import Settings
from simulator import BotAccount, Delay, ServerError, Telegram
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.school import MakeBooking


async def test_a_card_shows_every_field_of_a_booking(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking(
        user_id=7_000_000_001,
        username="vera_p",
        first_name="Vera",
        created_at=datetime.now(UTC) - timedelta(hours=3, minutes=5),
        referral_code="FRIEND10",
        discount_percent=15,
    )
    await sql.execute("UPDATE booking_desk.courses SET name = 'Drawing'")
    await sql.execute("UPDATE booking_desk.streams SET name = 'North'")

    await anna.opens(f"/booking {booking}", shows=f"Booking #{booking} · ⏳ Pending")

    await anna.sees("Vera · @vera_p · id 7000000001", "Drawing · North", "(3 hr ago)")
    await anna.sees("🎟 FRIEND10 · 15% off")
    assert "welcome" not in anna.screen.text


async def test_a_card_says_what_is_missing(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking(
        username=None,
        first_name=None,
        course_id=None,
        course_stream=None,
        created_at=None,
        referral_code=None,
        discount_percent=None,
        confirmed=None,
    )

    await anna.opens(f"/booking {booking}", shows="Unknown status (None)")

    await anna.sees("no name · no username · id 13", "no course · no stream", "date unknown")
    assert "🎟" not in anna.screen.text


async def test_an_unknown_status_is_shown_with_its_number(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking(confirmed=7)

    await anna.opens(f"/booking {booking}", shows="Unknown status (7)")


async def test_courses_and_streams_without_a_name_are_shown_by_their_code(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking(course_id=42, course_stream="8th_stream")

    await anna.opens(f"/booking {booking}", shows="#42 · 8th_stream")


async def test_the_time_of_a_booking_is_the_schools(
    settings: Settings, anna: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking(created_at=datetime(2026, 3, 1, 22, 30, tzinfo=UTC))

    riga = settings.model_copy(update={"timezone": ZoneInfo("Europe/Riga")})
    async with open_desk(riga):
        await anna.opens(f"/booking {booking}", shows="2 Mar 2026, 00:30")


async def test_a_card_offers_what_its_status_allows(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    offers = {
        0: ["✅ Confirm", "🔀 Move…", "🚫 Cancel…", "⏰ Remind"],
        1: ["✅ Confirm", "🔀 Move…", "🚫 Cancel…"],
        2: ["🔀 Move…", "🚫 Cancel…"],
        -1: ["✅ Reopen and confirm", "♻️ Reopen, to decide later"],
        7: [],
    }

    for code, buttons in offers.items():
        booking = await make_booking(confirmed=code)
        await anna.opens(f"/booking {booking}", shows=f"Booking #{booking}")
        more = ["👤 The student", "ℹ️ Why?", "🔄 Refresh", "‹ All bookings"]
        assert anna.buttons == [*buttons, *more]


async def test_a_card_says_who_decided_last_and_when(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()
    await anna.opens(f"/booking {booking}", shows="Pending")

    await anna.press("Confirm")
    at = await sql.fetchval("SELECT at FROM booking_desk.log")

    await anna.sees(f"⚖️ Confirmed by Anna, {at:%-d %b %Y, %H:%M}")


async def test_a_card_says_what_another_program_did(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    booking = await make_booking()

    await sql.execute("UPDATE bookings SET confirmed = 2")

    await anna.opens(f"/booking {booking}", shows="Confirmed by another program")


async def test_a_booking_is_found_by_its_number(
    desk: None, anna: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()

    for written in (f"/booking {booking}", f"/booking #{booking}", f"/booking   {booking}  "):
        await anna.opens(written, shows=f"Booking #{booking} ·")


async def test_a_number_without_a_booking_is_said_to_have_none(desk: None, anna: Person) -> None:
    for number in ("0", "999999999999", "9" * 18):
        await anna.opens(f"/booking {number}", shows=f"There is no booking #{number}.")


async def test_a_number_longer_than_any_booking_has_is_cut_in_the_answer(
    desk: None, anna: Person
) -> None:
    for digits in (19, 30, 4087):
        await anna.opens(f"/booking {'9' * digits}", shows=f"There is no booking #{'9' * 18}….")


async def test_what_is_no_number_is_asked_for_again(desk: None, anna: Person) -> None:
    for written in ("", " abc", " -1", " 1.5", " ٣", " 1; DROP TABLE bookings"):
        await anna.opens(f"/booking{written}", shows="for example /booking 123")


async def test_a_screen_is_drawn_while_the_press_is_not_answered_yet(
    desk: None, telegram: Telegram, anna: Person, make_booking: MakeBooking
) -> None:
    await anna.opens(f"/booking {await make_booking()}", shows="Pending")
    telegram.faults.add(fault=Delay(1), method="answerCallbackQuery", times=1)

    press = anna.tap("Cancel")

    await anna.sees("Cancel this booking?")
    assert press.answer is None


async def test_a_press_is_answered_while_its_screen_is_not_drawn_yet(
    desk: None, telegram: Telegram, anna: Person, make_booking: MakeBooking
) -> None:
    await anna.opens(f"/booking {await make_booking()}", shows="Pending")
    telegram.faults.add(fault=Delay(1), method="editMessageText", times=1)

    await anna.press("Cancel")

    assert "Cancel this booking?" not in anna.screen.text


async def test_a_screen_is_drawn_also_where_the_press_cannot_be_answered(
    desk: None, telegram: Telegram, anna: Person, make_booking: MakeBooking
) -> None:
    await anna.opens(f"/booking {await make_booking()}", shows="Pending")
    telegram.faults.add(fault=ServerError(500), method="answerCallbackQuery", times=1)

    anna.tap("Cancel")

    await anna.sees("Cancel this booking?")


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    "command", ["/booking №{}", "/booking № {}", "/Booking #{}", "/BOOKING {}"]
)
async def test_a_card_is_opened_however_its_number_is_written(
    anna: Person, make_booking: MakeBooking, command: str
) -> None:
    booking = await make_booking()

    await anna.opens(command.format(booking), shows=f"Booking #{booking}")


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("command", "shows"),
    [("/Pending", "Pending"), ("/BOOKINGS", "1 booking"), ("/PENDING course:1", "1 booking")],
)
async def test_commands_may_have_capitals(
    anna: Person, make_booking: MakeBooking, command: str, shows: str
) -> None:
    await make_booking()

    await anna.opens(command, shows=shows)


@pytest.mark.usefixtures("desk")
async def test_the_newest_known_username_is_on_the_card(
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    vera = Person(telegram, desk_bot, telegram.add_person(31, "Vera", username="new_vera"))
    booking = await make_booking(user_id=31, username="old_vera")
    await anna.opens(f"/booking {booking}", shows="@old_vera")

    vera.start()
    await vera.hears("ookings")
    await anna.opens(f"/booking {booking}", shows="@new_vera")

    await sql.execute("UPDATE bookings SET created_at = now(), username = 'newest_vera'")
    await anna.opens(f"/booking {booking}", shows="@newest_vera")


@pytest.mark.parametrize(
    "change",
    ["referral_code TYPE varchar(100)", "discount_percent TYPE numeric", "confirmed TYPE bigint"],
)
async def test_the_first_screens_after_a_column_has_another_type_are_right(
    desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection, change: str
) -> None:
    booking = await make_booking(first_name="Vera")
    for command in (f"/booking {booking}", "/bookings"):
        await anna.opens(command, shows="Vera")

    await sql.execute(f"ALTER TABLE bookings ALTER COLUMN {change}")

    for command in (f"/booking {booking}", "/bookings"):
        await anna.opens(command, shows="Vera")
    assert not any("busy" in text for text in anna.inbox)
