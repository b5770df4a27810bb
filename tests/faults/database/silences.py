"""Scenarios in which somebody goes silent, and nothing says so."""

import asyncio
import time
from typing import Final

from simulator import Person
from tests.faults.floods import by_webhook
from tests.faults.kills import left_in_flight
from tests.faults.verdicts import TAKEN_OVER, Promise
from tests.support.net.cable import Cable
from tests.support.stage.world import PATIENCE, RATE, World

_BUSY_IN: Final = 15.0
"""Seconds until an admin reads "busy": the update and the press each wait for a new session."""
_SERVED_IN: Final = 20.0
"""Seconds until somebody is served again."""
_TURN_IN: Final = 12.0
"""Seconds until another replica polls: the limit of the lock, a probe, and a busy machine."""


async def connections_gone_silent(world: World) -> Promise:
    """What lies between forgets the open connections; new ones work."""
    rounds, messages = world.volume(4, 2), world.volume(300, 75)
    async with Cable.laid(world.dsn) as cable:
        replica = await world.replica({"DATABASE_URL": cable.dsn})
        await world.students(messages)
        await world.confirm_all()
        seconds = []
        for n in range(1, rounds + 1):
            await world.sent(n * messages // (rounds + 1))
            cable.silence()
            seconds.append(await _served(world))
        await world.settled()
        cable.silence()
        code, stopping = await replica.stop()
    world.figures.append(f"served again in {max(seconds):.1f} s, stopped in {stopping:.1f} s")
    world.expect(max(seconds) <= _SERVED_IN, otherwise=f"served after {max(seconds):.1f} s")
    world.expect(code == 0 and stopping < 10, otherwise=f"a stop took {stopping:.1f} s")
    return Promise(delay=messages / RATE + rounds * _SERVED_IN + TAKEN_OVER)


async def the_host_of_the_polling_replica_lost(world: World) -> Promise:
    """Its sessions stay open, and nothing comes from them; another replica takes over."""
    messages = world.volume(200, 75)
    lost = await world.replica()
    await world.replica()
    await world.students(messages)
    await world.confirm_all()
    await world.sent(messages // 3)
    lost.freeze()
    began = time.monotonic()
    caught = asyncio.create_task(left_in_flight(world))
    await _served(world)
    turn = time.monotonic() - began
    world.figures.append(f"polled again in {turn:.1f} s")
    world.expect(turn <= _TURN_IN, otherwise=f"nobody polled for {turn:.1f} s")
    await world.settled()
    await lost.kill()
    return Promise(twice=len(await caught), delay=messages / RATE + TAKEN_OVER)


async def postgres_frozen_under_a_webhook(world: World) -> Promise:
    """The server stops answering on old and new connections, and goes on later."""
    messages, seconds = world.volume(200, 75), world.volume(30, 10)
    await world.replica(by_webhook())
    await world.students(messages)
    world.admin.send(world.bot, "/pending")
    await world.telegram.until(lambda: len(world.admin.chat(world.bot)) > 1, timeout=PATIENCE)
    card = world.admin.chat(world.bot)[-1]
    refresh = card.buttons[-1][-1].callback_data or ""
    await world.confirm_all()
    await world.sent(messages // 3)
    world.server.freeze()
    try:
        began = time.monotonic()
        press = world.admin.press(world.bot, card.message_id, refresh)
        answer = await press.answered(PATIENCE)
        took = time.monotonic() - began
        await asyncio.sleep(max(0, seconds - took))
    finally:
        world.server.thaw()
    served = await _served(world)
    world.figures.append(f"busy after {took:.1f} s, served again in {served:.1f} s")
    world.expect("busy" in (answer.text or ""), otherwise=f"the admin read {answer.text}")
    world.expect(took <= _BUSY_IN, otherwise=f"busy after {took:.1f} s")
    world.expect(served <= _SERVED_IN, otherwise=f"served after {served:.1f} s")
    return Promise(delay=messages / RATE + seconds + _SERVED_IN + TAKEN_OVER)


async def _served(world: World) -> float:
    """Let a new person ask until they are shown their bookings; return the seconds."""
    began = time.monotonic()
    [person] = world.newcomers(1)
    while True:
        person.start(world.bot)
        if await _hears(world, person, "bookings"):
            return time.monotonic() - began


async def _hears(world: World, person: Person, word: str) -> bool:
    try:
        await world.telegram.until(
            lambda: any(word in message.text for message in person.chat(world.bot)), timeout=2
        )
    except TimeoutError:
        return False
    return True
