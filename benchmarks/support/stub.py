"""A Bot API that accepts every call at once, so that only its callers are measured."""

import asyncio
import json
import re
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, Self, TypeAlias
from urllib.parse import parse_qsl

from aiohttp import ClientSession

SECRET: Final = "secret-of-the-benchmarks"  # noqa: S105
_SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105
_DATE: Final = 1_700_000_000
_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)

Reply: TypeAlias = Callable[[bytes], None]


@dataclass(frozen=True, slots=True)
class Call:
    """A request, and the moment at which it was complete."""

    method: str
    parameters: Mapping[str, Any]
    at: float
    """The moment by `time.perf_counter`."""
    message_id: int
    """Of the message that is sent or edited; 0 for other calls."""

    @property
    def chat_id(self) -> int:
        return int(self.parameters["chat_id"])


class Account:
    """One bot at the Bot API: its updates, and the function that watches its calls."""

    def __init__(self, bot_id: int, session: ClientSession) -> None:
        self._bot = {"id": bot_id, "is_bot": True, "first_name": "Desk", "username": "desk_bot"}
        self._session = session
        self._update_ids = count(1)
        self._message_ids = count(1000)
        self._updates: deque[Mapping[str, Any]] = deque()
        self._poll: Reply | None = None
        self.webhook: str | None = None
        self.file = b""
        """What is downloaded."""
        self.ready = asyncio.Event()
        """Set when the bot polls or has set a webhook."""
        self.watch: Callable[[Call], None] = lambda _: None

    async def give(self, kind: str, event: Mapping[str, Any]) -> None:
        """Send an update to the bot, by its webhook if it has one."""
        update = {"update_id": next(self._update_ids), kind: event}
        if self.webhook:
            headers = {_SECRET_HEADER: SECRET}
            async with self._session.post(self.webhook, json=update, headers=headers) as answer:
                answer.raise_for_status()
        else:
            self._updates.append(update)
            self._end_poll()

    def answer(self, method: str, body: bytes, reply: Reply) -> None:
        """Answer a call; a long poll is answered when there is an update."""
        if method == "getUpdates":
            self._poll = reply
            seconds = float(_parameters(body).get("timeout", 0))
            asyncio.get_running_loop().call_later(seconds, self._give_up, reply)
            self.ready.set()
            if self._updates:
                self._end_poll()
            return
        call = self._call(method, _parameters(body))
        reply(_ok(self._result(call)))
        self.watch(call)

    def _call(self, method: str, parameters: Mapping[str, Any]) -> Call:
        message_id = int(parameters.get("message_id") or 0)
        if method == "sendMessage":
            message_id = next(self._message_ids)
        return Call(method, parameters, time.perf_counter(), message_id)

    def _result(self, call: Call) -> object:
        match call.method:
            case "getMe":
                return self._bot
            case "setWebhook":
                self.webhook = call.parameters["url"]
                self.ready.set()
            case "getWebhookInfo":
                return {
                    "url": self.webhook or "",
                    "has_custom_certificate": False,
                    "pending_update_count": 0,
                }
            case "deleteWebhook":
                self.webhook = None
            case "getFile":
                return {
                    "file_id": "file",
                    "file_unique_id": "file",
                    "file_size": len(self.file),
                    "file_path": "file.csv",
                }
            case "sendMessage" | "editMessageText":
                return self._message(call)
        return True

    def _message(self, call: Call) -> Mapping[str, Any]:
        """Return the whole message with its keyboard, as Telegram does."""
        markup = call.parameters.get("reply_markup")
        if isinstance(markup, str):
            markup = json.loads(markup)
        return {
            "message_id": call.message_id,
            "from": self._bot,
            "chat": {"id": call.chat_id, "type": "private", "first_name": "Anna"},
            "date": _DATE,
            "text": call.parameters["text"],
            **({"reply_markup": markup} if markup else {}),
        }

    def _end_poll(self) -> None:
        """Answer the poll with one update; if it got more, a slower bot would poll less often."""
        if self._poll:
            reply, self._poll = self._poll, None
            reply(_ok([self._updates.popleft()] if self._updates else []))

    def _give_up(self, reply: Reply) -> None:
        if self._poll is reply:
            self._end_poll()


class Stub:
    """Any number of bots at one address."""

    def __init__(self, session: ClientSession) -> None:
        self._session = session
        self._accounts: dict[str, Account] = {}
        self.url = ""

    @classmethod
    @asynccontextmanager
    async def serving(cls) -> AsyncIterator[Self]:
        """Serve on a free port."""
        loop = asyncio.get_running_loop()
        async with ClientSession() as session:
            stub = cls(session)
            server = await loop.create_server(lambda: _Connection(stub), "127.0.0.1", 0)
            stub.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            try:
                yield stub
            finally:
                server.close()

    def account(self, token: str) -> Account:
        """Return the account of a token; every token is valid."""
        if token not in self._accounts:
            self._accounts[token] = Account(int(token.partition(":")[0]), self._session)
        return self._accounts[token]


class _Connection(asyncio.Protocol):
    """HTTP as the clients of bots use it: one request at a time, with its length in the head."""

    def __init__(self, stub: Stub) -> None:
        self._stub = stub
        self._received = b""
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.WriteTransport):
            self._transport = transport

    def connection_lost(self, _: Exception | None) -> None:
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, complete, body = self._received.partition(b"\r\n\r\n")
        if complete and len(body) >= _length(head):
            self._received = b""
            *before, token, method = head.split(b" ", 2)[1].decode().split("/")
            account = self._stub.account(token.removeprefix("bot"))
            if before[1:] == ["file"]:
                self._reply(_framed(account.file, "text/csv"))
            else:
                account.answer(method, body, self._reply)

    def _reply(self, reply: bytes) -> None:
        if self._transport:
            self._transport.write(reply)


def _length(head: bytes) -> int:
    found = _LENGTH.search(head)
    return int(found[1]) if found else 0


def _parameters(body: bytes) -> Mapping[str, Any]:
    if body.startswith(b"{"):
        parameters: Mapping[str, Any] = json.loads(body)
        return parameters
    return dict(parse_qsl(body.decode()))


def _ok(result: object) -> bytes:
    return _framed(json.dumps({"ok": True, "result": result}).encode(), "application/json")


def _framed(body: bytes, kind: str) -> bytes:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body
