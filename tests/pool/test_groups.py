"""Groups: who is in which, and what tokens say of it."""

from __future__ import annotations

import jwt
import pytest

ROLE = "arn:aws:iam::000000000000:role/{}"


def claims(token: str) -> dict[str, object]:
    return jwt.decode(token, options={"verify_signature": False})


def group(at, name: str, **settings: object) -> dict[str, object]:
    return at.aws.create_group(UserPoolId=at.pool_id, GroupName=name, **settings)["Group"]


def put(at, name: str, user: str = "alice") -> None:
    at.aws.admin_add_user_to_group(UserPoolId=at.pool_id, GroupName=name, Username=user)


def test_groups(bench, refused):
    at = bench()
    made = group(at, "red", Description="the red ones", RoleArn=ROLE.format("red"), Precedence=0)
    assert made["CreationDate"] == made["LastModifiedDate"]
    named = {"UserPoolId": at.pool_id, "GroupName": "red"}
    assert at.aws.get_group(**named)["Group"] == made
    assert {name: made[name] for name in ("Description", "Precedence")} == {
        "Description": "the red ones",
        "Precedence": 0,
    }
    assert refused(lambda: group(at, "red"))[0] == "GroupExistsException"
    at.clock.now += 5
    changed = at.aws.update_group(**named, Precedence=3)["Group"]
    assert changed == {**made, "Precedence": 3, "LastModifiedDate": changed["LastModifiedDate"]}
    assert changed["LastModifiedDate"] > made["LastModifiedDate"]
    put(at, "red")
    put(at, "red")
    assert [user["Username"] for user in at.aws.list_users_in_group(**named)["Users"]] == ["alice"]
    in_groups = lambda: at.aws.admin_list_groups_for_user(UserPoolId=at.pool_id, Username="alice")["Groups"]  # noqa: E731
    assert in_groups() == [changed]
    at.aws.admin_remove_user_from_group(**named, Username="alice")
    assert in_groups() == []
    put(at, "red")
    at.aws.delete_group(**named)
    assert in_groups() == []
    for act in (at.aws.get_group, at.aws.update_group, at.aws.delete_group, at.aws.list_users_in_group):
        assert refused(lambda act=act: act(**named))[0] == "ResourceNotFoundException"
    group(at, "blue")
    put_nobody = lambda: put(at, "blue", "mallory")  # noqa: E731
    assert refused(put_nobody)[0] == "UserNotFoundException"
    # A deleted user is in no group, and one who comes by the same name is neither.
    put(at, "blue")
    at.aws.admin_delete_user(UserPoolId=at.pool_id, Username="alice")
    at.add_user("alice")
    assert at.aws.list_users_in_group(UserPoolId=at.pool_id, GroupName="blue")["Users"] == []


@pytest.mark.parametrize(
    ("groups", "names", "roles", "preferred"),
    [
        ([], None, None, None),
        ([("a", None, None)], ["a"], None, None),
        ([("a", 2, "one"), ("b", 1, "two"), ("c", None, None)], ["b", "a", "c"], ["two", "one"], "two"),
        ([("a", 0, None), ("b", 1, "two")], ["a", "b"], ["two"], "two"),
        ([("a", 1, "one"), ("b", 1, "two")], ["a", "b"], ["one", "two"], None),
        ([("a", 1, "one"), ("b", 1, "one")], ["a", "b"], ["one"], "one"),
        ([("a", None, "one")], ["a"], ["one"], None),
    ],
)
def test_claims_of_groups(bench, groups, names, roles, preferred):
    at = bench()
    for name, precedence, role in groups:
        settings = {"Precedence": precedence, "RoleArn": role and ROLE.format(role)}
        group(at, name, **{key: value for key, value in settings.items() if value is not None})
        put(at, name)
    result = at.srp()["AuthenticationResult"]
    access, identity = claims(result["AccessToken"]), claims(result["IdToken"])
    assert access.get("cognito:groups") == identity.get("cognito:groups") == names
    assert identity.get("cognito:roles") == (roles and [ROLE.format(role) for role in roles])
    assert identity.get("cognito:preferred_role") == (preferred and ROLE.format(preferred))
    assert not {"cognito:roles", "cognito:preferred_role"} & set(access)


def test_groups_of_a_refreshed_token_are_those_of_now(bench):
    at = bench()
    refresh = at.srp()["AuthenticationResult"]["RefreshToken"]
    group(at, "red")
    put(at, "red")
    renewed = at.initiate("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=refresh)["AuthenticationResult"]
    assert claims(renewed["IdToken"])["cognito:groups"] == ["red"]


def test_a_trigger_changes_groups(bench):
    at = bench()
    group(at, "red", RoleArn=ROLE.format("red"), Precedence=1)
    put(at, "red")
    seen = []

    def generate(event):
        seen.append(event["request"]["groupConfiguration"])
        override = {"groupsToOverride": ["blue"], "iamRolesToOverride": [], "preferredRole": None}
        event["response"]["claimsOverrideDetails"] = {"groupOverrideDetails": override}
        return event

    at.service.connect(at.pool_id, "PreTokenGeneration", generate)
    result = at.srp()["AuthenticationResult"]
    assert seen == [
        {
            "groupsToOverride": ["red"],
            "iamRolesToOverride": [ROLE.format("red")],
            "preferredRole": ROLE.format("red"),
        }
    ]
    identity = claims(result["IdToken"])
    assert identity["cognito:groups"] == claims(result["AccessToken"])["cognito:groups"] == ["blue"]
    assert not {"cognito:roles", "cognito:preferred_role"} & set(identity)


def test_long_lists_come_in_pages(bench, refused):
    at = bench(users=False)
    call = at.service.call
    pool = {"UserPoolId": at.pool_id}
    for number in range(61):
        name = f"n{number:02}"
        call("CreateGroup", {**pool, "GroupName": name})
        call("AdminCreateUser", {**pool, "Username": name, "MessageAction": "SUPPRESS"})
        call("AdminAddUserToGroup", {**pool, "Username": name, "GroupName": "n00"})
        call("AdminAddUserToGroup", {**pool, "Username": "n00", "GroupName": name})
        call("CreateUserPoolClient", {**pool, "ClientName": name})
        call("CreateUserPool", {"PoolName": name})
    clients, pools = 62, 62
    for operation, request, listed, limit, token, count in (
        ("ListGroups", pool, "Groups", "Limit", "NextToken", 61),
        ("ListUsersInGroup", {**pool, "GroupName": "n00"}, "Users", "Limit", "NextToken", 61),
        ("AdminListGroupsForUser", {**pool, "Username": "n00"}, "Groups", "Limit", "NextToken", 61),
        ("ListUsers", pool, "Users", "Limit", "PaginationToken", 61),
        ("ListUserPoolClients", pool, "UserPoolClients", "MaxResults", "NextToken", clients),
        ("ListUserPools", {}, "UserPools", "MaxResults", "NextToken", pools),
    ):
        for most in (60, 25):
            whole, following, pages = [], {}, 0
            while following is not None:
                answer = call(operation, {**request, limit: most, **following})
                whole += [str(item) for item in answer[listed]]
                pages += 1
                following = {token: answer[token]} if token in answer else None
            assert len(whole) == len(set(whole)) == count, operation
            assert pages == -(-count // most)
        if limit == "Limit":
            assert len(call(operation, request)[listed]) == 60
        with pytest.raises(Exception, match="Invalid pagination token"):
            call(operation, {**request, limit: 5, token: "x"})
    assert refused(lambda: at.aws.list_groups(UserPoolId="us-east-1_none"))[0] == "ResourceNotFoundException"
