"""A load balancer: one address for several replicas."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Self

from aiohttp import ClientConnectorError, ClientError, ClientSession, web


class Balancer:
    """Passes each request to the next replica that listens; answers 502 if that fails."""

    def __init__(self, http: ClientSession) -> None:
        self._http = http
        self.url = ""
        self.ports: list[int] = []
        """The ports of the replicas; the first one is next."""
        self.passed: dict[int, int] = {}
        """The number of requests that each replica answered, by port."""
        self.lost_answers = 0
        """The number of next answers that are lost."""

    @classmethod
    @asynccontextmanager
    async def at_work(cls) -> AsyncIterator[Self]:
        async with ClientSession() as http:
            balancer = cls(http)
            app = web.Application()
            app.router.add_route("*", "/{path:.*}", balancer._pass_on)
            runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
            await runner.setup()
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            balancer.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            try:
                yield balancer
            finally:
                await runner.cleanup()

    async def _pass_on(self, request: web.Request) -> web.Response:
        body = await request.read()
        for _ in self.ports:
            port = self.ports.pop(0)
            self.ports.append(port)
            try:
                return await self._answer_of(port, request, body)
            except ClientConnectorError:
                # Nobody listens there, so nobody has the request: another may have it.
                continue
            except ClientError:
                break
        return web.Response(status=502)

    async def _answer_of(self, port: int, request: web.Request, body: bytes) -> web.Response:
        address = f"http://127.0.0.1:{port}{request.path}"
        async with self._http.request(
            request.method, address, data=body, headers=request.headers
        ) as response:
            self.passed[port] = self.passed.get(port, 0) + 1
            answer = web.Response(status=response.status, body=await response.read())
        if self.lost_answers:
            self.lost_answers -= 1
            return web.Response(status=504)
        return answer
