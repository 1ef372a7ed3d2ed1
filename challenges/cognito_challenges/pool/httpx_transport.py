"""The pool behind httpx, without a socket.

httpx.Client(transport=PoolTransport(service)) or httpx.AsyncClient(transport=PoolTransport(service))
"""

from __future__ import annotations

from email.utils import formatdate

import httpx

from cognito_challenges.pool.service import PoolService
from cognito_challenges.pool.serving import wire


class PoolTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers POST to any host by the pool, and GET of a key set or discovery document; anything else is unknown."""

    def __init__(self, service: PoolService) -> None:
        self._service = service

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """One request of a synchronous client."""
        return self._answer(request, request.read())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """One request of an asynchronous client."""
        return self._answer(request, await request.aread())

    def _answer(self, request: httpx.Request, body: bytes) -> httpx.Response:
        date = {"date": formatdate(usegmt=True)}
        first, _, rest = request.url.path.strip("/").partition("/")
        if request.method == "GET" and rest.startswith(".well-known/"):
            given = wire.well_known(self._service, first, rest.removeprefix(".well-known/"))
        elif request.method != "POST" or first:
            given = wire.absent()
        else:
            given = wire.respond(self._service, request.headers.get("x-amz-target"), body)
        return httpx.Response(given.status, headers={**given.headers, **date}, content=given.body)
