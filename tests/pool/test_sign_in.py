"""Every flow and challenge, answered rightly and wrongly through boto3."""

from __future__ import annotations

import json

import pytest

from cognito_challenges.pool import Options
from cognito_srp import PasswordSession

SMS = {"SmsMfaConfiguration": {"SmsConfiguration": {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms-sender"}}}
EMAIL = {"EmailMfaConfiguration": {"Message": "{####}"}}
ADDRESS = {"email": "alice@example.org", "email_verified": "true"}
NUMBER = {"phone_number": "+15550100", "phone_number_verified": "true"}
MISMATCH = ("CodeMismatchException", "Invalid code or auth state for the user.", "")
WRONG = ("NotAuthorizedException", "Incorrect username or password.", "")


@pytest.mark.parametrize("admin", [False, True])
@pytest.mark.parametrize("secret", [False, True])
def test_password_by_srp(bench, refused, admin, secret):
    at = bench(admin=admin, app={"GenerateSecret": secret})
    result = at.srp()["AuthenticationResult"]
    assert set(result) == {"AccessToken", "IdToken", "RefreshToken", "ExpiresIn", "TokenType"}
    assert refused(lambda: at.srp(password="Wrong-1-horse")) == WRONG


def test_salt_and_srp_b_are_hex_without_leading_zeros(bench):
    at = bench()
    for _ in range(20):
        parameters = at.start()[1]["ChallengeParameters"]
        for name in ("SALT", "SRP_B"):
            assert parameters[name] == f"{int(parameters[name], 16):x}"
        assert parameters["USERNAME"] == parameters["USER_ID_FOR_SRP"] == "alice"


@pytest.mark.parametrize(
    ("flow", "admin"),
    [("USER_PASSWORD_AUTH", False), ("ADMIN_USER_PASSWORD_AUTH", True), ("ADMIN_NO_SRP_AUTH", True)],
)
def test_password_in_plain_text(bench, refused, flow, admin):
    at = bench(admin=admin, app={"GenerateSecret": True})
    assert "AuthenticationResult" in at.initiate(flow, USERNAME="alice", PASSWORD="Correct-1-horse")
    assert refused(lambda: at.initiate(flow, USERNAME="alice", PASSWORD="Wrong-1-horse")) == WRONG


@pytest.mark.parametrize(("flow", "admin"), [("USER_PASSWORD_AUTH", True), ("ADMIN_USER_PASSWORD_AUTH", False)])
def test_flow_of_the_other_operation(bench, refused, flow, admin):
    at = bench(admin=admin)
    code, message, _ = refused(lambda: at.initiate(flow, USERNAME="alice", PASSWORD="Correct-1-horse"))
    assert (code, message) == ("InvalidParameterException", "Initiate Auth method not supported.")


def test_new_password_with_attributes(bench, refused):
    schema = [{"Name": "email", "AttributeDataType": "String", "Required": True}, {"Name": "team"}]
    at = bench(pool={"Schema": schema}, users=False)
    at.aws.admin_create_user(
        UserPoolId=at.pool_id,
        Username="bob",
        TemporaryPassword="Temporary-1-horse",
        MessageAction="SUPPRESS",
        UserAttributes=[{"Name": "custom:team", "Value": "red"}],
    )
    answer = at.srp("bob", "Temporary-1-horse")
    assert answer["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    parameters = answer["ChallengeParameters"]
    assert json.loads(parameters["requiredAttributes"]) == ["userAttributes.email"]
    assert json.loads(parameters["userAttributes"]) == {"custom:team": "red"}

    def change(password: str = "Correct-2-horse", **given: str) -> object:
        responses = {f"userAttributes.{name.replace('__', ':')}": value for name, value in given.items()}
        return at.respond(
            "NEW_PASSWORD_REQUIRED", answer["Session"], USERNAME="bob", NEW_PASSWORD=password, **responses
        )

    assert refused(change)[0] == "InvalidParameterException"
    assert refused(lambda: change("short", email="b@example.org"))[0] == "InvalidPasswordException"
    modified = refused(lambda: change(email="b@example.org", custom__team="blue"))
    assert modified[:2] == ("NotAuthorizedException", "Cannot modify an already provided custom:team")
    # Three refusals have changed nothing and spent nothing.
    assert at.aws.admin_get_user(UserPoolId=at.pool_id, Username="bob")["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    assert "AuthenticationResult" in change(email="b@example.org")
    assert at.aws.admin_get_user(UserPoolId=at.pool_id, Username="bob")["UserStatus"] == "CONFIRMED"
    assert "AuthenticationResult" in at.srp("bob", "Correct-2-horse")
    assert refused(lambda: at.srp("bob", "Temporary-1-horse")) == WRONG


def test_totp(bench, refused, totp_optional):
    at = bench(mfa=totp_optional)
    code = at.enrol_totp()
    answer = at.srp()
    assert answer["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    assert answer["ChallengeParameters"] == {"FRIENDLY_DEVICE_NAME": "phone"}
    wrong = f"{(int(code()) + 1) % 1_000_000:06}"
    parameters = {"USERNAME": "alice", "SOFTWARE_TOKEN_MFA_CODE": wrong}
    assert refused(lambda: at.respond("SOFTWARE_TOKEN_MFA", answer["Session"], **parameters))[0] == (
        "CodeMismatchException"
    )
    parameters["SOFTWARE_TOKEN_MFA_CODE"] = code()
    assert "AuthenticationResult" in at.respond("SOFTWARE_TOKEN_MFA", answer["Session"], **parameters)


@pytest.mark.parametrize(("off", "holds"), [(-61, False), (-30, True), (30, True), (61, False)])
def test_totp_of_the_steps_beside(bench, refused, totp_optional, off, holds):
    at = bench(mfa=totp_optional)
    code = at.enrol_totp()
    answer, now = at.srp(), at.clock.now
    at.clock.now = now + off
    early_or_late = code()
    at.clock.now = now

    def act() -> object:
        return at.respond(
            "SOFTWARE_TOKEN_MFA", answer["Session"], USERNAME="alice", SOFTWARE_TOKEN_MFA_CODE=early_or_late
        )

    if holds:
        assert "AuthenticationResult" in act()
    else:
        assert refused(act)[0] == "CodeMismatchException"


@pytest.mark.parametrize(
    ("config", "setting", "challenge", "destination", "shown"),
    [
        (SMS, "SMSMfaSettings", "SMS_MFA", "+15550100", "+****0100"),
        (EMAIL, "EmailMfaSettings", "EMAIL_OTP", "alice@example.org", "a***@e***"),
    ],
)
def test_codes_by_message(bench, refused, config, setting, challenge, destination, shown):
    at = bench(mfa={**config, "MfaConfiguration": "OPTIONAL"}, user={**ADDRESS, **NUMBER})
    at.aws.admin_set_user_mfa_preference(
        UserPoolId=at.pool_id, Username="alice", **{setting: {"Enabled": True, "PreferredMfa": True}}
    )
    answer = at.srp()
    assert answer["ChallengeName"] == challenge
    assert answer["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == shown
    code = at.service.outbox.code(destination)
    assert len(code) == 6
    assert code in at.service.outbox.latest(destination).text
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    assert refused(
        lambda: at.respond(challenge, answer["Session"], USERNAME="alice", **{f"{challenge}_CODE": wrong})
    ) == (MISMATCH)
    assert "AuthenticationResult" in at.respond(
        challenge, answer["Session"], USERNAME="alice", **{f"{challenge}_CODE": code}
    )


def test_choice_of_second_factor(bench, refused, totp_optional):
    at = bench(mfa={**totp_optional, **SMS, **EMAIL}, user={**ADDRESS, **NUMBER})
    code = at.enrol_totp(prefer=False)
    on = {"Enabled": True, "PreferredMfa": False}
    at.aws.admin_set_user_mfa_preference(
        UserPoolId=at.pool_id, Username="alice", SMSMfaSettings=on, EmailMfaSettings=on
    )
    answer = at.srp()
    assert answer["ChallengeName"] == "SELECT_MFA_TYPE"
    offered = json.loads(answer["ChallengeParameters"]["MFAS_CAN_CHOOSE"])
    assert sorted(offered) == ["EMAIL_OTP", "SMS_MFA", "SOFTWARE_TOKEN_MFA"]
    assert refused(lambda: at.respond("SELECT_MFA_TYPE", answer["Session"], USERNAME="alice", ANSWER="CARRIER_PIGEON"))[
        0
    ] == ("InvalidParameterException")
    chosen = at.respond("SELECT_MFA_TYPE", answer["Session"], USERNAME="alice", ANSWER="SOFTWARE_TOKEN_MFA")
    assert chosen["ChallengeName"] == "SOFTWARE_TOKEN_MFA"
    done = at.respond("SOFTWARE_TOKEN_MFA", chosen["Session"], USERNAME="alice", SOFTWARE_TOKEN_MFA_CODE=code())
    assert "AuthenticationResult" in done
    answer = at.srp()
    chosen = at.respond("SELECT_MFA_TYPE", answer["Session"], USERNAME="alice", ANSWER="EMAIL_MFA")
    assert chosen["ChallengeName"] == "EMAIL_OTP"


def test_totp_enrolment_within_the_sign_in(bench, refused, totp, totp_optional):
    at = bench(mfa={**totp_optional, "MfaConfiguration": "ON"})
    answer = at.srp()
    assert answer["ChallengeName"] == "MFA_SETUP"
    assert json.loads(answer["ChallengeParameters"]["MFAS_CAN_SETUP"]) == ["SOFTWARE_TOKEN_MFA"]
    made = at.aws.associate_software_token(Session=answer["Session"])
    code = totp(made["SecretCode"], at.clock)
    wrong = f"{(int(code()) + 1) % 1_000_000:06}"
    assert refused(lambda: at.aws.verify_software_token(Session=made["Session"], UserCode=wrong))[0] == (
        "EnableSoftwareTokenMFAException"
    )
    early = refused(lambda: at.respond("MFA_SETUP", made["Session"], USERNAME="alice"))
    assert early[0] == "InvalidParameterException"
    verified = at.aws.verify_software_token(Session=made["Session"], UserCode=code())
    assert "AuthenticationResult" in at.respond("MFA_SETUP", verified["Session"], USERNAME="alice")
    assert at.srp()["ChallengeName"] == "SOFTWARE_TOKEN_MFA"


def test_email_enrolment_within_the_sign_in(bench):
    at = bench(mfa={**EMAIL, "MfaConfiguration": "ON"})
    answer = at.srp()
    assert answer["ChallengeName"] == "MFA_SETUP"
    sent = at.respond("MFA_SETUP", answer["Session"], USERNAME="alice", EMAIL="alice@example.org")
    assert sent["ChallengeName"] == "EMAIL_OTP"
    code = at.service.outbox.code("alice@example.org")
    done = at.respond("EMAIL_OTP", sent["Session"], USERNAME="alice", EMAIL_OTP_CODE=code)
    attributes = at.aws.get_user(AccessToken=done["AuthenticationResult"]["AccessToken"])["UserAttributes"]
    assert {"Name": "email_verified", "Value": "true"} in attributes
    assert at.srp()["ChallengeName"] == "EMAIL_OTP"


def choosing(*factors: str) -> dict[str, object]:
    return {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": list(factors)}}}


def test_choice_based_sign_in(bench, refused):
    at = bench(pool=choosing("PASSWORD", "EMAIL_OTP", "SMS_OTP"), user=ADDRESS)
    answer = at.initiate("USER_AUTH", USERNAME="alice")
    assert answer["ChallengeName"] == "SELECT_CHALLENGE"
    assert answer["AvailableChallenges"] == ["PASSWORD", "PASSWORD_SRP", "EMAIL_OTP"]
    absent = refused(lambda: at.respond("SELECT_CHALLENGE", answer["Session"], USERNAME="alice", ANSWER="SMS_OTP"))
    assert absent[0] == "InvalidParameterException"
    sent = at.respond("SELECT_CHALLENGE", answer["Session"], USERNAME="alice", ANSWER="EMAIL_OTP")
    assert sent["ChallengeName"] == "EMAIL_OTP"
    code = at.service.outbox.code("alice@example.org")
    assert len(code) == 8
    assert "AuthenticationResult" in at.respond("EMAIL_OTP", sent["Session"], USERNAME="alice", EMAIL_OTP_CODE=code)

    answer = at.initiate("USER_AUTH", USERNAME="alice")
    done = at.respond(
        "SELECT_CHALLENGE", answer["Session"], USERNAME="alice", ANSWER="PASSWORD", PASSWORD="Correct-1-horse"
    )
    assert "AuthenticationResult" in done

    answer = at.initiate("USER_AUTH", USERNAME="alice")
    session = PasswordSession(at.pool_id, username="alice", password="Correct-1-horse", clock=at.clock)
    puts = at.respond(
        "SELECT_CHALLENGE", answer["Session"], USERNAME="alice", ANSWER="PASSWORD_SRP", SRP_A=session.srp_a
    )
    assert "AuthenticationResult" in at.respond("PASSWORD_VERIFIER", **at.claim(session, puts))


def test_preferred_challenges(bench, refused):
    at = bench(pool=choosing("PASSWORD", "EMAIL_OTP", "SMS_OTP"), user={**ADDRESS, **NUMBER})
    session = PasswordSession(at.pool_id, username="alice", password="Correct-1-horse", clock=at.clock)
    answer = at.initiate("USER_AUTH", USERNAME="alice", PREFERRED_CHALLENGE="PASSWORD_SRP", SRP_A=session.srp_a)
    assert "AuthenticationResult" in at.respond("PASSWORD_VERIFIER", **at.claim(session, answer))
    done = at.initiate("USER_AUTH", USERNAME="alice", PREFERRED_CHALLENGE="PASSWORD", PASSWORD="Correct-1-horse")
    assert "AuthenticationResult" in done
    asked = at.initiate("USER_AUTH", USERNAME="alice", PREFERRED_CHALLENGE="PASSWORD")
    assert asked["ChallengeName"] == "PASSWORD"
    wrong = refused(lambda: at.respond("PASSWORD", asked["Session"], USERNAME="alice", PASSWORD="Wrong-1-horse"))
    assert wrong == WRONG
    sent = at.initiate("USER_AUTH", USERNAME="alice", PREFERRED_CHALLENGE="SMS_OTP")
    code = at.service.outbox.code("+15550100")
    assert "AuthenticationResult" in at.respond("SMS_OTP", sent["Session"], USERNAME="alice", SMS_OTP_CODE=code)
    # What the user does not have is chosen anew.
    assert at.initiate("USER_AUTH", USERNAME="alice", PREFERRED_CHALLENGE="WEB_AUTHN")["ChallengeName"] == (
        "SELECT_CHALLENGE"
    )


def test_session_with_password_verifier(bench, refused):
    at = bench(Options(session_with_password_verifier=True))
    assert "AuthenticationResult" in at.srp()
    session, answer = at.start()
    claim = at.claim(session, answer)
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **claim))[:2] == (
        "NotAuthorizedException",
        "Invalid session for the user.",
    )


def test_login_names(bench, refused):
    folds = {"UsernameConfiguration": {"CaseSensitive": False}}
    at = bench(pool={"AliasAttributes": ["email", "preferred_username"], **folds}, users=False)
    at.add_user("Bob", email="bob@example.org", email_verified="true", preferred_username="bobby")
    for name in ("Bob", "bob", "BOB", "bob@example.org", "BOB@Example.org", "bobby"):
        assert "AuthenticationResult" in at.srp(name)
    assert at.start("bobby")[1]["ChallengeParameters"]["USER_ID_FOR_SRP"] == "Bob"
    at.add_user("carol", email="carol@example.org")
    assert refused(lambda: at.srp("carol@example.org"))[0] == "UserNotFoundException"
    for pool in ({}, {"UsernameConfiguration": {"CaseSensitive": True}}):
        sensitive = bench(pool=pool)
        assert refused(lambda at=sensitive: at.srp("Alice"))[0] == "UserNotFoundException"


def test_email_as_username(bench):
    at = bench(pool={"UsernameAttributes": ["email"]}, users=False, app={"GenerateSecret": True})
    username = at.add_user("dave@example.org")
    answer = at.start("dave@example.org")[1]
    assert answer["ChallengeParameters"]["USER_ID_FOR_SRP"] == username != "dave@example.org"
    assert "AuthenticationResult" in at.srp("dave@example.org")


def test_unknown_users_stay_hidden(bench, refused):
    at = bench(app={"PreventUserExistenceErrors": "ENABLED"})
    salts = {at.start("mallory")[1]["ChallengeParameters"]["SALT"] for _ in range(3)}
    assert len(salts) == 1
    assert salts != {at.start("malory")[1]["ChallengeParameters"]["SALT"]}
    session, answer = at.start("mallory")
    known = at.start("alice")[1]
    assert set(answer) == set(known)
    assert set(answer["ChallengeParameters"]) == set(known["ChallengeParameters"])
    claim = at.claim(session, answer)
    assert refused(lambda: at.respond("PASSWORD_VERIFIER", **claim)) == WRONG
    open_pool = bench()
    assert refused(lambda: open_pool.start("mallory")) == ("UserNotFoundException", "User does not exist.", "")
