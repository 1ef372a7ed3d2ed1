"""Bent values in every member of every operation: the errors are those that the service's model declares for it.

Shapes and limits of members are compared with the model too.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import botocore.session
import pytest

from cognito_challenges.pool import Options, PoolService, ServiceError
from cognito_challenges.pool.operations.declared import DECLARED_AS
from cognito_challenges.pool.requests.members import MEMBERS, UNSIGNED
from cognito_challenges.pool.requests.shapes import Document, Flag, ListOf, Shape, Structure, Text, TextMap, Whole
from cognito_challenges.pool.store.triggers import ANSWERS, KINDS

MODEL: Any = botocore.session.get_session().get_service_model("cognito-idp")
OPERATIONS = sorted(MEMBERS.keys() & set(MODEL.operation_names))
"""Those that the installed model knows. Another model is compared with when AWS_DATA_PATH names its folder."""
COMMON = {"SerializationException", "InternalErrorException", "ForbiddenException"}
"""What any operation may answer: errors of the protocol itself, and two that nearly every operation declares."""
PASSWORD = "Correct-1-horse"
LONE = "\ud800"
DEEP: Any = json.loads("[" * 900 + "]" * 900)
ANYTHING: tuple[Any, ...] = (
    None, "", " ", "x", "x" * 200, "x" * 140_000, LONE, "é", "null", "-1", 0, -1, 1.5, 10**30, True, [], {}, [None],
    [[]], [{}], {"x": "y"}, {LONE: "y"}, {"x": LONE}, {"x": {"y": [LONE]}}, {"x": 5}, {"x": None}, {"x" * 9000: "y"},
    {"response": 5}, {"response": "x"}, {"response": {"clientDataJSON": 5}}, {"id": []}, DEEP, {"x": DEEP},
    {f"name{number}": "value" for number in range(500)}, ["x"] * 500,
)  # fmt: skip
NOT_THERE = {
    "UserPoolId": "us-east-1_none", "ClientId": "none", "Username": "nobody", "AccessToken": "a.b.c",
    "DeviceKey": "us-east-1_00000000-0000-4000-8000-000000000000", "Session": "x" * 40, "SecretHash": "bm9uZQ==",
    "ClientSecret": "x" * 40, "Token": "x", "RefreshToken": "x", "CredentialId": "none", "AttributeName": "custom:none",
    "ConfirmationCode": "000000", "Code": "000000", "UserCode": "000000", "Password": "short",
    "ProposedPassword": "short", "PreviousPassword": "Wrong-1-password", "TemporaryPassword": "short",
    "PaginationToken": "x", "NextToken": "x", "Filter": "x",
}  # fmt: skip


@dataclass
class Bench:
    """A pool with a user who is signed in, and a good request for each operation."""

    service: PoolService = field(default_factory=lambda: PoolService(Options(explain=True)))
    good: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        call: Any = self.service.call
        pool = {"UserPoolId": call("CreateUserPool", {
            "PoolName": "p", "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True},
            "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "WEB_AUTHN"]}},
        })["UserPool"]["Id"]}  # fmt: skip
        web = {"RelyingPartyId": "localhost"}
        totp = {"Enabled": True}
        call("SetUserPoolMfaConfig", {**pool, "WebAuthnConfiguration": web, "SoftwareTokenMfaConfiguration": totp})
        flows = [
            "ALLOW_CUSTOM_AUTH",
            "ALLOW_USER_PASSWORD_AUTH",
            "ALLOW_USER_AUTH",
            "ALLOW_USER_SRP_AUTH",
            "ALLOW_REFRESH_TOKEN_AUTH",
        ]
        app = call("CreateUserPoolClient", {**pool, "ClientName": "c", "ExplicitAuthFlows": flows})["UserPoolClient"]
        client = {"ClientId": app["ClientId"]}
        user = {**pool, "Username": "alice"}
        email = [{"Name": "email", "Value": "a@example.org"}, {"Name": "email_verified", "Value": "true"}]
        call("AdminCreateUser", {**user, "UserAttributes": email})
        call("AdminSetUserPassword", {**user, "Password": PASSWORD, "Permanent": True})
        parameters = {"USERNAME": "alice", "PASSWORD": PASSWORD}
        start = {**client, "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters}
        result = call("InitiateAuth", start)["AuthenticationResult"]
        waiting = call("InitiateAuth", {**client, "AuthFlow": "USER_AUTH", "AuthParameters": {"USERNAME": "alice"}})
        call("StartWebAuthnRegistration", {"AccessToken": result["AccessToken"]})
        self.good = {
            **user, **client, "AccessToken": result["AccessToken"], "RefreshToken": result["RefreshToken"],
            "Token": result["RefreshToken"], "DeviceKey": result["NewDeviceMetadata"]["DeviceKey"],
            "PoolName": "p", "ClientName": "c", "MaxResults": 1, "Password": PASSWORD, "ProposedPassword": PASSWORD,
            "AttributeName": "email", "AuthFlow": "USER_PASSWORD_AUTH", "AuthParameters": parameters,
            "ChallengeName": "SELECT_CHALLENGE", "Session": waiting["Session"],
            "ChallengeResponses": {"USERNAME": "alice", "ANSWER": "PASSWORD", "PASSWORD": PASSWORD},
            "ConfirmationCode": "123456", "Code": "123456", "UserCode": "123456", "CredentialId": "x",
            "Credential": {"id": "x", "response": {}}, "UserAttributes": email, "UserAttributeNames": ["name"],
            "CustomAttributes": [{"Name": "color", "AttributeDataType": "String"}],
        }  # fmt: skip

    def request(self, operation: str) -> dict[str, Any]:
        shape = MEMBERS[operation]
        return {name: self.good[name] for name in shape.required if name in self.good}

    @property
    def user(self) -> dict[str, str]:
        return {name: self.good[name] for name in ("UserPoolId", "Username")}


def disabled(bench: Bench) -> None:
    bench.service.call("AdminDisableUser", bench.user)


def reset(bench: Bench) -> None:
    bench.service.call("AdminResetUserPassword", bench.user)


def rotated(bench: Bench) -> None:
    named = {name: bench.good[name] for name in ("UserPoolId", "ClientId")}
    rotation = {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_AUTH"]
    settings = {"ExplicitAuthFlows": flows, "RefreshTokenRotation": rotation}
    bench.service.call("UpdateUserPoolClient", {**named, **settings})
    token = {"ClientId": bench.good["ClientId"], "RefreshToken": bench.good["RefreshToken"]}
    bench.service.call("GetTokensFromRefreshToken", token)


def deleted(bench: Bench) -> None:
    bench.service.call("AdminDeleteUser", bench.user)


def temporary(bench: Bench) -> None:
    bench.service.call("AdminSetUserPassword", {**bench.user, "Password": PASSWORD, "Permanent": False})


def without_client(bench: Bench) -> None:
    named = {name: bench.good[name] for name in ("UserPoolId", "ClientId")}
    bench.service.call("DeleteUserPoolClient", named)


def unconfirmed(bench: Bench) -> None:
    named = {"ClientId": bench.good["ClientId"], "Username": "bob", "Password": PASSWORD}
    bench.service.call("SignUp", {**named, "UserAttributes": [{"Name": "email", "Value": "b@example.org"}]})
    bench.good["Username"] = "bob"
    for name in ("AuthParameters", "ChallengeResponses"):
        bench.good[name] = {**bench.good[name], "USERNAME": "bob"}


def hidden(bench: Bench) -> None:
    named = {name: bench.good[name] for name in ("UserPoolId", "ClientId")}
    bench.service.call("UpdateUserPoolClient", {**named, "PreventUserExistenceErrors": "ENABLED"})
    bench.good["Username"] = "nobody"
    for name in ("AuthParameters", "ChallengeResponses"):
        bench.good[name] = {**bench.good[name], "USERNAME": "nobody"}


def triggered(answer: Callable[[dict[str, Any]], Any]) -> Callable[[Bench], None]:
    """Every trigger answers with the same."""

    def connect(bench: Bench) -> None:
        for kind in KINDS:
            bench.service.connect(bench.good["UserPoolId"], kind, answer)

    return connect


def fails(event: dict[str, Any]) -> Any:
    raise RuntimeError("no")


def everything(value: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda event: {
        **event,
        "response": dict.fromkeys([name for names in ANSWERS.values() for name in names], value),
    }


STATES: dict[str, Callable[[Bench], None]] = {
    "disabled": disabled,
    "reset": reset,
    "rotated": rotated,
    "deleted": deleted,
    "temporary": temporary,
    "without client": without_client,
    "unconfirmed": unconfirmed,
    "hidden": hidden,
    "triggers fail": triggered(fails),
    **{
        f"triggers answer {answer!r}": triggered(lambda event, answer=answer: answer)
        for answer in (None, 5, "x", [], {}, {"response": None}, {"response": []})
    },
    **{
        f"triggers answer members of {value!r}": triggered(everything(value))
        for value in (None, "false", "true", "x", 0, 1.5, [], {}, [5], {"x": []}, {"x": {}}, LONE, {LONE: LONE}, True,
                      {"claimsToAddOrOverride": [], "claimsToSuppress": 5},
                      {"claimsToAddOrOverride": {"x": []}, "claimsToSuppress": [5, {}]},
                      {"idTokenGeneration": 5, "accessTokenGeneration": "x", "groupOverrideDetails": []},
                      {"accessTokenGeneration": {"scopesToAdd": [5], "claimsToAddOrOverride": 5}},
                      {"groupOverrideDetails": {"groupsToOverride": 5, "iamRolesToOverride": [5], "preferredRole": []}})
    },
}  # fmt: skip
LASTING = ("Delete", "AdminDelete", "AdminSet", "AdminConfirm", "AdminReset", "AdminEnable", "AdminDisable", "Update",
           "Confirm", "GlobalSignOut", "AdminUserGlobal", "AdminUpdate", "ChangePassword", "Revoke")  # fmt: skip


def bent(shape: Shape, good: Any) -> Iterator[Any]:
    """Values that a member may come with: of wrong types and lengths, and of the right type with bent parts."""
    yield from ANYTHING
    match shape:
        case Text(values=values) if values:
            yield from values
        case Whole():
            yield from (shape.least, shape.most, shape.least - 1, shape.most + 1)
        case Structure():
            whole = good if isinstance(good, dict) else {}
            for name, member in {**shape.required, **shape.optional}.items():
                for value in bent(member, whole.get(name)):
                    yield {**whole, name: value}
        case ListOf():
            for value in bent(shape.item, None):
                yield [value]
        case TextMap():
            entries = good if isinstance(good, dict) else {}
            for name in (*entries, "SRP_A", "DEVICE_KEY", "SECRET_HASH", "ACCESS_TOKEN", "CREDENTIAL", "ANSWER"):
                for value in ("", "x", "0", "é" * 300, "x" * 5000, "[" * 100_000, "{}", "null"):
                    yield {**entries, name: value}
        case Document() | Flag() | Text():
            pass


def codes(operation: str) -> dict[str, Any]:
    """Every error code that bent requests of an operation end in, each with one of them."""
    bench, seen = Bench(), {}
    members = {**MEMBERS[operation].required, **MEMBERS[operation].optional}

    def requests() -> Iterator[tuple[str, Any]]:
        yield "nothing", {}
        yield "good", bench.request(operation)
        for name, shape in members.items():
            good = bench.request(operation)
            if name in NOT_THERE:
                yield name, {**good, name: NOT_THERE[name]}
            yield name, {**good, name: bench.good.get(name)}
            for value in bent(shape, bench.good.get(name)):
                yield name, {**good, name: value}

    for name, request in requests():
        try:
            bench.service.call(operation, request)
        except ServiceError as error:
            seen.setdefault(error.code, name)
            error.message.encode()
            if error.code in ("ResourceNotFoundException", "NotAuthorizedException", "UserNotFoundException"):
                # A pool, user or token may be gone for the requests that follow.
                bench = bench if alive(bench) else Bench()
        else:
            bench = bench if alive(bench) else Bench()
    return seen


def alive(bench: Bench) -> bool:
    try:
        bench.service.call("GetUser", {"AccessToken": bench.good["AccessToken"]})
        bench.service.call("DescribeUserPoolClient", {name: bench.good[name] for name in ("UserPoolId", "ClientId")})
    except ServiceError:
        return False
    return True


@pytest.mark.parametrize("operation", OPERATIONS)
def test_error_codes_are_declared(operation):
    declared = {shape.name for shape in MODEL.operation_model(operation).error_shapes}
    seen = codes(operation)
    assert {code: name for code, name in seen.items() if code not in declared | COMMON} == {}
    assert "InternalErrorException" not in seen


@pytest.mark.parametrize("state", STATES)
def test_error_codes_of_good_requests(state):
    """In states that a bent request does not reach, and with triggers that fail or answer with something else."""

    def made() -> Bench:
        bench = Bench()
        STATES[state](bench)
        return bench

    bench, seen = made(), {}
    for operation in OPERATIONS:
        declared = {shape.name for shape in MODEL.operation_model(operation).error_shapes} | COMMON
        for request in requests_in_any_flow(bench, operation):
            try:
                answer = bench.service.call(operation, request)
            except ServiceError as error:
                if error.code not in declared:
                    seen[operation] = error.code
            else:
                json.dumps(answer).encode()
        if operation.startswith(LASTING):
            bench = made()
    assert seen == {}


def requests_in_any_flow(bench: Bench, operation: str) -> Iterator[dict[str, Any]]:
    good = bench.request(operation)
    yield good
    if "AuthFlow" in good:
        for flow in ("USER_PASSWORD_AUTH", "USER_SRP_AUTH", "USER_AUTH", "CUSTOM_AUTH", "REFRESH_TOKEN_AUTH"):
            extra = {"SRP_A": "abc123", "REFRESH_TOKEN": bench.good["RefreshToken"], "CHALLENGE_NAME": "SRP_A"}
            for parameters in (bench.good["AuthParameters"], {**bench.good["AuthParameters"], **extra}):
                yield {**good, "AuthFlow": flow, "AuthParameters": parameters}


@pytest.mark.parametrize("operation", sorted(DECLARED_AS))
def test_renamed_errors(operation):
    """An error is renamed where the model does not declare it, and to one that it does."""
    names = {shape.name for shape in MODEL.operation_model(operation).error_shapes}
    assert names.isdisjoint(DECLARED_AS[operation])
    assert names >= set(DECLARED_AS[operation].values())


@pytest.mark.parametrize("operation", OPERATIONS)
def test_members_are_the_models(operation):
    """Types, required members, limits, patterns and enumerations, all the way down."""
    assert list(differences(operation, MEMBERS[operation], MODEL.operation_model(operation).input_shape)) == []


def differences(path: str, ours: Shape, model: Any) -> Iterator[str]:
    kinds = {Text: "string", Flag: "boolean", TextMap: "map", ListOf: "list", Structure: "structure"}
    kind, limits = kinds.get(type(ours)), model.metadata
    if kind is not None and kind != model.type_name and not (kind == "boolean" and model.type_name == "boolean"):
        yield f"{path}: {type(ours).__name__} for {model.type_name}"
        return
    match ours:
        case Text() | Whole():
            for name, limit in (("min", ours.least), ("max", ours.most)):
                if name in limits and limits[name] != limit:
                    yield f"{path}: {name} {limit}, not {limits[name]}"
            if isinstance(ours, Text) and not set(limits.get("enum", ())) <= set(ours.values):
                yield f"{path}: enum lacks {sorted(set(limits['enum']) - set(ours.values))}"
        case ListOf():
            if "max" in limits and limits["max"] != ours.most:
                yield f"{path}: max {ours.most}, not {limits['max']}"
            yield from differences(f"{path}[]", ours.item, model.member)
        case Structure():
            if set(ours.required) != set(model.required_members):
                yield f"{path}: required {sorted(set(ours.required) ^ set(model.required_members))}"
            for name, member in {**ours.required, **ours.optional}.items():
                # A member that the installed model does not know yet is not one to compare.
                if name in model.members:
                    yield from differences(f"{path}.{name}", member, model.members[name])
        case Flag() | TextMap() | Document():
            pass


def test_unsigned_operations_are_the_models():
    unsigned = {name for name in OPERATIONS if MODEL.operation_model(name).auth_type == "none"}
    assert unsigned == UNSIGNED & set(OPERATIONS)
