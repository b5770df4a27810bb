"""The server of the health checks and the webhooks."""

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Final, cast

from aiohttp import web
from aiohttp.hdrs import CONTENT_ENCODING
from aiohttp.typedefs import Handler

from bot.http.connections import STRANGERS, Connection, Crowd, Limits, heads_in_time
from bot.http.health import Health, Intake
from bot.http.metrics import NOT_MEASURED, Metrics, measuring
from bot.http.requests import identified
from bot.running.repeat import Work, repeat
from bot.settings import Http, SettingsError, complaint
from bot.telegram.intake.webhook import SECRET_HEADER, WebhookReceiver

_LARGEST_UPDATE: Final = 1024**2


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that listens."""

    watch: Work
    """What has to run meanwhile."""
    stop: Callable[[], Awaitable[None]]
    """Be ready no more, and finish what webhooks have brought; without these still say so."""


@asynccontextmanager
async def serving(
    at: Http | Sequence[socket.socket],
    *,
    ping: Callable[[], Awaitable[None]],
    intakes: Sequence[Intake],
    grace: float,
    limits: Limits = STRANGERS,
    metrics: Metrics = NOT_MEASURED,
) -> AsyncIterator[Serving]:
    """Listen until the block ends, then finish the requests under way.

    Args:
        at: The address to listen at, or sockets that listen already.
        ping: Checks that the database answers.
        intakes: What brings the bots' updates; webhooks bring them here.
        grace: The most seconds that finishing takes.
        limits: How long those who send may take.
        metrics: What measures the requests, and who may read that.

    Raises:
        SettingsError: the address cannot be listened at.
    """
    health = Health(ping, intakes)
    receivers = [each for each in intakes if isinstance(each, WebhookReceiver)]
    app = _application(health, metrics)
    for receiver in receivers:
        app.router.add_post(receiver.path, _handler_of(receiver, limits))
    # aiohttp waits twice: for the handlers, and again after it has cancelled them.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=grace / 2)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(runner.cleanup)
        await runner.setup()
        await stack.enter_async_context(_listening(runner, at, limits))

        async def stop() -> None:
            health.is_stopping = True
            if receivers:
                await stack.aclose()

        yield Serving(partial(repeat, health.watch), stop)


def _application(health: Health, metrics: Metrics) -> web.Application:
    app = web.Application(
        client_max_size=_LARGEST_UPDATE,
        middlewares=[heads_in_time, identified, measuring(metrics.meter)],
    )
    app.router.add_get("/livez", health.livez)
    app.router.add_get("/readyz", health.readyz)
    if metrics.token is not None:
        app.router.add_get("/metrics", metrics.show)
    return app


def _handler_of(receiver: WebhookReceiver, limits: Limits) -> Handler:
    async def receive(request: web.Request) -> web.Response:
        # First of all: a stranger's body is neither read nor inflated.
        if not receiver.trusts(request.headers.get(SECRET_HEADER, "")):
            return _response(HTTPStatus.UNAUTHORIZED)
        if refusal := _refusal(request):
            return _response(refusal)
        try:
            async with asyncio.timeout(limits.body):
                content = await request.read()
        except TimeoutError:
            return _response(HTTPStatus.REQUEST_TIMEOUT)
        return _response(await receiver.receive(content))

    return receive


def _refusal(request: web.Request) -> HTTPStatus | None:
    """Return why the body need not be read, which its head says already."""
    if request.headers.get(CONTENT_ENCODING, "identity").lower() != "identity":
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    if (request.content_length or 0) > _LARGEST_UPDATE:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return None


@asynccontextmanager
async def _listening(
    runner: web.AppRunner, at: Http | Sequence[socket.socket], limits: Limits
) -> AsyncIterator[None]:
    crowd = Crowd(limits.most)
    connect = partial(Connection, cast("web.Server", runner.server), crowd, limits)
    loop = asyncio.get_running_loop()
    if isinstance(at, Http):
        try:
            servers = [await loop.create_server(connect, at.host, at.port)]
        except OSError as error:
            field = "http_host" if error.errno == errno.EADDRNOTAVAIL else "http_port"
            verdict = f"cannot be listened at ({error.strerror})"
            raise SettingsError(complaint(field, verdict)) from None
    else:
        servers = [await loop.create_server(connect, sock=each) for each in at]
    try:
        yield
    finally:
        for server in servers:
            server.close()


def _response(status: HTTPStatus) -> web.Response:
    return web.Response(status=status, text=f"{status.phrase}\n")
