"""Each update is handled once, even if several replicas get it several times."""

import asyncio
from collections.abc import Set

import asyncpg
import pytest
from aiogram import Bot, Dispatcher
from aiogram.types import Message
from aiohttp import ClientSession

from bot.http.server import serving
from bot.settings import Settings
from bot.telegram.intake.webhook import WebhookReceiver
from db.database import Database
from simulator import BotAccount, Delay, Telegram
from tests.support.desk import open_desk
from tests.support.net.balancer import Balancer
from tests.support.net.webhook import (
    SECRET,
    bring,
    message,
    until_ready,
)
from tests.support.person import Person
from tests.support.postgres import until_true
from tests.support.school import ANNA_ID, DESK_TOKEN, VERA_ID, MakeBooking


async def test_the_desk_works_as_when_it_polls(
    desk: None,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
    vera: Person,
    make_booking: MakeBooking,
) -> None:
    booking = await make_booking()
    vera.start()
    await vera.hears("your bookings")

    await anna.opens(f"/booking {booking}", shows="Pending")
    await anna.press("Confirm")
    await vera.hears("welcome!")

    await anna.opens("/status", shows="webhook")
    assert desk_bot.webhook is not None
    assert desk_bot.webhook.secret_token == SECRET
    assert desk_bot.updates.named is not None
    assert {*desk_bot.updates.named} == {
        "message",
        "callback_query",
        "inline_query",
        "my_chat_member",
    }
    assert not [call for call in telegram.calls if call.method == "getUpdates"]


async def test_two_replicas_share_the_updates_and_answer_each_once(
    two: tuple[Settings, Settings],
    balancer: Balancer,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
) -> None:
    first, second = two
    async with open_desk(first), open_desk(second):
        await anna.opens("/pending", shows="Nobody is waiting")
        for n in range(20):
            anna.send(f"/booking {n}")
        await telegram.until(lambda: len(anna.inbox) == 21)
        await telegram.until(lambda: not desk_bot.updates.pending)

    assert sorted(anna.inbox[1:]) == sorted({*anna.inbox[1:]})
    assert set(balancer.passed) == {first.http_port, second.http_port}


async def test_an_update_brought_to_both_replicas_at_once_is_handled_once(
    two: tuple[Settings, Settings], http: ClientSession, telegram: Telegram, anna: Person
) -> None:
    first, second = two
    async with open_desk(first), open_desk(second):
        await until_ready(http, first)
        await until_ready(http, second)
        await anna.opens("/pending", shows="Nobody is waiting")
        telegram.faults.add(fault=Delay(0.3), method="sendMessage")

        update = message("/bookings")
        answers = await asyncio.gather(
            *(bring(http, replica, update) for replica in (first, second) * 3)
        )
        again = await bring(http, second, update)

    assert sorted(answers) == [200, *[503] * 5]
    assert again == 200
    assert len([text for text in anna.inbox if "No bookings yet" in text]) == 1


async def test_only_what_admins_do_is_claimed_because_a_crowd_would_wait_for_its_claims(
    desk: None, sql: asyncpg.Connection, desk_bot: BotAccount, anna: Person, vera: Person
) -> None:
    vera.start()
    await vera.hears("you have no bookings")
    vera.block()
    await until_true(sql, "SELECT reachability = 'blocked' FROM booking_desk.people")
    claimed_of_vera = await sql.fetchval("SELECT count(*) FROM booking_desk.updates")
    await anna.opens("/pending", shows="Nobody is waiting")

    assert claimed_of_vera == 0
    await until_true(sql, "SELECT count(*) = 1 FROM booking_desk.updates")


async def test_a_start_that_comes_to_both_replicas_is_noted_once(
    two: tuple[Settings, Settings],
    http: ClientSession,
    sql: asyncpg.Connection,
    vera: Person,
) -> None:
    first, second = two
    update = message("/start", person=VERA_ID)
    async with open_desk(first), open_desk(second):
        await until_ready(http, first)
        await until_ready(http, second)
        answers = await asyncio.gather(
            *(bring(http, replica, update) for replica in (first, second) * 3)
        )

    assert answers == [200] * 6
    noted = await sql.fetch("SELECT user_id, reachability FROM booking_desk.people")
    assert [tuple(row) for row in noted] == [(VERA_ID, "reachable")]


async def test_an_update_whose_answer_did_not_arrive_does_not_act_twice(
    two: tuple[Settings, Settings],
    balancer: Balancer,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
) -> None:
    first, second = two
    async with open_desk(first), open_desk(second):
        await anna.opens("/pending", shows="Nobody is waiting")

        balancer.lost_answers = 3
        anna.send("/bookings")
        await telegram.until(lambda: not desk_bot.updates.pending)

    assert balancer.lost_answers == 0
    assert len([text for text in anna.inbox if "No bookings yet" in text]) == 1


async def test_a_slow_answer_does_not_make_telegram_repeat(
    two: tuple[Settings, Settings],
    balancer: Balancer,
    telegram: Telegram,
    desk_bot: BotAccount,
    anna: Person,
) -> None:
    first, second = two
    async with open_desk(first), open_desk(second):
        await anna.opens("/pending", shows="Nobody is waiting")
        await telegram.until(lambda: not desk_bot.updates.pending)
        before = sum(balancer.passed.values())
        telegram.faults.add(fault=Delay(2), method="sendMessage")

        await anna.opens("/bookings", shows="No bookings yet")
        await telegram.until(lambda: not desk_bot.updates.pending)

    assert sum(balancer.passed.values()) == before + 1


@pytest.mark.parametrize(("admins", "times"), [({ANNA_ID}, 2), (set(), 1)])
async def test_an_update_that_takes_too_long_is_brought_again_but_not_for_ever(
    db: Database,
    http: ClientSession,
    hooked: Settings,
    sql: asyncpg.Connection,
    admins: Set[int],
    times: int,
) -> None:
    begun = []

    async def never_ends(event: Message) -> None:
        begun.append(event.text)
        await asyncio.Event().wait()

    dispatcher = Dispatcher()
    dispatcher.message.register(never_ends)
    assert hooked.webhook is not None
    receiver = WebhookReceiver(
        Bot(DESK_TOKEN),
        dispatcher,
        db=db,
        address=hooked.webhook,
        admins=admins,
        patience=0.1,
    )
    assert hooked.http is not None
    async with serving(hooked.http, ping=db.ping, intakes=[receiver], grace=1):
        soon = [await bring(http, hooked, message("/pending")) for _ in range(2)]
        await sql.execute("UPDATE booking_desk.updates SET seen_at = now() - interval '1 hour'")
        late = [await bring(http, hooked, message("/pending")) for _ in range(times)]

    assert (soon, late) == ([503, 503], [200] * times)
    assert begun == ["/pending"] * 3
