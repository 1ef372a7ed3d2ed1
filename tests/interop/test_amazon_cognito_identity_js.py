"""amazon-cognito-identity-js signs in with the right secrets and is refused with wrong ones."""

from __future__ import annotations

from interop.foreign_clients import AmazonCognitoIdentityJs
from interop.user_pools import PASSWORD, TEMPORARY_PASSWORD, WRONG_PASSWORD, Service, UserPool

SIGN_INS = 6


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
    assert outcome.error, outcome.tokens
    assert outcome.error["code"] == "CodeMismatchException"
    outcome = amazon_cognito_identity_js.sign_in(
        pool, "alice", PASSWORD, answers={"SOFTWARE_TOKEN_MFA": authenticator.next_code()}
    )
    assert outcome.tokens, outcome.error
