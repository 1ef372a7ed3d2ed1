"""One call over each transport, and what became of it."""

from __future__ import annotations

import re
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import anyio

from cognito_challenges import AppClient, Call, PeerError, ServiceError, TransportError, UsageError
from cognito_challenges.transports.aiobotocore import aiobotocore_client, aiobotocore_transport
from cognito_challenges.transports.boto3 import boto3_client, boto3_transport
from cognito_challenges.transports.bounds import Bounds
from cognito_challenges.transports.httpx import (
    async_httpx_client,
    async_httpx_transport,
    httpx_client,
    httpx_transport,
)
from support.faulty import Behaviour, Connection, FaultyServer, faulty
from transports.loopback import aio_session, aws_session

CLIENT = AppClient("eu-central-1_Ab1", "client")
PASSWORD = "canary-password"
CALL = Call(
    "InitiateAuth",
    {
        "ClientId": "client",
        "AuthFlow": "USER_PASSWORD_AUTH",
        "AuthParameters": {"USERNAME": "alice", "PASSWORD": PASSWORD},
    },
)
CONTRACT = (ServiceError, TransportError, PeerError, UsageError)

Caller = Callable[[str, Bounds, Call], Mapping[str, Any]]


def over_boto3(url: str, bounds: Bounds, call: Call) -> Mapping[str, Any]:
    aws = boto3_client(CLIENT, endpoint_url=url, session=aws_session())
    try:
        return boto3_transport(aws, bounds=bounds)(call)
    finally:
        aws.close()


async def by_aiobotocore(url: str, bounds: Bounds, call: Call) -> Mapping[str, Any]:
    async with aiobotocore_client(CLIENT, endpoint_url=url, session=aio_session()) as aws:
        return await aiobotocore_transport(aws, bounds=bounds)(call)


def over_httpx(url: str, bounds: Bounds, call: Call) -> Mapping[str, Any]:
    with httpx_client() as http:
        return httpx_transport(CLIENT, http, url=url, bounds=bounds)(call)


async def by_async_httpx(url: str, bounds: Bounds, call: Call) -> Mapping[str, Any]:
    async with async_httpx_client() as http:
        return await async_httpx_transport(CLIENT, http, url=url, bounds=bounds)(call)


CALLERS: dict[str, Caller] = {
    "boto3": over_boto3,
    "aiobotocore": lambda url, bounds, call: anyio.run(by_aiobotocore, url, bounds, call),
    "httpx": over_httpx,
    "async httpx on asyncio": lambda url, bounds, call: anyio.run(by_async_httpx, url, bounds, call),
    "async httpx on trio": lambda url, bounds, call: anyio.run(by_async_httpx, url, bounds, call, backend="trio"),
}


LONG = Bounds(seconds=20)
"""For faults that end by themselves: three tries with the pauses between them."""
SLACK_SECONDS = 4.0
"""What a busy machine may add to the bound."""


@dataclass(frozen=True)
class Outcome:
    """What one transport made of a fault: an answer or an error, after how long and how many requests."""

    answer: Mapping[str, Any] | None
    error: BaseException | None
    seconds: float
    requests: int
    connections: int


def attempt(caller: Caller, url: str, bounds: Bounds, call: Call = CALL) -> tuple[Any, BaseException | None, float]:
    began = time.monotonic()
    answer: Any = None
    error: BaseException | None = None
    try:
        answer = caller(url, bounds, call)
    except BaseException as caught:  # noqa: BLE001 - whatever comes out is what the tests look at
        error = caught
    return answer, error, time.monotonic() - began


def each_transport(
    *behaviours: Behaviour, bounds: Bounds, tls: bool = False, url: Callable[[FaultyServer], str] | None = None
) -> dict[str, Outcome]:
    """The call over every transport at once, each to a server of its own that behaves like this."""

    def one(caller: Caller) -> Outcome:
        with faulty(*behaviours, tls=tls) as server:
            answer, error, seconds = attempt(caller, url(server) if url else server.url, bounds)
        return Outcome(answer, error, seconds, len(server.requests), server.connections)

    with ThreadPoolExecutor(len(CALLERS)) as pool:
        return dict(zip(CALLERS, pool.map(one, CALLERS.values()), strict=True))


def texts_of(error: BaseException) -> str:
    """All that is printed of an error by tools that show the locals of each frame, with its causes and contexts."""
    texts: list[str] = []
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        shown = waiting.pop()
        if shown is None or id(shown) in seen:
            continue
        seen.add(id(shown))
        texts += [
            repr(shown),
            repr(vars(shown)),
            *traceback.TracebackException.from_exception(shown, capture_locals=True).format(),
        ]
        waiting += [shown.__cause__, shown.__context__]
    return "\n".join(texts)


def check(
    outcomes: dict[str, Outcome], bounds: Bounds, errors: Any, requests: int | Iterable[int], text: str = ""
) -> None:
    allowed = {requests} if isinstance(requests, int) else set(requests)
    assert outcomes.keys() == CALLERS.keys()
    for name, outcome in outcomes.items():
        assert type(outcome.error) in CONTRACT, (name, outcome)
        assert isinstance(outcome.error, errors), (name, outcome)
        assert re.search(text, str(outcome.error)), (name, outcome)
        assert outcome.seconds < bounds.seconds + SLACK_SECONDS, (name, outcome)
        assert outcome.requests in allowed, (name, outcome)
        assert PASSWORD not in texts_of(outcome.error), name


def then(act: str, *arguments: Any) -> Behaviour:
    """Read the request, then do this."""

    def behave(connection: Connection) -> None:
        connection.request()
        getattr(connection, act)(*arguments)

    return behave


def answering(status: int, body: bytes, **headers: str) -> Behaviour:
    return then("answer", status, body, {name.replace("_", "-"): value for name, value in headers.items()})


def sending(data: bytes, act: str = "reset") -> Behaviour:
    def behave(connection: Connection) -> None:
        connection.request()
        connection.send(data)
        getattr(connection, act)()

    return behave
