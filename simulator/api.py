"""A Bot API call, from the request to the answer."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from aiogram.methods import TelegramMethod
from aiogram.types import InputFile

from simulator.accounts import BotAccount
from simulator.calls import Call
from simulator.errors import ApiError
from simulator.faults import ConnectionCutError, CutAfter, Delay, refuse
from simulator.methods import HANDLERS
from simulator.parameters import decode, find_method, parse, spelled
from simulator.telegram import Telegram
from simulator.wire import wire

#: What flood control counts: whatever shows a person something.
_COUNTED: Final = ("send", "edit", "copy", "forward")


@dataclass(frozen=True)
class Reply:
    """An HTTP answer."""

    status: int
    body: Mapping[str, Any]


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
            method = find_method(call.method)
            call.parameters = decode(method, call.parameters)
            result = await self._result(call.bot, parse(method, call.parameters, files))
            reply = Reply(200, {"ok": True, "result": result})
        except ApiError as error:
            reply = refusal(error)
        call.body = reply.body
        if isinstance(fault, CutAfter):
            raise ConnectionCutError
        call.status = reply.status
        return reply

    async def _result(self, bot: BotAccount, call: TelegramMethod[Any]) -> object:
        handler = HANDLERS.get(type(call))
        if handler is None:
            raise ApiError(501, f"Not Implemented: the simulator has no {call.__api_method__}")
        self._count(bot, call)
        result = handler(self._telegram, bot, call)
        return wire(await result if isinstance(result, Awaitable) else result)

    def _count(self, bot: BotAccount, call: TelegramMethod[Any]) -> None:
        # An inline message is named without its chat, and limits are those of chats.
        chat_id = getattr(call, "chat_id", None)
        counted = chat_id is not None and call.__api_method__.startswith(_COUNTED)
        if self._telegram.limits and counted:
            chat = self._telegram.writable_chat(bot, chat_id)
            self._telegram.limits.take(bot, chat, self._telegram.clock.now())


def refusal(error: ApiError) -> Reply:
    """Return the answer that says no."""
    body: dict[str, Any] = {
        "ok": False,
        "error_code": error.code,
        "description": error.description,
    }
    if error.parameters:
        body["parameters"] = wire(error.parameters)
    return Reply(error.code, body)
