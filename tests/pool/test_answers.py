"""Answers have the form that the service's model gives them: no member of another name or type."""

from __future__ import annotations

from typing import Any

import pytest

from cognito_challenges.pool import PoolService
from service_model import installed_model
from support.settings import CLIENT, POOL

MODEL: Any = installed_model()
TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "long": (int,),
    "timestamp": (int, float),
    "structure": (dict,),
    "map": (dict,),
    "list": (list, tuple),
}
PASSWORD = "Correct-1-horse"


def misfits(shape_name: str, value: Any, path: str = "") -> list[str]:
    """The places where a value is not what the model says."""
    shape = MODEL["shapes"][shape_name]
    if shape.get("document"):
        return []
    if not isinstance(value, TYPES[shape["type"]]) or (isinstance(value, bool) and shape["type"] != "boolean"):
        return [f"{path} is {type(value).__name__}, not {shape['type']}"]
    found: list[str] = []
    if shape.get("enum") and value not in shape["enum"]:
        found.append(f"{path} has an unknown value")
    if shape["type"] == "structure":
        for name, member in value.items():
            known = shape["members"].get(name)
            inner = [f"{path}.{name} is not in the model"] if known is None else misfits(
                known["shape"], member, f"{path}.{name}"
            )  # fmt: skip
            found += inner
        found += [f"{path}.{name} is missing" for name in shape.get("required", []) if name not in value]
    elif shape["type"] == "list":
        found += [place for item in value for place in misfits(shape["member"]["shape"], item, f"{path}[]")]
    elif shape["type"] == "map":
        found += [place for name, item in value.items() for place in misfits(shape["value"]["shape"], item, path)]
    return found


class Judge:
    """A pool whose every answer is held against the model."""

    def __init__(self) -> None:
        self.service, self.found, self.seen = PoolService(), {}, set()

    def __call__(self, operation: str, **request: Any) -> Any:
        answer = self.service.call(operation, request)
        if operation in MODEL["operations"]:
            self.seen.add(operation)
            output = MODEL["operations"][operation].get("output")
            places = misfits(output["shape"], answer) if output else list(answer)
            if places:
                self.found[operation] = places
        return answer


# Newer than the oldest model that this is tested with.
NEWER = {
    ".UserPoolClient.ClientType is not in the model",
    ".UserPoolClient.ExplicitAuthFlows[] has an unknown value",
}


def test_answers_of_administrators():
    call = Judge()
    pool_id = call("CreateUserPool", **{**POOL[0], "DeletionProtection": "INACTIVE"})["UserPool"]["Id"]
    pool = {"UserPoolId": pool_id}
    client_id = call("CreateUserPoolClient", **pool, **CLIENT[0])["UserPoolClient"]["ClientId"]
    client = {**pool, "ClientId": client_id}
    described = call("DescribeUserPool", **pool)["UserPool"]
    call("DescribeUserPoolClient", **client)
    call("UpdateUserPoolClient", **client)
    call("ListUserPools", MaxResults=5)
    call("ListUserPoolClients", **pool)
    call("GetUserPoolMfaConfig", **pool)
    call("SetUserPoolMfaConfig", **pool, SoftwareTokenMfaConfiguration={"Enabled": True}, MfaConfiguration="OPTIONAL")
    secret = call("AddUserPoolClientSecret", **client)["ClientSecretDescriptor"]
    call("ListUserPoolClientSecrets", **client)
    call("DeleteUserPoolClientSecret", **client, ClientSecretId=secret["ClientSecretId"])
    call("TagResource", ResourceArn=described["Arn"], Tags={"a": "b"})
    call("ListTagsForResource", ResourceArn=described["Arn"])
    call("UntagResource", ResourceArn=described["Arn"], TagKeys=["a"])
    call.service.connect(pool_id, "PreSignUp", lambda event: event)
    user = {**pool, "Username": "bob"}
    call("AdminCreateUser", **user, TemporaryPassword=PASSWORD, UserAttributes=[{"Name": "email", "Value": "b@c"}])
    call("AdminGetUser", **user)
    call("AdminSetUserPassword", **user, Password=PASSWORD + "2", Permanent=True)
    call("AdminUpdateUserAttributes", **user, UserAttributes=[{"Name": "custom:age", "Value": "7"}])
    call("ListUsers", **pool)
    group = {**pool, "GroupName": "red"}
    call("CreateGroup", **group, Precedence=1, Description="d", RoleArn="arn:aws:iam::000000000000:role/r")
    call("GetGroup", **group)
    call("UpdateGroup", **group, Precedence=2)
    call("AdminAddUserToGroup", **group, Username="bob")
    call("ListGroups", **pool)
    call("ListUsersInGroup", **group)
    call("AdminListGroupsForUser", **user)
    call("AdminRemoveUserFromGroup", **group, Username="bob")
    call("DeleteGroup", **group)
    call("GetUserPoolSessionConfiguration", **pool)
    tracking = {"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 2}}
    call("SetUserPoolSessionConfiguration", **pool, **tracking)
    call("SetUserPoolClientSessionConfiguration", **client, SSOSession={"MaxValidityMinutes": 1})
    call("GetUserPoolClientSessionConfiguration", **client)
    call("AdminListUserSessions", **user)
    assert {place for places in call.found.values() for place in places} <= NEWER
    assert len(call.seen) >= 29


def test_answers_of_users():
    call = Judge()
    pool = {"UserPoolId": call("CreateUserPool", PoolName="p", AutoVerifiedAttributes=["email"])["UserPool"]["Id"]}
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_TOKEN_EXCHANGE_IMPERSONATION"]
    made = call("CreateUserPoolClient", **pool, ClientName="c", ExplicitAuthFlows=flows)
    client = {"ClientId": made["UserPoolClient"]["ClientId"]}
    email = [{"Name": "email", "Value": "bob@example.org"}]
    call("SignUp", **client, Username="bob", Password=PASSWORD, UserAttributes=email)
    call("ConfirmSignUp", **client, Username="bob", ConfirmationCode=call.service.outbox.code())
    tracking = {"UserSessionTracking": "ENABLED", "TokenSession": {"MaxPerUser": 2}}
    call("SetUserPoolSessionConfiguration", **pool, **tracking)
    signing_in = {"AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": {"USERNAME": "bob", "PASSWORD": PASSWORD}}
    tokens = call("InitiateAuth", **client, **signing_in)["AuthenticationResult"]
    access = {"AccessToken": tokens["AccessToken"]}
    call("GetUser", **access)
    changed = [{"Name": "email", "Value": "bobby@example.org"}]
    call("UpdateUserAttributes", **access, UserAttributes=changed)
    call("GetUserAttributeVerificationCode", **access, AttributeName="email")
    call("VerifyUserAttribute", **access, AttributeName="email", Code=call.service.outbox.code())
    call("ForgotPassword", **client, Username="bob")
    call("GetUserAuthFactors", **access)
    call("ListUserSessions", **access)
    call("GetTokensFromRefreshToken", **client, RefreshToken=tokens["RefreshToken"])
    call("GetDerivedToken", **client, SubjectToken=tokens["AccessToken"], SubjectTokenType="ACCESS_TOKEN")
    assert {place for places in call.found.values() for place in places} <= NEWER
    assert len(call.seen) >= 12


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ({"Group": {"Name": "red"}}, ".Group.Name is not in the model"),
        ({"Group": {"Precedence": "1"}}, ".Group.Precedence is str, not integer"),
        ({"Group": {"CreationDate": True}}, ".Group.CreationDate is bool, not timestamp"),
        ({"Group": []}, ".Group is list, not structure"),
    ],
)
def test_a_misfit_is_noticed(answer, place):
    assert misfits("CreateGroupResponse", answer) == [place]
