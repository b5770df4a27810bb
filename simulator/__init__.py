"""Telegram on localhost: a server that speaks the Bot API, and people who use it.

Requests are read as Telegram's server reads them and checked by aiogram's own Bot API schema;
what Telegram says when it refuses is said in its words. `Telegram(strict=False)` ignores what
Telegram ignores; otherwise that is refused, as a typing mistake.

Enforced: the schema, formatting and entities, the limits of texts, buttons, commands and files,
what may be edited or deleted and until when, who may be written to, presses and their answers,
rights and memberships, invite links, topics, migration to supergroups, polling and webhooks,
and, where `Telegram(limits=True)` asks for it, flood control.

Not enforced: whatever is not simulated answers 501; Markdown, media but photos and documents,
certificates of webhooks, channels, payments, games and business accounts do not exist.

`README.md` next to this file has an example, and both lists in full.
"""

from simulator.accounts import BotAccount
from simulator.chats.owners import Group
from simulator.faults import (
    CutAfter,
    CutBefore,
    Delay,
    ProxyError,
    Refuse,
    ServerError,
    TooManyRequests,
)
from simulator.http.calls import Call
from simulator.http.server import serve
from simulator.messages.messages import ChatMessage
from simulator.people import Person
from simulator.sim.request import Control
from simulator.telegram import Telegram
from simulator.updates.presses import InlineSearch, Press
from simulator.updates.queries import Answer

__all__ = [
    "Answer",
    "BotAccount",
    "Call",
    "ChatMessage",
    "Control",
    "CutAfter",
    "CutBefore",
    "Delay",
    "Group",
    "InlineSearch",
    "Person",
    "Press",
    "ProxyError",
    "Refuse",
    "ServerError",
    "Telegram",
    "TooManyRequests",
    "serve",
]
