"""How a module says which methods it carries out."""

from collections.abc import Callable, Mapping
from typing import Any

from simulator.accounts import BotAccount
from simulator.parameters import Method
from simulator.world import World

#: One step of the event loop, except the one that waits for updates and returns an awaitable.
Handler = Callable[[World, BotAccount, Any], object]
Table = Mapping[Method, Handler]
