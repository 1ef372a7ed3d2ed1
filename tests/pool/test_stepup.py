"""USER_AUTH towards an authentication level."""

from __future__ import annotations

import jwt
import pytest

POLICY = {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}}
ONE, TWO = "urn:cognito:loa:1", "urn:cognito:loa:2"


@pytest.fixture
def signed_in(bench, totp_optional):
    """A bench, the TOTP codes of its user, and an access token."""
    at = bench(pool=POLICY, mfa=totp_optional)
    token = at.access_token()
    return at, at.enrol_totp(), token


def level(answer) -> object:
    return jwt.decode(answer["AuthenticationResult"]["AccessToken"], options={"verify_signature": False}).get("acr")


def step_up(at, **parameters: str):
    return at.initiate("USER_AUTH", USERNAME="alice", **parameters)


def test_credit(signed_in):
    at, code, token = signed_in
    answer = step_up(at, TARGET_ACR_VALUES=f"urn:unknown {TWO} {ONE}", ACCESS_TOKEN=token)
    assert answer["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    done = at.respond("SOFTWARE_TOKEN_MFA", answer["Session"], USERNAME="alice", SOFTWARE_TOKEN_MFA_CODE=code())
    assert level(done) == TWO
    refreshed = at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=done["AuthenticationResult"]["RefreshToken"])
    assert level(refreshed) == TWO


def test_credit_ends_with_max_age(signed_in):
    at, _, token = signed_in
    at.clock.now += 60
    parameters = {"TARGET_ACR_VALUES": TWO, "ACCESS_TOKEN": token}
    assert step_up(at, **parameters, MAX_AGE="60")["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert step_up(at, **parameters, MAX_AGE="59")["ChallengeName"] == "SELECT_CHALLENGE"


def test_without_credit(bench, refused):
    at = bench(pool=POLICY)
    start = {"PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": "Correct-1-horse"}
    assert level(step_up(at, **start)) is None
    assert level(step_up(at, **start, TARGET_ACR_VALUES=f"{TWO} {ONE}")) == ONE
    assert refused(lambda: step_up(at, **start, TARGET_ACR_VALUES=TWO))[0] == "NotAuthorizedException"


def test_own_names(bench):
    at = bench(pool={**POLICY, "AcrConfiguration": {"Level1": {"AcrValue": "urn:example:one"}}})
    start = {"PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": "Correct-1-horse"}
    assert level(step_up(at, **start, TARGET_ACR_VALUES="urn:example:one")) == "urn:example:one"


def test_bent(signed_in, refused):
    at, _, token = signed_in
    at.add_user("bob")
    other = at.access_token("bob")
    for code, parameters in (
        ("InvalidParameterException", {"ACCESS_TOKEN": token}),
        ("InvalidParameterException", {"TARGET_ACR_VALUES": "urn:unknown"}),
        ("InvalidParameterException", {"TARGET_ACR_VALUES": ONE, "MAX_AGE": "-1"}),
        ("NotAuthorizedException", {"TARGET_ACR_VALUES": ONE, "ACCESS_TOKEN": "x"}),
        ("NotAuthorizedException", {"TARGET_ACR_VALUES": ONE, "ACCESS_TOKEN": other}),
    ):
        assert refused(lambda parameters=parameters: step_up(at, **parameters))[0] == code
