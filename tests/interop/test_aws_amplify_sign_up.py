"""Amplify 6 signs a user up, with the code that was sent, and signs the user in right after."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from interop.amplify import DONE, Amplify
from interop.node_adapter import JavaScriptError
from interop.user_pools import CHOICE_FLOWS, PASSWORD, Service, UserPool, another_code

if TYPE_CHECKING:
    from cognito_challenges.pool import PoolService
    from cognito_challenges.pool.store.outbox import Outbox
    from interop.node_adapter import NodeAdapter

ADDRESSES = {"email": "bob@example.com", "phone_number": "+12065550142"}


def pool_for_everybody(service: Service) -> UserPool:
    return UserPool.create(
        service,
        flows=CHOICE_FLOWS,
        AutoVerifiedAttributes=list(ADDRESSES),
        Policies={"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]}},
    )


def sign_up(amplify: Amplify, attribute: str = "email", password: str | None = PASSWORD, **options: Any) -> str:
    given = {"username": "bob", "options": {"userAttributes": {attribute: ADDRESSES[attribute]}, **options}}
    return amplify.step("signUp", **given if password is None else {**given, "password": password})


def confirm(amplify: Amplify, code: str) -> str:
    return amplify.step("confirmSignUp", username="bob", confirmationCode=code)


def auto_sign_in(amplify: Amplify) -> str:
    return amplify.adapter.call("autoSignIn")["nextStep"]["signInStep"]


def test_code(pool: Service, aws_amplify: NodeAdapter, outbox: Outbox) -> None:
    amplify = Amplify(aws_amplify, pool_for_everybody(pool))
    assert sign_up(amplify) == "CONFIRM_SIGN_UP"
    assert amplify.sign_in("bob", PASSWORD) == "CONFIRM_SIGN_UP"
    first = outbox.code(ADDRESSES["email"])
    amplify.call("resendSignUpCode", username="bob")
    code = outbox.code(ADDRESSES["email"])
    for wrong in (another_code(code), first):
        with pytest.raises(JavaScriptError, match="CodeMismatchException"):
            confirm(amplify, wrong)
    assert confirm(amplify, code) == DONE
    assert amplify.sign_in("bob", PASSWORD) == DONE
    assert amplify.pool.attributes_of("bob")["email_verified"] == "true"
    with pytest.raises(JavaScriptError, match="UsernameExistsException"):
        sign_up(amplify)


@pytest.mark.parametrize(("attribute", "password"), [("email", PASSWORD), ("phone_number", None)])
def test_the_code_signs_in(
    pool: Service, aws_amplify: NodeAdapter, outbox: Outbox, attribute: str, password: str | None
) -> None:
    amplify = Amplify(aws_amplify, pool_for_everybody(pool))
    assert sign_up(amplify, attribute, password, autoSignIn={"authFlowType": "USER_AUTH"}) == "CONFIRM_SIGN_UP"
    assert confirm(amplify, outbox.code(ADDRESSES[attribute])) == "COMPLETE_AUTO_SIGN_IN"
    messages = len(outbox)
    assert auto_sign_in(amplify) == DONE
    assert amplify.requests == ["InitiateAuth USER_AUTH"]
    assert len(outbox) == messages, "no second code was sent"
    assert amplify.username() == "bob"


def test_the_password_signs_in(pool: Service, aws_amplify: NodeAdapter, outbox: Outbox) -> None:
    amplify = Amplify(aws_amplify, pool_for_everybody(pool))
    sign_up(amplify, autoSignIn=True)
    assert confirm(amplify, outbox.code(ADDRESSES["email"])) == "COMPLETE_AUTO_SIGN_IN"
    assert auto_sign_in(amplify) == DONE
    assert amplify.requests == ["InitiateAuth USER_SRP_AUTH", "RespondToAuthChallenge PASSWORD_VERIFIER"]
    assert amplify.username() == "bob"


@pytest.mark.parametrize(
    ("options", "step"),
    [
        ({"authFlowType": "USER_SRP_AUTH"}, DONE),
        # Nobody has proved the address, so the user has to begin as at any other time.
        ({"authFlowType": "USER_AUTH"}, "CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION"),
        ({"authFlowType": "USER_AUTH", "preferredChallenge": "PASSWORD_SRP"}, DONE),
    ],
    ids=["SRP", "choice", "choice of SRP"],
)
def test_confirmed_at_once(
    pool: Service, pool_service: PoolService, aws_amplify: NodeAdapter, options: dict[str, str], step: str
) -> None:
    amplify = Amplify(aws_amplify, pool_for_everybody(pool))
    pool_service.connect(amplify.pool.pool_id, "PreSignUp", confirms_at_once)
    assert sign_up(amplify, autoSignIn=options) == "COMPLETE_AUTO_SIGN_IN"
    assert auto_sign_in(amplify) == step


def confirms_at_once(event: dict[str, Any]) -> dict[str, Any]:
    event["response"]["autoConfirmUser"] = True
    return event
