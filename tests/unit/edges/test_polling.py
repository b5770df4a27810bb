"""Polling: which updates it requests, and which of them a stop waits for."""

import asyncio
from collections.abc import AsyncGenerator
from math import inf
from typing import Any, Final

import pytest
from aiogram import Bot, Dispatcher
from aiogram.client.session.base import BaseSession
from aiogram.methods import TelegramMethod
from aiogram.types import Message, Update
from structlog.testing import capture_logs

from bot.telegram.incoming import load
from bot.telegram.intake.polling import Poller

MESSAGE: Final = {"message_id": 1, "date": 0, "chat": {"id": 13, "type": "private"}}


class OneAnswer(BaseSession):
    """A Telegram that answers with some updates, and then with none."""

    def __init__(self) -> None:
        super().__init__()
        self.updates: list[dict[str, Any]] = [{"update_id": 1, "message": MESSAGE}]
        self.offsets: list[int | None] = []
        self.timeouts: list[int | None] = []

    async def make_request(self, bot: Bot, method: TelegramMethod[Any], *_: Any, **__: Any) -> Any:
        result = [] if self.offsets else self.updates
        self.timeouts.append(getattr(method, "timeout", None))
        self.offsets.append(getattr(method, "offset", None))
        answer = self.json_dumps({"ok": True, "result": result})
        return self.check_response(bot, method, 200, answer).result

    async def stream_content(self, *_: Any, **__: Any) -> AsyncGenerator[bytes, None]:
        yield b""

    async def close(self) -> None:
        pass


@pytest.fixture
def dispatcher() -> Dispatcher:
    return Dispatcher(disable_fsm=True)


@pytest.fixture
def telegram() -> OneAnswer:
    return OneAnswer()


@pytest.fixture
def poller(telegram: OneAnswer, dispatcher: Dispatcher) -> Poller:
    return Poller(Bot("1001:desk", telegram), dispatcher)


async def test_telegram_is_told_once_up_to_where_updates_have_come(
    poller: Poller, telegram: OneAnswer
) -> None:
    for _ in range(3):
        await poller.fetch()
    await poller.drain(5)

    assert telegram.offsets == [None, 2, None]


@pytest.mark.parametrize(("patience", "timeouts"), [(inf, [0, 10, 10]), (0, [0, 0, 0])])
async def test_after_a_silence_it_shows_at_once_whether_telegram_answers(
    telegram: OneAnswer, dispatcher: Dispatcher, patience: float, timeouts: list[int]
) -> None:
    poller = Poller(Bot("1001:desk", telegram), dispatcher, patience=patience)
    answered = [poller.is_answered]

    for _ in range(3):
        await poller.fetch()
        answered.append(poller.is_answered)

    assert telegram.timeouts == timeouts
    assert answered == [timeout > 0 for timeout in [*timeouts, timeouts[-1]]]


@pytest.mark.parametrize("text", ["half \ud83c", "nul \0", "🎉"])
async def test_odd_contents_of_one_update_hold_up_none_of_the_others(
    poller: Poller, telegram: OneAnswer, dispatcher: Dispatcher, text: str
) -> None:
    heard = []

    async def handle(message: Message) -> None:
        heard.append(message.text)

    dispatcher.message.register(handle)
    telegram.json_loads = load
    telegram.updates = [
        {"update_id": 1, "message": {**MESSAGE, "text": text}},
        {"update_id": 2**64, "message": {**MESSAGE, "text": "of no number"}},
        {"update_id": 2, "message": {**MESSAGE, "text": "Vera"}},
    ]
    for _ in range(2):
        await poller.fetch()
    await poller.drain(5)

    cleaned = text.replace("\ud83c", "\ufffd").replace("\0", "")
    assert heard == [cleaned, "Vera"]
    assert telegram.offsets == [None, 3]


async def test_an_update_that_cannot_be_read_holds_up_none_of_the_others(
    poller: Poller, telegram: OneAnswer, dispatcher: Dispatcher
) -> None:
    heard = []

    async def handle(_: Message, event_update: Update) -> None:
        heard.append(event_update.update_id)

    dispatcher.message.register(handle)
    unread = {"text": "of a kind that is new"}
    telegram.updates = [
        {"update_id": 1, "message": unread},
        {"update_id": 2, "message": MESSAGE},
        {"update_id": 3, "message": unread},
    ]
    with capture_logs() as lines:
        for _ in range(2):
            await poller.fetch()
        await poller.drain(5)

    assert heard == [2]
    assert telegram.offsets == [None, 4]
    unreadable = [line for line in lines if line["event"] == "an update cannot be read"]
    assert [line["update_id"] for line in unreadable] == [1, 3]
    assert "of a kind that is new" not in str(lines)


@pytest.mark.parametrize("answer", [7, True, [7], [{"message": MESSAGE}], {}])
async def test_what_is_no_list_of_updates_is_asked_for_again_after_a_pause(
    poller: Poller, telegram: OneAnswer, answer: Any
) -> None:
    telegram.updates = answer

    assert await poller.fetch() > 0


async def test_nothing_is_fetched_while_too_much_is_at_hand(
    poller: Poller, telegram: OneAnswer, dispatcher: Dispatcher
) -> None:
    may_end = asyncio.Event()

    async def handle(_: Message) -> None:
        await may_end.wait()

    dispatcher.message.register(handle)
    telegram.updates = [{"update_id": n, "message": MESSAGE} for n in range(1, 1001)]
    await poller.fetch()
    fetching = asyncio.create_task(poller.fetch())
    await asyncio.sleep(0.01)
    asked_before = len(telegram.offsets)
    may_end.set()
    await fetching

    assert asked_before == 1


async def test_a_stop_waits_for_the_update_that_is_being_handled(
    poller: Poller, dispatcher: Dispatcher
) -> None:
    may_end, ended = asyncio.Event(), asyncio.Event()

    async def handle(_: Message) -> None:
        await may_end.wait()
        ended.set()

    dispatcher.message.register(handle)
    await poller.fetch()
    asyncio.get_running_loop().call_later(0.05, may_end.set)
    await poller.drain(5)

    assert ended.is_set()


async def test_a_stop_does_not_wait_for_ever(poller: Poller, dispatcher: Dispatcher) -> None:
    ended = asyncio.Event()

    async def handle(_: Message) -> None:
        await ended.wait()

    dispatcher.message.register(handle)
    await poller.fetch()

    async with asyncio.timeout(20):
        await poller.drain(0.01)

    ended.set()
    await poller.drain(5)


async def test_an_update_that_failed_holds_up_no_stop(
    poller: Poller, dispatcher: Dispatcher
) -> None:
    async def fail(_: Message) -> None:
        raise LookupError

    dispatcher.message.register(fail)
    with capture_logs() as lines:
        await poller.fetch()
        async with asyncio.timeout(0.5):
            await poller.drain(60)

    assert [line["event"] for line in lines] == ["an update failed"]
