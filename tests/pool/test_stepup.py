"""USER_AUTH towards an authentication level: the levels and methods that the developer guide lists."""

from __future__ import annotations

import jwt
import pytest

POLICY = {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}}
ONE, TWO, THREE, FOUR = (f"urn:cognito:loa:{number}" for number in range(1, 5))
TOTP_AND_EMAIL = {
    "SoftwareTokenMfaConfiguration": {"Enabled": True},
    "EmailMfaConfiguration": {},
    "MfaConfiguration": "OPTIONAL",
}
ADDRESS = {"email": "alice@example.org", "email_verified": "true"}
PASSWORD = {"PREFERRED_CHALLENGE": "PASSWORD", "PASSWORD": "Correct-1-horse"}


@pytest.fixture
def signed_in(bench, totp_optional):
    """A bench, the TOTP codes of its user, and an access token from a sign-in by password."""
    at = bench(pool=POLICY, mfa=totp_optional)
    token = at.access_token()
    return at, at.enrol_totp(), token


def claims(answer) -> dict[str, object]:
    return jwt.decode(answer["AuthenticationResult"]["AccessToken"], options={"verify_signature": False})


def told(answer) -> tuple[object, object]:
    found = claims(answer)
    return found.get("acr"), found.get("amr")


def step_up(at, **parameters: str):
    return at.initiate("USER_AUTH", USERNAME="alice", **parameters)


def test_credit(signed_in):
    at, code, token = signed_in
    answer = step_up(at, TARGET_ACR_VALUES=f"urn:unknown {FOUR} {ONE}", ACCESS_TOKEN=token)
    assert answer["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    done = at.respond("SOFTWARE_TOKEN_MFA", answer["Session"], USERNAME="alice", SOFTWARE_TOKEN_MFA_CODE=code())
    assert told(done) == (FOUR, ["pwd", "otp", "mfa"])
    refreshed = at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=done["AuthenticationResult"]["RefreshToken"])
    assert told(refreshed) == (FOUR, ["pwd", "otp", "mfa"])


def test_credit_ends_with_max_age(signed_in):
    at, _, token = signed_in
    at.clock.now += 60
    parameters = {"TARGET_ACR_VALUES": FOUR, "ACCESS_TOKEN": token}
    assert step_up(at, **parameters, MAX_AGE="60")["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert step_up(at, **parameters, MAX_AGE="59")["ChallengeName"] == "SELECT_CHALLENGE"


def test_without_credit(bench, refused):
    at = bench(pool=POLICY)
    assert told(step_up(at, **PASSWORD)) == (None, ["pwd"])
    assert told(step_up(at, **PASSWORD, TARGET_ACR_VALUES=f"{FOUR} {ONE}")) == (ONE, ["pwd"])
    assert refused(lambda: step_up(at, **PASSWORD, TARGET_ACR_VALUES=FOUR))[0] == "InvalidParameterException"


def test_token_alone_buys_nothing(signed_in, refused):
    """A token that meets the level already is refused, so that it cannot renew itself."""
    at, _, token = signed_in
    assert refused(lambda: step_up(at, TARGET_ACR_VALUES=ONE, ACCESS_TOKEN=token))[0] == "InvalidParameterException"
    at.client_id = at.add_client()
    wrong = refused(lambda: step_up(at, TARGET_ACR_VALUES=FOUR, ACCESS_TOKEN=token))
    assert wrong[0] == "NotAuthorizedException"


def test_methods_are_credited_as_what_they_were(bench, refused):
    """A sign-in by e-mail counts as e-mail: once more e-mail does not become a password with a second factor."""
    at = bench(pool=POLICY, user=ADDRESS, mfa=TOTP_AND_EMAIL)
    session = step_up(at, PREFERRED_CHALLENGE="EMAIL_OTP", TARGET_ACR_VALUES=TWO)["Session"]
    done = at.respond("EMAIL_OTP", session, USERNAME="alice", EMAIL_OTP_CODE=at.service.outbox.code())
    assert told(done) == (TWO, ["email_otp"])
    token = done["AuthenticationResult"]["AccessToken"]
    at.aws.set_user_mfa_preference(AccessToken=token, EmailMfaSettings={"Enabled": True})
    answer = step_up(at, **PASSWORD, TARGET_ACR_VALUES=THREE, ACCESS_TOKEN=token)
    assert told(answer) == (THREE, ["pwd", "email_otp", "mfa"])
    only = step_up(at, TARGET_ACR_VALUES=THREE, ACCESS_TOKEN=token)
    assert only["AvailableChallenges"] == ["PASSWORD", "PASSWORD_SRP"]


def test_credit_is_void_after_a_change_of_password(signed_in):
    at, _, token = signed_in
    at.clock.now += 1
    at.aws.admin_set_user_password(UserPoolId=at.pool_id, Username="alice", Password="Other-1-horse", Permanent=True)
    answer = step_up(at, TARGET_ACR_VALUES=FOUR, ACCESS_TOKEN=token)
    assert answer["ChallengeName"] == "SELECT_CHALLENGE"
    at.aws.admin_set_user_password(UserPoolId=at.pool_id, Username="alice", Password="Other-1-horse", Permanent=False)
    answer = step_up(at, TARGET_ACR_VALUES=FOUR, ACCESS_TOKEN=token)
    assert answer["ChallengeName"] == "SELECT_CHALLENGE"


def test_a_required_second_factor_is_asked_for_all_the_same(signed_in):
    at, _, _ = signed_in
    assert step_up(at, **PASSWORD, TARGET_ACR_VALUES=ONE)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


def test_a_remembered_device_is_no_second_factor(bench, totp_optional, remembers):
    at = bench(pool={**POLICY, **remembers}, mfa=totp_optional)
    result = at.srp()["AuthenticationResult"]
    device = at.confirm_device(result)
    at.enrol_totp()
    answer = at.initiate("USER_AUTH", USERNAME="alice", DEVICE_KEY=device.key, **PASSWORD, TARGET_ACR_VALUES=FOUR)
    assert at.device_leg(answer, device)["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


def test_a_trigger_cannot_change_levels(bench):
    at = bench(pool=POLICY)

    def forge(event):
        changes = {"claimsToAddOrOverride": {"acr": FOUR, "amr": "mfa"}, "claimsToSuppress": ["amr"]}
        event["response"]["claimsOverrideDetails"] = changes
        return event

    at.service.connect(at.pool_id, "PreTokenGeneration", forge)
    result = step_up(at, **PASSWORD)["AuthenticationResult"]
    identity = jwt.decode(result["IdToken"], options={"verify_signature": False})
    assert "acr" not in identity
    assert identity["amr"] == ["pwd"]


def test_own_names(bench):
    at = bench(pool={**POLICY, "AcrConfiguration": {"Level1": {"AcrValue": "urn:example:one"}}})
    assert told(step_up(at, **PASSWORD, TARGET_ACR_VALUES="urn:example:one"))[0] == "urn:example:one"


def test_bent(signed_in, refused):
    at, _, token = signed_in
    at.add_user("bob")
    other = at.access_token("bob")
    for code, parameters in (
        ("InvalidParameterException", {"ACCESS_TOKEN": token}),
        ("InvalidParameterException", {"TARGET_ACR_VALUES": "urn:unknown"}),
        ("InvalidParameterException", {"TARGET_ACR_VALUES": FOUR, "MAX_AGE": "-1"}),
        ("NotAuthorizedException", {"TARGET_ACR_VALUES": FOUR, "ACCESS_TOKEN": "x"}),
        ("NotAuthorizedException", {"TARGET_ACR_VALUES": FOUR, "ACCESS_TOKEN": other}),
    ):
        assert refused(lambda parameters=parameters: step_up(at, **parameters))[0] == code
