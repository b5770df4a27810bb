"""Waiting for what happens."""

import asyncio

import pytest

from simulator import BotAccount, Person, Telegram


async def test_what_already_holds_is_not_waited_for(telegram: Telegram) -> None:
    await telegram.until(lambda: True, timeout=0)


async def test_no_change_between_two_looks_is_lost(
    telegram: Telegram, desk: BotAccount, anna: Person
) -> None:
    async def wait_for(number: int) -> None:
        await telegram.until(lambda: len(anna.chat(desk)) >= number)

    waiting = [asyncio.create_task(wait_for(number)) for number in range(2, 12)]

    for number in range(10):
        anna.send(desk, str(number))
        if number % 3 == 0:
            await asyncio.sleep(0)

    await asyncio.gather(*waiting)


async def test_a_wait_that_ends_in_vain_says_for_what(
    telegram: Telegram, desk: BotAccount, anna: Person
) -> None:
    with pytest.raises(TimeoutError) as failure:
        await telegram.until(lambda: len(anna.chat(desk)) == 77, timeout=0.01)

    assert "len(anna.chat(desk)) == 77" in str(failure.value)
    assert "message" in str(failure.value)


async def test_everyone_waiting_is_woken(
    telegram: Telegram, desk: BotAccount, anna: Person
) -> None:
    waiting = [asyncio.create_task(telegram.changed()) for _ in range(3)]
    await asyncio.sleep(0)

    anna.send(desk, "hi")

    await asyncio.wait_for(asyncio.gather(*waiting), timeout=1)
