"""The httpx transports, plain and async: the public operations without any AWS SDK.

with httpx_client() as http:
    step = drive(attempt, httpx_transport(app_client, http))
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx
from httpx_retries import Retry, RetryTransport

from cognito_challenges.app_client import AppClient
from cognito_challenges.requests import AsyncTransport, Call, Transport

from .json11 import endpoint, error_code, read, write

TIMEOUT = httpx.Timeout(10.0, connect=5.0)


class ThrottledError(httpx.HTTPError):
    """The service throttles, which it says with status 400. It is raised to be tried again, and never gets out."""


def _check_throttling(response: httpx.Response) -> None:
    if error_code(response.headers) in ("TooManyRequestsException", "ThrottlingException"):
        raise ThrottledError("throttled")


RETRY = Retry(
    total=2,
    backoff_factor=0.2,
    allowed_methods=["POST"],
    status_forcelist=[429, 500, 502, 503, 504],
    retry_on_exceptions=[*Retry.RETRYABLE_EXCEPTIONS, ThrottledError],
    validate_response=_check_throttling,
)
"""Three tries in all, after failed connections, time-outs, throttling and 5xx."""


def httpx_client() -> httpx.Client:
    """An httpx.Client that connects within 5 seconds, reads within 10 and tries three times. Close it after use."""
    return httpx.Client(timeout=TIMEOUT, transport=RetryTransport(retry=RETRY))


def async_httpx_client() -> httpx.AsyncClient:
    """`httpx_client` for async code."""
    return httpx.AsyncClient(timeout=TIMEOUT, transport=RetryTransport(retry=RETRY))


def httpx_transport(app_client: AppClient, http: httpx.Client, *, url: str | None = None) -> Transport:
    """A transport over an httpx.Client, with that client's own time-outs and retries.

    url: where the service is, when not in the region of the pool.
    """
    target = url or endpoint(app_client)

    def send(call: Call) -> Mapping[str, Any]:
        headers, body = write(call)
        response = http.post(target, headers=headers, content=body)
        return read(response.status_code, response.headers, response.content)

    return send


def async_httpx_transport(app_client: AppClient, http: httpx.AsyncClient, *, url: str | None = None) -> AsyncTransport:
    """`httpx_transport` over an httpx.AsyncClient."""
    target = url or endpoint(app_client)

    async def send(call: Call) -> Mapping[str, Any]:
        headers, body = write(call)
        response = await http.post(target, headers=headers, content=body)
        return read(response.status_code, response.headers, response.content)

    return send
