"""The server of the health checks and the webhooks."""

import errno
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import partial
from http import HTTPStatus
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.http.health import Health
from bot.running.repeat import Work, repeat
from bot.settings import Http, SettingsError, complaint
from bot.telegram.webhook import SECRET_HEADER, WebhookReceiver

_LARGEST_UPDATE: Final = 1024**2


@asynccontextmanager
async def serving(
    at: Http,
    *,
    ping: Callable[[], Awaitable[None]],
    receivers: Sequence[WebhookReceiver],
    grace: float,
) -> AsyncIterator[Work]:
    """Listen until the block ends, then finish the requests under way.

    Args:
        at: The address to listen at.
        ping: Checks that the database answers.
        receivers: The webhooks.
        grace: The most seconds that finishing takes.

    Yields:
        Work that has to run meanwhile.

    Raises:
        SettingsError: the address cannot be listened at.
    """
    health = Health(ping, receivers)
    app = web.Application(client_max_size=_LARGEST_UPDATE)
    app.router.add_get("/livez", health.livez)
    app.router.add_get("/readyz", health.readyz)
    for receiver in receivers:
        app.router.add_post(receiver.path, _handler_of(receiver))
    # aiohttp waits twice: for the handlers, and again after it has cancelled them.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=grace / 2)
    await runner.setup()
    try:
        await _listen(runner, at)
        yield partial(repeat, health.watch)
    finally:
        await runner.cleanup()


def _handler_of(receiver: WebhookReceiver) -> Handler:
    async def receive(request: web.Request) -> web.Response:
        if not receiver.trusts(request.headers.get(SECRET_HEADER, "")):
            return _response(HTTPStatus.UNAUTHORIZED)
        return _response(await receiver.receive(await request.read()))

    return receive


async def _listen(runner: web.AppRunner, at: Http) -> None:
    try:
        await web.TCPSite(runner, at.host, at.port).start()
    except OSError as error:
        field = "http_host" if error.errno == errno.EADDRNOTAVAIL else "http_port"
        verdict = f"cannot be listened at ({error.strerror})"
        raise SettingsError(complaint(field, verdict)) from None


def _response(status: HTTPStatus) -> web.Response:
    return web.Response(status=status, text=f"{status.phrase}\n")
