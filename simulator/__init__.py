"""Telegram on localhost: a server that speaks the Bot API, and people who use it.

Methods, parameters and types are checked by aiogram's own Bot API schema; what Telegram says
when it refuses is said in its words. `README.md` next to this file has an example, and lists
the rules that are enforced and those that are not.
"""

from simulator.accounts import BotAccount
from simulator.calls import Call
from simulator.faults import CutAfter, CutBefore, Delay, Refuse, ServerError, TooManyRequests
from simulator.messages import ChatMessage
from simulator.owners import Group
from simulator.people import Person
from simulator.presses import InlineSearch, Press
from simulator.queries import Answer
from simulator.server import serve
from simulator.telegram import Telegram

__all__ = [
    "Answer",
    "BotAccount",
    "Call",
    "ChatMessage",
    "CutAfter",
    "CutBefore",
    "Delay",
    "Group",
    "InlineSearch",
    "Person",
    "Press",
    "Refuse",
    "ServerError",
    "Telegram",
    "TooManyRequests",
    "serve",
]
