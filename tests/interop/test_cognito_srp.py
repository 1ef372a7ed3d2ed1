"""cognito-srp of npm, as the server of our client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cognito_srp import PasswordSession
from interop.user_pools import PASSWORD, WRONG_PASSWORD

if TYPE_CHECKING:
    from interop.node_adapter import NodeAdapter

POOL = "7DZy4Fkn7"
SIGN_INS = 6


def accepted(adapter: NodeAdapter, password: str) -> tuple[bool, bool]:
    """Whether the server takes a proof of `password` for one of PASSWORD, and whether it padded a number."""
    session = PasswordSession(f"us-east-1_{POOL}", username="alice", password=password)
    challenge = adapter.call("challenge", POOL, "alice", PASSWORD, session.srp_a)
    padded = challenge.pop("padded")
    answer = session.prove(challenge).responses()
    return adapter.call(
        "verify",
        answer["PASSWORD_CLAIM_SECRET_BLOCK"],
        answer["TIMESTAMP"],
        answer["PASSWORD_CLAIM_SIGNATURE"],
    ), padded


def test_right_and_wrong_password(cognito_srp: NodeAdapter) -> None:
    """It hashes B and the session key in full width: where one begins with a zero byte, 1 in 128, it differs."""
    taken = 0
    while taken < SIGN_INS:
        right, padded = accepted(cognito_srp, PASSWORD)
        assert right != padded
        taken += right
    assert accepted(cognito_srp, WRONG_PASSWORD)[0] is False
