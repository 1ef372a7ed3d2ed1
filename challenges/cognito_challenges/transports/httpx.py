"""The httpx transports, plain and async: the public operations without any AWS SDK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
from httpx_retries import Retry, RetryTransport

from cognito_challenges.app_client import AppClient
from cognito_challenges.drive import AsyncTransport, Transport
from cognito_challenges.requests import Call

from .json11 import endpoint, read, write

TIMEOUT = httpx.Timeout(10.0, connect=5.0)
RETRY = Retry(total=2, backoff_factor=0.2, allowed_methods=["POST"], status_forcelist=[429, 500, 502, 503, 504])
"""Three tries in all, after failed connections, throttling by status and 5xx."""


def httpx_transport(client: AppClient, *, url: str | None = None, http: httpx.Client | None = None) -> Transport:
    """A transport over an httpx.Client: the one given, with its own time-outs and retries, or one made here."""
    target = url or endpoint(client)
    pooled = http or httpx.Client(timeout=TIMEOUT, transport=RetryTransport(retry=RETRY))

    def send(call: Call) -> Mapping[str, Any]:
        headers, body = write(call)
        response = pooled.post(target, headers=headers, content=body)
        return read(response.status_code, response.headers, response.content)

    return send


def async_httpx_transport(
    client: AppClient, *, url: str | None = None, http: httpx.AsyncClient | None = None
) -> AsyncTransport:
    """`httpx_transport` over an httpx.AsyncClient."""
    target = url or endpoint(client)
    pooled = http or httpx.AsyncClient(timeout=TIMEOUT, transport=RetryTransport(retry=RETRY))

    async def send(call: Call) -> Mapping[str, Any]:
        headers, body = write(call)
        response = await pooled.post(target, headers=headers, content=body)
        return read(response.status_code, response.headers, response.content)

    return send
