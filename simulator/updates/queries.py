"""What people ask of a bot and wait for: presses and inline searches."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aiogram.types import InlineQueryResultUnion

from simulator.accounts import Account, BotAccount
from simulator.chats.chats import Chat


@dataclass(frozen=True)
class Answer:
    """What a person is shown after a press."""

    text: str | None = None
    show_alert: bool = False
    url: str | None = None


@dataclass(eq=False, kw_only=True)
class Query:
    """A press on a button, as Telegram keeps it until it is answered."""

    id: str
    bot: BotAccount
    sender: Account
    asked: datetime
    chat: Chat
    message_id: int
    data: str
    answer: Answer | None = None


@dataclass(eq=False, kw_only=True)
class Search:
    """A question from the input field of a chat."""

    id: str
    bot: BotAccount
    sender: Account
    asked: datetime
    text: str
    results: Sequence[InlineQueryResultUnion] | None = None
    next_offset: str = ""
