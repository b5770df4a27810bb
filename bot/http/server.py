"""The server: health always, and the webhooks where there are some."""

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
    """Listen until the block ends, and then until what has come is handled, at most so long.

    Args:
        at: Where to listen.
        ping: Asks the database for an answer.
        receivers: The bots whose updates come by webhook.
        grace: Seconds.

    Yields:
        What has to go on meanwhile.

    Raises:
        SettingsError: nobody can listen there.
    """
    health = Health(ping, receivers)
    app = web.Application(client_max_size=_LARGEST_UPDATE)
    app.router.add_get("/livez", health.livez)
    app.router.add_get("/readyz", health.readyz)
    for receiver in receivers:
        app.router.add_post(receiver.path, _answered_by(receiver))
    # aiohttp waits so long twice: for the handlers, and for those it has asked to end.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=grace / 2)
    await runner.setup()
    try:
        await _listen(runner, at)
        yield partial(repeat, health.watch)
    finally:
        await runner.cleanup()


def _answered_by(receiver: WebhookReceiver) -> Handler:
    async def receive(request: web.Request) -> web.Response:
        if not receiver.trusts(request.headers.get(SECRET_HEADER, "")):
            return _answer(HTTPStatus.UNAUTHORIZED)
        return _answer(await receiver.receive(await request.read()))

    return receive


async def _listen(runner: web.AppRunner, at: Http) -> None:
    try:
        await web.TCPSite(runner, at.host, at.port).start()
    except OSError as error:
        field = "http_host" if error.errno == errno.EADDRNOTAVAIL else "http_port"
        verdict = f"cannot be listened at ({error.strerror})"
        raise SettingsError(complaint(field, verdict)) from None


def _answer(status: HTTPStatus) -> web.Response:
    return web.Response(status=status, text=f"{status.phrase}\n")
