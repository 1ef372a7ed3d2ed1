"""Amplify 6 remembers a device, proves it at the next sign-in, and gets in when the pool has forgotten it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from interop import custom_auth
from interop.amplify import DONE, Amplify, refusal
from interop.refusals import WRONG_PROOF
from interop.user_pools import CHOICE_FLOWS, PASSWORD, WRONG_PASSWORD, Authenticator, Service, UserPool

if TYPE_CHECKING:
    from collections.abc import Callable

    from interop.node_adapter import NodeAdapter

ALWAYS = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False}
WHEN_ASKED = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True}
PROOF_OF_DEVICE = ["RespondToAuthChallenge DEVICE_SRP_AUTH", "RespondToAuthChallenge DEVICE_PASSWORD_VERIFIER"]
ROUNDS = 2


def keys(pool: UserPool) -> set[str]:
    """The devices that the pool has of alice."""
    answer = pool.client.admin_list_devices(UserPoolId=pool.pool_id, Username="alice")
    return {device["DeviceKey"] for device in answer["Devices"]}


def by_srp(amplify: Amplify, password: str = PASSWORD) -> str:
    return amplify.sign_in("alice", password)


def by_plain_password(amplify: Amplify, password: str = PASSWORD) -> str:
    return amplify.sign_in("alice", password, authFlowType="USER_PASSWORD_AUTH")


def by_srp_and_custom_challenge(amplify: Amplify, password: str = PASSWORD) -> str:
    amplify.sign_in("alice", password, authFlowType="CUSTOM_WITH_SRP")
    return amplify.answer(custom_auth.ANSWER)


def amplify_with_devices(service: Service, adapter: NodeAdapter) -> Amplify:
    pool = UserPool.create_with_custom_auth(service, flows=CHOICE_FLOWS, DeviceConfiguration=ALWAYS)
    pool.add_user("alice")
    return Amplify(adapter, pool)


@pytest.mark.parametrize("sign_in", [by_srp, by_plain_password, by_srp_and_custom_challenge])
def test_the_second_sign_in_proves_the_device(
    pool: Service, aws_amplify: NodeAdapter, sign_in: Callable[..., str]
) -> None:
    amplify = amplify_with_devices(pool, aws_amplify)
    assert sign_in(amplify) == DONE
    assert amplify.requests[-1] == "ConfirmDevice"
    (device,) = amplify.call("fetchDevices")
    assert keys(amplify.pool) == {device["id"]}
    for _ in range(ROUNDS):
        assert sign_in(amplify) == DONE
        assert amplify.requests[-2:] == PROOF_OF_DEVICE
        assert amplify.username() == "alice"
    assert keys(amplify.pool) == {device["id"]}, "no second device"


def test_a_device_does_not_replace_the_password(pool: Service, aws_amplify: NodeAdapter) -> None:
    amplify = amplify_with_devices(pool, aws_amplify)
    by_srp(amplify)
    assert refusal(amplify, "sign_in", "alice", WRONG_PASSWORD) == WRONG_PROOF


@pytest.mark.parametrize("sign_in", [by_srp, by_plain_password, by_srp_and_custom_challenge])
def test_forgotten_by_the_pool(pool: Service, aws_amplify: NodeAdapter, sign_in: Callable[..., str]) -> None:
    """On "Device does not exist." Amplify sends the same answer again without DEVICE_KEY."""
    amplify = amplify_with_devices(pool, aws_amplify)
    sign_in(amplify)
    (before,) = keys(amplify.pool)
    amplify.pool.client.admin_forget_device(UserPoolId=amplify.pool.pool_id, Username="alice", DeviceKey=before)
    assert sign_in(amplify) == DONE
    assert amplify.username() == "alice"
    (after,) = keys(amplify.pool)
    assert after != before
    assert sign_in(amplify) == DONE
    assert amplify.requests[-2:] == PROOF_OF_DEVICE


def test_forgotten_by_its_owner(pool: Service, aws_amplify: NodeAdapter) -> None:
    amplify = amplify_with_devices(pool, aws_amplify)
    by_srp(amplify)
    amplify.call("forgetDevice")
    assert keys(amplify.pool) == set()
    assert by_srp(amplify) == DONE
    assert PROOF_OF_DEVICE[0] not in amplify.requests


def test_a_remembered_device_stands_in_for_the_second_factor(pool: Service, aws_amplify: NodeAdapter) -> None:
    user_pool = UserPool.create(pool, DeviceConfiguration=WHEN_ASKED)
    user_pool.allow_software_tokens()
    user_pool.add_user("alice")
    amplify = Amplify(aws_amplify, user_pool)
    by_srp(amplify)
    authenticator = Authenticator(amplify.call("setUpTOTP")["sharedSecret"])
    amplify.call("verifyTOTPSetup", code=authenticator.code())
    amplify.call("updateMFAPreference", totp="PREFERRED")
    assert by_srp(amplify) == "CONFIRM_SIGN_IN_WITH_TOTP_CODE", "the owner was not asked yet"
    assert amplify.answer(authenticator.next_code()) == DONE
    amplify.call("rememberDevice")
    assert by_srp(amplify) == DONE
    assert amplify.requests[-2:] == PROOF_OF_DEVICE
