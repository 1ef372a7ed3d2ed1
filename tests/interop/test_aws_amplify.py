"""Amplify 6 signs up, signs in by every factor and is refused with wrong ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from interop import custom_auth
from interop.amplify import DONE, Amplify, refusal
from interop.node_adapter import JavaScriptError, NodeAdapter
from interop.refusals import WRONG_PROOF, refused
from interop.user_pools import (
    CHOICE_FLOWS,
    PASSWORD,
    TEMPORARY_PASSWORD,
    WRONG_PASSWORD,
    Authenticator,
    Service,
    UserPool,
    another_code,
)

if TYPE_CHECKING:
    from cognito_challenges.pool.store.outbox import Outbox

SIGN_INS = 3
EMAIL = "alice@example.com"
PHONE = "+12065550100"
REACHABLE = {
    "email": EMAIL,
    "email_verified": "true",
    "phone_number": PHONE,
    "phone_number_verified": "true",
}
SMS = {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms", "ExternalId": "interop"}}


def test_right_and_wrong_password(any_service: Service, aws_amplify: NodeAdapter) -> None:
    amplify = Amplify(aws_amplify, UserPool.create(any_service))
    for number in range(SIGN_INS):
        amplify.pool.add_user(f"alice-{number}")
        assert amplify.sign_in(f"alice-{number}", PASSWORD) == DONE
        assert amplify.requests == ["InitiateAuth USER_SRP_AUTH", "RespondToAuthChallenge PASSWORD_VERIFIER"]
        assert amplify.username() == f"alice-{number}"
    assert refusal(amplify, "sign_in", "alice-0", WRONG_PASSWORD) == WRONG_PROOF
    assert amplify.requests[-1] == "RespondToAuthChallenge PASSWORD_VERIFIER"


def test_plain_password(pool: Service, aws_amplify: NodeAdapter) -> None:
    amplify = Amplify(aws_amplify, UserPool.create(pool, flows=CHOICE_FLOWS))
    amplify.pool.add_user("alice")
    assert amplify.sign_in("alice", PASSWORD, authFlowType="USER_PASSWORD_AUTH") == DONE
    assert amplify.username() == "alice"
    assert refusal(amplify, "sign_in", "alice", WRONG_PASSWORD, authFlowType="USER_PASSWORD_AUTH") == WRONG_PROOF


def test_temporary_password_and_attributes(pool: Service, aws_amplify: NodeAdapter) -> None:
    required = {"Name": "given_name", "AttributeDataType": "String", "Required": True, "Mutable": True}
    amplify = Amplify(aws_amplify, UserPool.create(pool, Schema=[required]))
    amplify.pool.add_user("alice", TEMPORARY_PASSWORD, temporary=True)
    assert refusal(amplify, "sign_in", "alice", WRONG_PASSWORD) == WRONG_PROOF
    assert amplify.sign_in("alice", TEMPORARY_PASSWORD) == "CONFIRM_SIGN_IN_WITH_NEW_PASSWORD_REQUIRED"
    assert refusal(amplify, "answer", PASSWORD)[0] == "InvalidParameterException"
    assert refusal(amplify, "answer", "short", userAttributes={"given_name": "Alice"})[0] == "InvalidPasswordException"
    assert amplify.answer(PASSWORD, userAttributes={"given_name": "Alice"}) == DONE
    assert amplify.pool.attributes_of("alice")["given_name"] == "Alice"
    assert amplify.sign_in("alice", PASSWORD) == DONE


def test_authenticator_app(pool: Service, aws_amplify: NodeAdapter) -> None:
    amplify = Amplify(aws_amplify, UserPool.create(pool))
    amplify.pool.allow_software_tokens()
    amplify.pool.add_user("alice")
    amplify.sign_in("alice", PASSWORD)
    authenticator = Authenticator(amplify.call("setUpTOTP")["sharedSecret"])
    with pytest.raises(JavaScriptError, match="EnableSoftwareTokenMFAException"):
        amplify.call("verifyTOTPSetup", code=authenticator.wrong_code())
    amplify.call("verifyTOTPSetup", code=authenticator.code())
    amplify.call("updateMFAPreference", totp="PREFERRED")
    assert amplify.call("fetchMFAPreference") == {"enabled": ["TOTP"], "preferred": "TOTP"}
    assert amplify.sign_in("alice", PASSWORD) == "CONFIRM_SIGN_IN_WITH_TOTP_CODE"
    assert refusal(amplify, "answer", authenticator.wrong_code())[0] == "CodeMismatchException"
    assert amplify.answer(authenticator.next_code()) == DONE
    assert amplify.username() == "alice"


def pool_with_codes(service: Service, mode: str = "OPTIONAL") -> UserPool:
    """A pool with every second factor, whose user alice can be reached by e-mail and SMS."""
    pool = UserPool.create(service)
    pool.client.set_user_pool_mfa_config(
        UserPoolId=pool.pool_id,
        SmsMfaConfiguration=SMS,
        EmailMfaConfiguration={},
        SoftwareTokenMfaConfiguration={"Enabled": True},
        MfaConfiguration=mode,
    )
    pool.add_user("alice", **REACHABLE)
    return pool


@pytest.mark.parametrize(("medium", "address"), [("sms", PHONE), ("email", EMAIL)])
def test_code_as_second_factor(
    pool: Service, aws_amplify: NodeAdapter, outbox: Outbox, medium: str, address: str
) -> None:
    amplify = Amplify(aws_amplify, pool_with_codes(pool))
    amplify.sign_in("alice", PASSWORD)
    amplify.call("updateMFAPreference", **{medium: "PREFERRED"})
    step = f"CONFIRM_SIGN_IN_WITH_{medium.upper()}_CODE"
    assert amplify.sign_in("alice", PASSWORD) == step
    assert refusal(amplify, "answer", another_code(outbox.code(address)))[0] == "CodeMismatchException"
    assert amplify.answer(outbox.code(address)) == DONE
    assert amplify.username() == "alice"


def test_choice_of_second_factor(pool: Service, aws_amplify: NodeAdapter, outbox: Outbox) -> None:
    amplify = Amplify(aws_amplify, pool_with_codes(pool))
    amplify.sign_in("alice", PASSWORD)
    authenticator = Authenticator(amplify.call("setUpTOTP")["sharedSecret"])
    amplify.call("verifyTOTPSetup", code=authenticator.code())
    amplify.call("updateMFAPreference", sms="ENABLED", email="ENABLED", totp="ENABLED")
    for choice, code in (
        ("SMS", lambda: outbox.code(PHONE)),
        ("EMAIL", lambda: outbox.code(EMAIL)),
        ("TOTP", authenticator.next_code),
    ):
        assert amplify.sign_in("alice", PASSWORD) == "CONTINUE_SIGN_IN_WITH_MFA_SELECTION"
        assert amplify.answer(choice) == f"CONFIRM_SIGN_IN_WITH_{choice}_CODE"
        assert amplify.answer(code()) == DONE
        assert amplify.username() == "alice"


def test_setup_of_second_factor(pool: Service, aws_amplify: NodeAdapter) -> None:
    user_pool = UserPool.create(pool)
    user_pool.client.set_user_pool_mfa_config(
        UserPoolId=user_pool.pool_id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="ON"
    )
    user_pool.add_user("alice")
    amplify = Amplify(aws_amplify, user_pool)
    amplify.call("signOut")
    step = amplify.call("signIn", username="alice", password=PASSWORD)["nextStep"]
    assert step["signInStep"] == "CONTINUE_SIGN_IN_WITH_TOTP_SETUP"
    authenticator = Authenticator(step["totpSetupDetails"]["sharedSecret"])
    assert refusal(amplify, "answer", authenticator.wrong_code())[0] == "EnableSoftwareTokenMFAException"
    assert amplify.answer(authenticator.code()) == DONE
    assert amplify.sign_in("alice", PASSWORD) == "CONFIRM_SIGN_IN_WITH_TOTP_CODE"
    assert amplify.answer(authenticator.next_code()) == DONE


def test_setup_of_email_as_second_factor(pool: Service, aws_amplify: NodeAdapter, outbox: Outbox) -> None:
    """Amplify answers MFA_SETUP with the address itself, and then with the code that went there."""
    user_pool = UserPool.create(pool)
    user_pool.client.set_user_pool_mfa_config(
        UserPoolId=user_pool.pool_id,
        EmailMfaConfiguration={},
        SoftwareTokenMfaConfiguration={"Enabled": True},
        MfaConfiguration="ON",
    )
    user_pool.add_user("alice")
    amplify = Amplify(aws_amplify, user_pool)
    assert amplify.sign_in("alice", PASSWORD) == "CONTINUE_SIGN_IN_WITH_MFA_SETUP_SELECTION"
    assert amplify.answer("EMAIL") == "CONTINUE_SIGN_IN_WITH_EMAIL_SETUP"
    assert amplify.answer("new@example.com") == "CONFIRM_SIGN_IN_WITH_EMAIL_CODE"
    assert refusal(amplify, "answer", another_code(outbox.code("new@example.com")))[0] == "CodeMismatchException"
    assert amplify.answer(outbox.code("new@example.com")) == DONE
    assert user_pool.attributes_of("alice")["email"] == "new@example.com"


def pool_with_choice(service: Service) -> UserPool:
    factors = ["PASSWORD", "EMAIL_OTP", "SMS_OTP"]
    pool = UserPool.create(service, flows=CHOICE_FLOWS, Policies={"SignInPolicy": {"AllowedFirstAuthFactors": factors}})
    pool.add_user("alice", **REACHABLE)
    return pool


@pytest.mark.parametrize("way", ["preferred", "selected"])
@pytest.mark.parametrize("factor", ["PASSWORD", "PASSWORD_SRP"])
def test_choice_of_password(pool: Service, aws_amplify: NodeAdapter, factor: str, way: str) -> None:
    amplify = Amplify(aws_amplify, pool_with_choice(pool))

    def sign_in(password: str) -> str:
        if way == "preferred":
            return amplify.sign_in("alice", password, authFlowType="USER_AUTH", preferredChallenge=factor)
        first = amplify.sign_in("alice", authFlowType="USER_AUTH")
        assert first == "CONTINUE_SIGN_IN_WITH_FIRST_FACTOR_SELECTION"
        assert amplify.answer(factor) == "CONFIRM_SIGN_IN_WITH_PASSWORD"
        return amplify.answer(password)

    assert sign_in(PASSWORD) == DONE
    assert ("RespondToAuthChallenge PASSWORD_VERIFIER" in amplify.requests) == (factor == "PASSWORD_SRP")
    assert amplify.username() == "alice"
    with pytest.raises(JavaScriptError, match="Incorrect username or password"):
        sign_in(WRONG_PASSWORD)


@pytest.mark.parametrize("way", ["preferred", "selected"])
@pytest.mark.parametrize(("factor", "address"), [("EMAIL_OTP", EMAIL), ("SMS_OTP", PHONE)])
def test_choice_of_code(
    pool: Service, aws_amplify: NodeAdapter, outbox: Outbox, factor: str, address: str, way: str
) -> None:
    amplify = Amplify(aws_amplify, pool_with_choice(pool))
    if way == "preferred":
        step = amplify.sign_in("alice", authFlowType="USER_AUTH", preferredChallenge=factor)
    else:
        amplify.sign_in("alice", authFlowType="USER_AUTH")
        step = amplify.answer(factor)
    assert step == f"CONFIRM_SIGN_IN_WITH_{factor.removesuffix('_OTP')}_CODE"
    assert refusal(amplify, "answer", another_code(outbox.code(address)))[0] == "CodeMismatchException"
    assert amplify.answer(outbox.code(address)) == DONE
    assert amplify.username() == "alice"


def test_custom_sign_in(pool: Service, aws_amplify: NodeAdapter) -> None:
    amplify = Amplify(aws_amplify, UserPool.create_with_custom_auth(pool))
    amplify.pool.add_user("alice")
    asked = "CONFIRM_SIGN_IN_WITH_CUSTOM_CHALLENGE"

    assert amplify.sign_in("alice", PASSWORD, authFlowType="CUSTOM_WITH_SRP") == asked
    assert amplify.requests == ["InitiateAuth CUSTOM_AUTH", "RespondToAuthChallenge PASSWORD_VERIFIER"]
    assert amplify.answer(custom_auth.ANSWER) == DONE
    assert amplify.username() == "alice"
    assert refusal(amplify, "sign_in", "alice", WRONG_PASSWORD, authFlowType="CUSTOM_WITH_SRP") == WRONG_PROOF

    assert amplify.sign_in("alice", authFlowType="CUSTOM_WITHOUT_SRP") == asked
    assert refusal(amplify, "answer", "Babylon")[0] == "NotAuthorizedException"
    amplify.sign_in("alice", authFlowType="CUSTOM_WITHOUT_SRP")
    assert amplify.answer(custom_auth.ANSWER) == DONE


def test_refresh(pool: Service, aws_amplify: NodeAdapter) -> None:
    amplify = Amplify(aws_amplify, UserPool.create(pool))
    amplify.pool.add_user("alice", email=EMAIL)
    amplify.sign_in("alice", PASSWORD)
    first = amplify.tokens()
    refreshed = amplify.tokens(forceRefresh=True)
    assert first["access"] != refreshed["access"]
    assert first["userSub"] == refreshed["userSub"]
    assert amplify.call("fetchUserAttributes")["email"] == EMAIL
    amplify.pool.client.admin_user_global_sign_out(UserPoolId=amplify.pool.pool_id, Username="alice")
    assert amplify.adapter.call("tokens", {"forceRefresh": True}) is None, "a refused refresh ends the session"


@pytest.mark.parametrize(("options", "request_sent"), [({}, "RevokeToken"), ({"global": True}, "GlobalSignOut")])
def test_sign_out_ends_the_tokens(
    pool: Service, aws_amplify: NodeAdapter, options: dict[str, bool], request_sent: str
) -> None:
    amplify = Amplify(aws_amplify, UserPool.create(pool))
    amplify.pool.add_user("alice")
    amplify.sign_in("alice", PASSWORD)
    token = amplify.tokens()["access"]
    amplify.call("signOut", **options)
    assert amplify.requests == [request_sent]
    with refused("NotAuthorizedException", "Access Token has been revoked"):
        amplify.pool.client.get_user(AccessToken=token)


def test_password_change_and_reset(pool: Service, aws_amplify: NodeAdapter, outbox: Outbox) -> None:
    amplify = Amplify(aws_amplify, UserPool.create(pool))
    amplify.pool.add_user("alice", email=EMAIL, email_verified="true")
    amplify.sign_in("alice", PASSWORD)
    with pytest.raises(JavaScriptError, match="NotAuthorizedException"):
        amplify.call("updatePassword", oldPassword=WRONG_PASSWORD, newPassword="Another battery, 3")
    amplify.call("updatePassword", oldPassword=PASSWORD, newPassword="Another battery, 3")
    assert refusal(amplify, "sign_in", "alice", PASSWORD) == WRONG_PROOF

    step = amplify.call("resetPassword", username="alice")["nextStep"]
    assert step["codeDeliveryDetails"]["deliveryMedium"] == "EMAIL"
    code, new = outbox.code(EMAIL), "Another battery, 4"
    with pytest.raises(JavaScriptError, match="CodeMismatchException"):
        amplify.call("confirmResetPassword", username="alice", confirmationCode=another_code(code), newPassword=new)
    amplify.call("confirmResetPassword", username="alice", confirmationCode=code, newPassword=new)
    assert refusal(amplify, "sign_in", "alice", "Another battery, 3") == WRONG_PROOF
    assert amplify.sign_in("alice", new) == DONE


def test_attributes(pool: Service, aws_amplify: NodeAdapter, outbox: Outbox) -> None:
    amplify = Amplify(aws_amplify, UserPool.create(pool, AutoVerifiedAttributes=["email"]))
    amplify.pool.add_user("alice", email=EMAIL)
    amplify.sign_in("alice", PASSWORD)
    given = {"attributeKey": "email", "value": "other@example.com"}
    step = amplify.call("updateUserAttribute", userAttribute=given)["nextStep"]
    assert step["updateAttributeStep"] == "CONFIRM_ATTRIBUTE_WITH_CODE"
    code = outbox.code("other@example.com")
    with pytest.raises(JavaScriptError, match="CodeMismatchException"):
        amplify.call("confirmUserAttribute", userAttributeKey="email", confirmationCode=another_code(code))
    amplify.call("confirmUserAttribute", userAttributeKey="email", confirmationCode=code)
    held = amplify.call("fetchUserAttributes")
    assert (held["email"], held["email_verified"]) == ("other@example.com", "true")
