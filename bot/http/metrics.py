"""The metrics over HTTP, for who has the token."""

import time
from dataclasses import dataclass
from hmac import compare_digest
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler, Middleware
from pydantic import SecretStr

from bot.metrics import Meter

_OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class Metrics:
    """The numbers, and the token of who may read them; without one nobody may."""

    meter: Meter
    token: SecretStr | None = None

    async def show(self, request: web.Request) -> web.Response:
        """Return all numbers."""
        if not self._trusts(request.headers.get(hdrs.AUTHORIZATION, "")):
            words, challenge = "Unauthorized\n", {hdrs.WWW_AUTHENTICATE: "Bearer"}
            return web.Response(text=words, status=HTTPStatus.UNAUTHORIZED, headers=challenge)
        content, content_type = self.meter.exposition(request.headers.get(hdrs.ACCEPT, ""))
        return web.Response(body=content, headers={hdrs.CONTENT_TYPE: content_type})

    def _trusts(self, credentials: str) -> bool:
        if self.token is None:
            return False
        expected = f"Bearer {self.token.get_secret_value()}"
        # compare_digest takes only ASCII strings, and a stranger's header may have any bytes.
        return compare_digest(credentials.encode("utf-8", "surrogateescape"), expected.encode())


NOT_MEASURED: Final = Metrics(Meter())


def measuring(meter: Meter) -> Middleware:
    """Return what measures each request, with what a stranger sends kept out of the labels."""

    @web.middleware
    async def measured(request: web.Request, handler: Handler) -> web.StreamResponse:
        began, code = time.perf_counter(), HTTPStatus.INTERNAL_SERVER_ERROR.value
        try:
            answer = await handler(request)
            code = answer.status
        except web.HTTPException as refusal:
            code = refusal.status
            raise
        else:
            return answer
        finally:
            method = request.method if request.method in hdrs.METH_ALL else _OTHER
            meter.request(_route_of(request), method, code, time.perf_counter() - began)

    return measured


def _route_of(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return _OTHER if resource is None else resource.canonical
