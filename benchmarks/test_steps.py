"""Both steps of a sign-in by each engine, their floor, devices, and the server's role."""

from typing import Any

import pytest

import node
import peers
from cognito_srp import Device, ServerSession, Verifier

ENGINES = [
    peers.default,
    peers.blinded,
    peers.without_openssl,
    peers.blinded_without_openssl,
    peers.pycognito,
    peers.pysrp,
]


@pytest.mark.parametrize("engine", ENGINES)
def test_step_1(benchmark: Any, engine: Any) -> None:
    assert benchmark(engine().begin)


@pytest.mark.parametrize("engine", ENGINES)
def test_step_2(benchmark: Any, engine: Any) -> None:
    begin = engine().begin
    assert benchmark.pedantic(engine().prove, setup=lambda: ((begin(),), {}), rounds=50)


def test_floor_of_step_2(benchmark: Any) -> None:
    benchmark(peers.floor)


def test_amazon_cognito_identity_js() -> None:
    if reason := node.missing():
        pytest.skip(reason)
    assert min(node.steps(1)) > 0


@pytest.mark.parametrize("register", [peers.register_device, peers.pycognito_registers_device])
def test_device_verifier(benchmark: Any, register: Any) -> None:
    assert benchmark(register)


def test_device_verifier_of_a_known_device(benchmark: Any) -> None:
    assert benchmark(Device(key="key", group_key="-group", password="password").verifier, peers.SALT)


def test_user_verifier(benchmark: Any) -> None:
    assert benchmark(Verifier.for_user, peers.POOL_ID, user_id=peers.USERNAME, password=peers.PASSWORD)


def test_server_challenge(benchmark: Any) -> None:
    public_a = peers.default().begin().srp_a
    assert benchmark(
        ServerSession.for_user, peers.POOL_ID, user_id=peers.USERNAME, verifier=peers.VERIFIER, srp_a=public_a
    ).srp_b


def test_server_verification(benchmark: Any) -> None:
    """The server accepts the proof that the client benchmark gives."""
    client = peers.default().begin()
    server = ServerSession.for_user(peers.POOL_ID, user_id=peers.USERNAME, verifier=peers.VERIFIER, srp_a=client.srp_a)
    parameters = peers.CHALLENGE | {"SALT": server.salt, "SRP_B": server.srp_b}
    claim = client.prove(parameters)
    benchmark(server.verify, secret_block=claim.secret_block, timestamp=claim.timestamp, signature=claim.signature)
