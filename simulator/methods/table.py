"""How a module says which methods it carries out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from simulator.accounts import BotAccount
from simulator.http.parameters import Method
from simulator.world import World


@dataclass(frozen=True)
class Described:
    """True, with a sentence of what was done."""

    description: str


#: One step of the event loop, except the one that waits for updates and returns an awaitable.
Handler = Callable[[World, BotAccount, Any], object]
Table = Mapping[Method, Handler]
