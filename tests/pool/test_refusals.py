"""Bent exchanges: each of them has to be refused, and as the service would."""

from __future__ import annotations

import pytest

from cognito_challenges.pool import Options
from cognito_srp import secret_hash
from cognito_srp.group import N
from cognito_srp.timestamps import timestamp

WRONG = ("NotAuthorizedException", "Incorrect username or password.", "")
INVALID = ("NotAuthorizedException", "Invalid session for the user.", "")
EXPIRED = ("NotAuthorizedException", "Invalid session for the user, session is expired.", "")
USED = ("NotAuthorizedException", "Invalid session for the user, session can only be used once.", "")


@pytest.fixture
def waiting(bench, totp_optional):
    """A bench, its TOTP codes, and a sign-in that waits for one."""
    at = bench(mfa=totp_optional)
    code = at.enrol_totp()
    return at, code, at.srp()["Session"]


def answer_totp(at, session, code, name="alice"):
    return at.respond("SOFTWARE_TOKEN_MFA", session, USERNAME=name, SOFTWARE_TOKEN_MFA_CODE=code)


def test_replayed_session(waiting, refused):
    at, code, session = waiting
    answer_totp(at, session, code())
    assert refused(lambda: answer_totp(at, session, code())) == USED


def test_made_up_session(waiting, refused):
    at, code, session = waiting
    assert refused(lambda: answer_totp(at, "a" * len(session), code())) == INVALID


def test_session_of_another_user(waiting, refused):
    at, code, session = waiting
    at.add_user("bob")
    assert refused(lambda: answer_totp(at, session, code(), "bob")) == INVALID
    assert "AuthenticationResult" in answer_totp(at, session, code())


def test_session_of_another_challenge(waiting, refused):
    at, code, session = waiting
    assert refused(lambda: at.respond("SMS_MFA", session, USERNAME="alice", SMS_MFA_CODE=code())) == INVALID


def test_session_through_another_app_client(waiting, refused):
    at, code, session = waiting
    at.client_id = at.add_client()
    assert refused(lambda: answer_totp(at, session, code())) == INVALID


def test_expired_session(waiting, refused):
    at, code, session = waiting
    at.clock.now += 179
    assert refused(lambda: answer_totp(at, session, "000000"))[0] == "CodeMismatchException"
    at.clock.now += 1
    assert refused(lambda: answer_totp(at, session, code())) == EXPIRED


def test_code_used_twice(waiting, refused):
    at, code, session = waiting
    used = code()
    answer_totp(at, session, used)
    again = at.srp()["Session"]
    assert refused(lambda: answer_totp(at, again, used)) == (
        "ExpiredCodeException",
        "Your software token has already been used once.",
        "",
    )
    at.clock.now += 30
    assert "AuthenticationResult" in answer_totp(at, again, code())


def test_codes_guessed_too_often(waiting, refused):
    at, code, session = waiting
    wrong = f"{(int(code()) + 1) % 1_000_000:06}"
    for _ in range(5):
        assert refused(lambda: answer_totp(at, session, wrong))[0] == "CodeMismatchException"
    assert refused(lambda: answer_totp(at, session, code())) == USED


def test_proof_by_another_app_client(bench, refused):
    at = bench()
    session, answer = at.start()
    claim, first = at.claim(session, answer), at.client_id
    at.client_id = at.add_client()
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **claim)) == INVALID
    at.client_id = first
    assert "AuthenticationResult" in at.respond("PASSWORD_VERIFIER", **claim)


def test_proof_for_another_user(bench, refused):
    at = bench()
    at.add_user("bob")
    session, answer = at.start()
    claim = {**at.claim(session, answer), "USERNAME": "bob"}
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **claim)) == INVALID


def test_replayed_proof(bench, refused):
    at = bench()
    session, answer = at.start()
    claim = at.claim(session, answer)
    at.respond("PASSWORD_VERIFIER", **claim)
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **claim)) == USED


@pytest.mark.parametrize("proofs", [1, 3])
def test_proofs_a_challenge_answers(bench, refused, proofs):
    at = bench(Options(proofs_per_challenge=proofs))
    session, answer = at.start()
    claim = at.claim(session, answer)
    bent = {**claim, "PASSWORD_CLAIM_SIGNATURE": "A" * 43 + "="}
    for _ in range(proofs):
        assert refused(lambda: at.respond("PASSWORD_VERIFIER", **bent)) == WRONG
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **claim)) == USED


def test_late_proof(bench, refused):
    at = bench()
    session, answer = at.start()
    claim = at.claim(session, answer)
    at.clock.now += 60
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **claim)) == EXPIRED


def test_made_up_secret_block(bench, refused):
    at = bench()
    session, answer = at.start()
    claim = {**at.claim(session, answer), "PASSWORD_CLAIM_SECRET_BLOCK": "QUFB"}
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **claim)) == INVALID


def test_session_that_was_not_issued(bench, refused):
    at = bench()
    session, answer = at.start()
    claim = at.claim(session, answer)
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", "a" * 64, **claim)) == INVALID


@pytest.mark.parametrize("a", [0, N, 2 * N])
def test_a_of_zero(bench, refused, a):
    at = bench()
    code, message, _ = refused(lambda: at.initiate("USER_SRP_AUTH", USERNAME="alice", SRP_A=f"{a:x}"))
    assert code == "InvalidParameterException"
    assert "SRP_A" in message


@pytest.mark.parametrize("a", ["", "zz", "0x12", "-5", "1_0", " 12", "f" * 2000, "1" * 200_000, "١"])
def test_a_that_is_no_number(bench, refused, a):
    at = bench()
    code, message, _ = refused(lambda: at.initiate("USER_SRP_AUTH", USERNAME="alice", SRP_A=a))
    assert code == "InvalidParameterException"
    assert "SRP_A" in message or "authParameters" in message


FORM = ("InvalidParameterException", "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english.", "")


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        ("Fri Mar 7 00:20:00 UTC 2026", FORM),
        ("Sat Mar 07 00:20:00 UTC 2026", FORM),
        ("2026-03-07T00:20:00Z", FORM),
        ("1772842800", FORM),
        ("sam. mars 7 00:20:00 UTC 2026", FORM),
        ("Sat Mar 7 12:20:00 AM UTC 2026", FORM),
        ("Sat Mar 7 01:20:00 CET 2026", FORM),
        ("x" * 100_000, FORM),
        ("Thu Mar 7 00:20:00 UTC 2024", WRONG),
        ("Sat Mar 7 00:14:59 UTC 2026", WRONG),
        ("Sat Mar 7 00:25:01 UTC 2026", WRONG),
    ],
)
def test_bent_timestamps(bench, refused, stamp, expected):
    at = bench()
    session, answer = at.start()
    claim = {**at.claim(session, answer), "TIMESTAMP": stamp}
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **claim)) == expected


def test_width_of_the_clock_window(bench, refused):
    at = bench(Options(clock_window_seconds=10))
    for off, holds in ((-10, True), (10, True), (-11, False), (11, False)):
        session, answer = at.start()
        now = at.clock.now
        at.clock.now = now + off
        claim = at.claim(session, answer)
        assert claim["TIMESTAMP"] == timestamp(at.clock.now)
        at.clock.now = now
        if holds:
            assert "AuthenticationResult" in at.respond("PASSWORD_VERIFIER", **claim)
        else:
            assert refused(lambda claim=claim: at.respond("PASSWORD_VERIFIER", **claim)) == WRONG


@pytest.mark.parametrize("name", ["USERNAME", "PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"])
@pytest.mark.parametrize("empty", [False, True])
def test_missing_response(bench, refused, name, empty):
    at = bench()
    session, answer = at.start()
    claim = at.claim(session, answer)
    bent = {**claim, name: ""} if empty else {key: value for key, value in claim.items() if key != name}
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **bent)) == (
        "InvalidParameterException",
        f"Missing required parameter {name}",
        "",
    )
    assert "AuthenticationResult" in at.respond("PASSWORD_VERIFIER", **claim)


def test_secret_hash(bench, refused):
    at = bench(app={"GenerateSecret": True})
    missing = f"Client {at.client_id} is configured for secret but secret hash was not received"
    wrong = f"Unable to verify secret hash for client {at.client_id}"
    secret, at.secret = at.secret, None
    assert refused(lambda: at.start()[0])[:2] == ("NotAuthorizedException", missing)
    assert (
        refused(lambda: at.start(SECRET_HASH=secret_hash("bob", client_id=at.client_id, client_secret=secret)))[1]
        == wrong
    )
    good = secret_hash("alice", client_id=at.client_id, client_secret=secret)
    session, answer = at.start(SECRET_HASH=good)
    claim = at.claim(session, answer)
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **claim))[1] == missing
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **claim, SECRET_HASH="x"))[1] == wrong
    assert "AuthenticationResult" in at.respond("PASSWORD_VERIFIER", **claim, SECRET_HASH=good)


def test_secret_hash_to_a_public_client(bench, refused):
    at = bench()
    message = f"Client {at.client_id} is not configured for secret but secret hash was received"
    assert refused(lambda: at.start(SECRET_HASH="eA=="))[:2] == ("NotAuthorizedException", message)


@pytest.mark.parametrize(
    ("allowed", "flow"),
    [
        ("ALLOW_CUSTOM_AUTH", "USER_SRP_AUTH"),
        ("ALLOW_USER_SRP_AUTH", "USER_PASSWORD_AUTH"),
        ("ALLOW_USER_SRP_AUTH", "USER_AUTH"),
        ("ALLOW_USER_SRP_AUTH", "CUSTOM_AUTH"),
        ("ALLOW_USER_SRP_AUTH", "REFRESH_TOKEN_AUTH"),
    ],
)
def test_flow_that_the_client_does_not_allow(bench, refused, allowed, flow):
    at = bench(app={"ExplicitAuthFlows": [allowed]})
    code, message, _ = refused(lambda: at.initiate(flow, USERNAME="alice", PASSWORD="x", REFRESH_TOKEN="x"))
    assert (code, message) == ("InvalidParameterException", f"{flow} flow not enabled for this client")


def test_users_who_may_not_sign_in(bench, refused):
    at = bench()
    at.aws.admin_disable_user(UserPoolId=at.pool_id, Username="alice")
    assert refused(at.srp)[:2] == ("NotAuthorizedException", "User is disabled.")
    at.aws.admin_enable_user(UserPoolId=at.pool_id, Username="alice")
    assert "AuthenticationResult" in at.srp()
    at.aws.sign_up(ClientId=at.client_id, Username="bob", Password="Correct-1-horse")
    assert refused(lambda: at.srp("bob"))[0] == "UserNotConfirmedException"
    assert refused(lambda: at.srp("bob", "Wrong-1-horse")) == WRONG


def test_clients_and_pools_that_are_not_there(bench, refused):
    at = bench(admin=True)
    other = bench(admin=True)
    at.client_id = other.client_id
    assert refused(at.srp)[0] == "ResourceNotFoundException"
    at.client_id = "nosuchclient"
    at.admin = False
    assert refused(at.srp)[0] == "ResourceNotFoundException"
