"""A thousand sign-ins at once in one event loop: none fails, and our code never holds the loop for long."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from aiobotocore.config import AioConfig
from botocore import UNSIGNED

from cognito_challenges import AppClient, AsyncTransport, Call, ServiceError, SignedIn, SignIn, Step
from cognito_challenges.transports.aiobotocore import aiobotocore_transport
from cognito_challenges.transports.httpx import async_httpx_transport
from cognito_srp import warm
from transports.loopback import aio_session
from transports.pool_process import PASSWORD

SIGN_INS = 1_000
CONNECTIONS = 16
LONGEST_SECONDS = 0.050
TESTS = Path(__file__).parents[1]


class Stretches:
    """How long this thread worked in each call into the machine, and how many sign-ins were under way at most.

    It is the thread's own time: what other processes take from it on a busy computer is not the machine's.
    """

    def __init__(self) -> None:
        self.longest = 0.0
        self.calls = 0
        self.most_under_way = 0
        self._under_way = 0

    def measured(self, act: Callable[[], Step]) -> Step:
        began = time.thread_time()
        step = act()
        self.longest = max(self.longest, time.thread_time() - began)
        self.calls += 1
        return step

    async def sign_in(self, client: AppClient, send: AsyncTransport) -> SignedIn:
        """`drive_async`, with a watch on each call."""
        self._under_way += 1
        self.most_under_way = max(self.most_under_way, self._under_way)
        attempt = SignIn(client, username="alice", password=PASSWORD)
        step = self.measured(attempt.start)
        while isinstance(step, Call):
            answer: Mapping[str, Any] = await send(step)
            step = self.measured(lambda answer=answer: attempt.receive(answer))
        assert isinstance(step, SignedIn)
        self._under_way -= 1
        return step


@pytest.fixture(scope="module")
def pool() -> Iterator[dict[str, str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "transports.pool_process"], stdout=subprocess.PIPE, text=True, cwd=TESTS
    )
    assert process.stdout is not None
    try:
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.wait(timeout=10)


async def thousand_sign_ins(client: AppClient, send: AsyncTransport) -> Stretches:
    stretches, tokens = Stretches(), set[str]()
    sockets = anyio.CapacityLimiter(CONNECTIONS)

    async def bounded(call: Call) -> Mapping[str, Any]:
        async with sockets:
            return await send(call)

    async def one() -> None:
        signed_in = await stretches.sign_in(client, bounded)
        tokens.add(signed_in.tokens.access)

    async with anyio.create_task_group() as group:
        for _ in range(SIGN_INS):
            group.start_soon(one)
    assert len(tokens) == SIGN_INS
    return stretches


async def over_httpx(client: AppClient, url: str) -> Stretches:
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx.AsyncClient(trust_env=False, limits=limits, timeout=60) as http:
        return await thousand_sign_ins(client, async_httpx_transport(client, http, url=url))


async def over_aiobotocore(client: AppClient, url: str) -> Stretches:
    config = AioConfig(
        signature_version=UNSIGNED,
        max_pool_connections=CONNECTIONS,
        connect_timeout=60,
        read_timeout=60,
        retries={"total_max_attempts": 1},
    )
    maker: Any = aio_session()
    async with maker.create_client("cognito-idp", region_name=client.region, endpoint_url=url, config=config) as aws:
        return await thousand_sign_ins(client, aiobotocore_transport(aws))


@pytest.mark.parametrize("over", [over_httpx, over_aiobotocore], ids=["httpx", "aiobotocore"])
def test_a_thousand_sign_ins_at_once(pool: dict[str, str], over: Any) -> None:
    # What is computed once in a process is computed before the first sign-in would have to wait for it.
    warm()
    # The objects of the test run are many, and looking through them for garbage is no part of a sign-in.
    gc.collect()
    gc.freeze()
    try:
        stretches = anyio.run(over, AppClient(pool["pool_id"], pool["client_id"]), pool["url"])
    finally:
        gc.unfreeze()
    assert stretches.calls == 3 * SIGN_INS
    assert stretches.most_under_way == SIGN_INS
    assert stretches.longest < LONGEST_SECONDS


def test_the_watch_sees_a_blocked_loop() -> None:
    def work() -> Any:
        end = time.thread_time() + 2 * LONGEST_SECONDS
        while time.thread_time() < end:
            pass

    stretches = Stretches()
    stretches.measured(work)
    assert stretches.longest > LONGEST_SECONDS


def test_a_refusal_reaches_the_awaiting_code(pool: dict[str, str]) -> None:
    client = AppClient(pool["pool_id"], pool["client_id"])

    async def run() -> None:
        async with httpx.AsyncClient(trust_env=False) as http:
            send = async_httpx_transport(client, http, url=pool["url"])
            attempt = SignIn(client, username="alice", password="Wrong horse, 1 battery")
            step = attempt.start()
            while isinstance(step, Call):
                step = attempt.receive(await send(step))

    with pytest.raises(ServiceError, match="NotAuthorizedException"):
        anyio.run(run)
