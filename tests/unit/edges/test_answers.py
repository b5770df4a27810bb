"""Answers to strangers: the newest, at the pace of the bot, and not for ever."""

import asyncio
from collections.abc import Sequence
from functools import partial

import pytest
from aiogram.exceptions import TelegramForbiddenError, TelegramRetryAfter
from aiogram.methods import SendMessage
from structlog.testing import capture_logs

from bot.telegram.answers import Answers
from db.errors import DatabaseUnavailable

SENDING = SendMessage(chat_id=1, text="")


class Slots:
    """The slots of a bot, each free at once until `closed`."""

    def __init__(self) -> None:
        self.taken = 0
        self.open = asyncio.Event()
        self.open.set()

    async def take(self) -> float:
        await self.open.wait()
        self.taken += 1
        return 0


class Chat:
    """What is said in a chat, after some errors."""

    def __init__(self, *errors: Exception) -> None:
        self.said: list[str] = []
        self._errors = list(errors)

    async def say(self, text: str) -> None:
        if self._errors:
            raise self._errors.pop(0)
        self.said.append(text)


async def test_of_the_answers_that_wait_for_a_chat_only_the_newest_is_given() -> None:
    slots, chat, other = Slots(), Chat(), Chat()
    slots.open.clear()
    answers = Answers(slots.take)

    for n in range(20):
        answers.owe(1, partial(chat.say, f"{n}"))
    answers.owe(2, partial(other.say, "another"))
    await asyncio.sleep(0)
    slots.open.set()
    await answers.finish(5)

    assert (chat.said, other.said, slots.taken) == (["19"], ["another"], 2)


@pytest.mark.parametrize(
    ("errors", "said"),
    [
        pytest.param([DatabaseUnavailable("away")], ["hello"], id="the database comes back"),
        pytest.param(
            [TelegramRetryAfter(SENDING, "", 0)] * 2, ["hello"], id="Telegram wants a pause"
        ),
        pytest.param([TelegramRetryAfter(SENDING, "", 0)] * 3, [], id="Telegram never takes it"),
        pytest.param([TelegramForbiddenError(SENDING, "")], [], id="the person blocked the bot"),
        pytest.param([LookupError()], [], id="a fault"),
    ],
)
async def test_an_answer_is_tried_again_only_when_that_may_help(
    errors: Sequence[Exception], said: Sequence[str]
) -> None:
    answers, chat = Answers(Slots().take), Chat(*errors)

    with capture_logs():
        answers.owe(1, partial(chat.say, "hello"))
        await answers.finish(5)

    assert chat.said == said


async def test_the_pace_is_kept_without_a_database() -> None:
    async def away() -> float:
        raise DatabaseUnavailable("away")

    answers, chat = Answers(away), Chat()
    began = asyncio.get_running_loop().time()
    for n in range(3):
        answers.owe(n, partial(chat.say, "busy"))
    await answers.finish(5)

    assert chat.said == ["busy"] * 3
    assert asyncio.get_running_loop().time() - began >= 0.3


async def test_no_more_wait_than_memory_has_room_for() -> None:
    answers, chat = Answers(Slots().take, most=3), Chat()

    with capture_logs() as lines:
        for n in range(5):
            answers.owe(n, partial(chat.say, f"{n}"))
        await answers.finish(5)

    assert sorted(chat.said) == ["0", "1", "2"]
    assert len(lines) == 2


async def test_a_stop_waits_only_so_long() -> None:
    slots = Slots()
    slots.open.clear()
    answers, chat = Answers(slots.take), Chat()
    answers.owe(1, partial(chat.say, "hello"))

    async with asyncio.timeout(2):
        await answers.finish(0.01)

    assert chat.said == []
