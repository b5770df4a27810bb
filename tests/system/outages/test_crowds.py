"""Many strangers at once: admins are served first, everybody is answered, nobody is in the way."""

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager

import asyncpg
import pytest

from bot.settings import Settings
from simulator import BotAccount, Telegram
from tests.support.desk import open_desk
from tests.support.net.webhook import with_webhook
from tests.support.person import Person
from tests.support.postgres import until_true
from tests.support.programs.processes import free_port

RATE = 20


@pytest.fixture
def crowd(telegram: Telegram, desk_bot: BotAccount) -> Sequence[Person]:
    people = [telegram.add_person(n, f"Student {n}", language_code="en") for n in range(900, 940)]
    return [Person(telegram, desk_bot, person) for person in people]


@pytest.fixture(params=["polling", "webhook"])
def opening(
    settings: Settings, request: pytest.FixtureRequest
) -> AbstractAsyncContextManager[object]:
    """Return a desk that opens after people have written."""
    here = settings.model_copy(update={"send_rate": RATE})
    if request.param == "webhook":
        port = free_port()
        here = with_webhook(here, f"http://127.0.0.1:{port}", port)
    return open_desk(here)


async def test_after_a_downtime_admins_come_first_and_everybody_is_answered(
    opening: AbstractAsyncContextManager[object],
    telegram: Telegram,
    anna: Person,
    vera: Person,
    crowd: Sequence[Person],
) -> None:
    for student in crowd:
        student.start()
    anna.send("/pending")

    async with opening:
        await anna.sees("Nobody is waiting")
        before_anna = sum(bool(student.inbox) for student in crowd)
        await telegram.until(lambda: all(student.inbox for student in crowd))

    assert before_anna < len(crowd) / 2
    assert all("you have no bookings" in student.inbox[0] for student in crowd)
    moments = [call.started for call in telegram.calls if call.method == "sendMessage"]
    assert (moments[-1] - moments[0]).total_seconds() >= len(crowd) / RATE - 0.5


async def test_the_flood_of_one_person_delays_no_other(
    opening: AbstractAsyncContextManager[object],
    telegram: Telegram,
    anna: Person,
    vera: Person,
    crowd: Sequence[Person],
) -> None:
    nuisance, *others = crowd[:5]
    for n in range(200):
        nuisance.send(f"{n}")
    for student in others:
        student.start()

    async with opening:
        await telegram.until(lambda: all(student.inbox for student in others))
        assert len(nuisance.inbox) <= 2


async def test_no_flood_hides_that_its_author_blocks_the_bot(
    settings: Settings, vera: Person, sql: asyncpg.Connection
) -> None:
    vera.start()
    for _ in range(20):
        vera.send("hello")
    vera.block()

    async with open_desk(settings):
        await until_true(sql, "SELECT reachability = 'blocked' FROM booking_desk.people")
