"""The database fails during work: the desk says so, recovers, and loses nothing."""

import asyncio
from functools import partial

import asyncpg
import pytest
from aiogram import Bot

from bot.services.bookings.external import ExternalChangeService
from bot.services.outbox.delivery import DeliveryService
from bot.settings import Settings
from bot.workers.delivery import LEASE, DeliveryWorker
from db.database import Database
from db.errors import DatabaseUnavailable
from db.models.outbox import Sender
from simulator import Delay, Telegram
from tests.support.databases import failed_over, read_only
from tests.support.desk import open_desk
from tests.support.kinds import TRANSLATORS, the_kinds
from tests.support.net.cable import Cable
from tests.support.person import Person
from tests.support.school import DESK_TOKEN, MakeBooking
from tests.support.waiting import until
from tests.system.outages.hearing import heard


async def test_the_desk_says_it_is_busy_and_then_goes_on(
    desk: None, cable: Cable, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    vera.start()
    await anna.opens(f"/booking {booking}", shows="Pending")
    card = anna.screen

    await cable.cut()
    answer = await anna.press("Confirm")
    await anna.opens("/pending", shows="The database is busy right now")
    await cable.mend()
    again = await anna.press("Confirm", on=card)
    await vera.hears("welcome!")

    assert answer.show_alert
    assert "Nothing is lost: please try again" in (answer.text or "")
    assert again.text == f"✅ Booking #{booking} is confirmed. The welcome is on its way."


async def test_a_student_hears_of_it_in_the_same_friendly_words(
    desk: None, cable: Cable, vera: Person
) -> None:
    vera.start()
    await vera.sees("you have no bookings")

    await cable.cut()
    vera.start()

    await vera.sees("The database is busy right now")


async def test_a_welcome_whose_mark_could_not_be_written_is_not_sent_twice(
    desk: None,
    cable: Cable,
    anna: Person,
    vera: Person,
    telegram: Telegram,
    make_booking: MakeBooking,
) -> None:
    booking = await make_booking()
    vera.start()
    await vera.sees("these are your bookings")
    await anna.opens(f"/booking {booking}", shows="Pending")
    telegram.faults.add(fault=Delay(0.3), method="sendMessage", chat_id=vera.id)

    await anna.press("Confirm")
    await telegram.until(
        lambda: any(c.parameters.get("chat_id") == vera.id for c in telegram.calls[-1:])
    )
    await cable.cut()
    await vera.hears("welcome!")
    await cable.mend()
    await anna.finds(f"/booking {booking}", "Welcome delivered")

    assert len([text for text in vera.inbox if "welcome!" in text]) == 1


async def test_after_an_outage_the_living_write_first_what_they_hold(
    cable: Cable,
    settings: Settings,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    """A lease that ended during an outage does not mean that its worker is dead."""
    await sql.execute("UPDATE bookings SET confirmed = 2 WHERE id = $1", await make_booking())
    async with Database.connect(cable.dsn) as db, asyncio.TaskGroup() as tasks:
        service = delivering(db)
        worker = DeliveryWorker(
            service, Bot(DESK_TOKEN), the_kinds(), TRANSLATORS, rate=25, tasks=tasks
        )
        await service.open()
        await worker.reclaim()
        await ExternalChangeService(db).follow()
        [held] = await service.claim(1, lease=LEASE)
        assert await service.pass_gate(held.claim) == 0

        await cable.cut()
        await sql.execute("UPDATE booking_desk.outbox SET due_at = now()")
        with pytest.raises(DatabaseUnavailable):
            await worker.reclaim()
        await cable.mend()
        await worker.reclaim()
        still_held = await sql.fetchval("SELECT state FROM booking_desk.outbox")
        await worker.reclaim()
        taken_over = await sql.fetchval("SELECT state FROM booking_desk.outbox")

    assert (still_held, taken_over) == ("sending", "queued")


async def test_the_news_that_a_student_is_back_waits_for_the_database(
    desk: None, cable: Cable, anna: Person, vera: Person, make_booking: MakeBooking
) -> None:
    booking = await make_booking()
    vera.start()
    await vera.hears("your bookings")
    vera.block()
    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await anna.hears("Vera didn't get the welcome")

    cable.silence()
    vera.unblock()
    await until(partial(heard, vera, "welcome!"), seconds=20)


def delivering(db: Database) -> DeliveryService:
    return DeliveryService(db, the_kinds(), bot_id=1001, senders=list(Sender), rate=25)


async def test_what_another_program_did_meanwhile_is_noticed(
    desk: None,
    cable: Cable,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    await make_booking()
    vera.start()
    await vera.sees("these are your bookings")

    await cable.cut()
    await sql.execute("UPDATE bookings SET confirmed = 2")
    await cable.mend()

    await vera.hears("welcome!")


async def test_a_server_that_takes_no_changes_is_busy_and_forgets_no_welcome(
    settings: Settings,
    anna: Person,
    vera: Person,
    telegram: Telegram,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    """The session ends and the next one is read-only; later the address leads elsewhere again."""
    first, second = await make_booking(), await make_booking(user_id=77)
    async with open_desk(settings):
        vera.start()
        await vera.sees("these are your bookings")
        await anna.opens(f"/booking {second}", shows="Pending")
        card = anna.screen
        await anna.opens(f"/booking {first}", shows="Pending")
        telegram.faults.add(fault=Delay(0.3), method="sendMessage", chat_id=vera.id)

        await anna.press("Confirm")
        await telegram.until(
            lambda: any(c.parameters.get("chat_id") == vera.id for c in telegram.calls[-1:])
        )
        await failed_over(sql)
        await vera.hears("welcome!")
        answer = await anna.press("Confirm", on=card)
        await read_only(sql, "off")
        await anna.finds(f"/booking {first}", "Welcome delivered")

    assert answer.show_alert
    assert "Nothing is lost: please try again" in (answer.text or "")
    assert len([text for text in vera.inbox if "welcome!" in text]) == 1
