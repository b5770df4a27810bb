"""What goes wrong on request."""

import pytest
from aiogram import Bot
from aiogram.exceptions import (
    ClientDecodeError,
    TelegramBadRequest,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)

from simulator import (
    BotAccount,
    CutAfter,
    CutBefore,
    Delay,
    Person,
    ProxyError,
    Refuse,
    ServerError,
    Telegram,
    TooManyRequests,
)


async def test_a_bot_is_told_to_wait(telegram: Telegram, bot: Bot, anna: Person) -> None:
    telegram.faults.add(fault=TooManyRequests(7))

    with pytest.raises(TelegramRetryAfter) as refusal:
        await bot.send_message(anna.id, "hi")

    assert refusal.value.retry_after == 7
    assert telegram.calls[-1].body == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }


@pytest.mark.parametrize(
    ("fault", "error", "words"),
    [
        (ServerError(), TelegramServerError, "Internal Server Error"),
        (ServerError(502), TelegramServerError, "Bad Gateway"),
        (Refuse(400, "Bad Request: chat not found"), TelegramBadRequest, "chat not found"),
        (ProxyError(), ClientDecodeError, "<h1>502"),
        (CutBefore(), TelegramNetworkError, "disconnected"),
    ],
)
async def test_a_call_that_meets_a_fault_has_not_happened(
    telegram: Telegram,
    bot: Bot,
    desk: BotAccount,
    anna: Person,
    fault: ServerError | ProxyError | Refuse | CutBefore,
    error: type[Exception],
    words: str,
) -> None:
    telegram.faults.add(fault=fault)

    with pytest.raises(error, match=words):
        await bot.send_message(anna.id, "hi")

    assert len(anna.chat(desk)) == 1


async def test_a_call_can_happen_without_anybody_being_told(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person
) -> None:
    telegram.faults.add(fault=CutAfter())

    with pytest.raises(TelegramNetworkError):
        await bot.send_message(anna.id, "hi")

    assert anna.chat(desk)[-1].text == "hi"
    assert telegram.calls[-1].status is None
    assert telegram.calls[-1].body


async def test_a_call_can_be_late(telegram: Telegram, bot: Bot, anna: Person) -> None:
    telegram.faults.add(fault=Delay(0.05))

    await bot.send_message(anna.id, "hi")

    [call] = telegram.calls
    assert call.finished
    assert (call.finished - call.started).total_seconds() >= 0.05


async def test_a_fault_meets_only_what_it_is_about(
    telegram: Telegram, bot: Bot, desk: BotAccount, anna: Person, boris: Person
) -> None:
    boris.start(desk)
    telegram.faults.add(fault=ServerError(), method="sendMessage", chat_id=anna.id)

    await bot.get_me()
    await bot.send_message(boris.id, "hi")
    with pytest.raises(TelegramServerError):
        await bot.send_message(anna.id, "hi")


async def test_a_fault_happens_as_often_as_it_was_asked_to(telegram: Telegram, bot: Bot) -> None:
    telegram.faults.add(fault=ServerError(), times=2)

    for _ in range(2):
        with pytest.raises(TelegramServerError):
            await bot.get_me()
    await bot.get_me()


async def test_a_fault_without_an_end_lasts_until_it_is_cleared(
    telegram: Telegram, bot: Bot
) -> None:
    telegram.faults.add(fault=ServerError(), times=None)
    for _ in range(3):
        with pytest.raises(TelegramServerError):
            await bot.get_me()

    telegram.faults.clear()

    await bot.get_me()
