"""amazon-cognito-passwordless-auth signs in by SRP and is refused with wrong secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cognito_challenges.pool import Options, PoolService, running
from interop.node_adapter import JavaScriptError
from interop.refusals import WRONG_PROOF
from interop.user_pools import PASSWORD, TEMPORARY_PASSWORD, WRONG_PASSWORD, Service, UserPool

if TYPE_CHECKING:
    from interop.node_adapter import NodeAdapter

SIGN_INS = 3


def access_token(adapter: NodeAdapter, pool: UserPool, username: str, password: str = PASSWORD, **answers: str) -> str:
    return adapter.call(
        "signIn",
        {
            "endpoint": pool.service.endpoint_url,
            "userPoolId": pool.pool_id,
            "clientId": pool.client_id,
            "clientSecret": pool.client_secret,
            "username": username,
            "password": password,
            **answers,
        },
    )["accessToken"]


def sign_in(adapter: NodeAdapter, pool: UserPool, username: str, password: str = PASSWORD, **answers: str) -> str:
    """The user whom the access token is of."""
    token = access_token(adapter, pool, username, password, **answers)
    return pool.client.get_user(AccessToken=token)["Username"]


def refusal(*given: Any, **answers: str) -> tuple[str, str]:
    with pytest.raises(JavaScriptError) as caught:
        sign_in(*given, **answers)
    return caught.value.code, caught.value.message


def test_right_and_wrong_password(any_service: Service, passwordless_auth: NodeAdapter) -> None:
    pool = UserPool.create(any_service)
    for number in range(SIGN_INS):
        pool.add_user(f"alice-{number}")
        assert sign_in(passwordless_auth, pool, f"alice-{number}") == f"alice-{number}"
        assert passwordless_auth.requests == [
            "InitiateAuth USER_SRP_AUTH",
            "RespondToAuthChallenge PASSWORD_VERIFIER",
        ]
    assert refusal(passwordless_auth, pool, "alice-0", WRONG_PASSWORD) == WRONG_PROOF


def test_client_secret(pool: Service, passwordless_auth: NodeAdapter) -> None:
    user_pool = UserPool.create(pool, secret=True)
    user_pool.add_user("alice")
    assert sign_in(passwordless_auth, user_pool, "alice") == "alice"
    assert refusal(passwordless_auth, user_pool, "alice", WRONG_PASSWORD) == WRONG_PROOF
    assert refusal(passwordless_auth, user_pool, "alice", clientSecret="x")[0] == "NotAuthorizedException"


def test_temporary_password_and_authenticator_app(pool: Service, passwordless_auth: NodeAdapter) -> None:
    user_pool = UserPool.create(pool)
    user_pool.allow_software_tokens()
    user_pool.add_user("alice", TEMPORARY_PASSWORD, temporary=True)
    assert sign_in(passwordless_auth, user_pool, "alice", TEMPORARY_PASSWORD, newPassword=PASSWORD) == "alice"
    token = access_token(passwordless_auth, user_pool, "alice")
    authenticator = user_pool.enrol_software_token("alice", token)
    wrong = refusal(passwordless_auth, user_pool, "alice", code=authenticator.wrong_code())
    assert wrong[0] == "CodeMismatchException"
    assert sign_in(passwordless_auth, user_pool, "alice", code=authenticator.next_code()) == "alice"


@pytest.mark.parametrize("username", ["josé", "李雷"])
def test_user_names_that_are_not_ascii(any_service: Service, passwordless_auth: NodeAdapter, username: str) -> None:
    """It signs the low byte of each UTF-16 unit of the user name, where the service and the others sign UTF-8."""
    pool = UserPool.create(any_service)
    pool.add_user(username)
    assert refusal(passwordless_auth, pool, username) == WRONG_PROOF


def test_the_pool_names_this_mistake(passwordless_auth: NodeAdapter) -> None:
    service = PoolService(Options(explain=True))
    with running(service) as url:
        pool = UserPool.create(Service("pool", url))
        pool.add_user("josé")
        assert refusal(passwordless_auth, pool, "josé") == WRONG_PROOF
        assert service.journal.records()[0].exchanges[-1].mistake == "other-text-encoding"
        assert refusal(passwordless_auth, pool, "josé", WRONG_PASSWORD) == WRONG_PROOF
        assert service.journal.records()[0].exchanges[-1].mistake == "unexplained"
