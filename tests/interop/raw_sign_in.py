"""A sign-in spelled out: botocore carries the calls, the engine answers the challenge, nothing stands between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cognito_srp import PasswordSession, secret_hash

if TYPE_CHECKING:
    from collections.abc import Callable

    from interop.user_pools import UserPool


def sign_in(
    pool: UserPool,
    session: PasswordSession,
    *,
    bend_parameters: Callable[[dict[str, str]], None] = lambda parameters: None,
    bend_responses: Callable[[dict[str, str]], None] = lambda responses: None,
) -> dict[str, Any]:
    """The service's answer to PASSWORD_VERIFIER. The bends tamper with what the engine sees, or with what it said."""
    challenge = initiate(pool, session)
    parameters = challenge["ChallengeParameters"]
    bend_parameters(parameters)
    username = parameters["USERNAME"]
    responses = {"USERNAME": username, **hashed(pool, username), **session.prove(parameters).responses()}
    bend_responses(responses)
    carried = {"Session": challenge["Session"]} if challenge.get("Session") else {}
    return pool.client.respond_to_auth_challenge(
        ClientId=pool.client_id, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses=responses, **carried
    )


def initiate(pool: UserPool, session: PasswordSession) -> dict[str, Any]:
    return pool.client.initiate_auth(
        ClientId=pool.client_id,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters={
            "USERNAME": session.username,
            "SRP_A": session.srp_a,
            **hashed(pool, session.username),
        },
    )


def hashed(pool: UserPool, username: str) -> dict[str, str]:
    """SECRET_HASH over `username`, for an app client that has a secret."""
    if pool.client_secret is None:
        return {}
    return {"SECRET_HASH": secret_hash(username, client_id=pool.client_id, client_secret=pool.client_secret)}
