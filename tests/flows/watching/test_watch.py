"""The desk tells the staff once that it is in trouble, and once that the trouble is over."""

import asyncio

import asyncpg
import pytest

from bot.settings import Settings
from db.database import Database
from simulator import BotAccount, Refuse, Telegram
from tests.flows.watching.replicas import ADMINS, BOT, GROUP, View, alerts, heard, replica
from tests.support.desk import open_desk
from tests.support.net.webhook import with_webhook
from tests.support.outbox import put
from tests.support.person import Person
from tests.support.postgres import until_true
from tests.support.programs.processes import free_port
from tests.support.school import ANNA_ID, BORIS_ID, MakeBooking

CONFLICT = "Conflict: terminated by other getUpdates request"


async def long_ago(sql: asyncpg.Connection, *names: str, minutes: int = 10) -> None:
    """Let these signs have been well for the last time so long ago, and the desk live."""
    await sql.executemany(
        """
        INSERT INTO booking_desk.signs (name, well_at)
        VALUES ($1, now() - make_interval(mins => $2))
        ON CONFLICT (name) DO UPDATE SET well_at = excluded.well_at
        """,
        [("desk", 0), *((name, minutes) for name in names)],
    )


async def test_a_bot_that_another_program_polls_is_told_of_until_that_program_ends(
    staff: None,
    settings: Settings,
    telegram: Telegram,
    anna: Person,
    boris: Person,
    sql: asyncpg.Connection,
) -> None:
    await long_ago(sql, f"updates of {BOT}")
    telegram.faults.add(fault=Refuse(409, CONFLICT), method="getUpdates", times=None)

    async with open_desk(settings):
        await anna.hears("The desk hears nothing", f"@{BOT}", "What to do")
        await boris.hears("Бот ничего не слышит", f"@{BOT}", "Что делать")
        telegram.faults.clear()
        await telegram.until(lambda: heard(anna, "The desk hears again"), timeout=10)
        await boris.hears("Бот снова слышит")

    assert heard(anna, "The desk hears") == heard(boris, "слышит") == 2


async def test_a_webhook_that_is_not_set_is_told_of(
    staff: None,
    settings: Settings,
    telegram: Telegram,
    anna: Person,
    boris: Person,
    db: Database,
    sql: asyncpg.Connection,
) -> None:
    await long_ago(sql, f"updates of {BOT}")
    telegram.faults.add(fault=Refuse(400, "bad webhook"), method="setWebhook", times=None)
    port = free_port()

    async with open_desk(with_webhook(settings, f"http://127.0.0.1:{port}", port)):
        await anna.hears("Telegram does not get through to the desk", "WEBHOOK_URL")
        await boris.hears("Telegram не может достучаться до бота")
        await replica(db, View(is_well=True, mode="webhook")).look()
        await anna.hears("Telegram gets through to the desk again", f"@{BOT}")
        await boris.hears("Telegram снова достучался до бота")


async def test_messages_that_are_held_up_are_told_of_and_leave_by_themselves(
    staff: None,
    settings: Settings,
    anna: Person,
    boris: Person,
    vera: Person,
    db: Database,
    sql: asyncpg.Connection,
    make_booking: MakeBooking,
) -> None:
    vera.start()
    await put(sql, await make_booking(confirmed=2), "queued")
    await sql.execute("UPDATE booking_desk.outbox SET due_at = now() - interval '6 minutes'")
    await sql.execute(
        "INSERT INTO booking_desk.chat_gates VALUES (1001, $1, now() + interval '1 hour')", vera.id
    )
    await long_ago(sql, "outbox")

    async with open_desk(settings):
        await anna.hears("Messages are held up", "1 are waiting now")
        await boris.hears("Сообщения задерживаются", "в очереди: 1")
        await sql.execute("DELETE FROM booking_desk.chat_gates")
        await until_true(sql, "SELECT state <> 'queued' FROM booking_desk.outbox WHERE id = 1")
        await replica(db, View(is_well=True)).look()
        await anna.hears("Messages leave again")
        await boris.hears("Сообщения снова уходят")


async def test_a_desk_that_was_away_says_from_when_to_when(
    staff: None, settings: Settings, anna: Person, boris: Person, sql: asyncpg.Connection
) -> None:
    await long_ago(sql, "desk", minutes=60)

    async with open_desk(settings), open_desk(settings):
        await anna.hears("The desk was away", "What to do")
        await boris.hears("Бот не работал", "Что делать")
        await anna.hears("Booking desk")
        await anna.opens("/pending", shows="Nobody is waiting")

    assert heard(anna, "away") == heard(boris, "не работал") == 1


async def test_a_stop_that_somebody_asked_for_is_no_alarm(
    staff: None, settings: Settings, anna: Person, sql: asyncpg.Connection
) -> None:
    async with open_desk(settings):
        await anna.hears("Booking desk")
        await anna.opens("/pending", shows="Nobody is waiting")
        await until_true(sql, "SELECT count(*) FROM booking_desk.signs WHERE name = 'desk'")

    assert not await sql.fetchval("SELECT count(*) FROM booking_desk.signs WHERE name = 'desk'")


async def test_replicas_that_look_at_once_and_again_after_a_restart_tell_once(
    db: Database, sql: asyncpg.Connection
) -> None:
    await long_ago(sql, f"updates of {BOT}")

    for _ in range(3):
        sick = [replica(db, View(is_well=False)) for _ in range(4)]
        await asyncio.gather(*(one.look() for one in sick))

    assert sorted(await alerts(sql)) == [
        ("polling begun", ANNA_ID, "queued"),
        ("polling begun", BORIS_ID, "queued"),
    ]


async def test_what_lasts_a_moment_and_what_another_replica_sees_well_is_not_told(
    db: Database, sql: asyncpg.Connection
) -> None:
    await long_ago(sql, f"updates of {BOT}", minutes=1)
    await replica(db, View(is_well=False)).look()
    await replica(db, View(is_well=True)).look()
    await replica(db, View(is_well=False)).look()

    assert await alerts(sql) == []


async def test_who_has_not_heard_of_a_trouble_does_not_hear_that_it_is_over(
    db: Database, sql: asyncpg.Connection
) -> None:
    await long_ago(sql, f"updates of {BOT}")
    await replica(db, View(is_well=False)).look()
    await sql.execute("UPDATE booking_desk.outbox SET state = 'sent' WHERE chat_id = $1", ANNA_ID)

    await replica(db, View(is_well=True)).look()

    assert await alerts(sql) == [
        ("polling begun", ANNA_ID, "sent"),
        ("polling begun", BORIS_ID, "queued"),
        ("polling over", ANNA_ID, "queued"),
    ]


async def test_a_trouble_that_is_over_before_it_is_told_is_not_told(
    staff: None, settings: Settings, anna: Person, db: Database, sql: asyncpg.Connection
) -> None:
    await long_ago(sql, f"updates of {BOT}")
    await replica(db, View(is_well=False)).look()
    await replica(db, View(is_well=True)).look()

    async with open_desk(settings):
        await until_true(sql, "SELECT bool_and(state = 'withdrawn') FROM booking_desk.outbox")
        await anna.opens("/outbox", shows="Everything has arrived")


@pytest.mark.parametrize("told_before", [[], ["polling begun"]])
async def test_after_the_desk_was_away_nothing_else_is_blamed(
    db: Database, sql: asyncpg.Connection, told_before: list[str]
) -> None:
    """Nobody looked meanwhile, so nobody knows; what was told before is still wrong."""
    if told_before:
        await long_ago(sql, f"updates of {BOT}")
        await replica(db, View(is_well=False)).look()
    await long_ago(sql, "desk", f"updates of {BOT}")

    await replica(db, View(is_well=False)).look()

    told = [what for what, chat_id, _ in await alerts(sql) if chat_id == ANNA_ID]
    assert told == [*told_before, "desk past"]


@pytest.mark.parametrize("is_member", [True, False])
async def test_the_group_is_told_and_the_admins_if_it_cannot_be(
    staff: None,
    settings: Settings,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    sql: asyncpg.Connection,
    is_member: bool,
) -> None:
    group = telegram.add_group(GROUP, "Staff", [anna.account])
    if is_member:
        group.add(desk_bot)
    await long_ago(sql, "desk", minutes=60)

    async with open_desk(settings.model_copy(update={"staff_chat_id": GROUP})):
        place = group if is_member else desk_bot
        await telegram.until(
            lambda: any("was away" in message.text for message in anna.account.chat(place))
        )

    told = [chat_id for _, chat_id, _ in await alerts(sql)]
    assert told == ([GROUP] if is_member else [GROUP, *sorted(ADMINS)])


async def test_an_alert_for_a_former_admin_goes_to_the_admins_of_now(
    staff: None, settings: Settings, anna: Person, db: Database, sql: asyncpg.Connection
) -> None:
    await long_ago(sql, "desk", minutes=60)
    await replica(db, View(is_well=True), staff={77}).look()

    async with open_desk(settings):
        await anna.hears("The desk was away")

    assert ("desk past", 77, "withdrawn") in await alerts(sql)
