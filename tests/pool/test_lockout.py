"""The lock-out after failed attempts, as the developer guide describes it."""

from __future__ import annotations

import pytest

from cognito_challenges.pool import Options

ADDRESS = {"email": "alice@example.org", "email_verified": "true"}
EMAIL_FIRST = {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}}
LOCKED = ("NotAuthorizedException", "Password attempts exceeded", "")
LIMIT = ("LimitExceededException", "Attempt limit exceeded, please try after some time.", "")
WRONG = ("NotAuthorizedException", "Incorrect username or password.", "")
MISMATCH = "CodeMismatchException"


def plain(at, password: str = "wrong", name: str = "alice"):
    return at.initiate("USER_PASSWORD_AUTH", USERNAME=name, PASSWORD=password)


def fail(at, refused, times: int) -> None:
    for _ in range(times):
        assert refused(lambda: plain(at)) == WRONG


def test_passwords(bench, refused):
    """Each failure from the fifth on locks twice as long; what is tried meanwhile does not count."""
    at = bench()
    fail(at, refused, 5)
    for seconds in (1, 2, 4, 8):
        assert refused(lambda: plain(at)) == LOCKED
        assert refused(lambda: plain(at, "Correct-1-horse")) == LOCKED
        at.clock.now += seconds - 0.1
        assert refused(lambda: plain(at, "Correct-1-horse")) == LOCKED
        at.clock.now += 0.1
        fail(at, refused, 1)
    at.clock.now += 16
    assert "AuthenticationResult" in plain(at, "Correct-1-horse")
    fail(at, refused, 5)


def test_no_longer_than_a_quarter_of_an_hour(bench, refused):
    at = bench()
    fail(at, refused, 5)
    for power in range(10):
        at.clock.now += 2**power
        fail(at, refused, 1)
    at.clock.now += 899
    assert refused(lambda: plain(at, "Correct-1-horse")) == LOCKED
    at.clock.now += 1
    assert "AuthenticationResult" in plain(at, "Correct-1-horse")


def test_a_quiet_quarter_of_an_hour_ends_it(bench, refused):
    at = bench()
    fail(at, refused, 5)
    at.clock.now += 600
    fail(at, refused, 1)
    at.clock.now += 900
    fail(at, refused, 5)
    assert refused(lambda: plain(at)) == LOCKED


def test_proofs_count_with_passwords(bench, refused):
    at = bench()
    fail(at, refused, 3)
    for _ in range(2):
        assert refused(lambda: at.srp(password="wrong")) == WRONG
    assert refused(at.srp) == LOCKED


def test_a_right_password_alone_does_not_start_anew(bench, refused, totp_optional):
    """MFA codes count over Sessions, each begun with the right password."""
    at = bench(mfa=totp_optional)
    code = at.enrol_totp()

    def guess(answer: str):
        session = at.srp()["Session"]
        return at.respond("SOFTWARE_TOKEN_MFA", session, USERNAME="alice", SOFTWARE_TOKEN_MFA_CODE=answer)

    wrong = f"{(int(code()) + 1) % 10**6:06}"
    for _ in range(5):
        assert refused(lambda: guess(wrong))[0] == MISMATCH
    assert refused(lambda: guess(code())) == LOCKED
    at.clock.now += 1
    assert "AuthenticationResult" in guess(code())


def test_a_locked_session_can_be_answered_later(bench, refused):
    at = bench(pool=EMAIL_FIRST, user=ADDRESS)
    session = at.initiate("USER_AUTH", USERNAME="alice", PREFERRED_CHALLENGE="EMAIL_OTP")["Session"]
    fail(at, refused, 5)
    answer = {"USERNAME": "alice", "EMAIL_OTP_CODE": at.service.outbox.code()}
    assert refused(lambda: at.respond("EMAIL_OTP", session, **answer)) == LOCKED
    at.clock.now += 1
    assert "AuthenticationResult" in at.respond("EMAIL_OTP", session, **answer)


def test_reset_codes_count_over_codes(bench, refused):
    at = bench(user=ADDRESS)

    def guess(code: str):
        return at.aws.confirm_forgot_password(
            ClientId=at.client_id, Username="alice", ConfirmationCode=code, Password="Other-1-horse"
        )

    def asked() -> str:
        at.aws.forgot_password(ClientId=at.client_id, Username="alice")
        return at.service.outbox.code()

    for _ in range(5):
        code = asked()
        assert refused(lambda code=code: guess(f"{(int(code) + 1) % 10**6:06}"))[0] == MISMATCH
    code = asked()
    assert refused(lambda: guess(code)) == LIMIT
    assert "AuthenticationResult" in at.srp(), "signing in is another matter"
    at.clock.now += 1
    guess(code)


def test_changing_the_password_counts(bench, refused):
    at = bench()
    token = at.access_token()

    def change(previous: str):
        return at.aws.change_password(AccessToken=token, PreviousPassword=previous, ProposedPassword="Other-1-horse")

    for _ in range(5):
        assert refused(lambda: change("wrong"))[0] == "NotAuthorizedException"
    assert refused(lambda: change("Correct-1-horse")) == LIMIT
    at.clock.now += 1
    change("Correct-1-horse")


def test_names_of_nobody_are_locked_as_well(bench, refused):
    at = bench(app={"PreventUserExistenceErrors": "ENABLED"})
    for name in ("alice", "nobody"):
        for _ in range(5):
            assert refused(lambda name=name: plain(at, name=name)) == WRONG
        assert refused(lambda name=name: plain(at, name=name)) == LOCKED


@pytest.mark.parametrize("options", [Options(lockout_after=0), Options(explain=True)], ids=["off", "explaining"])
def test_without(bench, refused, options):
    at = bench(options)
    for _ in range(12):
        assert refused(lambda: plain(at))[:2] == WRONG[:2]
    assert "AuthenticationResult" in plain(at, "Correct-1-horse")


def test_other_numbers(bench, refused):
    at = bench(Options(lockout_after=2))
    fail(at, refused, 2)
    assert refused(lambda: plain(at)) == LOCKED


def test_custom_challenges_are_the_triggers_matter(bench, refused):
    at = bench()
    at.service.connect(
        at.pool_id, "DefineAuthChallenge", lambda event: {**event, "response": {"failAuthentication": True}}
    )
    for _ in range(7):
        assert refused(lambda: at.initiate("CUSTOM_AUTH", USERNAME="alice")) == WRONG
