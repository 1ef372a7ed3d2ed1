"""Who needs a second factor, and which first factors are no way around it."""

from __future__ import annotations

import pytest

from support.authenticator import Authenticator

ADDRESS = {"email": "alice@example.org", "email_verified": "true", "phone_number": "+15550100"}
FIRST = {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]}}}
PASSKEY = {"RelyingPartyId": "example.org", "UserVerification": "preferred"}
BOTH = {**PASSKEY, "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION"}
PASSWORDS = ["PASSWORD", "PASSWORD_SRP"]
VERIFIES, TOUCHED = 0x05, 0x01


def settings(mode: str, passkeys: dict[str, str]) -> dict[str, object]:
    return {
        "SoftwareTokenMfaConfiguration": {"Enabled": True},
        "WebAuthnConfiguration": passkeys,
        "MfaConfiguration": mode,
    }


def add_passkey(at, token: str) -> Authenticator:
    authenticator = Authenticator()
    options = at.aws.start_web_authn_registration(AccessToken=token)["CredentialCreationOptions"]
    at.aws.complete_web_authn_registration(AccessToken=token, Credential=authenticator.create(options))
    return authenticator


def choice(at) -> list[str]:
    return at.initiate("USER_AUTH", USERNAME="alice")["AvailableChallenges"]


def by_passkey(at, authenticator: Authenticator):
    answer = at.initiate("USER_AUTH", USERNAME="alice", PREFERRED_CHALLENGE="WEB_AUTHN")
    assert answer["ChallengeName"] == "WEB_AUTHN"
    options = answer["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"]
    return at.respond("WEB_AUTHN", answer["Session"], USERNAME="alice", CREDENTIAL=authenticator.get(options))


@pytest.fixture
def ready(bench):
    """Makes a bench whose user has everything: addresses, a passkey, a TOTP secret that is on or off."""

    def make(mode: str, passkeys: dict[str, str] | None = None, *, totp: bool = True):
        at = bench(pool=FIRST, user=ADDRESS, mfa=settings("OPTIONAL", passkeys or PASSKEY))
        token = at.access_token()
        authenticator = add_passkey(at, token)
        at.enrol_totp(prefer=True)
        if not totp:
            at.aws.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings={"Enabled": False})
        at.aws.set_user_pool_mfa_config(UserPoolId=at.pool_id, **settings(mode, passkeys or PASSKEY))
        return at, authenticator, token

    return make


def test_without_mfa_everything_is_a_first_factor(ready):
    at, authenticator, _ = ready("OFF")
    assert choice(at) == [*PASSWORDS, "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]
    assert "AuthenticationResult" in by_passkey(at, authenticator)


@pytest.mark.parametrize(("mode", "totp"), [("ON", True), ("ON", False), ("OPTIONAL", True)])
def test_with_mfa_only_passwords_begin(ready, mode, totp):
    at, _, _ = ready(mode, totp=totp)
    assert choice(at) == PASSWORDS
    for factor in ("EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"):
        answer = at.initiate("USER_AUTH", USERNAME="alice", PREFERRED_CHALLENGE=factor)
        assert answer["ChallengeName"] == "SELECT_CHALLENGE"


def test_mfa_turned_on_in_between(bench, refused):
    """A code that was asked for as the only factor is not enough any more when it comes."""
    at = bench(pool=FIRST, user=ADDRESS)
    session = at.initiate("USER_AUTH", USERNAME="alice", PREFERRED_CHALLENGE="EMAIL_OTP")["Session"]
    at.aws.set_user_pool_mfa_config(UserPoolId=at.pool_id, **settings("ON", PASSKEY))
    code = at.service.outbox.code("alice@example.org")
    late = refused(lambda: at.respond("EMAIL_OTP", session, USERNAME="alice", EMAIL_OTP_CODE=code))
    assert late[:2] == ("NotAuthorizedException", "The user has to sign in with two factors.")


def test_a_passkey_is_both_where_pool_and_user_want_it(ready, refused):
    at, authenticator, token = ready("ON", BOTH)
    assert choice(at) == PASSWORDS, "the user has not turned it on"
    at.aws.set_user_mfa_preference(AccessToken=token, WebAuthnMfaSettings={"Enabled": True})
    assert choice(at) == [*PASSWORDS, "WEB_AUTHN"]
    assert "AuthenticationResult" in by_passkey(at, authenticator)
    authenticator.flags = TOUCHED
    assert refused(lambda: by_passkey(at, authenticator))[0] == "NotAuthorizedException"
    authenticator.flags = VERIFIES
    at.aws.set_user_pool_mfa_config(
        UserPoolId=at.pool_id, **settings("ON", {**BOTH, "FactorConfiguration": "SINGLE_FACTOR"})
    )
    assert choice(at) == PASSWORDS


def test_a_passkey_that_does_not_verify_is_one_factor(ready, refused):
    """Asked for while one was enough, answered when two are needed."""
    at, authenticator, _ = ready("OFF", BOTH)
    authenticator.flags = TOUCHED
    assert "AuthenticationResult" in by_passkey(at, authenticator)
    answer = at.initiate("USER_AUTH", USERNAME="alice", PREFERRED_CHALLENGE="WEB_AUTHN")
    at.aws.set_user_pool_mfa_config(UserPoolId=at.pool_id, **settings("ON", BOTH))
    proof = authenticator.get(answer["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
    late = refused(lambda: at.respond("WEB_AUTHN", answer["Session"], USERNAME="alice", CREDENTIAL=proof))
    assert late[:2] == ("NotAuthorizedException", "The user has to sign in with two factors.")


@pytest.mark.parametrize("passkeys", [PASSKEY, {**PASSKEY, "FactorConfiguration": "SINGLE_FACTOR"}])
def test_passkey_mfa_needs_the_pools_setting(ready, refused, passkeys):
    at, _, token = ready("OPTIONAL", passkeys)
    wrong = refused(lambda: at.aws.set_user_mfa_preference(AccessToken=token, WebAuthnMfaSettings={"Enabled": True}))
    assert wrong[0] == "InvalidParameterException"


def test_passkey_mfa_needs_another_factor(ready, refused):
    at, _, token = ready("OPTIONAL", BOTH, totp=False)
    wrong = refused(lambda: at.aws.set_user_mfa_preference(AccessToken=token, WebAuthnMfaSettings={"Enabled": True}))
    assert wrong[0] == "InvalidParameterException"


def test_a_temporary_password_is_no_way_in_by_code(bench, refused):
    at = bench(pool=FIRST, user=ADDRESS)
    at.aws.admin_set_user_password(UserPoolId=at.pool_id, Username="alice", Password="Other-1-horse", Permanent=False)
    sent = len(at.service.outbox)
    answer = at.initiate("USER_AUTH", USERNAME="alice", PREFERRED_CHALLENGE="EMAIL_OTP")
    assert answer["ChallengeName"] == "EMAIL_OTP"
    assert len(at.service.outbox) == sent, "no code is sent that nobody could use"
    wrong = refused(lambda: at.respond("EMAIL_OTP", answer["Session"], USERNAME="alice", EMAIL_OTP_CODE="00000000"))
    assert wrong[0] == "CodeMismatchException"


def test_temporary_password_set_in_between(bench, refused):
    """The sign-in ends by the change itself; a pool in which it did not would still ask for the password."""
    at = bench(pool=FIRST, user=ADDRESS)
    session = at.initiate("USER_AUTH", USERNAME="alice", PREFERRED_CHALLENGE="EMAIL_OTP")["Session"]
    code = at.service.outbox.code("alice@example.org")
    user = at.service._state.pools[at.pool_id].users["alice"]
    user.status = "FORCE_CHANGE_PASSWORD"
    late = refused(lambda: at.respond("EMAIL_OTP", session, USERNAME="alice", EMAIL_OTP_CODE=code))
    assert late[:2] == ("NotAuthorizedException", "Incorrect username or password.")


def test_passkey_counter_is_kept(ready, refused):
    at, authenticator, _ = ready("OFF")
    assert "AuthenticationResult" in by_passkey(at, authenticator)
    authenticator.count -= 1
    assert refused(lambda: by_passkey(at, authenticator))[0] == "NotAuthorizedException"


def test_twenty_passkeys(ready, refused):
    at, _, token = ready("OFF")
    passkeys = at.service._state.pools[at.pool_id].users["alice"].passkeys
    passkeys += [passkeys[0]] * 18
    at.aws.start_web_authn_registration(AccessToken=token)
    passkeys.append(passkeys[0])
    over = refused(lambda: at.aws.start_web_authn_registration(AccessToken=token))
    assert over[0] == "LimitExceededException"
