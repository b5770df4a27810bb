"""The id of a request, by which its log lines are found."""

import re
from typing import Final
from uuid import uuid4

from aiohttp import web
from aiohttp.typedefs import Handler
from structlog.contextvars import bound_contextvars

REQUEST_ID: Final = "X-Request-Id"
_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")


@web.middleware
async def identified(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Name the request in each log line and in the answer, as a proxy has if it did."""
    given = request.headers.get(REQUEST_ID, "")
    request_id = given if _ID.fullmatch(given) else uuid4().hex
    with bound_contextvars(request_id=request_id):
        try:
            answer = await handler(request)
        except web.HTTPException as refusal:
            refusal.headers[REQUEST_ID] = request_id
            raise
    answer.headers[REQUEST_ID] = request_id
    return answer
