"""Whole sign-ins: through the in-process pool, in a cold process, in worker processes, and against ministack."""

from typing import Any

import pytest

import cold
import memory
import peers
import pools
import processes
from cognito_challenges import AppClient, SignedIn, SignIn, drive
from cognito_challenges.pool import PoolService


def test_sign_in_through_the_in_process_pool(benchmark: Any) -> None:
    """Client and server role together, without HTTP: the machine, both proofs, and three tokens."""
    service = PoolService()
    pool_id = service.call("CreateUserPool", {"PoolName": "benchmark"})["UserPool"]["Id"]
    client = service.call(
        "CreateUserPoolClient",
        {"UserPoolId": pool_id, "ClientName": "benchmark", "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]},
    )["UserPoolClient"]
    user = {"UserPoolId": pool_id, "Username": peers.USERNAME}
    service.call("AdminCreateUser", user | {"MessageAction": "SUPPRESS"})
    service.call("AdminSetUserPassword", user | {"Password": peers.PASSWORD, "Permanent": True})

    def sign_in() -> object:
        attempt = SignIn(AppClient(pool_id, client["ClientId"]), username=peers.USERNAME, password=peers.PASSWORD)
        return drive(attempt, lambda call: service.call(call.operation, call.parameters))

    assert isinstance(benchmark(sign_in), SignedIn)


@pytest.mark.parametrize("name", cold.PROGRAMS)
def test_cold_process(benchmark: Any, name: str) -> None:
    benchmark.pedantic(cold.run, (cold.PROGRAMS[name], {}), rounds=5)


def test_snapshot() -> None:
    assert memory.growth(5) < 10 << 20


@pytest.mark.parametrize("workers", [1, 2])
def test_worker_processes(workers: int) -> None:
    assert processes.rate(workers, 40) > 0


def test_pools() -> None:
    ours, theirs = pools.rates(1)
    assert ours > theirs
