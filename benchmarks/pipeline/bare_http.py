"""The same HTTP calls and SQL with only aiohttp and asyncpg, as the lower bound.

The arguments are a token, the Bot API's address, the file of the script, and a port for a webhook;
PostgreSQL's address is in DATABASE_URL.
"""

import asyncio
import hmac
import os
import sys
from typing import Any, Final, NoReturn

import asyncpg
from aiohttp import ClientSession, web

from benchmarks.pipeline.script import Script, Step, Work, play, pooled
from benchmarks.support.stub import SECRET

Json = dict[str, Any]

_POLL: Final = {"timeout": 30, "allowed_updates": ["message", "callback_query"]}
_SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105


class _Bot:
    def __init__(
        self, url: str, session: ClientSession, pool: asyncpg.Pool, script: Script
    ) -> None:
        self._url = url
        self._session = session
        self._pool = pool
        self._script = script
        self._handling: set[asyncio.Task[None]] = set()

    async def _handle(self, update: Json) -> None:
        if "message" in update:
            await play(self._pool, self._script.statements(Work.LIST, 0, 0))
            await self._show("sendMessage", Work.LIST, chat_id=update["message"]["chat"]["id"])
            return
        press = update["callback_query"]
        _, pressed, booking, student = press["data"].split(":")
        work = Work(pressed)
        await play(self._pool, self._script.statements(work, int(booking), int(student)))
        toast = self._script.screens[work].get("toast")
        answer = {"callback_query_id": press["id"]}
        await self.call("answerCallbackQuery", {**answer, "text": toast} if toast else answer)
        message = press["message"]
        await self._show(
            "editMessageText",
            work,
            chat_id=message["chat"]["id"],
            message_id=message["message_id"],
        )

    async def call(self, method: str, parameters: Json) -> Any:  # noqa: ANN401 (JSON)
        async with self._session.post(f"{self._url}/{method}", json=parameters) as answer:
            return (await answer.json())["result"]

    async def _show(self, method: str, work: Work, **where: int) -> None:
        screen = self._script.screens[work]
        await self.call(
            method,
            {
                **where,
                "text": screen["text"],
                "reply_markup": screen["reply_markup"],
                "parse_mode": "HTML",
            },
        )

    async def poll(self) -> NoReturn:
        offset = 0
        while True:
            updates = await self.call("getUpdates", {**_POLL, "offset": offset})
            for update in updates:
                offset = update["update_id"] + 1
                task = asyncio.create_task(self._handle(update))
                self._handling.add(task)
                task.add_done_callback(self._handling.discard)

    async def take(self, request: web.Request) -> web.Response:
        """Handle an update of the webhook, and answer afterwards."""
        if not hmac.compare_digest(request.headers.get(_SECRET_HEADER, ""), SECRET):
            raise web.HTTPUnauthorized
        update = await request.json()
        await play(self._pool, self._script.around(Step.CLAIM, update["update_id"]))
        await self._handle(update)
        await play(self._pool, self._script.around(Step.SETTLE, update["update_id"]))
        return web.json_response({})


async def main(token: str, api: str, script: str, port: str | None = None) -> None:
    async with ClientSession() as session, pooled(os.environ["DATABASE_URL"]) as pool:
        bot = _Bot(f"{api}/bot{token}", session, pool, Script.read(script))
        if port is None:
            await bot.poll()
        app = web.Application()
        app.router.add_post("/", bot.take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(port)).start()
        await bot.call("setWebhook", {"url": f"http://127.0.0.1:{port}/", "secret_token": SECRET})
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
