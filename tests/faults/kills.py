"""Scenarios of SIGKILL at every step from the press to the written outcome, and at random."""

import asyncio
from collections.abc import Set as AbstractSet
from random import Random
from typing import Final

from simulator import CutBefore, Delay
from tests.faults.verdicts import TAKEN_OVER, Promise
from tests.support.stage.world import RATE, World

_LATENCY: Final = Delay(0.03)
"""Most of a slot, so that a kill usually meets a request that is under way."""
_ANSWERED: Final = 1
"""Seconds after which the requests of surviving replicas have a written outcome."""
_START: Final = 10
"""Seconds of a start on a busy machine, while the other replica may be down too."""
_NO_MARKS: Final = "LOCK TABLE booking_desk.attempts IN EXCLUSIVE MODE"
"""The lock keeps the outcome of any attempt from being written."""


async def killed_before_the_commit(world: World) -> Promise:
    """Nothing is confirmed or sent until the admin presses again."""
    replica = await world.replica()
    [student] = await world.students(1)
    await world.sql.execute("INSERT INTO users (user_id) VALUES ($1)", student.id)
    their_row = "SELECT FROM users WHERE user_id = $1 FOR UPDATE"
    async with world.holding(their_row, student.id) as lock:
        await world.ask_to_confirm(student)
        await lock.is_wanted()
        await replica.kill()
    await world.replica()
    confirmed = await world.sql.fetchval("SELECT count(*) FROM bookings WHERE confirmed = 2")
    world.expect(confirmed == 0, otherwise="half a transaction is there")
    await world.ask_to_confirm(student)
    await world.sent_to(student)
    return Promise()


async def killed_after_the_commit(world: World) -> Promise:
    """The welcome is owed, and its grace is not over."""
    replica = await world.replica({"UNDO_SECONDS": "2"})
    [student] = await world.students(1)
    await world.ask_to_confirm(student)
    await world.until("SELECT count(*) FROM booking_desk.outbox WHERE state = 'queued'")
    await replica.kill()
    await world.replica()
    return Promise(delay=TAKEN_OVER)


async def killed_after_the_claim(world: World) -> Promise:
    """The worker has claimed the message and waits for its slot."""
    replica = await world.replica()
    [student] = await world.students(1)
    async with world.holding("SELECT FROM booking_desk.gates FOR UPDATE") as lock:
        await world.ask_to_confirm(student)
        await world.until("SELECT count(*) FROM booking_desk.outbox WHERE state = 'sending'")
        await lock.is_wanted()
        await replica.kill()
    await world.replica()
    return Promise(delay=TAKEN_OVER)


async def killed_after_the_request_left(world: World) -> Promise:
    """Telegram delivers the message after the replica is killed."""
    replica = await world.replica()
    [student] = await world.students(1)
    world.telegram.faults.add(fault=Delay(1), method="sendMessage", chat_id=student.id)
    await world.ask_to_confirm(student)
    await world.sent_to(student)
    await replica.kill()
    await world.replica()
    return Promise(twice=1)


async def killed_after_a_cut(world: World) -> Promise:
    """The request left but Telegram did not carry it out, which nobody can know later."""
    replica = await world.replica()
    [student] = await world.students(1)
    world.telegram.faults.add(fault=CutBefore(), method="sendMessage", chat_id=student.id)
    async with world.holding(_NO_MARKS) as lock:
        await world.ask_to_confirm(student)
        await lock.is_wanted()
        await replica.kill()
    await world.replica()
    return Promise(delay=TAKEN_OVER)


async def killed_after_the_answer(world: World) -> Promise:
    """The replica is killed between Telegram's answer and writing the outcome."""
    replica = await world.replica()
    [student] = await world.students(1)
    async with world.holding(_NO_MARKS) as lock:
        await world.ask_to_confirm(student)
        await lock.is_wanted()
        await replica.kill()
    await world.replica()
    return Promise(twice=1)


async def killed_after_the_mark(world: World) -> Promise:
    """The outcome is written, so nothing is left to do."""
    replica = await world.replica()
    [student] = await world.students(1)
    await world.ask_to_confirm(student)
    await world.until("SELECT count(*) FROM booking_desk.outbox WHERE state = 'sent'")
    await replica.kill()
    await world.replica()
    return Promise()


async def killed_at_random(world: World) -> Promise:
    """One of two replicas is killed at random moments and started again, repeatedly."""
    kills, messages = world.volume(8, 2), world.volume(600, 80)
    chance = Random()  # noqa: S311
    await world.two_replicas()
    await world.students(messages)
    world.telegram.faults.add(fault=_LATENCY, method="sendMessage", times=None)
    await world.confirm_all()
    caught = []
    async with asyncio.TaskGroup() as tasks:
        for moment in sorted(chance.sample(range(messages // 10, messages * 8 // 10), kills)):
            await world.sent(moment)
            await asyncio.sleep(chance.uniform(0, 1 / RATE))
            victim = await world.any_open(chance)
            await victim.kill()
            caught.append(tasks.create_task(left_in_flight(world)))
            tasks.create_task(world.replica())
    return Promise(
        twice=len(set().union(*(task.result() for task in caught))),
        delay=messages / RATE + TAKEN_OVER + kills * _START,
    )


async def left_in_flight(world: World) -> AbstractSet[tuple[int, int]]:
    """Return the attempts whose answer from Telegram was lost with the replica."""
    at_the_kill = await world.in_flight()
    await asyncio.sleep(_ANSWERED)
    return at_the_kill & await world.in_flight()


async def stopped_at_work(world: World) -> Promise:
    """A stop finishes the messages that are under way, so nothing has to be taken over."""
    stops, messages = world.volume(5, 2), world.volume(200, 75)
    replica = await world.replica()
    await world.students(messages)
    world.telegram.faults.add(fault=_LATENCY, method="sendMessage", times=None)
    await world.confirm_all()
    for n in range(1, stops + 1):
        await world.sent(n * messages // (stops + 1))
        code, seconds = await replica.stop()
        world.expect(code == 0, otherwise=f"a stop ended with {code}")
        world.expect(seconds < 10, otherwise=f"a stop took {seconds:.1f} s")
        replica = await world.replica()
    return Promise(delay=messages / RATE + stops * _START)


async def killed_while_cards_are_drawn_again(world: World) -> Promise:
    """Every card that an admin has left open tells what the school's program has done."""
    replica = await world.replica()
    students = await world.students(world.volume(12, 6))
    for student in students:
        await world.show_card(student)
    await world.until(
        "SELECT count(*) = $1 FROM booking_desk.copies WHERE due_at IS NULL", len(students)
    )
    world.telegram.faults.add(fault=_LATENCY, method="editMessageText", times=None)
    await world.confirm_all()
    await world.settled()
    await world.until("SELECT count(*) FROM booking_desk.copies WHERE leased_until > now()")
    await replica.kill()
    await world.replica()
    await world.until("SELECT bool_and(due_at IS NULL) FROM booking_desk.copies")
    cards = [message.text for message in world.admin.chat(world.bot) if message.from_bot]
    stale = [text for text in cards if "Welcome delivered" not in text]
    world.expect(not stale, otherwise=f"{len(stale)} cards are not true")
    return Promise()
