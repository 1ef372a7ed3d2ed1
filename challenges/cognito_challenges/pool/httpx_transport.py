"""The pool behind httpx, without a socket.

httpx.Client(transport=PoolTransport(service)) or httpx.AsyncClient(transport=PoolTransport(service))
"""

from __future__ import annotations

import json
from email.utils import formatdate

import httpx

from cognito_challenges.pool.errors import ServiceError
from cognito_challenges.pool.service import PoolService
from cognito_challenges.pool.serving import wire


class PoolTransport(httpx.BaseTransport, httpx.AsyncBaseTransport):
    """Answers POST to any host by the pool, and GET of a key set; anything else is unknown."""

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
        if request.method == "GET" and rest == ".well-known/jwks.json":
            try:
                return httpx.Response(200, content=json.dumps(self._service.key_set(first)), headers=date)
            except ServiceError as error:
                given = wire.refusal(error)
        elif request.method != "POST" or first:
            given = wire.refusal(ServiceError("UnknownOperationException", "There is nothing at this address."), 404)
        else:
            given = wire.respond(self._service, request.headers.get("x-amz-target"), body)
        return httpx.Response(given.status, headers={**given.headers, **date}, content=given.body)
