"""Challenges that of all servers to be had only our pool issues, answered by the foreign clients that know them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pycognito.exceptions import SMSMFAChallengeException

from interop.foreign_clients import AmazonCognitoIdentityJs, Outcome, pycognito
from interop.refusals import refused
from interop.user_pools import PASSWORD, TEMPORARY_PASSWORD, Authenticator, Service, UserPool, another_code

if TYPE_CHECKING:
    from cognito_challenges.pool.store.outbox import Outbox

PHONE = "+12065550100"
SMS = {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms", "ExternalId": "interop"}}


def pool_with_sms(service: Service, *, secret: bool = False) -> UserPool:
    """A pool whose user alice has a telephone that takes her codes."""
    pool = UserPool.create(service, secret=secret)
    pool.client.set_user_pool_mfa_config(
        UserPoolId=pool.pool_id,
        SmsMfaConfiguration=SMS,
        SoftwareTokenMfaConfiguration={"Enabled": True},
        MfaConfiguration="OPTIONAL",
    )
    pool.add_user("alice", phone_number=PHONE, phone_number_verified="true")
    return pool


def prefer_sms(pool: UserPool, *, preferred: bool = True) -> None:
    pool.client.admin_set_user_mfa_preference(
        UserPoolId=pool.pool_id, Username="alice", SMSMfaSettings={"Enabled": True, "PreferredMfa": preferred}
    )


@pytest.mark.parametrize("secret", [False, True], ids=["public", "secret"])
def test_sms_for_pycognito(pool: Service, outbox: Outbox, secret: bool) -> None:
    user_pool = pool_with_sms(pool, secret=secret)
    prefer_sms(user_pool)
    client = pycognito(user_pool, "alice")
    with pytest.raises(SMSMFAChallengeException):
        client.authenticate(PASSWORD)
    code = outbox.code(PHONE)
    with refused("CodeMismatchException"):
        client.respond_to_sms_mfa_challenge(another_code(code))
    client.respond_to_sms_mfa_challenge(code)
    assert client.id_claims["cognito:username"] == "alice"


def test_sms_for_amazon_cognito_identity_js(
    pool: Service, outbox: Outbox, amazon_cognito_identity_js: AmazonCognitoIdentityJs
) -> None:
    user_pool = pool_with_sms(pool)
    prefer_sms(user_pool)
    wrong = amazon_cognito_identity_js.sign_in(
        user_pool, "alice", PASSWORD, answers={"SMS_MFA": lambda _: another_code(outbox.code(PHONE))}
    )
    assert wrong.error
    assert wrong.error["code"] == "CodeMismatchException"
    right = amazon_cognito_identity_js.sign_in(
        user_pool, "alice", PASSWORD, answers={"SMS_MFA": lambda _: outbox.code(PHONE)}
    )
    assert right.tokens, right.error
    assert right.asked["SMS_MFA"]["CODE_DELIVERY_DELIVERY_MEDIUM"] == "SMS"


def test_choice_of_second_factor(
    pool: Service, outbox: Outbox, amazon_cognito_identity_js: AmazonCognitoIdentityJs
) -> None:
    user_pool = pool_with_sms(pool)
    first = amazon_cognito_identity_js.sign_in(user_pool, "alice", PASSWORD)
    assert first.tokens, first.error
    authenticator = user_pool.enrol_software_token("alice", first.tokens["accessToken"], preferred=False)
    prefer_sms(user_pool, preferred=False)

    by_app = amazon_cognito_identity_js.sign_in(
        user_pool,
        "alice",
        PASSWORD,
        answers={"SELECT_MFA_TYPE": "SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA": lambda _: authenticator.next_code()},
    )
    assert by_app.tokens, by_app.error
    by_sms = amazon_cognito_identity_js.sign_in(
        user_pool,
        "alice",
        PASSWORD,
        answers={"SELECT_MFA_TYPE": "SMS_MFA", "SMS_MFA": lambda _: outbox.code(PHONE)},
    )
    assert by_sms.tokens, by_sms.error
    assert "RespondToAuthChallenge SELECT_MFA_TYPE" in by_sms.calls


def test_setup_of_second_factor(pool: Service, amazon_cognito_identity_js: AmazonCognitoIdentityJs) -> None:
    user_pool = UserPool.create(pool)
    user_pool.client.set_user_pool_mfa_config(
        UserPoolId=user_pool.pool_id, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="ON"
    )
    user_pool.add_user("alice")
    wrong = amazon_cognito_identity_js.sign_in(
        user_pool,
        "alice",
        PASSWORD,
        answers={"MFA_SETUP": lambda parameters: Authenticator(parameters["secret"]).wrong_code()},
    )
    assert wrong.error
    assert wrong.error["code"] == "EnableSoftwareTokenMFAException"
    right = amazon_cognito_identity_js.sign_in(
        user_pool,
        "alice",
        PASSWORD,
        answers={"MFA_SETUP": lambda parameters: Authenticator(parameters["secret"]).code()},
    )
    assert right.tokens, right.error
    authenticator = Authenticator(right.asked["MFA_SETUP"]["secret"])
    again = amazon_cognito_identity_js.sign_in(
        user_pool, "alice", PASSWORD, answers={"SOFTWARE_TOKEN_MFA": lambda _: authenticator.next_code()}
    )
    assert again.tokens, again.error
    assert "MFA_SETUP" not in again.asked


def test_new_password_with_attributes(pool: Service, amazon_cognito_identity_js: AmazonCognitoIdentityJs) -> None:
    user_pool = UserPool.create(
        pool, Schema=[{"Name": "given_name", "AttributeDataType": "String", "Required": True, "Mutable": True}]
    )
    user_pool.add_user("alice", TEMPORARY_PASSWORD, temporary=True, email="alice@example.com")

    def sign_in(attributes: dict[str, str]) -> Outcome:
        answer = {"newPassword": PASSWORD, "attributes": attributes}
        return amazon_cognito_identity_js.sign_in(
            user_pool, "alice", TEMPORARY_PASSWORD, answers={"NEW_PASSWORD_REQUIRED": answer}
        )

    without = sign_in({})
    assert without.error
    assert without.error["code"] == "InvalidParameterException"
    assert without.asked["NEW_PASSWORD_REQUIRED"]["requiredAttributes"] == ["given_name"]
    assert without.asked["NEW_PASSWORD_REQUIRED"]["userAttributes"]["email"] == "alice@example.com"
    complete = sign_in({"given_name": "Alice", "family_name": "Adams"})
    assert complete.tokens, complete.error
    assert user_pool.attributes_of("alice").items() >= {"given_name": "Alice", "family_name": "Adams"}.items()
    assert amazon_cognito_identity_js.sign_in(user_pool, "alice", PASSWORD).tokens
