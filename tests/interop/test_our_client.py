"""Our client signs in to ministack, and to our own pool, with the right secrets and is refused with wrong ones."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from cognito_challenges import (
    CustomChallenge,
    NewPasswordRequired,
    ServiceError,
    SignedIn,
    SignIn,
    SoftwareTokenMfa,
    State,
    drive,
)
from interop import custom_auth, our_client
from interop.refusals import WRONG_PROOF
from interop.user_pools import PASSWORD, TEMPORARY_PASSWORD, WRONG_PASSWORD, Service, UserPool

if TYPE_CHECKING:
    from collections.abc import Callable

    from cognito_challenges import Transport

SIGN_INS = 3


def refusal(pool: UserPool, username: str, password: str | None, **settings: Any) -> tuple[str, str]:
    """The code and the message with which this sign-in is refused."""
    with pytest.raises(ServiceError) as refused:
        our_client.sign_in(pool, username, password, **settings)
    return refused.value.code, refused.value.message


@pytest.mark.parametrize("transport", [our_client.over_boto3, our_client.over_httpx])
@pytest.mark.parametrize("secret", [False, True], ids=["public", "secret"])
def test_right_and_wrong_password(
    any_service: Service, secret: bool, transport: Callable[[UserPool], Transport]
) -> None:
    pool = UserPool.create(any_service, secret=secret)
    send = transport(pool)
    for number in range(SIGN_INS):
        username = f"alice-{number}"
        pool.add_user(username)
        signed_in = our_client.sign_in(pool, username, PASSWORD, send=send)
        assert pool.client.get_user(AccessToken=signed_in.tokens.access)["Username"] == username
    assert refusal(pool, username, WRONG_PASSWORD, send=send) == WRONG_PROOF


@pytest.mark.parametrize("secret", [False, True], ids=["public", "secret"])
def test_admin_flow(any_service: Service, secret: bool) -> None:
    pool = UserPool.create(any_service, secret=secret)
    pool.add_user("alice")
    assert our_client.sign_in(pool, "alice", PASSWORD, admin=True).username == "alice"
    assert refusal(pool, "alice", WRONG_PASSWORD, admin=True) == WRONG_PROOF
    plain = "ADMIN_USER_PASSWORD_AUTH"
    assert our_client.sign_in(pool, "alice", PASSWORD, admin=True, flow=plain).username == "alice"
    assert refusal(pool, "alice", WRONG_PASSWORD, admin=True, flow=plain) == WRONG_PROOF


def test_alias_with_client_secret(any_service: Service) -> None:
    """SECRET_HASH is over the login name first, and over the USERNAME of the challenge afterwards."""
    pool = UserPool.create(any_service, secret=True, AliasAttributes=["email"])
    pool.add_user("alice", email="alice@example.com", email_verified="true")
    signed_in = our_client.sign_in(pool, "alice@example.com", PASSWORD)
    assert pool.client.get_user(AccessToken=signed_in.tokens.access)["Username"] == "alice"
    assert refusal(pool, "alice@example.com", WRONG_PASSWORD) == WRONG_PROOF


@pytest.mark.parametrize("secret", [False, True], ids=["public", "secret"])
def test_unknown_user(any_service: Service, secret: bool) -> None:
    """The server goes through the whole exchange with made-up numbers, and then refuses as for a wrong password."""
    pool = UserPool.create(any_service, secret=secret)
    assert refusal(pool, "nobody", PASSWORD) == WRONG_PROOF


def test_temporary_password(any_service: Service) -> None:
    pool = UserPool.create(any_service, secret=True)
    pool.add_user("alice", TEMPORARY_PASSWORD, temporary=True)
    answers = {NewPasswordRequired: lambda challenge: challenge.response(PASSWORD)}
    assert refusal(pool, "alice", WRONG_PASSWORD, answers=answers) == WRONG_PROOF
    assert our_client.sign_in(pool, "alice", TEMPORARY_PASSWORD, answers=answers).username == "alice"
    assert refusal(pool, "alice", TEMPORARY_PASSWORD) == WRONG_PROOF
    assert our_client.sign_in(pool, "alice", PASSWORD).username == "alice"


def test_software_token(any_service: Service) -> None:
    pool = UserPool.create(any_service, secret=True)
    pool.allow_software_tokens()
    pool.add_user("alice")
    authenticator = pool.enrol_software_token("alice", our_client.sign_in(pool, "alice", PASSWORD).tokens.access)

    client, send = our_client.app_client(pool), our_client.over_boto3(pool)
    attempt = SignIn(client, username="alice", password=PASSWORD)
    challenge = drive(attempt, send)
    assert isinstance(challenge, SoftwareTokenMfa)
    attempt.answer(challenge.response(authenticator.wrong_code()))
    with pytest.raises(ServiceError, match="CodeMismatchException"):
        drive(attempt, send)
    assert attempt.state is State.ASKING

    resumed = SignIn.resume(client, attempt.save())
    assert isinstance(resumed.challenge, SoftwareTokenMfa)
    resumed.answer(resumed.challenge.response(authenticator.next_code()))
    step = drive(resumed, send)
    assert isinstance(step, SignedIn)
    assert pool.client.get_user(AccessToken=step.tokens.access)["Username"] == "alice"


def test_custom_sign_in(any_service: Service) -> None:
    pool = UserPool.create_with_custom_auth(any_service)
    pool.add_user("alice")

    def answering(text: str) -> dict[str, Any]:
        def answer(challenge: CustomChallenge) -> Any:
            assert challenge.parameters.items() >= custom_auth.QUESTION.items()
            return challenge.response(text)

        return {"flow": "CUSTOM_AUTH", "answers": {CustomChallenge: answer}}

    assert our_client.sign_in(pool, "alice", PASSWORD, **answering(custom_auth.ANSWER)).username == "alice"
    assert refusal(pool, "alice", PASSWORD, **answering("Babylon"))[0] == "NotAuthorizedException"
    assert refusal(pool, "alice", WRONG_PASSWORD, flow="CUSTOM_AUTH") == WRONG_PROOF
    assert our_client.sign_in(pool, "alice", None, **answering(custom_auth.ANSWER)).username == "alice"
    assert refusal(pool, "alice", None, **answering("Babylon"))[0] == "NotAuthorizedException"
