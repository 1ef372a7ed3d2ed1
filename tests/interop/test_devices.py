"""Devices that foreign clients and ours remember: each side's registration, each side's sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from cognito_challenges import Device, ServiceError, forget_device
from interop import our_client
from interop.devices import (
    pool_with_devices,
    remembered_by_pycognito,
    remembered_by_us,
    sign_in_with_pycognito,
    with_wrong_password,
)
from interop.foreign_clients import AmazonCognitoIdentityJs
from interop.refusals import WRONG_PROOF, refused
from interop.user_pools import PASSWORD, Service, UserPool

if TYPE_CHECKING:
    from collections.abc import Callable

DEVICE_SIGN_IN = [
    "InitiateAuth USER_SRP_AUTH",
    "RespondToAuthChallenge PASSWORD_VERIFIER",
    "RespondToAuthChallenge DEVICE_SRP_AUTH",
    "RespondToAuthChallenge DEVICE_PASSWORD_VERIFIER",
]
# Salt, verifier and B of each round are fresh: a mistake in a byte layout spoils only some of them.
ROUNDS = 4


@pytest.mark.parametrize("remember", [remembered_by_pycognito, remembered_by_us])
def test_pycognito(pool: Service, remember: Callable[[UserPool], Device]) -> None:
    user_pool = pool_with_devices(pool)
    for _ in range(ROUNDS):
        device = remember(user_pool)
        assert not sign_in_with_pycognito(user_pool, device)
    with refused(*WRONG_PROOF):
        sign_in_with_pycognito(user_pool, with_wrong_password(device))


def test_pycognito_leaves_a_secret_hash_out(pool: Service) -> None:
    """It sends none with DEVICE_SRP_AUTH, so its devices cannot sign in to an app client that has a secret."""
    user_pool = pool_with_devices(pool, secret=True)
    device = remembered_by_pycognito(user_pool)
    with refused("NotAuthorizedException"):
        sign_in_with_pycognito(user_pool, device)


@pytest.mark.parametrize("remember", [remembered_by_pycognito, remembered_by_us])
@pytest.mark.parametrize("secret", [False, True], ids=["public", "secret"])
def test_our_client(pool: Service, remember: Callable[[UserPool], Device], secret: bool) -> None:
    user_pool = pool_with_devices(pool, secret=secret)
    for _ in range(ROUNDS):
        device = remember(user_pool)
        signed_in = our_client.sign_in(user_pool, "alice", PASSWORD, device=device)
        assert signed_in.new_device is None
        assert signed_in.forgotten_device is None
    with pytest.raises(ServiceError) as refusal:
        our_client.sign_in(user_pool, "alice", PASSWORD, device=with_wrong_password(device))
    assert (refusal.value.code, refusal.value.message) == WRONG_PROOF

    our_client.over_boto3(user_pool)(forget_device(signed_in.tokens.access, device_key=device.key))
    signed_in = our_client.sign_in(user_pool, "alice", PASSWORD, device=device)
    assert signed_in.forgotten_device == device.key
    assert signed_in.new_device


def test_amazon_cognito_identity_js(pool: Service, amazon_cognito_identity_js: AmazonCognitoIdentityJs) -> None:
    user_pool = pool_with_devices(pool)
    first = amazon_cognito_identity_js.sign_in(user_pool, "alice", PASSWORD)
    assert first.tokens, first.error
    assert first.calls == [*DEVICE_SIGN_IN[:2], "ConfirmDevice"]
    for _ in range(ROUNDS // 2):
        later = amazon_cognito_identity_js.sign_in(user_pool, "alice", PASSWORD)
        assert later.tokens, later.error
        assert later.calls == DEVICE_SIGN_IN
    spoiled = amazon_cognito_identity_js.sign_in(user_pool, "alice", PASSWORD, spoilDevice=True)
    assert spoiled.error == dict(zip(("code", "message"), WRONG_PROOF, strict=True))
    assert spoiled.calls == DEVICE_SIGN_IN


def test_amazon_cognito_identity_js_with_software_token(
    pool: Service, amazon_cognito_identity_js: AmazonCognitoIdentityJs
) -> None:
    """The device is confirmed after the code, and stands in for nothing but itself at the next sign-in."""
    user_pool = pool_with_devices(pool)
    user_pool.allow_software_tokens()
    tokens = our_client.sign_in(user_pool, "alice", PASSWORD).tokens
    authenticator = user_pool.enrol_software_token("alice", tokens.access)
    outcome = amazon_cognito_identity_js.sign_in(
        user_pool, "alice", PASSWORD, answers={"SOFTWARE_TOKEN_MFA": lambda _: authenticator.next_code()}
    )
    assert outcome.tokens, outcome.error
    assert outcome.calls == [*DEVICE_SIGN_IN[:2], "RespondToAuthChallenge SOFTWARE_TOKEN_MFA", "ConfirmDevice"]
