"""Telegram's HTTP side for bots."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Final

from aiohttp import web

from simulator.errors import ApiError
from simulator.faults import ConnectionCutError, ProxyAnswerError
from simulator.http.api import BotApi, refusal
from simulator.http.reading import LARGEST_REQUEST, read_call
from simulator.http.strangers import keep_strangers_out
from simulator.page import add_page
from simulator.sim import build_sim
from simulator.sim.request import Control
from simulator.telegram import Telegram
from simulator.updates.pushing import Pusher

_logger: Final = logging.getLogger(__name__)
_TELEGRAM: Final = web.AppKey("telegram", Telegram)
_API: Final = web.AppKey("api", BotApi)


@asynccontextmanager
async def serve(
    telegram: Telegram,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    controls: Mapping[str, Control] = {},
) -> AsyncIterator[str]:
    """Serve until the block ends, at the address it is given; port 0 is any free one.

    At that address is also a page for the people. It offers `controls` by their names: what
    only the program around can do, such as starting its bot once more.
    """
    runner = web.AppRunner(
        build_app(telegram, controls),
        access_log=None,
        shutdown_timeout=0.1,
        auto_decompress=False,
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        yield f"http://{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def build_app(telegram: Telegram, controls: Mapping[str, Control]) -> web.Application:
    """Return the whole of the HTTP side: for bots, for files, and for people."""
    app = web.Application(
        client_max_size=LARGEST_REQUEST, middlewares=[_speak_json, keep_strangers_out]
    )
    app[_TELEGRAM] = telegram
    app[_API] = BotApi(telegram)
    app.router.add_route("*", "/bot{token:[^/]+}/{method:[^/]*}", _call)
    app.router.add_get("/file/bot{token:[^/]+}/{path:.+}", _download)
    app.add_subapp("/sim", build_sim(telegram, controls))
    add_page(app)
    app.cleanup_ctx.append(_push)
    app.on_shutdown.append(_end_polls)
    return app


async def _push(app: web.Application) -> AsyncIterator[None]:
    pushing = asyncio.create_task(Pusher(app[_TELEGRAM], app[_API]).run())
    yield
    pushing.cancel()
    with suppress(asyncio.CancelledError):
        await pushing


async def _end_polls(app: web.Application) -> None:
    """Answer those who wait: the server does not outlast its polls."""
    for bot in app[_TELEGRAM].bots.values():
        bot.updates.wake()


@web.middleware
async def _speak_json(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Say in Telegram's JSON what aiohttp says in plain text."""
    try:
        return await handler(request)
    except web.HTTPError as error:
        reply = refusal(ApiError(error.status, error.reason))
    except Exception:
        _logger.exception("%s %s broke the simulator", request.method, request.path)
        reply = refusal(ApiError(500, "Internal Server Error"))
    return web.json_response(reply.body, status=reply.status)


async def _call(request: web.Request) -> web.StreamResponse:
    token, method = request.match_info["token"], request.match_info["method"]
    try:
        sent, files = await read_call(request)
        method = method or str(sent.get("method", ""))
        reply = await request.app[_API].call(token, method, sent, files)
    except ConnectionCutError:
        return _cut(request)
    except ProxyAnswerError as error:
        page = f"<html><h1>{error.code}</h1><hr>a proxy</html>"
        return web.Response(status=error.code, text=page, content_type="text/html")
    except ApiError as error:
        reply = refusal(error)
    return web.json_response(reply.body, status=reply.status, headers=reply.headers)


def _cut(request: web.Request) -> web.StreamResponse:
    """Close the connection without a word."""
    if request.transport:
        request.transport.abort()
    return web.Response()


async def _download(request: web.Request) -> web.StreamResponse:
    telegram = request.app[_TELEGRAM]
    try:
        telegram.bot(request.match_info["token"])
    except ApiError as error:
        return web.json_response(refusal(error).body, status=error.code)
    file = telegram.files.at(request.match_info["path"])
    if file is None:
        raise web.HTTPNotFound
    return web.Response(body=file.content, content_type="application/octet-stream")
