"""Scenarios in which strangers write more than the desk can answer at once."""

import asyncio
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from itertools import chain
from statistics import quantiles
from typing import Final

from simulator import Person
from tests.faults.verdicts import Promise
from tests.support.programs.processes import free_port
from tests.support.stage.world import PATIENCE, RATE, World, chat_of

_USUAL: Final = 0.5
"""Seconds in which nineteen of twenty of the admins' presses are answered."""
_LONGEST: Final = 2
"""Seconds for any press."""
_BETWEEN_PRESSES: Final = 1.1
"""Seconds; Telegram takes no more edits in one chat."""
_ANSWERED_IN: Final = 60
"""Seconds until a crowd that is not answered is given up."""
_MORE_ADMINS: Final = range(2, 6)
_ADMIN_IDS: Final = {"ADMIN_IDS": "1, 2, 3, 4, 5"}


async def strangers_after_a_downtime(world: World) -> Promise:
    """Hundreds of students have pressed Start while nothing polled, and one person keeps on."""
    return await _flooded(world, {})


async def strangers_at_once_by_webhook(world: World) -> Promise:
    """The same crowd, brought by Telegram to a webhook that is there."""
    return await _flooded(world, by_webhook())


def by_webhook() -> Mapping[str, str]:
    """Return the variables of a replica that has a webhook of its own."""
    port = free_port()
    return {
        "WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram",
        "WEBHOOK_SECRET": "secret-of-the-faults",
        "HTTP_PORT": str(port),
    }


async def _flooded(world: World, variables: Mapping[str, str]) -> Promise:
    here = {**_ADMIN_IDS, **variables}
    crowd = await world.students(world.volume(400, 100))
    [nuisance, student] = await world.students(2)
    admins = [world.telegram.add_person(n, f"Admin {n}") for n in _MORE_ADMINS]
    replica = await world.replica(here)
    for admin in admins:
        admin.send(world.bot, "/pending")
    await world.sent(len(admins))
    if not variables:
        await replica.stop()
    for person in crowd:
        person.start(world.bot)
    for _ in range(world.volume(500, 150)):
        nuisance.start(world.bot)
    if not variables:
        await world.replica(here)
    began = time.monotonic()
    confirming = asyncio.create_task(world.ask_to_confirm(student))
    ended = asyncio.create_task(_answered(world, crowd))
    seconds = await asyncio.gather(*(_presses(world, admin, ended) for admin in admins))
    _judge(world, list(chain(*seconds)), crowd, time.monotonic() - began)
    await confirming
    await world.sent_to(student)
    return Promise(delay=5)


async def _presses(world: World, admin: Person, ended: asyncio.Task[None]) -> Sequence[float]:
    """Refresh the admin's list until the crowd is answered; return how long each press took.

    The time in which this program itself was late does not count.
    """
    seconds = list[float]()
    shown = admin.chat(world.bot)[-1]
    refresh = shown.buttons[-1][-1].callback_data or ""
    while not ended.done():
        began, stalls = time.monotonic(), len(world.stalls)
        await admin.press(world.bot, shown.message_id, refresh).answered(PATIENCE)
        late = sum(seconds for _, seconds in world.stalls[stalls:])
        seconds.append(max(0, time.monotonic() - began - late))
        await asyncio.wait([ended], timeout=_BETWEEN_PRESSES)
    return seconds


async def _answered(world: World, crowd: Sequence[Person]) -> None:
    with suppress(TimeoutError):
        await world.telegram.until(lambda: _all_answered(world, crowd), timeout=_ANSWERED_IN)


def _all_answered(world: World, crowd: Sequence[Person]) -> bool:
    return {person.id for person in crowd} <= _answers(world).keys()


def _answers(world: World) -> Mapping[int, int]:
    """Return how many answers have come in each chat."""
    return Counter(chat_of(call) for call in world.sendings if call.body and call.body["ok"])


def _judge(world: World, seconds: Sequence[float], crowd: Sequence[Person], took: float) -> None:
    *_, p95 = quantiles(seconds, n=20)
    p50 = sorted(seconds)[len(seconds) // 2]
    answers = _answers(world)
    unanswered = sum(person.id not in answers for person in crowd)
    busy = sum("busy" in str(call.parameters.get("text")) for call in world.telegram.calls)
    longest = max(seconds)
    world.figures += [f"presses p50 {p50:.2f} s, p95 {p95:.2f} s, longest {longest:.2f} s"]
    world.figures += [f"all in {took:.0f} s"]
    world.expect(p95 <= _USUAL, otherwise=f"a press took {p95:.2f} s at p95")
    world.expect(longest <= _LONGEST, otherwise=f"a press took {longest:.2f} s")
    world.expect(unanswered == 0, otherwise=f"{unanswered} students have no answer")
    world.expect(busy == 0, otherwise=f'"busy" was said {busy} times')
    world.expect(took <= len(crowd) / RATE + 15, otherwise=f"the crowd took {took:.0f} s")
