"""Many bookings at once need a second admin, where the school wants that."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from bot.settings import Settings
from simulator import BotAccount, Telegram
from tests.support.desk import open_desk
from tests.support.person import Person
from tests.support.postgres import until_true
from tests.support.school import MakeBooking

STATE = "SELECT state FROM booking_desk.bulks"


@pytest.fixture
async def careful_desk(settings: Settings) -> AsyncIterator[None]:
    """Run a desk at which two bookings at once need a second admin."""
    async with open_desk(settings.model_copy(update={"approval_from": 2})):
        yield


async def ask(anna: Person, make_booking: MakeBooking, number: int = 2) -> None:
    """Confirm so many bookings at once."""
    for n in range(number):
        await make_booking(user_id=900 + n, first_name=f"Student{n}")
    await anna.opens("/pending", shows="Filter")
    await anna.press("📦 All…")
    await anna.press("✅ Confirm all")
    await anna.press(f"✅ Confirm {number}")


async def statuses(sql: asyncpg.Connection) -> list[int]:
    return [row[0] for row in await sql.fetch("SELECT confirmed FROM bookings ORDER BY id")]


async def test_what_one_admin_begins_another_one_approves(
    careful_desk: None,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    boris.start()
    await ask(anna, make_booking)
    await anna.sees("Anna asks for approval: 2 bookings", "Nothing has changed yet")
    assert await statuses(sql) == [1, 1]

    await boris.sees("Фильтр: ⏳ Ждут", "Anna просит одобрить: 2 заявки")
    await boris.press("✅ Одобрить 2")

    await anna.sees("Done: 2 bookings", "Approved by Борис")
    assert await statuses(sql) == [2, 2]
    assert await sql.fetchval("SELECT actor_id FROM booking_desk.audit LIMIT 1") == anna.id


async def test_nobody_approves_what_they_asked_for(
    careful_desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await ask(anna, make_booking)

    answer = await anna.press("✅ Approve 2")

    assert answer.show_alert
    assert "another admin" in (answer.text or "")
    assert await sql.fetchval(STATE) == "asked"
    assert await statuses(sql) == [1, 1]


async def test_an_admin_who_does_not_approve_tells_who_asked(
    careful_desk: None,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    boris.start()
    await ask(anna, make_booking)
    await boris.press("✖️ Не надо")

    await anna.hears("Борис did not approve. Nothing has changed.")
    assert await statuses(sql) == [1, 1]
    assert await sql.fetchval(STATE) == "refused"


async def test_who_asked_can_take_it_back_and_a_late_approval_does_nothing(
    careful_desk: None,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    boris.start()
    await ask(anna, make_booking)
    await boris.sees("Одобрить 2")
    await anna.press("✖️ Don't")
    await anna.sees("Anna did not approve")

    answer = await boris.press("✅ Одобрить 2")

    assert "устарела" in (answer.text or "")
    assert await statuses(sql) == [1, 1]


async def test_fewer_bookings_need_nobody(
    careful_desk: None, anna: Person, make_booking: MakeBooking, sql: asyncpg.Connection
) -> None:
    await ask(anna, make_booking, 1)

    await anna.sees("Done: 1 booking")
    assert (
        await sql.fetchval("SELECT count(*) FROM booking_desk.outbox WHERE kind='approval'") == 0
    )


async def test_the_staffs_group_is_asked_where_there_is_one(
    settings: Settings,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    boris: Person,
    make_booking: MakeBooking,
    sql: asyncpg.Connection,
) -> None:
    staff = telegram.add_group(-1_000_000_000_500, "Staff", [anna.account, boris.account])
    staff.add(desk_bot)
    update = {"approval_from": 2, "staff_chat_id": staff.id}
    async with open_desk(settings.model_copy(update=update)):
        await ask(anna, make_booking)
        await until_true(
            sql,
            "SELECT count(*) = 1 AND bool_and(state = 'sent') FROM booking_desk.outbox"
            " WHERE kind = 'approval'",
        )
        [asked] = [m for m in boris.account.chat(staff) if m.from_bot]
        button = next(b for row in asked.buttons for b in row if "Approve 2" in b.text)

        await boris.account.press(staff, asked.message_id, button.callback_data or "").answered()

        await anna.sees("Done: 2 bookings", "Approved by Борис")
