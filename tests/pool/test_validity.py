"""What a Session, a proof, a code, a token or a device is still worth once the user has changed."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from botocore.exceptions import ClientError

from cognito_challenges.pool import Options
from cognito_challenges.pool.errors import ServiceError
from cognito_srp import DeviceSession

NEW = "Other-1-horse"
ADDRESS = {"email": "alice@example.org", "email_verified": "true"}
EMAIL_FIRST = {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}}
TOTP_ON = {"SoftwareTokenMfaConfiguration": {"Enabled": True}, "MfaConfiguration": "ON"}
EMAIL_ON = {"EmailMfaConfiguration": {}, "SoftwareTokenMfaConfiguration": {"Enabled": True}, "MfaConfiguration": "ON"}
OVER = ("NotAuthorizedException", "Invalid session for the user.", "")
USED = ("NotAuthorizedException", "Invalid session for the user, session can only be used once.", "")
EXPIRED = "ExpiredCodeException"


def admin(at, operation: str, **members: object) -> object:
    return at.service.call(operation, {"UserPoolId": at.pool_id, "Username": "alice", **members})


def set_password(at, *, permanent: bool = True) -> None:
    admin(at, "AdminSetUserPassword", Password=NEW, Permanent=permanent)


def forgotten_password_is_reset(at) -> None:
    at.aws.forgot_password(ClientId=at.client_id, Username="alice")
    at.aws.confirm_forgot_password(
        ClientId=at.client_id, Username="alice", ConfirmationCode=at.service.outbox.code(), Password=NEW
    )


EVENTS: dict[str, Callable] = {
    "an administrator sets the password": set_password,
    "an administrator sets a temporary password": lambda at: set_password(at, permanent=False),
    "an administrator resets the password": lambda at: admin(at, "AdminResetUserPassword"),
    "the user resets the password": forgotten_password_is_reset,
    "an administrator signs out": lambda at: admin(at, "AdminUserGlobalSignOut"),
    "disabled": lambda at: admin(at, "AdminDisableUser"),
    "disabled and enabled": lambda at: (admin(at, "AdminDisableUser"), admin(at, "AdminEnableUser")),
    "deleted": lambda at: admin(at, "AdminDeleteUser"),
    "deleted and made again": lambda at: (admin(at, "AdminDeleteUser"), at.add_user("alice", **ADDRESS)),
    "another address": lambda at: admin(
        at, "AdminUpdateUserAttributes", UserAttributes=[{"Name": "email", "Value": "new@example.org"}]
    ),
    "the address is no longer verified": lambda at: admin(
        at, "AdminUpdateUserAttributes", UserAttributes=[{"Name": "email_verified", "Value": "false"}]
    ),
}


@pytest.fixture
def at(bench):
    return bench(pool=EMAIL_FIRST, user=ADDRESS)


@pytest.mark.parametrize("event", EVENTS)
def test_sign_ins_under_way_are_over(at, refused, event):
    """With a proof to give, with a challenge to choose, and with a code to answer."""
    session, answer = at.start()
    claim = at.claim(session, answer)
    choice = at.initiate("USER_AUTH", USERNAME="alice")["Session"]
    mail = at.initiate("USER_AUTH", USERNAME="alice", PREFERRED_CHALLENGE="EMAIL_OTP")["Session"]
    code = at.service.outbox.code("alice@example.org")
    EVENTS[event](at)
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **claim)) == OVER
    assert refused(lambda: at.respond("SELECT_CHALLENGE", choice, USERNAME="alice", ANSWER="PASSWORD")) == OVER
    assert refused(lambda: at.respond("EMAIL_OTP", mail, USERNAME="alice", EMAIL_OTP_CODE=code)) == OVER


@pytest.mark.parametrize("event", [event for event in EVENTS if event != "the user resets the password"])
def test_reset_codes_are_void(at, event):
    at.aws.forgot_password(ClientId=at.client_id, Username="alice")
    code = at.service.outbox.code("alice@example.org")
    EVENTS[event](at)
    request = {"ClientId": at.client_id, "Username": "alice", "ConfirmationCode": code, "Password": "Third-1-horse"}
    with pytest.raises(ServiceError):
        at.service.call("ConfirmForgotPassword", request)


ENDS_TOKENS = ["an administrator signs out", "disabled", "disabled and enabled", "deleted", "deleted and made again"]


@pytest.mark.parametrize("event", ENDS_TOKENS)
def test_tokens_are_over(at, refused, event):
    result = at.srp()["AuthenticationResult"]
    EVENTS[event](at)
    with pytest.raises(ServiceError):
        at.service.call("GetUser", {"AccessToken": result["AccessToken"]})
    refresh = refused(lambda: at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=result["RefreshToken"]))
    assert refresh[0] == "NotAuthorizedException"


def test_tokens_of_a_disabled_user_say_so(at, refused):
    result = at.srp()["AuthenticationResult"]
    admin(at, "AdminDisableUser")
    disabled = ("NotAuthorizedException", "User is disabled.", "")
    assert refused(lambda: at.aws.get_user(AccessToken=result["AccessToken"])) == disabled
    assert refused(lambda: at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=result["RefreshToken"])) == disabled


def test_tokens_of_a_deleted_client_are_over(at, refused):
    result = at.srp()["AuthenticationResult"]
    at.aws.delete_user_pool_client(UserPoolId=at.pool_id, ClientId=at.client_id)
    assert refused(lambda: at.aws.get_user(AccessToken=result["AccessToken"]))[0] == "NotAuthorizedException"


def test_a_revocation_outlives_the_refresh_token(bench, refused):
    """Access tokens of a revoked sign-in may end after its refresh tokens."""
    units = {"RefreshToken": "minutes", "AccessToken": "hours"}
    at = bench(app={"RefreshTokenValidity": 60, "AccessTokenValidity": 24, "TokenValidityUnits": units})
    result = at.srp()["AuthenticationResult"]
    at.aws.revoke_token(Token=result["RefreshToken"], ClientId=at.client_id)
    at.clock.now += 20 * 3600
    other = at.srp()["AuthenticationResult"]
    at.aws.revoke_token(Token=other["RefreshToken"], ClientId=at.client_id)  # what is past its end is given up now
    revoked = refused(lambda: at.aws.get_user(AccessToken=result["AccessToken"]))
    assert revoked[:2] == ("NotAuthorizedException", "Access Token has been revoked")


def setup(at) -> str:
    """A Session of MFA_SETUP, with a TOTP secret that has been verified."""
    answer = at.srp()
    assert answer["ChallengeName"] == "MFA_SETUP"
    return answer["Session"]


def verified(at, session: str, totp) -> str:
    made = at.aws.associate_software_token(Session=session)
    code = totp(made["SecretCode"], at.clock)()
    return at.aws.verify_software_token(Session=made["Session"], UserCode=code)["Session"]


def test_an_older_mfa_setup_cannot_replace_the_factor(bench, refused, totp):
    at = bench(mfa=TOTP_ON)
    old, older = verified(at, setup(at), totp), setup(at)
    mine = verified(at, setup(at), totp)
    assert "AuthenticationResult" in at.respond("MFA_SETUP", mine, USERNAME="alice")
    assert refused(lambda: at.respond("MFA_SETUP", old, USERNAME="alice")) == OVER
    assert refused(lambda: at.aws.associate_software_token(Session=older)) == OVER


def test_mfa_setup_keeps_an_address_once_its_code_is_given(bench, refused):
    at = bench(mfa=EMAIL_ON)
    answer = at.respond("MFA_SETUP", setup(at), USERNAME="alice", EMAIL="mine@example.org")
    assert answer["ChallengeName"] == "EMAIL_OTP"
    attributes = {entry["Name"] for entry in admin(at, "AdminGetUser")["UserAttributes"]}
    assert "email" not in attributes
    code = at.service.outbox.code("mine@example.org")
    assert "AuthenticationResult" in at.respond("EMAIL_OTP", answer["Session"], USERNAME="alice", EMAIL_OTP_CODE=code)
    found = {entry["Name"]: entry["Value"] for entry in admin(at, "AdminGetUser")["UserAttributes"]}
    assert (found["email"], found["email_verified"]) == ("mine@example.org", "true")


def test_an_older_new_password_cannot_overwrite_a_newer_one(at, refused):
    set_password(at, permanent=False)
    old, new = (at.srp(password=NEW)["Session"] for _ in range(2))
    assert "AuthenticationResult" in at.respond(
        "NEW_PASSWORD_REQUIRED", new, USERNAME="alice", NEW_PASSWORD="Third-1-horse"
    )
    late = refused(lambda: at.respond("NEW_PASSWORD_REQUIRED", old, USERNAME="alice", NEW_PASSWORD="Evil-1-horse"))
    assert late == OVER
    assert "AuthenticationResult" in at.srp(password="Third-1-horse")


def test_a_changed_preference_ends_sign_ins_under_way(bench, refused, totp_optional):
    at = bench(mfa=totp_optional)
    token, code = at.access_token(), at.enrol_totp()
    session = at.srp()["Session"]
    at.aws.set_user_mfa_preference(AccessToken=token, SoftwareTokenMfaSettings={"Enabled": False})
    answer = {"USERNAME": "alice", "SOFTWARE_TOKEN_MFA_CODE": code()}
    assert refused(lambda: at.respond("SOFTWARE_TOKEN_MFA", session, **answer)) == OVER


def test_a_trigger_that_fails_late_leaves_nothing_to_answer(at, refused):
    """The proof held, so it is spent, whatever PostAuthentication does."""
    failing = [True]

    def trigger(event):
        if failing[0]:
            raise ValueError("no")
        return event

    at.service.connect(at.pool_id, "PostAuthentication", trigger)
    session, answer = at.start()
    claim = at.claim(session, answer)
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **claim))[0] == "UserLambdaValidationException"
    failing[0] = False
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **claim)) == USED


def test_a_trigger_cannot_answer_its_own_challenge(at):
    """No second set of tokens for one proof, and none for a user whom the trigger has disabled."""
    inner: list[object] = []

    def trigger(event):
        try:
            inner.append(at.respond("PASSWORD_VERIFIER", **claim))
        except ClientError as error:
            inner.append(type(error).__name__)
        return event

    at.service.connect(at.pool_id, "PostAuthentication", trigger)
    session, answer = at.start()
    claim = at.claim(session, answer)
    assert "AuthenticationResult" in at.respond("PASSWORD_VERIFIER", **claim)
    assert inner == ["NotAuthorizedException"]


def test_a_trigger_that_disables_the_user_ends_the_sign_in(at, refused):
    def trigger(event):
        admin(at, "AdminDisableUser")
        return event

    at.service.connect(at.pool_id, "PostAuthentication", trigger)
    assert refused(at.srp) == OVER


def test_the_code_of_a_sign_up_proves_the_address_that_it_went_to(bench, refused):
    at = bench(pool={"AutoVerifiedAttributes": ["email"]})
    at.aws.sign_up(
        ClientId=at.client_id,
        Username="bob",
        Password=NEW,
        UserAttributes=[{"Name": "email", "Value": "bob@example.org"}],
    )
    code = at.service.outbox.code("bob@example.org")
    at.aws.admin_update_user_attributes(
        UserPoolId=at.pool_id, Username="bob", UserAttributes=[{"Name": "email", "Value": "other@example.org"}]
    )
    late = refused(lambda: at.aws.confirm_sign_up(ClientId=at.client_id, Username="bob", ConfirmationCode=code))
    assert late[0] == EXPIRED


ALIASES = {"AliasAttributes": ["email", "phone_number", "preferred_username"]}
TAKEN = {"email": "alice@example.org", "email_verified": "true"}


def create(at, name: str, force: bool = True, **attributes: str):
    return at.aws.admin_create_user(
        UserPoolId=at.pool_id,
        Username=name,
        MessageAction="SUPPRESS",
        ForceAliasCreation=force,
        TemporaryPassword=attributes.pop("password", NEW),
        UserAttributes=[{"Name": key, "Value": value} for key, value in attributes.items()],
    )


def test_a_refused_user_takes_no_alias(bench, refused):
    at = bench(pool=ALIASES, user=ADDRESS)
    assert refused(lambda: create(at, "bob", **TAKEN, password="short"))[0] == "InvalidPasswordException"
    assert "AuthenticationResult" in at.srp("alice@example.org")
    create(at, "bob", **TAKEN)
    assert at.start("alice@example.org")[1]["ChallengeParameters"]["USER_ID_FOR_SRP"] == "bob"


def test_no_alias_takes_a_username(bench, refused):
    at = bench(pool=ALIASES)
    wanted = refused(lambda: create(at, "bob", preferred_username="alice"))
    assert wanted[0] == "AliasExistsException"
    at.add_user("+15550100")
    assert refused(lambda: create(at, "bob", phone_number="+15550100", phone_number_verified="true"))[0] == (
        "AliasExistsException"
    )


def test_a_code_does_not_verify_the_alias_of_another(bench):
    at = bench(pool={**ALIASES, **EMAIL_FIRST}, user=ADDRESS)
    at.add_user("bob", email="alice@example.org")
    session = at.initiate("USER_AUTH", USERNAME="bob", PREFERRED_CHALLENGE="EMAIL_OTP")["Session"]
    done = at.respond("EMAIL_OTP", session, USERNAME="bob", EMAIL_OTP_CODE=at.service.outbox.code())
    assert "AuthenticationResult" in done
    found = {
        entry["Name"]: entry["Value"]
        for entry in at.aws.admin_get_user(UserPoolId=at.pool_id, Username="bob")["UserAttributes"]
    }
    assert found.get("email_verified") != "true"
    assert at.start("alice@example.org")[1]["ChallengeParameters"]["USER_ID_FOR_SRP"] == "alice"


def test_reset_codes_tell_nothing_of_former_passwords(bench, refused):
    history = {"Policies": {"PasswordPolicy": {"MinimumLength": 8, "PasswordHistorySize": 3}}}
    at = bench(pool=history, user=ADDRESS)
    at.aws.forgot_password(ClientId=at.client_id, Username="alice")
    wrong = refused(
        lambda: at.aws.confirm_forgot_password(
            ClientId=at.client_id, Username="alice", ConfirmationCode="x", Password="Correct-1-horse"
        )
    )
    assert wrong[0] == "CodeMismatchException"


# Devices


@pytest.fixture
def with_device(bench, totp_optional, remembers):
    """A bench, its user's device, the access token that it was confirmed with, and the user's TOTP codes."""
    at = bench(Options(challenge_seconds=60), pool=remembers, mfa=totp_optional)
    result = at.srp()["AuthenticationResult"]
    device = at.confirm_device(result)
    return at, device, result, at.enrol_totp()


def device_proof(at, device):
    """A challenge for the device, with its proof ready to be sent."""
    answer = at.srp(DEVICE_KEY=device.key)
    session = DeviceSession(device, clock=at.clock)
    given = {"USERNAME": "alice", "DEVICE_KEY": device.key}
    challenge = at.respond("DEVICE_SRP_AUTH", answer["Session"], **given, SRP_A=session.srp_a)
    proof = session.prove(challenge["ChallengeParameters"]).responses()
    return lambda: at.respond("DEVICE_PASSWORD_VERIFIER", challenge.get("Session"), **given, **proof)


def test_a_device_no_longer_remembered_skips_nothing(with_device):
    at, device, result, _ = with_device
    prove = device_proof(at, device)
    at.aws.update_device_status(
        AccessToken=result["AccessToken"], DeviceKey=device.key, DeviceRememberedStatus="not_remembered"
    )
    assert prove()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


def test_a_forgotten_device_stays_forgotten(with_device, refused):
    at, device, result, _ = with_device
    prove = device_proof(at, device)
    at.aws.forget_device(AccessToken=result["AccessToken"], DeviceKey=device.key)
    again = refused(lambda: at.confirm_device(result))
    assert again[0] == "ResourceNotFoundException"
    assert refused(prove)[0] == "ResourceNotFoundException"


def test_an_old_proof_is_not_for_a_new_device(with_device, refused):
    """The same key with another verifier is another device, however it came to be."""
    at, device, _, _ = with_device
    prove = device_proof(at, device)
    user = at.service._state.pools[at.pool_id].users["alice"]
    old = user.devices.pop(device.key)
    user.devices[device.key] = type(old)(old.key, old.name, old.verifier, True, 0.0, 0.0, 0.0)
    assert refused(prove)[0] == "ResourceNotFoundException"


def test_device_step_without_a_session_ends_with_the_challenge(with_device, refused):
    at, device, _, _ = with_device
    at.srp(DEVICE_KEY=device.key)
    session = DeviceSession(device, clock=at.clock)
    at.clock.now += 60
    late = refused(lambda: at.respond("DEVICE_SRP_AUTH", USERNAME="alice", DEVICE_KEY=device.key, SRP_A=session.srp_a))
    assert late[0] == "InvalidParameterException"


@pytest.mark.parametrize("forgotten", [False, True])
def test_tokens_of_a_device_are_renewed_with_its_key(with_device, refused, forgotten):
    at, device, result, _ = with_device
    if forgotten:
        at.aws.forget_device(AccessToken=result["AccessToken"], DeviceKey=device.key)
    token, other = result["RefreshToken"], "us-east-1_00000000-0000-4000-8000-000000000000"
    for named in ({}, {"DEVICE_KEY": other}):
        assert refused(lambda named=named: at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=token, **named))[:2] == (
            "NotAuthorizedException",
            "Invalid Refresh Token",
        )
    assert "AuthenticationResult" in at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=token, DEVICE_KEY=device.key)
    at.aws.get_tokens_from_refresh_token(ClientId=at.client_id, RefreshToken=token, DeviceKey=device.key)
    assert refused(lambda: at.aws.get_tokens_from_refresh_token(ClientId=at.client_id, RefreshToken=token))[0] == (
        "NotAuthorizedException"
    )


# Rotation


ROTATES = {"RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}}


def used_up(at) -> str:
    token = at.srp()["AuthenticationResult"]["RefreshToken"]
    at.aws.get_tokens_from_refresh_token(RefreshToken=token, ClientId=at.client_id)
    return token


@pytest.mark.parametrize("flows", [[], ["USER_PASSWORD_AUTH"]], ids=["none", "legacy"])
def test_a_rotating_client_refreshes_in_one_way(bench, refused, flows):
    at = bench(app={**ROTATES, "ExplicitAuthFlows": flows})
    assert refused(lambda: at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=used_up(at)))[0] == (
        "InvalidParameterException"
    )


def test_a_used_up_token_stays_so_when_rotation_ends(bench, refused):
    at = bench(app={**ROTATES, "ExplicitAuthFlows": []})
    token = used_up(at)
    at.aws.update_user_pool_client(UserPoolId=at.pool_id, ClientId=at.client_id)
    assert refused(lambda: at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=token))[0] == "NotAuthorizedException"
    again = refused(lambda: at.aws.get_tokens_from_refresh_token(RefreshToken=token, ClientId=at.client_id))
    assert again[0] == "RefreshTokenReuseException"


def test_a_trigger_cannot_use_the_refresh_token_that_it_is_called_for(bench):
    """One new refresh token for an old one; a trigger that fails leaves the old one as it was."""
    at = bench(app={**ROTATES, "ExplicitAuthFlows": []})
    token = at.srp()["AuthenticationResult"]["RefreshToken"]
    outcomes: list[str] = []

    def renew():
        return at.aws.get_tokens_from_refresh_token(RefreshToken=token, ClientId=at.client_id)

    def trigger(event):
        try:
            renew()
        except ClientError as error:
            outcomes.append(error.response["Error"]["Code"])
        if len(outcomes) == 1:
            raise ValueError("not now")
        return event

    at.service.connect(at.pool_id, "PreTokenGeneration", trigger)
    with pytest.raises(ClientError, match="not now"):
        renew()
    assert "RefreshToken" in renew()["AuthenticationResult"]
    assert outcomes == ["RefreshTokenReuseException"] * 2


# Lifetimes


def test_a_temporary_password_ends_whatever_else_changes(at, refused):
    set_password(at, permanent=False)
    at.clock.now += 5 * 86_400
    admin(at, "AdminUpdateUserAttributes", UserAttributes=[{"Name": "name", "Value": "Alice"}])
    assert at.srp(password=NEW)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    at.clock.now += 2 * 86_400 + 1
    assert "expired" in refused(lambda: at.srp(password=NEW))[1]


def test_temporary_password_validity_is_the_pools(bench, refused):
    at = bench(pool={"Policies": {"PasswordPolicy": {"MinimumLength": 8, "TemporaryPasswordValidityDays": 1}}})
    set_password(at, permanent=False)
    at.clock.now += 86_401
    assert "expired" in refused(lambda: at.srp(password=NEW))[1]


@pytest.mark.parametrize(("minutes", "seconds"), [(3, 180), (15, 900)])
def test_sessions_last_as_the_client_says(bench, refused, minutes, seconds):
    at = bench(pool=EMAIL_FIRST, user=ADDRESS, app={"AuthSessionValidity": minutes})
    sessions = [at.initiate("USER_AUTH", USERNAME="alice")["Session"] for _ in range(2)]
    answer = {"USERNAME": "alice", "ANSWER": "EMAIL_OTP"}
    at.clock.now += seconds - 1
    assert at.respond("SELECT_CHALLENGE", sessions[0], **answer)["ChallengeName"] == "EMAIL_OTP"
    at.clock.now += 1
    assert "expired" in refused(lambda: at.respond("SELECT_CHALLENGE", sessions[1], **answer))[1]


def test_only_offered_factors_can_be_chosen(bench, refused, totp_optional):
    mfa = {**totp_optional, "EmailMfaConfiguration": {}, "SmsMfaConfiguration": {}}
    at = bench(mfa=mfa, user={**ADDRESS, "phone_number": "+15550100"})
    at.enrol_totp(prefer=False)
    admin(at, "AdminSetUserMFAPreference", EmailMfaSettings={"Enabled": True})
    answer = at.srp()
    assert json.loads(answer["ChallengeParameters"]["MFAS_CAN_CHOOSE"]) == ["SOFTWARE_TOKEN_MFA", "EMAIL_OTP"]
    wrong = refused(lambda: at.respond("SELECT_MFA_TYPE", answer["Session"], USERNAME="alice", ANSWER="SMS_MFA"))
    assert wrong[0] == "InvalidParameterException"


def test_custom_auth_flow_only_is_only_that(bench, refused):
    at = bench(app={"ExplicitAuthFlows": ["CUSTOM_AUTH_FLOW_ONLY"]})
    assert refused(at.srp)[:2] == ("InvalidParameterException", "USER_SRP_AUTH flow not enabled for this client")


def test_new_password_takes_only_attributes_that_the_client_may_write(bench, refused):
    at = bench(app={"WriteAttributes": ["email"]})
    set_password(at, permanent=False)
    answer = {"USERNAME": "alice", "NEW_PASSWORD": "Third-1-horse"}
    session = at.srp(password=NEW)["Session"]
    wrong = refused(lambda: at.respond("NEW_PASSWORD_REQUIRED", session, **answer, **{"userAttributes.nickname": "Al"}))
    assert wrong[:2] == ("NotAuthorizedException", "A client attempted to write unauthorized attribute")
    assert "AuthenticationResult" in at.respond("NEW_PASSWORD_REQUIRED", session, **answer)


def test_a_changed_address_is_no_longer_verified(at):
    token = at.access_token()
    at.aws.update_user_attributes(AccessToken=token, UserAttributes=[{"Name": "email", "Value": "new@example.org"}])
    found = {entry["Name"]: entry["Value"] for entry in at.aws.get_user(AccessToken=token)["UserAttributes"]}
    assert found["email_verified"] == "false"


def test_the_device_step_belongs_to_one_client(with_device, refused):
    at, device, _, _ = with_device
    at.srp(DEVICE_KEY=device.key)
    at.client_id = at.add_client()
    session = DeviceSession(device, clock=at.clock)
    other = refused(lambda: at.respond("DEVICE_SRP_AUTH", USERNAME="alice", DEVICE_KEY=device.key, SRP_A=session.srp_a))
    assert other[0] == "InvalidParameterException"


def test_a_public_client_takes_no_secret(at, refused):
    token = at.srp()["AuthenticationResult"]["RefreshToken"]
    wrong = refused(
        lambda: at.aws.get_tokens_from_refresh_token(RefreshToken=token, ClientId=at.client_id, ClientSecret="x" * 32)
    )
    assert wrong[0] == "NotAuthorizedException"


def test_refresh_takes_a_secret_hash_over_the_sub(bench):
    from cognito_srp import secret_hash

    at = bench(app={"GenerateSecret": True})
    token = at.srp()["AuthenticationResult"]["RefreshToken"]
    found = {entry["Name"]: entry["Value"] for entry in admin(at, "AdminGetUser")["UserAttributes"]}
    for name in ("alice", found["sub"]):
        hashed = secret_hash(name, client_id=at.client_id, client_secret=at.secret)
        assert "AuthenticationResult" in at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=token, SECRET_HASH=hashed)
