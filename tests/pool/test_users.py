"""Users and pools: sign-up, codes, attributes, aliases, policies, and who may do what."""

from __future__ import annotations

import pytest

VERIFIES = {"AutoVerifiedAttributes": ["email"]}
EMAIL = [{"Name": "email", "Value": "bob@example.org"}]
MISMATCH = ("CodeMismatchException", "Invalid verification code provided, please try again.", "")
EXPIRED = ("ExpiredCodeException", "Invalid code provided, please request a code again.", "")


def sign_up(at, name: str = "bob", password: str = "Correct-1-horse", **extra):
    return at.aws.sign_up(ClientId=at.client_id, Username=name, Password=password, **{"UserAttributes": EMAIL, **extra})


def confirm(at, code: str, name: str = "bob", **extra):
    return at.aws.confirm_sign_up(ClientId=at.client_id, Username=name, ConfirmationCode=code, **extra)


def other(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06}"


def test_sign_up(bench, refused):
    at = bench(pool=VERIFIES)
    made = sign_up(at)
    assert made["UserConfirmed"] is False
    assert made["CodeDeliveryDetails"] == {
        "Destination": "b***@e***",
        "DeliveryMedium": "EMAIL",
        "AttributeName": "email",
    }
    code = at.service.outbox.code("bob@example.org")
    assert refused(lambda: confirm(at, other(code))) == MISMATCH
    assert refused(lambda: sign_up(at))[0] == "UsernameExistsException"
    confirm(at, code)
    assert refused(lambda: confirm(at, code))[1] == "User cannot be confirmed. Current status is CONFIRMED"
    user = at.aws.admin_get_user(UserPoolId=at.pool_id, Username="bob")
    assert {"Name": "email_verified", "Value": "true"} in user["UserAttributes"]
    assert "AuthenticationResult" in at.srp("bob")


def test_codes_end(bench, refused):
    at = bench(pool=VERIFIES)
    sign_up(at)
    code = at.service.outbox.code()
    at.clock.now += 3600
    assert refused(lambda: confirm(at, code)) == EXPIRED
    at.aws.resend_confirmation_code(ClientId=at.client_id, Username="bob")
    again = at.service.outbox.code()
    for _ in range(5):
        assert refused(lambda: confirm(at, other(again))) == MISMATCH
    at.clock.now += 1  # the lock-out's first second
    assert refused(lambda: confirm(at, again)) == EXPIRED


def test_forgotten_password(bench, refused):
    at = bench(user={"email": "alice@example.org", "email_verified": "true"})
    assert at.aws.forgot_password(ClientId=at.client_id, Username="alice")["CodeDeliveryDetails"]
    code = at.service.outbox.code("alice@example.org")

    def reset(code: str, password: str = "Correct-2-horse") -> object:
        return at.aws.confirm_forgot_password(
            ClientId=at.client_id, Username="alice", ConfirmationCode=code, Password=password
        )

    assert refused(lambda: reset(code, "short"))[0] == "InvalidPasswordException"
    assert refused(lambda: reset(other(code))) == MISMATCH
    reset(code)
    assert refused(lambda: reset(code)) == EXPIRED
    assert "AuthenticationResult" in at.srp(password="Correct-2-horse")
    at.aws.admin_reset_user_password(UserPoolId=at.pool_id, Username="alice")
    assert refused(lambda: at.srp(password="Correct-2-horse"))[0] == "PasswordResetRequiredException"
    reset(at.service.outbox.code("alice@example.org"), "Correct-3-horse")
    assert "AuthenticationResult" in at.srp(password="Correct-3-horse")


def test_hidden_users(bench, refused):
    at = bench(app={"PreventUserExistenceErrors": "ENABLED"})
    named = {"ClientId": at.client_id, "Username": "mallory"}
    assert at.aws.forgot_password(**named)["CodeDeliveryDetails"]
    assert at.aws.resend_confirmation_code(**named)["CodeDeliveryDetails"]
    assert refused(lambda: confirm(at, "123456", "mallory")) == MISMATCH
    assert len(at.service.outbox) == 0


def test_secret_hash_with_sign_up(bench, refused):
    at = bench(app={"GenerateSecret": True})
    assert refused(lambda: sign_up(at))[0] == "NotAuthorizedException"
    assert refused(lambda: sign_up(at, SecretHash="eA=="))[0] == "NotAuthorizedException"


@pytest.mark.parametrize(
    ("policy", "password", "message"),
    [
        (None, "Short-1", "not long enough"),
        (None, "correct-1-horse", "must have uppercase"),
        (None, "CORRECT-1-HORSE", "must have lowercase"),
        (None, "Correct-x-horse", "must have numeric"),
        (None, "Correct1horse", "must have symbol"),
        ({"MinimumLength": 12}, "abcdefghijk", "not long enough"),
        ({"MinimumLength": 12}, "abcdefghijkl", None),
        (None, "Correct 1 horse", None),
    ],
)
def test_password_policy(bench, refused, policy, password, message):
    at = bench(pool={"Policies": {"PasswordPolicy": policy}} if policy else {}, users=False)
    if message is None:
        sign_up(at, password=password)
    else:
        code, said, _ = refused(lambda: sign_up(at, password=password))
        assert code == "InvalidPasswordException"
        assert said.startswith("Password did not conform with policy: ")
        assert message in said
        assert refused(lambda: at.aws.admin_get_user(UserPoolId=at.pool_id, Username="bob"))[0] == (
            "UserNotFoundException"
        )


def test_passwords_have_no_spaces_around_them(bench, refused):
    at = bench()
    assert refused(lambda: sign_up(at, password=" Correct-1-horse"))[0] == "InvalidParameterException"


def test_aliases_move_only_by_force(bench, refused):
    at = bench(pool={"AliasAttributes": ["email"], **VERIFIES}, users=False)
    sign_up(at)
    confirm(at, at.service.outbox.code())
    sign_up(at, "carol")
    code = at.service.outbox.code()
    assert "AuthenticationResult" in at.srp("bob@example.org")
    assert refused(lambda: confirm(at, code, "carol"))[0] == "AliasExistsException"
    assert at.start("bob@example.org")[1]["ChallengeParameters"]["USER_ID_FOR_SRP"] == "bob"
    confirm(at, code, "carol", ForceAliasCreation=True)
    assert at.start("bob@example.org")[1]["ChallengeParameters"]["USER_ID_FOR_SRP"] == "carol"
    bob = at.aws.admin_get_user(UserPoolId=at.pool_id, Username="bob")
    assert {"Name": "email_verified", "Value": "false"} in bob["UserAttributes"]


def test_attributes(bench, refused):
    at = bench(pool=VERIFIES)
    token = at.access_token()
    update = lambda **given: at.aws.update_user_attributes(  # noqa: E731
        AccessToken=token, UserAttributes=[{"Name": name, "Value": value} for name, value in given.items()]
    )
    assert refused(lambda: update(nothing="x"))[0] == "InvalidParameterException"
    assert refused(lambda: update(sub="x"))[0] == "InvalidParameterException"
    assert refused(lambda: update(email_verified="true"))[0] == "NotAuthorizedException"
    assert refused(lambda: update(phone_number="12345"))[1] == "Invalid phone number format."
    assert update(email="alice@example.org")["CodeDeliveryDetailsList"][0]["Destination"] == "a***@e***"
    code = at.service.outbox.code("alice@example.org")
    verify = lambda code: at.aws.verify_user_attribute(AccessToken=token, AttributeName="email", Code=code)  # noqa: E731
    assert refused(lambda: verify(other(code))) == MISMATCH
    update(email="al@example.org")
    assert refused(lambda: verify(code))[0] in ("CodeMismatchException", "ExpiredCodeException")
    verify(at.service.outbox.code("al@example.org"))
    attributes = {item["Name"]: item["Value"] for item in at.aws.get_user(AccessToken=token)["UserAttributes"]}
    assert attributes["email"] == "al@example.org"
    assert attributes["email_verified"] == "true"
    at.aws.delete_user_attributes(AccessToken=token, UserAttributeNames=["email"])
    assert "email" not in str(at.aws.get_user(AccessToken=token)["UserAttributes"])


def test_write_attributes(bench, refused):
    at = bench(app={"WriteAttributes": ["name"]})
    token = at.access_token()
    change = lambda name: at.aws.update_user_attributes(  # noqa: E731
        AccessToken=token, UserAttributes=[{"Name": name, "Value": "A"}]
    )
    change("name")
    assert refused(lambda: change("nickname"))[0] == "NotAuthorizedException"


def test_change_password(bench, refused):
    at = bench()
    token = at.access_token()

    def change(before: str, after: str) -> object:
        return at.aws.change_password(AccessToken=token, PreviousPassword=before, ProposedPassword=after)

    assert refused(lambda: change("Wrong-1-horse", "Correct-2-horse"))[1] == "Incorrect username or password."
    assert refused(lambda: change("Correct-1-horse", "short"))[0] == "InvalidPasswordException"
    change("Correct-1-horse", "Correct-2-horse")
    assert "AuthenticationResult" in at.srp(password="Correct-2-horse")


def test_delete_user(bench, refused):
    at = bench()
    token = at.access_token()
    at.aws.delete_user(AccessToken=token)
    assert refused(lambda: at.aws.get_user(AccessToken=token))[0] == "UserNotFoundException"
    assert refused(at.srp)[0] == "UserNotFoundException"
    # Another user of the same name is another user.
    at.add_user("alice")
    assert refused(lambda: at.aws.get_user(AccessToken=token))[0] == "UserNotFoundException"


def test_list_users(bench, refused):
    at = bench()
    for name in ("bob", "carol"):
        at.add_user(name, email=f"{name}@example.org")
    listed = lambda **extra: [  # noqa: E731
        user["Username"] for user in at.aws.list_users(UserPoolId=at.pool_id, **extra)["Users"]
    ]
    assert listed() == ["alice", "bob", "carol"]
    assert listed(Filter='email ^= "bob@"') == ["bob"]
    assert listed(Filter='username = "carol"') == ["carol"]
    assert refused(lambda: listed(Filter="drop table"))[0] == "InvalidParameterException"
    page = at.aws.list_users(UserPoolId=at.pool_id, Limit=2)
    assert len(page["Users"]) == 2
    assert listed(Limit=2, PaginationToken=page["PaginationToken"]) == ["carol"]


def test_invitations(bench):
    at = bench(users=False)
    at.aws.admin_create_user(
        UserPoolId=at.pool_id, Username="bob", UserAttributes=EMAIL, DesiredDeliveryMediums=["EMAIL"]
    )
    password = at.service.outbox.code("bob@example.org")
    assert at.srp("bob", password)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


@pytest.mark.parametrize(
    ("pool", "days"),
    [
        ({}, 7),
        ({"Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 0}}}, 7),
        ({"Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 3}}}, 3),
        ({"AdminCreateUserConfig": {"UnusedAccountValidityDays": 2}}, 2),
    ],
)
def test_temporary_passwords_expire(bench, refused, pool, days):
    at = bench(pool=pool, users=False)
    at.aws.admin_create_user(
        UserPoolId=at.pool_id, Username="bob", TemporaryPassword="Temporary-1-horse", MessageAction="SUPPRESS"
    )
    at.clock.now += days * 86_400
    assert at.srp("bob", "Temporary-1-horse")["ChallengeName"] == "NEW_PASSWORD_REQUIRED"
    # A change of attributes does not keep it alive.
    at.aws.admin_update_user_attributes(
        UserPoolId=at.pool_id, Username="bob", UserAttributes=[{"Name": "nickname", "Value": "b"}]
    )
    at.clock.now += 1
    assert refused(lambda: at.srp("bob", "Temporary-1-horse"))[1] == (
        "Temporary password has expired and must be reset by an administrator."
    )


def test_pools_and_clients(bench, refused):
    at = bench()
    shown = at.aws.describe_user_pool_client(UserPoolId=at.pool_id, ClientId=at.client_id)["UserPoolClient"]
    assert shown["ClientName"] == "bench"
    assert "ClientSecret" not in shown
    at.aws.update_user_pool_client(
        UserPoolId=at.pool_id, ClientId=at.client_id, ExplicitAuthFlows=["ALLOW_CUSTOM_AUTH"]
    )
    assert refused(at.srp)[1] == "USER_SRP_AUTH flow not enabled for this client"
    mixed = refused(lambda: at.add_client(ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "USER_PASSWORD_AUTH"]))
    assert mixed[0] == "InvalidParameterException"
    at.aws.update_user_pool(UserPoolId=at.pool_id, DeletionProtection="ACTIVE")
    assert refused(lambda: at.aws.delete_user_pool(UserPoolId=at.pool_id))[0] == "InvalidParameterException"
    at.aws.update_user_pool(UserPoolId=at.pool_id, DeletionProtection="INACTIVE")
    at.aws.delete_user_pool(UserPoolId=at.pool_id)
    assert refused(at.srp)[0] == "ResourceNotFoundException"


def test_custom_attributes(bench, refused):
    at = bench()
    at.aws.add_custom_attributes(UserPoolId=at.pool_id, CustomAttributes=[{"Name": "team"}])
    at.add_user("bob", **{"custom:team": "red"})
    assert refused(lambda: at.add_user("carol", **{"custom:tier": "1"}))[0] == "InvalidParameterException"


def test_mfa_preference_needs_the_means(bench, refused):
    at = bench()
    on = {"Enabled": True, "PreferredMfa": True}
    token = at.access_token()
    for settings in ({"SMSMfaSettings": on}, {"EmailMfaSettings": on}, {"SoftwareTokenMfaSettings": on}):
        code, message, _ = refused(
            lambda settings=settings: at.aws.set_user_mfa_preference(AccessToken=token, **settings)
        )
        assert code == "InvalidParameterException"
        assert message.startswith("User does not have delivery config set to turn on ")
    assert refused(lambda: at.aws.associate_software_token(AccessToken=token))[0] == "SoftwareTokenMFANotFoundException"
