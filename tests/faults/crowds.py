"""Scenarios with several replicas, many messages, and unreachable students."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import timedelta
from statistics import quantiles
from typing import Final, TypeAlias

from simulator import Person
from tests.faults.verdicts import Promise
from tests.support.stage.replica import wrong_clock
from tests.support.stage.world import RATE, World

_Confirm: TypeAlias = Callable[[World, Person], Awaitable[None]]
_OVERTAKING: Final = 0.5
"""Seconds at p95."""
_A_PRESS: Final = 3.0
"""Seconds: a card, the press on it and the news of its welcome are three messages to the admin."""
_CONFIRM: Final = "UPDATE bookings SET confirmed = 2 WHERE user_id = $1"
_BULK: Final = """
    INSERT INTO booking_desk.outbox
           (kind, key, booking_id, revision, chat_id, sender, priority)
    SELECT 'welcome', 'bulk:' || id, id, revision, user_id, 'students', 10 FROM bookings
"""
_CALL_OFF: Final = """
    UPDATE booking_desk.outbox SET state = 'withdrawn' WHERE state = 'queued' AND priority = 10
"""
_FOLLOWED: Final = "SELECT NOT EXISTS (SELECT FROM booking_desk.external_changes)"
_CANCEL: Final = """
    UPDATE bookings SET confirmed = 3
     WHERE id IN (SELECT booking_id FROM booking_desk.outbox WHERE state = 'queued')
"""


class NotHere(Exception):
    """This machine lacks something that the scenario needs."""


async def two_replicas_racing(world: World) -> Promise:
    """Two replicas share the same messages and one pace."""
    messages = world.volume(500, 100)
    await world.two_replicas()
    await world.students(messages)
    await world.confirm_all()
    return Promise(delay=messages / RATE + 5)


async def welcomes_overtaking_a_bulk(world: World) -> Promise:
    """Welcomes overtake a message to everybody that has a lower priority."""
    await world.students(world.volume(10_000, 2_000), confirmed=2)
    await world.sql.execute(_BULK)
    await world.replica()
    await _overtaking(world, _confirm_outside)
    await world.sql.execute(_CALL_OFF)
    return Promise(delay=2)


async def welcomes_overtaking_a_dashboard(world: World) -> Promise:
    """An admin confirms somebody while another program has confirmed everybody else at once."""
    await world.students(world.volume(10_000, 2_000))
    await world.replica()
    began = time.monotonic()
    await world.confirm_all()
    await _overtaking(world, _confirm_by_press)
    await world.until(_FOLLOWED)
    await world.sql.execute(_CANCEL)
    return Promise(delay=time.monotonic() - began + 5)


async def _overtaking(world: World, confirm: _Confirm) -> None:
    """Confirm one after the other; each is welcomed at once, whatever else leaves."""
    await world.sent(RATE)
    seconds = []
    for _ in range(world.volume(100, 20)):
        [student] = await world.students(1)
        await confirm(world, student)
        began = time.monotonic()
        await world.sent_to(student)
        seconds.append(time.monotonic() - began)
    p95 = quantiles(seconds, n=20)[-1]
    world.expect(p95 <= _OVERTAKING, otherwise=f"{p95:.2f} s at p95, at most {_OVERTAKING}")


async def _confirm_outside(world: World, student: Person) -> None:
    await world.sql.execute(_CONFIRM, student.id)


async def _confirm_by_press(world: World, student: Person) -> None:
    await asyncio.sleep(_A_PRESS)
    await world.ask_to_confirm(student)


async def clock_off_by_an_hour(world: World) -> Promise:
    """The clock of one of two replicas is an hour ahead."""
    messages = world.volume(300, 75)
    clock = await wrong_clock("+1h")
    if clock is None:
        raise NotHere("faketime is not installed")
    ahead = (await world.replica(clock)).ahead
    world.expect(ahead > timedelta(minutes=59), otherwise="the clock was right")
    await world.replica()
    await world.students(messages)
    await world.confirm_all()
    return Promise(delay=messages / RATE + 5)


async def students_out_of_reach(world: World) -> Promise:
    """10 % blocked the bot, 5 % never started it, 1 % are deleted; an admin is told of each."""
    messages = world.volume(1000, 100)
    blocked, strangers, gone = messages // 10, messages // 20, messages // 100
    students = await world.students(messages - strangers)
    for student in students[:blocked]:
        student.block(world.bot)
    for student in students[blocked : blocked + gone]:
        student.delete_account()
    await world.strangers(strangers)
    await world.two_replicas()
    await world.confirm_all()
    return Promise(unreached=blocked + strangers + gone, delay=2 * messages / RATE + 5)
