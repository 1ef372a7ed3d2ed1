"""amazon-cognito-identity-js signs in with the right secrets and is refused with wrong ones."""

from __future__ import annotations

from typing import Any

from interop import custom_auth
from interop.foreign_clients import AmazonCognitoIdentityJs, Outcome
from interop.user_pools import PASSWORD, TEMPORARY_PASSWORD, WRONG_PASSWORD, Service, UserPool

SIGN_INS = 3


def test_right_and_wrong_password(any_service: Service, amazon_cognito_identity_js: AmazonCognitoIdentityJs) -> None:
    pool = UserPool.create(any_service)
    for number in range(SIGN_INS):
        username = f"alice-{number}"
        pool.add_user(username)
        outcome = amazon_cognito_identity_js.sign_in(pool, username, PASSWORD)
        assert outcome.tokens, outcome.error
        assert pool.client.get_user(AccessToken=outcome.tokens["accessToken"])["Username"] == username
    outcome = amazon_cognito_identity_js.sign_in(pool, username, WRONG_PASSWORD)
    assert outcome.tokens is None
    assert outcome.error == {"code": "NotAuthorizedException", "message": "Incorrect username or password."}


def test_temporary_password(any_service: Service, amazon_cognito_identity_js: AmazonCognitoIdentityJs) -> None:
    pool = UserPool.create(any_service)
    pool.add_user("alice", TEMPORARY_PASSWORD, temporary=True)
    outcome = amazon_cognito_identity_js.sign_in(
        pool,
        "alice",
        TEMPORARY_PASSWORD,
        answers={"NEW_PASSWORD_REQUIRED": {"newPassword": PASSWORD, "attributes": {}}},
    )
    assert outcome.tokens, outcome.error
    assert amazon_cognito_identity_js.sign_in(pool, "alice", PASSWORD).tokens


def test_software_token(any_service: Service, amazon_cognito_identity_js: AmazonCognitoIdentityJs) -> None:
    pool = UserPool.create(any_service)
    pool.allow_software_tokens()
    pool.add_user("alice")
    outcome = amazon_cognito_identity_js.sign_in(pool, "alice", PASSWORD)
    assert outcome.tokens, outcome.error
    authenticator = pool.enrol_software_token("alice", outcome.tokens["accessToken"])
    outcome = amazon_cognito_identity_js.sign_in(
        pool, "alice", PASSWORD, answers={"SOFTWARE_TOKEN_MFA": authenticator.wrong_code()}
    )
    assert_refused(outcome, "CodeMismatchException")
    outcome = amazon_cognito_identity_js.sign_in(
        pool, "alice", PASSWORD, answers={"SOFTWARE_TOKEN_MFA": authenticator.next_code()}
    )
    assert outcome.tokens, outcome.error


def test_custom_sign_in(any_service: Service, amazon_cognito_identity_js: AmazonCognitoIdentityJs) -> None:
    pool = UserPool.create_with_custom_auth(any_service)
    pool.add_user("alice")

    def sign_in(password: str, answer: str, **order: Any) -> Outcome:
        return amazon_cognito_identity_js.sign_in(
            pool, "alice", password, flow="CUSTOM_AUTH", answers={"CUSTOM_CHALLENGE": answer}, **order
        )

    right = sign_in(PASSWORD, custom_auth.ANSWER)
    assert right.tokens, right.error
    assert right.calls == [
        "InitiateAuth CUSTOM_AUTH",
        "RespondToAuthChallenge PASSWORD_VERIFIER",
        "RespondToAuthChallenge CUSTOM_CHALLENGE",
    ]
    assert right.asked["CUSTOM_CHALLENGE"].items() >= custom_auth.QUESTION.items()
    assert_refused(sign_in(PASSWORD, "Babylon"), "NotAuthorizedException")
    wrong_password = sign_in(WRONG_PASSWORD, custom_auth.ANSWER)
    assert_refused(wrong_password, "NotAuthorizedException")
    assert not wrong_password.asked

    without_password = sign_in(PASSWORD, custom_auth.ANSWER, srp=False)
    assert without_password.tokens, without_password.error
    assert without_password.calls == ["InitiateAuth CUSTOM_AUTH", "RespondToAuthChallenge CUSTOM_CHALLENGE"]


def assert_refused(outcome: Outcome, code: str) -> None:
    assert outcome.tokens is None
    assert outcome.error
    assert outcome.error["code"] == code
