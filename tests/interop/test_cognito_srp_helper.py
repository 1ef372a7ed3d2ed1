"""The AWS SDK for JavaScript with cognito-srp-helper signs in and is refused with wrong secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from interop.devices import pool_with_devices
from interop.node_adapter import JavaScriptError
from interop.refusals import WRONG_PROOF
from interop.user_pools import PASSWORD, WRONG_PASSWORD, Service, UserPool

if TYPE_CHECKING:
    from interop.node_adapter import NodeAdapter

SIGN_INS = 3
BY_PASSWORD = ["InitiateAuth USER_SRP_AUTH", "RespondToAuthChallenge PASSWORD_VERIFIER"]
BY_DEVICE = ["RespondToAuthChallenge DEVICE_SRP_AUTH", "RespondToAuthChallenge DEVICE_PASSWORD_VERIFIER"]


def sign_in(adapter: NodeAdapter, pool: UserPool, username: str, password: str = PASSWORD, **order: Any) -> Any:
    """AuthenticationResult."""
    return adapter.call(
        "signIn",
        {
            "endpoint": pool.service.endpoint_url,
            "userPoolId": pool.pool_id,
            "clientId": pool.client_id,
            "clientSecret": pool.client_secret,
            "username": username,
            "password": password,
            **order,
        },
    )


def refusal(*given: Any, **order: Any) -> tuple[str, str]:
    with pytest.raises(JavaScriptError) as caught:
        sign_in(*given, **order)
    return caught.value.code, caught.value.message


def test_right_and_wrong_password(any_service: Service, cognito_srp_helper: NodeAdapter) -> None:
    pool = UserPool.create(any_service)
    for number in range(SIGN_INS):
        pool.add_user(f"alice-{number}")
        tokens = sign_in(cognito_srp_helper, pool, f"alice-{number}")
        assert cognito_srp_helper.requests == BY_PASSWORD
        assert pool.client.get_user(AccessToken=tokens["AccessToken"])["Username"] == f"alice-{number}"
    assert refusal(cognito_srp_helper, pool, "alice-0", WRONG_PASSWORD) == WRONG_PROOF


def test_client_secret(pool: Service, cognito_srp_helper: NodeAdapter) -> None:
    user_pool = UserPool.create(pool, secret=True)
    user_pool.add_user("alice")
    assert "AccessToken" in sign_in(cognito_srp_helper, user_pool, "alice")
    assert refusal(cognito_srp_helper, user_pool, "alice", WRONG_PASSWORD) == WRONG_PROOF
    assert refusal(cognito_srp_helper, user_pool, "alice", clientSecret="x")[0] == "NotAuthorizedException"
    assert refusal(cognito_srp_helper, user_pool, "alice", clientSecret=None)[0] == "NotAuthorizedException"


@pytest.mark.parametrize("secret", [False, True], ids=["public", "secret"])
def test_device(pool: Service, cognito_srp_helper: NodeAdapter, secret: bool) -> None:
    user_pool = pool_with_devices(pool, secret=secret)
    first = sign_in(cognito_srp_helper, user_pool, "alice")
    device = cognito_srp_helper.call(
        "confirmDevice", pool.endpoint_url, first["AccessToken"], first["NewDeviceMetadata"]
    )
    second = sign_in(cognito_srp_helper, user_pool, "alice", device=device)
    assert cognito_srp_helper.requests == [*BY_PASSWORD, *BY_DEVICE]
    assert "NewDeviceMetadata" not in second
    other = {**device, "password": "not the password of this device"}
    assert refusal(cognito_srp_helper, user_pool, "alice", device=other) == WRONG_PROOF
    assert refusal(cognito_srp_helper, user_pool, "alice", WRONG_PASSWORD, device=device) == WRONG_PROOF
