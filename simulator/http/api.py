"""A Bot API call, from the request to the answer."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aiogram.methods import TelegramMethod
from aiogram.types import InputFile

from simulator.accounts import BotAccount
from simulator.errors import ApiError
from simulator.faults import ConnectionCutError, CutAfter, Delay, refuse
from simulator.http.calls import Call
from simulator.http.parameters import decode, find_method, parse, refuse_unsimulated, spelled
from simulator.http.wire import wire
from simulator.methods import HANDLERS
from simulator.methods.table import Described
from simulator.telegram import Telegram

#: What flood control counts: whatever shows a person something.
_COUNTED: Final = ("send", "edit", "copy", "forward")


@dataclass(frozen=True)
class Reply:
    """An HTTP answer."""

    status: int
    body: Mapping[str, Any]
    headers: Mapping[str, str] = field(default_factory=dict)


class BotApi:
    """What stands between the wire and the world: tokens, schema, faults, limits, the record."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram

    async def call(
        self, token: str, name: str, sent: Mapping[str, Any], files: Mapping[str, InputFile]
    ) -> Reply:
        """Carry out a call.

        Raises:
            ConnectionCutError: a fault wants the bot to hear nothing.
            ProxyAnswerError: a fault wants the bot to hear from somebody else.
        """
        telegram = self._telegram
        try:
            bot = telegram.bot(token)
        except ApiError as error:
            return refusal(error)
        call = Call(bot, spelled(name), sent, telegram.clock.now())
        telegram.calls.append(call)
        telegram.notify("call", bot=bot.username, method=call.method)
        try:
            return await self._answer(call, files)
        finally:
            call.finished = telegram.clock.now()
            telegram.notify("reply", bot=bot.username, method=call.method, status=call.status)

    async def _answer(self, call: Call, files: Mapping[str, InputFile]) -> Reply:
        fault = self._telegram.faults.meet(call.method, call.parameters.get("chat_id"))
        if isinstance(fault, Delay):
            await asyncio.sleep(fault.seconds)
        try:
            refuse(fault)
            reply = Reply(200, await self._carry_out(call, files))
        except ApiError as error:
            reply = refusal(error)
        call.body = reply.body
        if isinstance(fault, CutAfter):
            raise ConnectionCutError
        call.status = reply.status
        return reply

    async def _carry_out(self, call: Call, files: Mapping[str, InputFile]) -> dict[str, Any]:
        method, telegram = find_method(call.method), self._telegram
        handler = HANDLERS.get(method)
        if handler is None:
            if telegram.accept_unsimulated:
                return {"ok": True, "result": True}
            raise ApiError(501, f"Not Implemented: the simulator has no {method.__api_method__}")
        call.parameters = decode(method, call.parameters, strict=telegram.strict)
        if not telegram.accept_unsimulated:
            refuse_unsimulated(call.parameters)
        asked = parse(method, call.parameters, files, strict=telegram.strict)
        self._count(call.bot, asked)
        result = handler(telegram, call.bot, asked)
        return _answer(await result if isinstance(result, Awaitable) else result)

    def _count(self, bot: BotAccount, call: TelegramMethod[Any]) -> None:
        # An inline message is named without its chat, and limits are those of chats.
        chat_id = getattr(call, "chat_id", None)
        counted = chat_id is not None and call.__api_method__.startswith(_COUNTED)
        if self._telegram.limits and counted:
            chat = self._telegram.writable_chat(bot, chat_id)
            self._telegram.limits.take(bot, chat, self._telegram.clock.now())


def _answer(result: object) -> dict[str, Any]:
    if isinstance(result, Described):
        return {"ok": True, "result": True, "description": result.description}
    return {"ok": True, "result": wire(result)}


def refusal(error: ApiError) -> Reply:
    """Return the answer that says no."""
    body: dict[str, Any] = {
        "ok": False,
        "error_code": error.code,
        "description": error.description,
    }
    parameters, headers = error.parameters, {}
    if parameters:
        body["parameters"] = wire(parameters)
        if parameters.retry_after:
            headers["Retry-After"] = str(parameters.retry_after)
    return Reply(error.code, body, headers)
