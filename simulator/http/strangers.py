"""Who may ask at all: bots, programs and the page, but no other website."""

import re
from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

_NAME: Final = re.compile(r"(?:[^.:@/\[\]]+|[0-9.]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]+)?")
"""An address, or a name without a dot, such as localhost: no website can have it."""


@web.middleware
async def keep_strangers_out(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse what a browser asks for in the name of another website.

    Such a site asks from elsewhere, or has a name of its own that leads to this machine. A bot
    is no browser: it says nothing of where it asks from.
    """
    if not (_is_named_well(request) and _comes_from_here(request)):
        raise web.HTTPForbidden(reason="only the page itself may ask")
    return await handler(request)


def _is_named_well(request: web.Request) -> bool:
    return all(map(_NAME.fullmatch, request.headers.getall("Host", [])))


def _comes_from_here(request: web.Request) -> bool:
    host = request.headers.get("Host")
    here = {f"http://{host}", f"https://{host}"}
    if not here.issuperset(request.headers.getall("Origin", [])):
        return False
    asked_from = request.headers.get("Sec-Fetch-Site", "none")
    # A link to the page is followed from anywhere; it says nothing to where it is from.
    linked = request.path == "/" and request.headers.get("Sec-Fetch-Mode") == "navigate"
    return linked or asked_from in {"none", "same-origin"}
