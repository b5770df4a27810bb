"""The real worker sends a kind of messages that uses everything a kind can have."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Final

import asyncpg
import pytest
from aiogram import Bot
from aiogram.client.default import DefaultBotProperties
from aiogram.client.telegram import TelegramAPIServer
from aiogram.enums import ParseMode

from bot.services.outbox.delivery import DeliveryService
from bot.telegram.session import WatchedSession
from bot.workers.delivery import LEASE, DeliveryWorker
from db.database import Database
from db.models.outbox import MessageState, Reason, Sender
from simulator import BotAccount, CutAfter, Delay, Refuse, Telegram
from tests.support.kinds import TRANSLATORS, the_kinds
from tests.support.lesson import BOLD, Desk, Lesson
from tests.support.person import Person
from tests.support.school import DESK_TOKEN, VERA_ID


@pytest.fixture
async def desk(
    db: Database, sql: asyncpg.Connection, telegram_url: str, vera: Person
) -> AsyncIterator[Desk]:
    vera.start()
    async with AsyncExitStack() as stack:
        api = TelegramAPIServer.from_base(telegram_url)
        html = DefaultBotProperties(parse_mode=ParseMode.HTML)
        bot = Bot(DESK_TOKEN, session=WatchedSession(api=api), default=html)
        yield Desk(db, sql, await stack.enter_async_context(bot), Lesson())


def calls(telegram: Telegram) -> list[str]:
    return [call.method for call in telegram.calls]


ALL: Final = ["sendMessage", "sendPhoto", "sendMessage", "editMessageText", "deleteMessages"]


async def test_a_message_of_many_acts_is_carried_out_in_order(
    desk: Desk, telegram: Telegram, desk_bot: BotAccount, vera: Person, sql: asyncpg.Connection
) -> None:
    await desk.owe()

    await desk.steps(3)
    first, photo, second = (message for message in vera.account.chat(desk_bot) if message.from_bot)
    await desk.steps(2)

    assert (first.html, first.buttons[0][0].url) == ("<b>Welcome</b>", "https://school.example/")
    assert photo.photo
    assert photo.html == "<i>The map</i>"
    assert (second.text, second.entities) == ("Lesson < two", BOLD)
    assert vera.inbox == ["Welcome", "Lesson < two"]
    assert next(message for message in vera.account.chat(desk_bot) if message.from_bot).html == (
        "<s>Welcome</s>"
    )
    assert calls(telegram) == ALL
    row = await sql.fetchrow("SELECT state, done, telegram_message_ids FROM booking_desk.outbox")
    sent = [message.message_id for message in (first, photo, second)]
    assert tuple(row) == ("sent", 5, sent)
    assert desk.kind.ended == [MessageState.SENT]


@pytest.mark.parametrize("done", range(5))
async def test_a_worker_killed_between_two_acts_is_followed_by_one_that_goes_on(
    desk: Desk, telegram: Telegram, done: int
) -> None:
    await desk.owe()
    await desk.steps(done)
    await desk.later()
    service = await desk.service()

    [held] = await service.claim(1, lease=timedelta(0))
    twice = await service.reclaim()
    await desk.steps(5 - done)

    assert held.claim.message.done == done
    assert list(twice) == []
    assert calls(telegram) == ALL
    assert await desk.state() == ("sent", None, 5)


async def test_a_worker_killed_in_the_middle_of_a_part_may_have_sent_that_part_alone_twice(
    desk: Desk, telegram: Telegram, vera: Person
) -> None:
    await desk.owe()
    await desk.steps(1)
    await desk.later()
    telegram.faults.add(fault=Delay(60), method="sendPhoto")
    async with asyncio.TaskGroup() as tasks:
        service = await desk.service()
        worker = DeliveryWorker(service, desk.bot, desk.kinds, TRANSLATORS, rate=1000, tasks=tasks)
        await worker.run_once()
        await telegram.until(lambda: "sendPhoto" in calls(telegram))
        await desk.later()
        [lost] = await service.reclaim()
        await worker.finish(0)

    await desk.steps(4)

    assert (lost.maybe_twice, lost.done) == (True, 1)
    assert calls(telegram) == [*ALL[:2], *ALL[1:]]
    assert await desk.state() == ("sent", None, 5)


@pytest.mark.parametrize(("done", "method"), [(3, "editMessageText"), (4, "deleteMessages")])
async def test_an_edit_or_deletion_that_is_not_answered_is_tried_again(
    desk: Desk, telegram: Telegram, done: int, method: str
) -> None:
    await desk.owe()
    await desk.steps(done)
    telegram.faults.add(fault=CutAfter(), method=method)

    await desk.steps()
    unanswered = await desk.state()
    await desk.steps(5 - done)

    assert unanswered == ("queued", "telegram_down", done)
    assert await desk.state() == ("sent", None, 5)
    assert desk.kind.ended == [MessageState.SENT]


async def test_a_worker_killed_in_the_middle_of_an_edit_leaves_no_doubt(desk: Desk) -> None:
    await desk.owe()
    await desk.steps(3)
    await desk.later()
    service = await desk.service()

    [held] = await service.claim(1, lease=timedelta(0))
    assert await service.pass_gate(held.claim, repeatable=True) == 0
    await desk.later()

    assert list(await service.reclaim()) == []
    assert await desk.state() == ("queued", None, 3)


async def test_a_deletion_of_what_is_gone_is_done(desk: Desk, telegram: Telegram) -> None:
    await desk.owe()
    telegram.faults.add(
        fault=Refuse(400, "Bad Request: message to delete not found"), method="deleteMessages"
    )

    await desk.steps(5)

    assert await desk.state() == ("sent", None, 5)


async def test_a_refusal_in_the_middle_ends_the_message_and_it_goes_on_when_sent_again(
    desk: Desk, telegram: Telegram, sql: asyncpg.Connection
) -> None:
    await desk.owe()
    telegram.faults.add(fault=Refuse(400, "Bad Request: wrong file"), method="sendPhoto")

    await desk.steps(2)
    ended = await desk.state()
    await sql.execute("UPDATE booking_desk.outbox SET state = 'queued', spent = attempts")
    await desk.steps(4)

    assert ended == ("failed", "refused", 1)
    assert calls(telegram) == [*ALL[:2], *ALL[1:]]
    assert await desk.state() == ("sent", None, 5)


async def test_what_has_begun_goes_on_before_what_has_not_when_its_chat_is_free(
    desk: Desk, sql: asyncpg.Connection
) -> None:
    await desk.owe("first")
    await desk.owe("second")

    await desk.steps(1)
    row = await sql.fetchrow(
        """
        SELECT message.due_at = gate.free_at AS when_free
          FROM booking_desk.outbox AS message JOIN booking_desk.chat_gates AS gate USING (chat_id)
         WHERE done = 1
        """
    )
    await desk.steps(4)

    assert row["when_free"]
    states = await sql.fetch("SELECT state FROM booking_desk.outbox ORDER BY id")
    assert [row["state"] for row in states] == ["sent", "queued"]


async def test_a_kind_that_only_a_newer_program_knows_is_left_to_it(
    desk: Desk, db: Database
) -> None:
    await desk.owe()
    older = DeliveryService(db, the_kinds(), bot_id=1001, senders=list(Sender), rate=25)
    await older.open()

    assert list(await older.claim(10, lease=LEASE)) == []
    assert await older.seconds_to_next() is None
    assert await desk.state() == ("queued", None, 0)


@pytest.mark.parametrize("title", ["unprepared", "uncomposed"])
async def test_a_message_that_its_kind_fails_at_keeps_no_other_from_being_sent(
    desk: Desk, sql: asyncpg.Connection, vera: Person, title: str
) -> None:
    await desk.owe(title, chat_id=VERA_ID + 1)
    await desk.owe("Welcome")

    await desk.steps(1)

    assert vera.inbox == ["Welcome"]
    row = await sql.fetchrow("SELECT state, reason FROM booking_desk.outbox ORDER BY id LIMIT 1")
    assert tuple(row) == (MessageState.FAILED, Reason.BROKEN)


async def test_what_cannot_follow_an_end_does_not_keep_it_from_being_written(
    desk: Desk, telegram: Telegram
) -> None:
    await desk.owe("unfollowed")

    await desk.steps(5)

    assert await desk.state() == ("sent", None, 5)
    assert calls(telegram) == ALL
