"""The httpx transports, plain and async: the public operations without any AWS SDK.

with httpx_client() as http:
    step = drive(attempt, httpx_transport(app_client, http))
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import anyio
import httpx

from cognito_challenges.app_client import AppClient
from cognito_challenges.errors import TransportError
from cognito_challenges.requests import AsyncTransport, Call, Transport
from cognito_srp import UsageError

from .bounds import DEFAULT, Bounds, UnderWay, in_time
from .failures import no_answer
from .json11 import check_head, endpoint, read, write
from .quiet import silence
from .retrying import Received, pause

TIMEOUT = httpx.Timeout(10.0, connect=5.0)


def httpx_client() -> httpx.Client:
    """An httpx.Client that connects within 5 seconds, reads within 10, and goes through the proxies of HTTP_PROXY,
    HTTPS_PROXY and NO_PROXY. Close it after use.
    """
    return httpx.Client(timeout=TIMEOUT)


def async_httpx_client() -> httpx.AsyncClient:
    """`httpx_client` for async code, on asyncio or trio."""
    return httpx.AsyncClient(timeout=TIMEOUT)


def httpx_transport(
    app_client: AppClient, http: httpx.Client, *, url: str | None = None, bounds: Bounds = DEFAULT
) -> Transport:
    """A transport over an httpx.Client, with that client's own time-outs and proxies.

    url: where the service is, when not in the region of the pool. bounds: limits of each call, 30 seconds and 1 MiB.

    It sends a call up to three times by itself, so the client should not retry too, and it follows no redirect, even
    when the client is set to. One client may serve many attempts and threads.
    """
    target = _target(url or endpoint(app_client))
    silence()

    def tried(under_way: UnderWay, call: Call) -> Mapping[str, Any]:
        tries = 1
        outcome = _post(http, target, call, under_way)
        while (seconds := pause(under_way, tries, outcome)) is not None:
            time.sleep(seconds)
            tries += 1
            outcome = _post(http, target, call, under_way)
        return _answer(outcome, under_way)

    def send(call: Call) -> Mapping[str, Any]:
        _check_open(http)
        with UnderWay(bounds) as under_way:
            return in_time(under_way, lambda: tried(under_way, call))

    return send


def async_httpx_transport(
    app_client: AppClient, http: httpx.AsyncClient, *, url: str | None = None, bounds: Bounds = DEFAULT
) -> AsyncTransport:
    """`httpx_transport` over an httpx.AsyncClient, on asyncio or trio."""
    target = _target(url or endpoint(app_client))
    silence()

    async def tried(under_way: UnderWay, call: Call) -> Mapping[str, Any]:
        tries = 1
        outcome = await _post_async(http, target, call, under_way)
        while (seconds := pause(under_way, tries, outcome)) is not None:
            await anyio.sleep(seconds)
            tries += 1
            outcome = await _post_async(http, target, call, under_way)
        return _answer(outcome, under_way)

    async def send(call: Call) -> Mapping[str, Any]:
        _check_open(http)
        with UnderWay(bounds) as under_way:
            with anyio.move_on_after(under_way.left):
                return await tried(under_way, call)
            raise under_way.late()

    return send


def _target(url: str) -> httpx.URL:
    try:
        target = httpx.URL(url)
    except httpx.InvalidURL:
        target = httpx.URL("")
    if target.scheme not in ("http", "https") or not target.host:
        raise UsageError("url", "syntax", "must be the URL of an HTTP server")
    return target


def _check_open(http: httpx.Client | httpx.AsyncClient) -> None:
    if http.is_closed:
        raise UsageError("http", "state", "is closed")


def _post(http: httpx.Client, url: httpx.URL, call: Call, under_way: UnderWay) -> Received | TransportError:
    """One try: what was received, or the failure that may be tried again."""
    under_way.begin_try()
    try:
        with http.stream("POST", url, follow_redirects=False, **_request(call)) as response:
            check_head(response.status_code, response.headers)
            body = bytearray()
            for piece in response.iter_bytes():
                body += piece
                under_way.check_size(len(body))
                under_way.check_time()
    except Exception as error:  # noqa: BLE001 - whatever httpx raises is one of the contract's errors
        failed = _failure(error)
    else:
        under_way.answered(response.status_code)
        return Received(response.status_code, response.headers, bytes(body))
    return failed


async def _post_async(
    http: httpx.AsyncClient, url: httpx.URL, call: Call, under_way: UnderWay
) -> Received | TransportError:
    """`_post` over an httpx.AsyncClient; the time is the caller's to bound."""
    under_way.begin_try()
    try:
        async with http.stream("POST", url, follow_redirects=False, **_request(call)) as response:
            check_head(response.status_code, response.headers)
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                under_way.check_size(len(body))
    except Exception as error:  # noqa: BLE001 - whatever httpx raises is one of the contract's errors
        failed = _failure(error)
    else:
        under_way.answered(response.status_code)
        return Received(response.status_code, response.headers, bytes(body))
    return failed


def _request(call: Call) -> dict[str, Any]:
    headers, body = write(call)
    return {"headers": {**headers, "Accept-Encoding": "identity"}, "content": body}


def _failure(error: Exception) -> TransportError:
    """The failure that may be tried again. Raises the errors of this package as they are: they are final."""
    if isinstance(error, TransportError | UsageError):
        raise error
    return no_answer(error)


def _answer(outcome: Received | TransportError, under_way: UnderWay) -> Mapping[str, Any]:
    if isinstance(outcome, TransportError):
        raise outcome
    return read(outcome.status, outcome.headers, outcome.body, earlier_tries=under_way.lost)
