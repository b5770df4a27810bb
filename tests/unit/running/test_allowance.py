"""A chat that hears much rests, but for the answers to its own presses."""

import asyncio

import pytest

from bot.running.allowance import Allowance

PERSON, GROUP = 11, -1000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time of the loop, in the only item."""
    now = [100.0]

    class Loop:
        def time(self) -> float:
            return now[0]

    monkeypatch.setattr(asyncio, "get_running_loop", Loop)
    return now


@pytest.mark.parametrize(("chat", "most"), [(PERSON, 2), (GROUP, 15)])
def test_a_chat_rests_before_nothing_is_left(clock: list[float], chat: int, most: int) -> None:
    allowance = Allowance()
    for _ in range(most - 1):
        allowance.spend(chat)
    assert allowance.resting() == []

    allowance.spend(chat)

    assert allowance.resting() == [chat]


@pytest.mark.parametrize(("chat", "seconds"), [(PERSON, 1), (GROUP, 3)])
def test_it_rests_until_a_message_more_is_left(
    clock: list[float], chat: int, seconds: float
) -> None:
    allowance = Allowance()
    for _ in range(2 if chat == PERSON else 15):
        allowance.spend(chat)
    clock[0] += seconds * 0.9
    assert allowance.resting() == [chat]

    clock[0] += seconds * 0.2

    assert allowance.resting() == []


def test_presses_on_and_on_leave_nothing_over(clock: list[float]) -> None:
    allowance = Allowance()
    for _ in range(20):
        allowance.spend(PERSON)
        assert allowance.resting() == ([PERSON] if clock[0] > 100 else [])
        clock[0] += 0.5
