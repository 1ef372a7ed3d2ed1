"""pycognito signs in with the right secrets and is refused with wrong ones."""

from __future__ import annotations

import pytest
from pycognito.exceptions import (
    ForceChangePasswordException,
    SoftwareTokenMFAChallengeException,
    TokenVerificationException,
)

from interop.foreign_clients import pycognito, pycognito_srp
from interop.refusals import WRONG_PROOF, refused
from interop.user_pools import PASSWORD, TEMPORARY_PASSWORD, WRONG_PASSWORD, Service, UserPool

# A mistake in a byte layout spoils only some of the sign-ins, the commonest of them one in two.
SIGN_INS = 6


@pytest.mark.parametrize("secret", [False, True], ids=["public", "secret"])
def test_right_and_wrong_password(any_service: Service, secret: bool) -> None:
    pool = UserPool.create(any_service, secret=secret)
    for number in range(SIGN_INS):
        username = f"alice-{number}"
        pool.add_user(username)
        tokens = pycognito_srp(pool, username, PASSWORD).authenticate_user()["AuthenticationResult"]
        assert pool.client.get_user(AccessToken=tokens["AccessToken"])["Username"] == username
    with refused(*WRONG_PROOF):
        pycognito_srp(pool, username, WRONG_PASSWORD).authenticate_user()


@pytest.mark.parametrize("secret", [False, True], ids=["public", "secret"])
def test_tokens(any_service: Service, secret: bool) -> None:
    """pycognito checks each token against the server's keys; the refreshed ones are of the same user."""
    pool = UserPool.create(any_service, secret=secret)
    pool.add_user("alice")
    client = pycognito(pool, "alice")
    client.authenticate(PASSWORD)
    assert client.id_claims["cognito:username"] == "alice"
    before = client.access_token
    client.renew_access_token()
    assert client.access_token != before
    assert client.get_user().sub == client.access_claims["sub"]
    client.admin_authenticate(PASSWORD)
    client.verify_tokens()
    client.refresh_token += "x"
    with refused("NotAuthorizedException"):
        client.renew_access_token()


def test_tokens_of_another_server(pool: Service) -> None:
    """The issuer is the address that the pool listens on: the same keys do not verify under another one."""
    user_pool = UserPool.create(pool)
    user_pool.add_user("alice")
    client = pycognito(user_pool, "alice")
    client.get_keys()
    client.pool_domain_url = pool.endpoint_url.replace("127.0.0.1", "localhost")
    with pytest.raises(TokenVerificationException, match="Invalid issuer"):
        client.authenticate(PASSWORD)


def test_temporary_password(any_service: Service) -> None:
    pool = UserPool.create(any_service)
    pool.add_user("alice", TEMPORARY_PASSWORD, temporary=True)
    with pytest.raises(ForceChangePasswordException):
        pycognito_srp(pool, "alice", TEMPORARY_PASSWORD).authenticate_user()
    with refused(*WRONG_PROOF):
        pycognito_srp(pool, "alice", WRONG_PASSWORD).set_new_password_challenge(PASSWORD)
    assert "AuthenticationResult" in pycognito_srp(pool, "alice", TEMPORARY_PASSWORD).set_new_password_challenge(
        PASSWORD
    )
    assert "AuthenticationResult" in pycognito_srp(pool, "alice", PASSWORD).authenticate_user()


def test_software_token(any_service: Service) -> None:
    pool = UserPool.create(any_service)
    pool.allow_software_tokens()
    pool.add_user("alice")
    client = pycognito(pool, "alice")
    client.authenticate(PASSWORD)
    authenticator = pool.enrol_software_token("alice", client.access_token)

    client = pycognito(pool, "alice")
    with pytest.raises(SoftwareTokenMFAChallengeException):
        client.authenticate(PASSWORD)
    with refused("CodeMismatchException"):
        client.respond_to_software_token_mfa_challenge(authenticator.wrong_code())

    client = pycognito(pool, "alice")
    with pytest.raises(SoftwareTokenMFAChallengeException):
        client.authenticate(PASSWORD)
    client.respond_to_software_token_mfa_challenge(authenticator.next_code())
    assert client.id_claims["cognito:username"] == "alice"
