"""Each formula of the engine by itself."""

from typing import Any

import pytest

import peers
from cognito_srp import formulas, secret_hash
from cognito_srp.arithmetic import Arithmetic, load

A = peers.FLOOR_EXPONENT >> 256
X = formulas.private_key(
    peers.SALT, group_name=b"Ab1Cd2Ef3", identity=peers.USERNAME.encode(), password=peers.PASSWORD.encode()
)
V = peers.VERIFIER.value
PUBLIC_A = formulas.public_ephemeral(A, load("int"))
U = formulas.scrambler(PUBLIC_A, peers.PUBLIC_B)
KEY = bytes(range(16))

HASHES = {
    "scrambler": lambda: formulas.scrambler(PUBLIC_A, peers.PUBLIC_B),
    "private_key": lambda: formulas.private_key(
        peers.SALT, group_name=b"Ab1Cd2Ef3", identity=peers.USERNAME.encode(), password=peers.PASSWORD.encode()
    ),
    "session_key": lambda: formulas.session_key(peers.PUBLIC_B, U),
    "claim_signature": lambda: formulas.claim_signature(
        KEY, group_name=b"Ab1", identity=b"alice", secret_block=bytes(1280), timestamp=b"Sat Mar 7 00:05:09 UTC 2026"
    ),
    "secret_hash": lambda: secret_hash("alice", client_id="client id", client_secret="client secret"),
}

POWERS = {
    "public_ephemeral": lambda by: formulas.public_ephemeral(A, by),
    "password_verifier": lambda by: formulas.password_verifier(X, by),
    "device_verifier": lambda by: formulas.device_verifier(X, by),
    "client_premaster": lambda by: formulas.client_premaster(A, peers.PUBLIC_B, V, X, U, by),
    "server_public_ephemeral": lambda by: formulas.server_public_ephemeral(V, A, by),
    "server_premaster": lambda by: formulas.server_premaster(A, PUBLIC_A, V, U, by),
}


def arithmetic(name: str) -> Arithmetic:
    kind, _, option = name.partition(" ")
    by = load(kind)
    by.warm()
    return by.blinded() if option else by


@pytest.mark.parametrize("formula", HASHES)
def test_hashes(benchmark: Any, formula: str) -> None:
    assert benchmark(HASHES[formula])


@pytest.mark.parametrize("by", ["openssl", "openssl blinded", "gmpy2", "gmpy2 blinded", "int"])
@pytest.mark.parametrize("formula", POWERS)
def test_powers(benchmark: Any, formula: str, by: str) -> None:
    assert benchmark(POWERS[formula], arithmetic(by)) == POWERS[formula](load("int"))
