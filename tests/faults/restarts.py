"""Scenarios of an upgrade: replicas are restarted while people write and welcomes leave."""

import asyncio
import socket
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Final

from tests.faults.verdicts import TAKEN_OVER, Promise
from tests.support.net.balancer import Balancer
from tests.support.programs.processes import free_port
from tests.support.stage.replica import Replica
from tests.support.stage.world import World

_VISITS: Final = 1
"""People who write, in a second."""
_RATE: Final = 6
"""Welcomes in a second: Telegram takes them beside all that was written in a restart."""
_SLOWLY: Final = {"SEND_RATE": str(_RATE)}
_STOP: Final = 10
_START: Final = 20
"""Seconds of a start on a busy machine."""


async def restarted_while_polling(world: World) -> Promise:
    """What is written meanwhile waits at Telegram."""
    restarts = world.volume(5, 2)
    replica = await world.replica(_SLOWLY)
    async with _busy(world, restarts):
        for _ in range(restarts):
            await asyncio.sleep(1)
            await _stop(world, replica)
            replica = await world.replica(_SLOWLY)
    await _answered(world)
    return _promise(restarts)


async def restarted_in_turn_behind_a_proxy(world: World) -> Promise:
    """Each replica in turn; the proxy passes what comes to the other."""
    rounds = world.volume(3, 1)
    async with Balancer.at_work() as proxy:
        ports = [free_port(), free_port()]
        settings = [_hooked(proxy.url, port) for port in ports]
        proxy.ports = list(ports)
        replicas = list(await asyncio.gather(*map(world.replica, settings)))
        async with _busy(world, 2 * rounds):
            for _ in range(rounds):
                for n, variables in enumerate(settings):
                    await asyncio.sleep(1)
                    await _stop(world, replicas[n])
                    replicas[n] = await world.replica(variables)
        await _answered(world)
        for replica in replicas:
            await _stop(world, replica)
    return Promise(delay=TAKEN_OVER)


async def restarted_with_a_socket_that_stays(world: World) -> Promise:
    """One replica with a webhook; its port never refuses anybody, as under systemd."""
    restarts = world.volume(5, 2)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        variables = _hooked(f"http://127.0.0.1:{port}", port)
        replica = await world.replica(variables, listening)
        async with _busy(world, restarts):
            for _ in range(restarts):
                await asyncio.sleep(1)
                await _stop(world, replica)
                replica = await world.replica(variables, listening)
        await _answered(world)
        webhook = world.bot.webhook
        failure = webhook and webhook.failure
        world.expect(failure is None, otherwise=f"Telegram had an error: {failure}")
        await _stop(world, replica)
    return _promise(restarts)


def _promise(restarts: int) -> Promise:
    return Promise(delay=restarts * (_STOP + _START) + TAKEN_OVER)


def _hooked(url: str, port: int) -> Mapping[str, str]:
    return {
        **_SLOWLY,
        "WEBHOOK_URL": f"{url}/telegram",
        "WEBHOOK_SECRET": "secret-of_the-faults",
        "HTTP_PORT": str(port),
    }


async def _stop(world: World, replica: Replica) -> None:
    code, seconds = await replica.stop()
    world.expect(code == 0, otherwise=f"a stop ended with {code}")
    world.expect(seconds < _STOP, otherwise=f"a stop took {seconds:.1f} s")


@asynccontextmanager
async def _busy(world: World, restarts: int) -> AsyncIterator[None]:
    """Let welcomes leave and people write until the block ends."""
    await world.students(restarts * 5 * _RATE)
    await world.confirm_all()
    writing = asyncio.create_task(_write(world))
    try:
        yield
    finally:
        writing.cancel()


async def _write(world: World) -> None:
    while True:
        world.visit()
        await asyncio.sleep(1 / _VISITS)


async def _answered(world: World) -> None:
    """Wait until nothing is under way any more."""
    await world.telegram.until(lambda: not world.bot.updates.pending, timeout=60)
    await world.settled()
