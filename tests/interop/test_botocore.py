"""botocore with the engine alone, no machine and no transport between: each server judges the engine's numbers."""

from __future__ import annotations

import hashlib
import re
from calendar import timegm
from typing import TYPE_CHECKING

import pytest

from cognito_srp import PasswordSession
from interop import raw_sign_in
from interop.refusals import WRONG_PROOF, refused
from interop.user_pools import PASSWORD, WRONG_PASSWORD, Service, UserPool

if TYPE_CHECKING:
    from collections.abc import Callable

# A mistake in a byte layout spoils only some of the sign-ins, the commonest of them one in two.
SIGN_INS = 6


def session(pool: UserPool, username: str, password: str = PASSWORD) -> PasswordSession:
    return PasswordSession(pool.pool_id, username=username, password=password)


@pytest.mark.parametrize("secret", [False, True], ids=["public", "secret"])
def test_right_and_wrong_password(any_service: Service, secret: bool) -> None:
    pool = UserPool.create(any_service, secret=secret)
    for number in range(SIGN_INS):
        username = f"alice-{number}"
        pool.add_user(username)
        tokens = raw_sign_in.sign_in(pool, session(pool, username))["AuthenticationResult"]
        assert pool.client.get_user(AccessToken=tokens["AccessToken"])["Username"] == username
    with refused(*WRONG_PROOF):
        raw_sign_in.sign_in(pool, session(pool, username, WRONG_PASSWORD))


@pytest.mark.parametrize(
    "password", ["Grüße, 1 Zürich", "Gru\u0308ße, 1 Zu\u0308rich", "1 パスワード, Kanji", "Aa1!" * 50]
)
def test_password_text(any_service: Service, password: str) -> None:
    pool = UserPool.create(any_service)
    pool.add_user("alice", password)
    assert "AuthenticationResult" in raw_sign_in.sign_in(pool, session(pool, "alice", password))
    with refused(*WRONG_PROOF):
        raw_sign_in.sign_in(pool, session(pool, "alice", password + "."))


@pytest.mark.parametrize(
    ("seed", "srp_a"),
    [
        pytest.param("interop 1", "[89a-f][0-9a-f]{767}", id="top bit"),
        pytest.param("interop 93", "[0-9a-f]{767}", id="odd number of digits"),
        pytest.param("interop 868", "[1-7][0-9a-f]{765}", id="leading zero byte"),
        pytest.param("interop 1138", "[89a-f][0-9a-f]{765}", id="leading zero byte, then the top bit"),
        pytest.param("interop 1440", "[0-9a-f]{765}", id="leading zero byte, odd number of digits"),
    ],
)
def test_rare_ephemeral(any_service: Service, seed: str, srp_a: str) -> None:
    pool = UserPool.create(any_service)
    pool.add_user("alice")
    rare = PasswordSession(
        pool.pool_id,
        username="alice",
        password=PASSWORD,
        entropy=lambda size: hashlib.sha256(seed.encode()).digest()[:size],
    )
    assert re.fullmatch(srp_a, rare.srp_a)
    assert "AuthenticationResult" in raw_sign_in.sign_in(pool, rare)


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ((2026, 3, 7, 0, 5, 9), "Sat Mar 7 00:05:09 UTC 2026"),
        ((2024, 2, 29, 12, 0, 0), "Thu Feb 29 12:00:00 UTC 2024"),
        ((2025, 12, 31, 23, 59, 59), "Wed Dec 31 23:59:59 UTC 2025"),
        ((2027, 5, 10, 13, 30, 1), "Mon May 10 13:30:01 UTC 2027"),
    ],
)
def test_moments(ministack: Service, moment: tuple[int, ...], text: str) -> None:
    """ministack signs over the moment as the service writes it, but does not mind how long ago that was."""
    pool = UserPool.create(ministack)
    pool.add_user("alice")
    session = PasswordSession(pool.pool_id, username="alice", password=PASSWORD, clock=lambda: timegm(moment))
    sent: dict[str, str] = {}
    assert "AuthenticationResult" in raw_sign_in.sign_in(pool, session, bend_responses=sent.update)
    assert sent["TIMESTAMP"] == text


def test_user_ids_that_are_not_the_login_name(any_service: Service) -> None:
    pool = UserPool.create(any_service, AliasAttributes=["email"])
    pool.add_user("alice", email="alice@example.com", email_verified="true")
    challenge = raw_sign_in.initiate(pool, session(pool, "alice@example.com"))
    assert challenge["ChallengeParameters"]["USER_ID_FOR_SRP"] != "alice@example.com"
    assert "AuthenticationResult" in raw_sign_in.sign_in(pool, session(pool, "alice@example.com"))


def other_base64(text: str) -> str:
    """The same text with one of its Base64 digits changed."""
    return ("B" if text[0] == "A" else "A") + text[1:]


def bend_block(texts: dict[str, str]) -> None:
    name = "SECRET_BLOCK" if "SECRET_BLOCK" in texts else "PASSWORD_CLAIM_SECRET_BLOCK"
    texts[name] = other_base64(texts[name])


def bend_signature(responses: dict[str, str]) -> None:
    responses["PASSWORD_CLAIM_SIGNATURE"] = other_base64(responses["PASSWORD_CLAIM_SIGNATURE"])


def bend_second(responses: dict[str, str]) -> None:
    responses["TIMESTAMP"] = re.sub(
        r":(\d\d) UTC", lambda match: f":{(int(match[1]) + 1) % 60:02} UTC", responses["TIMESTAMP"]
    )


def bend_user_id(parameters: dict[str, str]) -> None:
    parameters["USER_ID_FOR_SRP"] += "x"


def bend_salt(parameters: dict[str, str]) -> None:
    parameters["SALT"] = f"{int(parameters['SALT'], 16) ^ 1:x}"


@pytest.mark.parametrize("bend", [bend_signature, bend_second])
def test_tampered_responses(any_service: Service, bend: Callable[[dict[str, str]], None]) -> None:
    pool = UserPool.create(any_service)
    pool.add_user("alice")
    with refused(*WRONG_PROOF):
        raw_sign_in.sign_in(pool, session(pool, "alice"), bend_responses=bend)


@pytest.mark.parametrize("bend", [bend_user_id, bend_salt])
def test_tampered_challenge(any_service: Service, bend: Callable[[dict[str, str]], None]) -> None:
    pool = UserPool.create(any_service)
    pool.add_user("alice")
    with refused(*WRONG_PROOF):
        raw_sign_in.sign_in(pool, session(pool, "alice"), bend_parameters=bend)


@pytest.mark.parametrize("when", ["bend_parameters", "bend_responses"], ids=["before signing", "after signing"])
def test_tampered_secret_block(any_service: Service, when: str) -> None:
    """It is both a part of what is signed and what the challenge is found by: servers word the refusal differently."""
    pool = UserPool.create(any_service)
    pool.add_user("alice")
    with refused("NotAuthorizedException"):
        raw_sign_in.sign_in(pool, session(pool, "alice"), **{when: bend_block})


def test_secret_hash_is_checked(any_service: Service) -> None:
    pool = UserPool.create(any_service, secret=True)
    pool.add_user("alice")
    with refused("NotAuthorizedException"):
        raw_sign_in.sign_in(
            pool,
            session(pool, "alice"),
            bend_responses=lambda responses: responses.update(raw_sign_in.hashed(pool, "bob")),
        )
    with refused("NotAuthorizedException"):
        raw_sign_in.sign_in(pool, session(pool, "alice"), bend_responses=lambda responses: responses.pop("SECRET_HASH"))
