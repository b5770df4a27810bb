"""Scenarios in which Telegram answers with errors, late, or not at all."""

import asyncio
import time
from collections.abc import Sequence
from typing import Final

from simulator import Call, CutAfter, CutBefore, Delay, ServerError, TooManyRequests
from tests.faults.verdicts import Promise
from tests.support.stage.world import PATIENCE, RATE, World

_HOUR: Final = TooManyRequests(3600)
_PAUSE: Final = 2
"""Seconds."""


async def storm_of_429s(world: World) -> Promise:
    """Each 429 pauses its chat on both replicas and does not count as an attempt."""
    storms, messages = world.volume(6, 3), world.volume(300, 75)
    await world.two_replicas()
    await world.students(messages)
    await world.confirm_all()
    for n in range(1, storms + 1):
        await world.sent(n * messages // (storms + 1))
        world.telegram.faults.add(fault=TooManyRequests(_PAUSE), method="sendMessage")
    await world.settled()
    attempts = await world.sql.fetchval("SELECT max(attempts) FROM booking_desk.outbox")
    world.expect(attempts == 1, otherwise="a 429 used up an attempt")
    refused = sum(call.status == 429 for call in world.sendings)
    world.expect(refused == storms, otherwise=f"{refused} refusals, not {storms}")
    return Promise(delay=messages / RATE + storms * (_PAUSE + 1) + 5)


async def pauses_of_one_method_or_chat(world: World) -> Promise:
    """What Telegram refuses for an hour, or in one chat, keeps no other message waiting."""
    messages, pause = world.volume(200, 75), world.volume(30, 8)
    world.telegram.faults.add(fault=_HOUR, method="setMyCommands", times=None)
    await world.replica()
    refused, *others = await world.students(messages)
    for method in ("editMessageText", "answerCallbackQuery"):
        world.telegram.faults.add(fault=_HOUR, method=method, times=None)
    world.telegram.faults.add(
        fault=TooManyRequests(pause), method="sendMessage", chat_id=refused.id
    )
    await world.ask_to_confirm(refused)
    began = time.monotonic()
    await world.confirm_all()
    for student in others:
        await world.sent_to(student)
    seconds = time.monotonic() - began
    world.figures.append(f"{len(others)} others in {seconds:.1f} s")
    at_most = messages / RATE + 5
    world.expect(seconds <= at_most, otherwise=f"the others waited for {seconds:.1f} s")
    return Promise(delay=at_most + pause)


async def nothing_but_500s(world: World) -> Promise:
    """The time between attempts grows; they succeed when Telegram works again."""
    messages, seconds = world.volume(100, 50), world.volume(30, 5)
    await world.replica()
    await world.students(messages)
    world.telegram.faults.add(fault=ServerError(500), method="sendMessage", times=None)
    await world.confirm_all()
    await asyncio.sleep(seconds)
    world.telegram.faults.clear()
    return Promise(delay=3 * seconds + messages / RATE + 5)


async def connections_cut(world: World) -> Promise:
    """Nobody can know whether the message arrived: an admin is told, and it is not repeated."""
    cuts_of_a_kind, messages = world.volume(5, 2), world.volume(100, 50)
    await world.two_replicas()
    await world.students(messages)
    await world.confirm_all()
    cuts: Sequence[CutAfter | CutBefore | Delay] = (CutAfter(), CutBefore(), Delay(9))
    for n, fault in enumerate(cuts, start=1):
        await world.sent(n * messages // 5)
        world.telegram.faults.add(fault=fault, method="sendMessage", times=cuts_of_a_kind)
    await world.settled()
    # What Telegram was slow to take arrives after the desk has given up.
    await world.telegram.until(
        lambda: sum(map(_is_taken, world.sendings)) >= messages - cuts_of_a_kind, timeout=PATIENCE
    )
    return Promise(
        unknown=3 * cuts_of_a_kind, unreached=cuts_of_a_kind, delay=messages / RATE + 15
    )


def _is_taken(call: Call) -> bool:
    return bool(call.finished and call.body and call.body["ok"])
