"""What every request is about, and how one that cannot be met is answered."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from aiohttp import web
from pydantic import BaseModel, ConfigDict, ValidationError

from simulator.errors import ApiError
from simulator.people import Person, Place
from simulator.telegram import Telegram


@dataclass(frozen=True)
class Control:
    """Something the program around the simulator can do.

    Where there is a `question`, the page asks it first.
    """

    act: Callable[[], Awaitable[None]]
    question: str = ""
    for_developers: bool = False
    """Whether it stands only beside the calls, and not beside the hint."""


TELEGRAM: Final = web.AppKey("telegram", Telegram)
CONTROLS: Final = web.AppKey("controls", dict[str, Control])
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Body(BaseModel):
    """A request's JSON."""

    model_config = ConfigDict(extra="forbid")


@web.middleware
async def explain(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer what cannot be done with the reason."""
    try:
        return await handler(request)
    except ValidationError as error:
        return web.json_response({"error": str(error)}, status=400)
    except ApiError as error:
        return web.json_response({"error": error.description}, status=409)
    except LookupError as error:
        return web.json_response({"error": " ".join(map(str, error.args))}, status=404)
    except (RuntimeError, ValueError, OverflowError) as error:
        return web.json_response({"error": str(error)}, status=409)
    except web.HTTPError as error:
        return web.json_response({"error": error.reason}, status=error.status)


def person_of(request: web.Request) -> Person:
    return request.app[TELEGRAM].people[int(request.match_info["id"])]


def place_named(telegram: Telegram, name: str) -> Place:
    """Return what a name in a request means.

    Raises:
        LookupError: no bot has this username, and no group this id.
    """
    for bot in telegram.bots.values():
        if bot.username == name:
            return bot
    for group in telegram.groups.values():
        if str(group.id) == name:
            return group
    raise LookupError(f"there is no {name}")
