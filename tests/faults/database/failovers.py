"""Scenarios in which the primary is lost, and its synchronous standby promoted."""

from tests.faults.verdicts import TAKEN_OVER, Promise
from tests.support.stage.pair import Pair
from tests.support.stage.world import RATE, World


async def primary_lost(world: World) -> Promise:
    """What was committed is on the standby, and outcomes are written there."""
    assert isinstance(world.server, Pair)
    messages = world.volume(300, 75)
    await world.two_replicas()
    await world.students(messages)
    await world.confirm_all()
    await world.sent(messages // 3)
    await world.server.fail_over()
    return Promise(delay=messages / RATE + TAKEN_OVER)
