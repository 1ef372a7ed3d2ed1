"""Settings of a pool, each seen at work: passwords, messages, recovery, feature plans, issuers."""

from __future__ import annotations

import jwt
import pytest

EMAIL = {"email": "alice@example.org", "email_verified": "true"}
PHONE = {"phone_number": "+15550100", "phone_number_verified": "true"}
SMS = {"SnsCallerArn": "arn:aws:iam::000000000000:role/sms"}
PASSWORDS = [f"Correct-{number}-horse" for number in range(1, 6)]


def test_password_history(bench, refused):
    at = bench(pool={"Policies": {"PasswordPolicy": {"PasswordHistorySize": 2}}}, user=EMAIL)
    token = at.access_token()

    def change(before: int, after: int) -> object:
        return at.aws.change_password(
            AccessToken=token, PreviousPassword=PASSWORDS[before], ProposedPassword=PASSWORDS[after]
        )

    def by_admin(number: int, *, permanent: bool = True) -> object:
        return at.aws.admin_set_user_password(
            UserPoolId=at.pool_id, Username="alice", Password=PASSWORDS[number], Permanent=permanent
        )

    def reset(number: int) -> object:
        at.aws.forgot_password(ClientId=at.client_id, Username="alice")
        return at.aws.confirm_forgot_password(
            ClientId=at.client_id,
            Username="alice",
            ConfirmationCode=at.service.outbox.code(),
            Password=PASSWORDS[number],
        )

    change(0, 1)
    for act in (lambda: change(1, 0), lambda: change(1, 1), lambda: by_admin(0), lambda: reset(0)):
        assert refused(act)[0] == "PasswordHistoryPolicyViolationException"
    change(1, 2)
    by_admin(0)
    reset(1)
    by_admin(3, permanent=False)
    answer = at.srp(password=PASSWORDS[3])
    again = lambda number: at.respond(  # noqa: E731
        "NEW_PASSWORD_REQUIRED", answer["Session"], USERNAME="alice", NEW_PASSWORD=PASSWORDS[number]
    )
    assert refused(lambda: again(1))[0] == "PasswordHistoryPolicyViolationException"
    assert "AuthenticationResult" in again(4)


def test_without_a_history_a_password_may_come_again(bench):
    at = bench()
    at.aws.change_password(AccessToken=at.access_token(), PreviousPassword=PASSWORDS[0], ProposedPassword=PASSWORDS[0])


def test_only_administrators_create_users(bench, refused):
    at = bench(pool={"AdminCreateUserConfig": {"AllowAdminCreateUserOnly": True}})
    assert refused(lambda: at.aws.sign_up(ClientId=at.client_id, Username="bob", Password=PASSWORDS[0]))[:2] == (
        "NotAuthorizedException",
        "SignUp is not permitted for this user pool",
    )


def test_generated_passwords_are_as_long_as_the_policy_asks(bench):
    at = bench(pool={"Policies": {"PasswordPolicy": {"MinimumLength": 40}}}, users=False)
    at.aws.admin_create_user(UserPoolId=at.pool_id, Username="bob", UserAttributes=[{"Name": "email", "Value": "b@c"}])


def recovery(*mechanisms: str) -> dict[str, object]:
    named = [{"Priority": number, "Name": name} for number, name in enumerate(mechanisms, 1)]
    return {"AccountRecoverySetting": {"RecoveryMechanisms": named}}


@pytest.mark.parametrize(
    ("setting", "user", "enabled", "medium"),
    [
        ({}, {**EMAIL, **PHONE}, None, "SMS"),
        ({}, {**PHONE, "email": "alice@example.org"}, None, "SMS"),
        ({}, {**EMAIL, "phone_number": "+15550100"}, None, "EMAIL"),
        (recovery("verified_email", "verified_phone_number"), {**EMAIL, **PHONE}, None, "EMAIL"),
        (recovery("verified_phone_number", "verified_email"), {**EMAIL, **PHONE}, None, "SMS"),
        (recovery("verified_phone_number", "verified_email"), {**EMAIL, **PHONE}, "SMSMfaSettings", "EMAIL"),
        (recovery("verified_email", "verified_phone_number"), {**EMAIL, **PHONE}, "EmailMfaSettings", "SMS"),
        (recovery("verified_email"), PHONE, None, None),
        (recovery("verified_phone_number"), PHONE, "SMSMfaSettings", None),
        ({}, PHONE, "SMSMfaSettings", "SMS"),
        (recovery("admin_only"), {**EMAIL, **PHONE}, None, "NotAuthorizedException"),
    ],
)
def test_recovery(bench, refused, setting, user, enabled, medium):
    at = bench(pool=setting, user=user)
    if enabled:
        at.aws.admin_set_user_mfa_preference(UserPoolId=at.pool_id, Username="alice", **{enabled: {"Enabled": True}})
    forgot = lambda: at.aws.forgot_password(ClientId=at.client_id, Username="alice")  # noqa: E731
    reset = lambda: at.aws.admin_reset_user_password(UserPoolId=at.pool_id, Username="alice")  # noqa: E731
    if medium in ("SMS", "EMAIL"):
        assert forgot()["CodeDeliveryDetails"]["DeliveryMedium"] == medium
        reset()
        assert at.service.outbox.latest().medium == medium
    else:
        for act in (forgot, reset):
            assert refused(act)[0] == (medium or "InvalidParameterException")
        assert len(at.service.outbox) == 0


def messages(at) -> dict[str, tuple[str, str]]:
    return {message.medium: (message.subject, message.text.replace(message.code, "#")) for message in at.service.outbox}


def test_templates(bench):
    at = bench(
        pool={
            "AutoVerifiedAttributes": ["email", "phone_number"],
            "VerificationMessageTemplate": {
                "SmsMessage": "verify {####}",
                "EmailMessage": "verify by mail {####}",
                "EmailSubject": "Verify",
            },
            "AdminCreateUserConfig": {
                "InviteMessageTemplate": {
                    "SMSMessage": "hello {username} {####}",
                    "EmailMessage": "dear {username} {####}",
                    "EmailSubject": "Welcome",
                }
            },
            "SmsAuthenticationMessage": "sign in {####}",
        },
        mfa={
            "MfaConfiguration": "OPTIONAL",
            "SmsMfaConfiguration": {"SmsConfiguration": SMS},
            "EmailMfaConfiguration": {"Message": "sign in by mail {####}", "Subject": "Sign in"},
        },
        user={**EMAIL, **PHONE},
    )
    token = at.access_token()
    for name in ("email", "phone_number"):
        at.aws.get_user_attribute_verification_code(AccessToken=token, AttributeName=name)
    assert messages(at) == {"EMAIL": ("Verify", "verify by mail #"), "SMS": ("Verify", "verify #")}
    at.aws.admin_create_user(
        UserPoolId=at.pool_id,
        Username="bob",
        UserAttributes=[{"Name": "email", "Value": "b@c"}, {"Name": "phone_number", "Value": "+1555"}],
        DesiredDeliveryMediums=["SMS", "EMAIL"],
    )
    assert messages(at) == {"EMAIL": ("Welcome", "dear bob #"), "SMS": ("Welcome", "hello bob #")}
    for member in ("SMSMfaSettings", "EmailMfaSettings"):
        chosen = {"Enabled": True, "PreferredMfa": True}
        at.aws.set_user_mfa_preference(AccessToken=token, **{member: chosen})
        at.srp()
        at.aws.set_user_mfa_preference(AccessToken=token, **{member: {"Enabled": False}})
    assert messages(at)["SMS"][1] == "sign in #"
    assert messages(at)["EMAIL"] == ("Sign in", "sign in by mail #")


def test_templates_of_before(bench):
    at = bench(
        pool={
            "AutoVerifiedAttributes": ["email"],
            "SmsVerificationMessage": "verify {####}",
            "EmailVerificationMessage": "verify by mail {####}",
            "EmailVerificationSubject": "Verify",
        },
        user={**EMAIL, **PHONE},
    )
    token = at.access_token()
    for name in ("email", "phone_number"):
        at.aws.get_user_attribute_verification_code(AccessToken=token, AttributeName=name)
    assert messages(at) == {"EMAIL": ("Verify", "verify by mail #"), "SMS": ("Verify", "verify #")}


def test_mfa_from_the_beginning(bench):
    at = bench(pool={"MfaConfiguration": "ON", "SmsConfiguration": SMS}, user=PHONE)
    assert at.srp()["ChallengeName"] == "SMS_MFA"
    at.aws.update_user_pool(UserPoolId=at.pool_id)
    assert "AuthenticationResult" in at.srp()


LITE = {"UserPoolTier": "LITE"}


def test_feature_plans(bench, refused):
    at = bench(users=False)
    at.aws.update_user_pool(UserPoolId=at.pool_id, **LITE)
    trigger = {"LambdaVersion": "V2_0", "LambdaArn": "arn:aws:lambda:us-east-1:000000000000:function:f"}
    beyond = (
        {"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP"]}}},
        {"Policies": {"PasswordPolicy": {"PasswordHistorySize": 1}}},
        {"LambdaConfig": {"PreTokenGenerationConfig": trigger}},
        {"AcrConfiguration": {"Level1": {"AcrValue": "urn:own"}}},
    )
    acts = [
        *(lambda more=more: at.aws.update_user_pool(UserPoolId=at.pool_id, **LITE, **more) for more in beyond),
        *(lambda more=more: at.aws.create_user_pool(PoolName="p", **LITE, **more) for more in beyond),
        lambda: at.add_client(ExplicitAuthFlows=["ALLOW_USER_AUTH"]),
        lambda: at.aws.set_user_pool_mfa_config(UserPoolId=at.pool_id, EmailMfaConfiguration={}),
        lambda: at.service.call(
            "SetUserPoolSessionConfiguration",
            {"UserPoolId": at.pool_id, "UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 1}},
        ),
    ]
    for act in acts[:-1]:
        assert refused(act)[0] == "FeatureUnavailableInTierException"
    with pytest.raises(Exception, match="Essentials"):
        acts[-1]()
    for more in beyond:
        at.aws.update_user_pool(UserPoolId=at.pool_id, UserPoolTier="ESSENTIALS", **more)


@pytest.mark.parametrize(("kind", "host"), [("ORIGINAL", "cognito-idp"), ("UPDATED", "issuer-cognito-idp")])
def test_issuers(bench, kind, host):
    at = bench(pool={"IssuerConfiguration": {"Type": kind}})
    claims = jwt.decode(at.access_token(), options={"verify_signature": False})
    assert claims["iss"] == f"https://{host}.us-east-1.amazonaws.com/{at.pool_id}"


def test_no_srp_for_a_client_of_custom_authentication_only(bench, refused):
    at = bench()
    at.client_id = at.add_client(ExplicitAuthFlows=["CUSTOM_AUTH_FLOW_ONLY"])
    assert refused(at.srp)[1] == "USER_SRP_AUTH flow not enabled for this client"
    at.client_id = at.add_client("legacy", ExplicitAuthFlows=["USER_PASSWORD_AUTH"])
    assert "AuthenticationResult" in at.srp()


def test_dates_have_milliseconds(bench):
    at = bench(users=False)
    at.clock.now += 0.123456
    pool = at.service.call("CreateUserPool", {"PoolName": "p"})["UserPool"]
    assert pool["CreationDate"] == 1_772_842_800.123
