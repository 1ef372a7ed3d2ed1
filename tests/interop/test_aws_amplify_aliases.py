"""Amplify 6 where people sign in by e-mail address, as in the user pools that it sets up itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from interop import custom_auth
from interop.amplify import DONE, Amplify, refusal
from interop.refusals import WRONG_PROOF
from interop.user_pools import CHOICE_FLOWS, PASSWORD, WRONG_PASSWORD, Authenticator, Service, UserPool

if TYPE_CHECKING:
    from cognito_challenges.pool.store.outbox import Outbox
    from interop.node_adapter import NodeAdapter

EMAIL = "alice@example.com"
BY_EMAIL = {"UsernameAttributes": ["email"], "AutoVerifiedAttributes": ["email"]}
BY_ALIAS = {"AliasAttributes": ["email"], "AutoVerifiedAttributes": ["email"]}


def pool_by_email(service: Service, **settings: Any) -> UserPool:
    """A pool with authenticator apps, every flow and two first factors, whose users' names are random."""
    pool = UserPool.create_with_custom_auth(
        service,
        flows=CHOICE_FLOWS,
        Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}},
        **BY_EMAIL,
        **settings,
    )
    pool.allow_software_tokens()
    return pool


def sign_up(amplify: Amplify, outbox: Outbox) -> None:
    """The user signs up, and is signed in by the code."""
    options = {"userAttributes": {"email": EMAIL}, "autoSignIn": {"authFlowType": "USER_AUTH"}}
    amplify.call("signUp", username=EMAIL, password=PASSWORD, options=options)
    amplify.call("confirmSignUp", username=EMAIL, confirmationCode=outbox.code(EMAIL))
    assert amplify.adapter.call("autoSignIn")["nextStep"]["signInStep"] == DONE


def test_every_flow(pool: Service, aws_amplify: NodeAdapter, outbox: Outbox) -> None:
    amplify = Amplify(aws_amplify, pool_by_email(pool))
    sign_up(amplify, outbox)
    user_name = amplify.username()
    assert user_name != EMAIL
    for flow, preferred, password in (
        ("USER_SRP_AUTH", None, PASSWORD),
        ("USER_PASSWORD_AUTH", None, PASSWORD),
        ("USER_AUTH", "PASSWORD", PASSWORD),
        ("USER_AUTH", "PASSWORD_SRP", PASSWORD),
    ):
        options = {"authFlowType": flow, "preferredChallenge": preferred}
        assert amplify.sign_in(EMAIL, password, **options) == DONE, options
        assert amplify.username() == user_name
    assert refusal(amplify, "sign_in", EMAIL, WRONG_PASSWORD) == WRONG_PROOF
    for flow, password in (("CUSTOM_WITH_SRP", PASSWORD), ("CUSTOM_WITHOUT_SRP", None)):
        amplify.sign_in(EMAIL, password, authFlowType=flow)
        assert amplify.answer(custom_auth.ANSWER) == DONE, flow
        assert amplify.username() == user_name
    amplify.sign_in(EMAIL, authFlowType="USER_AUTH", preferredChallenge="EMAIL_OTP")
    assert amplify.answer(outbox.code(EMAIL)) == DONE
    assert amplify.username() == user_name


def test_second_factor_and_device(pool: Service, aws_amplify: NodeAdapter, outbox: Outbox) -> None:
    """Amplify keeps the first sign-in's device under the e-mail address, the next one's under the user name."""
    devices = {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False}
    amplify = Amplify(aws_amplify, pool_by_email(pool, DeviceConfiguration=devices))
    sign_up(amplify, outbox)
    authenticator = Authenticator(amplify.call("setUpTOTP")["sharedSecret"])
    amplify.call("verifyTOTPSetup", code=authenticator.code())
    amplify.call("updateMFAPreference", totp="PREFERRED")
    assert amplify.sign_in(EMAIL, PASSWORD) == "CONFIRM_SIGN_IN_WITH_TOTP_CODE"
    assert amplify.answer(authenticator.next_code()) == DONE
    assert amplify.requests[-1] == "ConfirmDevice"
    assert amplify.sign_in(EMAIL, PASSWORD) == DONE
    assert amplify.requests[-1] == "RespondToAuthChallenge DEVICE_PASSWORD_VERIFIER"


@pytest.mark.parametrize("settings", [BY_EMAIL, BY_ALIAS], ids=["as the user name", "as an alias"])
def test_reset(pool: Service, aws_amplify: NodeAdapter, outbox: Outbox, settings: dict[str, list[str]]) -> None:
    user_pool = UserPool.create(pool, **settings)
    user_pool.add_user(EMAIL if settings is BY_EMAIL else "alice", email=EMAIL, email_verified="true")
    amplify = Amplify(aws_amplify, user_pool)
    amplify.call("resetPassword", username=EMAIL)
    new = "Another battery, 3"
    amplify.call("confirmResetPassword", username=EMAIL, confirmationCode=outbox.code(EMAIL), newPassword=new)
    assert refusal(amplify, "sign_in", EMAIL, PASSWORD) == WRONG_PROOF
    assert amplify.sign_in(EMAIL, new) == DONE
