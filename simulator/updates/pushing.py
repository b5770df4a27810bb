"""Pushing updates to webhooks."""

import asyncio
from contextlib import suppress
from typing import Any, Final, TypeAlias

from aiogram.types import TelegramObject, Update
from aiohttp import ClientError, ClientSession, ClientTimeout

from simulator.accounts import BotAccount
from simulator.errors import ApiError
from simulator.faults import ConnectionCutError, ProxyAnswerError
from simulator.http.api import BotApi
from simulator.http.reading import Files, parse_body
from simulator.http.wire import wire
from simulator.telegram import Telegram
from simulator.updates.webhooks import Webhook

_TIMEOUT: Final = ClientTimeout(total=60)
_FIRST_PAUSE: Final = 0.2
_LONGEST_PAUSE: Final = 60.0
_SECRET: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105


#: What kind of update it is, and in which chat or from whom.
_Line: TypeAlias = tuple[type[TelegramObject], int]


class Pusher:
    """Sends each bot's updates to its webhook, several at a time, until they are taken.

    As with Telegram, one that was not answered with 2xx is sent again, after pauses that grow,
    and what belongs behind it waits: messages of a chat, presses of a person. All others arrive
    in any order.
    """

    def __init__(self, telegram: Telegram, api: BotApi) -> None:
        self._telegram = telegram
        self._api = api
        self._in_flight: dict[int, set[_Line]] = {}
        self._lines: dict[tuple[int, int], _Line] = {}
        """Of each update, by its bot and its number; a crowd is looked through often."""

    async def run(self) -> None:
        """Push until cancelled."""
        async with ClientSession(timeout=_TIMEOUT) as session, asyncio.TaskGroup() as tasks:
            while True:
                for bot in self._telegram.bots.values():
                    for webhook, update in self._due(bot):
                        tasks.create_task(self._push(session, bot, webhook, update))
                await self._telegram.changed()

    def _due(self, bot: BotAccount) -> list[tuple[Webhook, Update]]:
        """Return what can be sent now, and count it as being under way."""
        webhook = bot.webhook
        if webhook is None:
            return []
        flying = self._in_flight.setdefault(bot.id, set())
        first: dict[_Line, Update] = {}
        for update in bot.updates.pending.values():
            first.setdefault(self._line(bot, update), update)
        waiting = [line for line in first if line not in flying]
        due = waiting[: webhook.max_connections - len(flying)]
        flying.update(due)
        return [(webhook, first[line]) for line in due]

    def _line(self, bot: BotAccount, update: Update) -> _Line:
        key = (bot.id, update.update_id)
        if key not in self._lines:
            self._lines[key] = _line(update)
        return self._lines[key]

    async def _push(
        self, session: ClientSession, bot: BotAccount, webhook: Webhook, update: Update
    ) -> None:
        pause = _FIRST_PAUSE
        try:
            while bot.webhook is webhook and update.update_id in bot.updates.pending:
                failure = await self._post(session, bot, webhook, update)
                if failure is None:
                    bot.updates.confirm(update.update_id)
                    break
                webhook.failed_at, webhook.failure = self._telegram.clock.now(), failure
                self._telegram.notify("webhook_failure", bot=bot.username, failure=failure)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
        finally:
            self._in_flight[bot.id].discard(self._lines.pop((bot.id, update.update_id)))
            self._telegram.notify("push", bot=bot.username, update_id=update.update_id)

    async def _post(
        self, session: ClientSession, bot: BotAccount, webhook: Webhook, update: Update
    ) -> str | None:
        """Send an update and do what the answer asks for; return what went wrong."""
        headers = {_SECRET: webhook.secret_token} if webhook.secret_token else {}
        try:
            async with session.post(webhook.url, json=wire(update), headers=headers) as response:
                if not response.ok:
                    return f"Wrong response from the webhook: {response.status} {response.reason}"
                sent, files = _call_in(
                    response.headers.get("Content-Type", ""), await response.read()
                )
        except TimeoutError:
            return "Read timeout expired"
        except ClientError:
            return "Connection refused"
        if "method" in sent:
            with suppress(ConnectionCutError, ProxyAnswerError):
                await self._api.call(bot.token, str(sent["method"]), sent, files)
        return None


def _line(update: Update) -> _Line:
    """Return where an update waits its turn."""
    event: Any = update.event
    return type(event), (getattr(event, "chat", None) or event.from_user).id


def _call_in(kind: str, body: bytes) -> tuple[dict[str, Any], Files]:
    """Return the call a bot has put into its answer, if any."""
    try:
        return parse_body(kind, body)
    except ApiError:
        return {}, {}
