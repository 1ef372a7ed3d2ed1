"""Attributes: what the schema allows, who may read and write which, and how a new address is proved."""

from __future__ import annotations

import json

import jwt
import pytest

from cognito_challenges.pool import Options

EMAIL = {"email": "alice@example.org", "email_verified": "true"}


def pairs(**attributes: str) -> list[dict[str, str]]:
    return [{"Name": name.replace("__", ":"), "Value": value} for name, value in attributes.items()]


def update(at, token: str, **attributes: str) -> list[dict[str, str]]:
    return at.aws.update_user_attributes(AccessToken=token, UserAttributes=pairs(**attributes))[
        "CodeDeliveryDetailsList"
    ]


def attributes(at, name: str = "alice") -> dict[str, str]:
    user = at.aws.admin_get_user(UserPoolId=at.pool_id, Username=name)
    return {item["Name"]: item["Value"] for item in user["UserAttributes"]}


SCHEMA = [
    {"Name": "team", "StringAttributeConstraints": {"MinLength": "2", "MaxLength": "4"}},
    {
        "Name": "age",
        "AttributeDataType": "Number",
        "NumberAttributeConstraints": {"MinValue": "18", "MaxValue": "99"},
    },
    {"Name": "member", "AttributeDataType": "Boolean"},
    {"Name": "since", "AttributeDataType": "DateTime"},
    {"Name": "nickname", "StringAttributeConstraints": {"MaxLength": "5"}},
]


@pytest.mark.parametrize(
    ("name", "fits", "does_not"),
    [
        ("custom:team", ["ab", "abcd", ""], ["a", "abcde"]),
        ("custom:age", ["18", "99", "18.5"], ["17", "99.1", "old", "NaN", "1e999"]),
        ("custom:member", ["true", "false"], ["yes"]),
        ("custom:since", ["2026-03-07T00:20:00Z"], ["yesterday"]),
        ("nickname", ["abcde"], ["abcdef"]),
        ("birthdate", ["2000-01-01"], ["1.1.2000"]),
        ("website", ["x" * 2048], ["x" * 2049]),
        ("custom:none", [], ["x"]),
    ],
)
def test_values_that_do_not_fit(bench, refused, name, fits, does_not):
    at = bench(pool={"Schema": SCHEMA})
    change = lambda value: at.aws.admin_update_user_attributes(  # noqa: E731
        UserPoolId=at.pool_id, Username="alice", UserAttributes=[{"Name": name, "Value": value}]
    )
    for value in fits:
        change(value)
        assert attributes(at).get(name, "") == value
    for value in does_not:
        code, message, _ = refused(lambda value=value: change(value))
        assert code == "InvalidParameterException"
        assert name in message or "userAttributes" in message
        assert len(value) < 3 or value not in message


def test_immutable_attributes(bench, refused):
    at = bench(pool={"Schema": [{"Name": "team", "Mutable": False}]}, app={"WriteAttributes": ["custom:team"]})
    at.add_user("bob", **{"custom:team": "red"})
    message = "Cannot modify the non-mutable attribute custom:team"
    by_admin = lambda: at.aws.admin_update_user_attributes(  # noqa: E731
        UserPoolId=at.pool_id, Username="bob", UserAttributes=pairs(custom__team="blue")
    )
    delete = lambda: at.aws.admin_delete_user_attributes(  # noqa: E731
        UserPoolId=at.pool_id, Username="bob", UserAttributeNames=["custom:team"]
    )
    token = at.access_token("bob")
    for act in (by_admin, delete, lambda: update(at, token, custom__team="blue")):
        assert refused(act)[:2] == ("InvalidParameterException", message)
    assert attributes(at, "bob")["custom:team"] == "red"


def test_required_attributes_stay(bench, refused):
    at = bench(pool={"Schema": [{"Name": "email", "Required": True}]}, user=EMAIL)
    token = at.access_token()
    named = {"UserPoolId": at.pool_id, "Username": "alice"}
    for act in (
        lambda: update(at, token, email=""),
        lambda: at.aws.delete_user_attributes(AccessToken=token, UserAttributeNames=["email"]),
        lambda: at.aws.admin_update_user_attributes(**named, UserAttributes=pairs(email="")),
        lambda: at.aws.admin_delete_user_attributes(**named, UserAttributeNames=["nickname", "email"]),
    ):
        assert refused(act)[:2] == ("InvalidParameterException", "Cannot delete the required attribute email")
    assert attributes(at)["email"] == "alice@example.org"


def test_a_deleted_address_does_not_wait(bench, refused):
    at = bench(pool=WAITS, user=EMAIL)
    token = at.access_token()
    update(at, token, email="new@example.org")
    at.aws.delete_user_attributes(AccessToken=token, UserAttributeNames=["email"])
    ask = lambda: at.aws.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")  # noqa: E731
    assert refused(ask)[:2] == ("InvalidParameterException", "User does not have a email attribute.")


def test_developer_only_attributes(bench, refused):
    schema = [{"Name": "rank", "DeveloperOnlyAttribute": True}]
    at = bench(pool={"Schema": schema}, app={"WriteAttributes": ["dev:rank", "email"]})
    token = at.access_token()
    assert refused(lambda: update(at, token, dev__rank="1"))[0] == "NotAuthorizedException"
    signing_up = {"ClientId": at.client_id, "Username": "bob", "Password": "Correct-1-horse"}
    assert refused(lambda: at.aws.sign_up(**signing_up, UserAttributes=pairs(dev__rank="1")))[0] == (
        "NotAuthorizedException"
    )
    at.aws.admin_update_user_attributes(UserPoolId=at.pool_id, Username="alice", UserAttributes=pairs(dev__rank="1"))
    assert attributes(at)["dev:rank"] == "1"


def test_read_attributes(bench):
    at = bench(app={"ReadAttributes": ["email"]}, user={**EMAIL, "nickname": "Al"})
    result = at.srp()["AuthenticationResult"]
    shown = {item["Name"] for item in at.aws.get_user(AccessToken=result["AccessToken"])["UserAttributes"]}
    assert shown == {"sub", "email"}
    claims = jwt.decode(result["IdToken"], options={"verify_signature": False})
    assert claims["email"] == "alice@example.org"
    assert not {"nickname", "email_verified"} & set(claims)
    assert attributes(at)["nickname"] == "Al"


@pytest.mark.parametrize("open_", [False, True])
def test_custom_attributes_without_a_list(bench, refused, open_):
    at = bench(Options(custom_attributes_by_default=open_), pool={"Schema": [{"Name": "team"}]})
    at.aws.admin_update_user_attributes(UserPoolId=at.pool_id, Username="alice", UserAttributes=pairs(custom__team="a"))
    token = at.access_token()
    shown = {item["Name"] for item in at.aws.get_user(AccessToken=token)["UserAttributes"]}
    assert ("custom:team" in shown) is open_
    if open_:
        update(at, token, custom__team="b")
    else:
        assert refused(lambda: update(at, token, custom__team="b"))[0] == "NotAuthorizedException"
    assert attributes(at)["custom:team"] == ("b" if open_ else "a")


def test_nobody_verifies_themselves(bench, refused):
    at = bench(app={"WriteAttributes": ["email", "email_verified"]})
    verified = pairs(email="bob@example.org", email_verified="true")
    signing_up = {"ClientId": at.client_id, "Username": "bob", "Password": "Correct-1-horse"}
    assert refused(lambda: at.aws.sign_up(**signing_up, UserAttributes=verified))[0] == "NotAuthorizedException"
    token = at.access_token()
    assert refused(lambda: update(at, token, email_verified="true"))[0] == "NotAuthorizedException"


@pytest.mark.parametrize("admin", [False, True])
def test_a_changed_address_is_unverified(bench, admin):
    at = bench(user=EMAIL)
    if admin:
        at.aws.admin_update_user_attributes(
            UserPoolId=at.pool_id, Username="alice", UserAttributes=pairs(email="al@example.org")
        )
    else:
        update(at, at.access_token(), email="al@example.org")
    assert attributes(at)["email_verified"] == "false"
    assert not list(at.service.outbox)
    # The same address again changes nothing.
    at.aws.admin_update_user_attributes(
        UserPoolId=at.pool_id, Username="alice", UserAttributes=pairs(email_verified="true")
    )
    update(at, at.access_token(), email="al@example.org")
    assert attributes(at)["email_verified"] == "true"


WAITS = {
    "AutoVerifiedAttributes": ["email"],
    "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
}


def test_a_new_address_waits_for_its_code(bench, refused):
    at = bench(pool=WAITS, user=EMAIL)
    token = at.access_token()
    verify = lambda code: at.aws.verify_user_attribute(AccessToken=token, AttributeName="email", Code=code)  # noqa: E731
    (details,) = update(at, token, email="first@example.org", name="Alice")
    assert details["Destination"] == "f***@e***"
    assert attributes(at) == {**attributes(at), **EMAIL, "name": "Alice"}
    first = at.service.outbox.code("first@example.org")
    update(at, token, email="second@example.org")
    assert refused(lambda: verify(first))[0] in ("CodeMismatchException", "ExpiredCodeException")
    again = at.aws.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
    assert again["CodeDeliveryDetails"]["Destination"] == "s***@e***"
    code = at.service.outbox.code("second@example.org")
    verify(code)
    assert attributes(at)["email"] == "second@example.org"
    assert attributes(at)["email_verified"] == "true"
    assert refused(lambda: verify(code))[0] == "ExpiredCodeException"


def test_an_administrator_may_vouch_for_an_address(bench):
    at = bench(pool=WAITS, user=EMAIL)
    change = lambda **given: at.aws.admin_update_user_attributes(  # noqa: E731
        UserPoolId=at.pool_id, Username="alice", UserAttributes=pairs(**given)
    )
    change(email="waiting@example.org")
    assert attributes(at)["email"] == "alice@example.org"
    assert at.service.outbox.latest().destination == "waiting@example.org"
    change(email="at.once@example.org", email_verified="true")
    assert attributes(at)["email"] == "at.once@example.org"
    assert len(at.service.outbox) == 1
    # What waited is forgotten.
    token = at.access_token()
    details = at.aws.get_user_attribute_verification_code(AccessToken=token, AttributeName="email")
    assert details["CodeDeliveryDetails"]["Destination"] == "a***@e***"


def test_an_alias_that_another_has_cannot_wait(bench, refused):
    at = bench(pool={**WAITS, "AliasAttributes": ["email"]}, user=EMAIL)
    at.add_user("bob", email="bob@example.org", email_verified="true")
    token = at.access_token()
    update(at, token, email="free@example.org")
    at.add_user("carol", email="free@example.org", email_verified="true")
    code = next(message.code for message in at.service.outbox if message.destination == "free@example.org")
    taken = refused(lambda: at.aws.verify_user_attribute(AccessToken=token, AttributeName="email", Code=code))
    assert taken[0] == "AliasExistsException"
    assert attributes(at)["email"] == "alice@example.org"


def test_a_new_password_cannot_change_what_is_there(bench, refused):
    schema = [{"Name": "email", "Required": True}, {"Name": "team"}]
    writes = {"WriteAttributes": ["email", "name", "nickname"]}
    at = bench(pool={"Schema": schema}, app=writes, users=False)
    at.aws.admin_create_user(
        UserPoolId=at.pool_id,
        Username="bob",
        TemporaryPassword="Temporary-1-horse",
        UserAttributes=pairs(email="bob@example.org", name="Bob"),
        MessageAction="SUPPRESS",
    )
    answer = at.srp("bob", "Temporary-1-horse")
    assert json.loads(answer["ChallengeParameters"]["requiredAttributes"]) == []

    def change(**given: str) -> object:
        return at.respond(
            "NEW_PASSWORD_REQUIRED",
            answer["Session"],
            USERNAME="bob",
            NEW_PASSWORD="Correct-2-horse",
            **{f"userAttributes.{name.replace('__', ':')}": value for name, value in given.items()},
        )

    # Required or not, changed or the same, an attribute that has a value stays; what the client may not write, too.
    for given in ({"email": "new@example.org"}, {"email": "bob@example.org"}, {"name": "Robert"}):
        assert refused(lambda given=given: change(**given))[:2] == (
            "NotAuthorizedException",
            f"Cannot modify an already provided {next(iter(given))}",
        )
    for given in ({"custom__team": "red"}, {"email_verified": "true"}, {"given_name": "B"}):
        assert refused(lambda given=given: change(**given))[0] == "NotAuthorizedException"
    assert "AuthenticationResult" in change(nickname="Bobby")
    assert attributes(at, "bob")["nickname"] == "Bobby"
    assert attributes(at, "bob")["name"] == "Bob"
