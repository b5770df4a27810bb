"""A scenario in which another program corrects whose booking it is."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, TypeAlias

from simulator import Delay, Person
from tests.faults.verdicts import Promise
from tests.support.stage.world import World, chat_of

_FAR: Final = 10**6
"""From the id of the wrong person to that of the right one."""
_CONFIRM: Final = "UPDATE bookings SET confirmed = 2 WHERE user_id = $1"
_CORRECT: Final = "UPDATE bookings SET user_id = $2, first_name = 'Right' WHERE user_id = $1"
_NO_SLOT: Final = """
    UPDATE booking_desk.gates SET free_at = clock_timestamp() + interval '1 second'
"""
_STATE: Final = "SELECT count(*) FROM booking_desk.outbox WHERE chat_id = $1 AND state = $2"

_Moment: TypeAlias = Callable[[World, Person], Awaitable[None]]


async def a_recipient_corrected_at_every_moment(world: World) -> Promise:
    """Nobody reads of another's place, and the right person is welcomed once."""
    await world.replica({"UNDO_SECONDS": "1"})
    for _ in range(world.volume(8, 2)):
        for moment in _MOMENTS:
            [wrong] = await world.students(1)
            right = world.telegram.add_person(wrong.id + _FAR, "Right")
            world.telegram.open(world.bot, right.account)
            await moment(world, wrong)
            await world.sql.execute(_CORRECT, wrong.id, right.id)
            await world.sent_to(right)
            await world.settled()
            _judge(world, moment, wrong, right)
    return Promise(delay=5)


async def _in_its_grace(world: World, wrong: Person) -> None:
    await world.ask_to_confirm(wrong)
    await world.until(_STATE, wrong.id, "queued")


async def _before_its_slot(world: World, wrong: Person) -> None:
    await world.sql.execute(_NO_SLOT)
    await world.sql.execute(_CONFIRM, wrong.id)
    await world.until(_STATE, wrong.id, "sending")


async def _on_its_way(world: World, wrong: Person) -> None:
    world.telegram.faults.add(fault=Delay(0.5), method="sendMessage", chat_id=wrong.id)
    await world.sql.execute(_CONFIRM, wrong.id)
    await world.sent_to(wrong)


async def _after_it_arrived(world: World, wrong: Person) -> None:
    await world.sql.execute(_CONFIRM, wrong.id)
    await world.until(_STATE, wrong.id, "sent")


async def _while_it_waits(world: World, wrong: Person) -> None:
    wrong.block(world.bot)
    await world.sql.execute(_CONFIRM, wrong.id)
    await world.until(_STATE, wrong.id, "waiting")


_MOMENTS: Final[Sequence[_Moment]] = (
    _in_its_grace,
    _before_its_slot,
    _on_its_way,
    _after_it_arrived,
    _while_it_waits,
)
_HEARD_BEFORE: Final = {_on_its_way, _after_it_arrived}
"""The moments at which the wrong person has been welcomed, who was the right one then."""


def _judge(world: World, moment: _Moment, wrong: Person, right: Person) -> None:
    taken = [call for call in world.sendings if call.body and call.body["ok"]]
    to_right = [call for call in taken if chat_of(call) == right.id]
    to_wrong = [str(call.parameters["text"]) for call in taken if chat_of(call) == wrong.id]
    where = moment.__name__.strip("_").replace("_", " ")
    world.expect(len(to_right) == 1, otherwise=f"{where}: {len(to_right)} welcomes")
    expected = int(moment in _HEARD_BEFORE)
    world.expect(len(to_wrong) == expected, otherwise=f"{where}: the wrong one had a welcome")
    told = any("Right" in text for text in to_wrong)
    world.expect(not told, otherwise=f"{where}: the wrong one read of another's place")
