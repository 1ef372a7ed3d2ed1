"""No setting is taken silently: each member of the four requests that set them is honoured, stored, or refused."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from cognito_challenges.pool import PoolService, ServiceError
from cognito_challenges.pool.requests.members import MEMBERS
from cognito_challenges.pool.requests.settings import STORED
from cognito_challenges.pool.requests.shapes import ListOf, MapOf, NotServed, Shape, Structure, Text, walk
from service_model import installed_model, model_members
from support.settings import ARN, CLIENT, HONOURED, NOT_READ_BACK, POOL, ROLE

OPERATIONS = [
    ("CreateUserPool", POOL),
    ("UpdateUserPool", POOL),
    ("CreateUserPoolClient", CLIENT),
    ("UpdateUserPoolClient", CLIENT),
]
NAMED = {"UserPoolId", "ClientId"}


class Place:
    """A pool and a client, and the request that creates or updates one of them."""

    def __init__(self) -> None:
        self.service = PoolService()
        self.pool_id = self.call("CreateUserPool", PoolName="p")["UserPool"]["Id"]
        made = self.call("CreateUserPoolClient", UserPoolId=self.pool_id, ClientName="c", GenerateSecret=True)
        self.client_id = made["UserPoolClient"]["ClientId"]

    def call(self, operation: str, **request: Any) -> Any:
        return self.service.call(operation, request)

    def set(self, operation: str, settings: dict[str, Any]) -> dict[str, Any]:
        """Send the settings; what Describe shows afterwards."""
        known = {name: value for name, value in settings.items() if name in dict(walk(MEMBERS[operation]))}
        if operation == "CreateUserPool":
            self.pool_id = self.call(operation, **{"PoolName": "p", **known})["UserPool"]["Id"]
        elif operation == "UpdateUserPool":
            self.call(operation, UserPoolId=self.pool_id, **known)
        elif operation == "CreateUserPoolClient":
            made = self.call(operation, **{"UserPoolId": self.pool_id, "ClientName": "c", **known})
            self.client_id = made["UserPoolClient"]["ClientId"]
        else:
            self.call(operation, UserPoolId=self.pool_id, ClientId=self.client_id, **known)
        if operation.endswith("Client"):
            asked = {"UserPoolId": self.pool_id, "ClientId": self.client_id}
            return self.call("DescribeUserPoolClient", **asked)["UserPoolClient"]
        described = self.call("DescribeUserPool", UserPoolId=self.pool_id)["UserPool"]
        return {**described, "PoolName": described["Name"]}


def leaves(operation: str) -> dict[str, Shape]:
    return {
        path: shape
        for path, shape in walk(MEMBERS[operation])
        if not isinstance(shape, (Structure, MapOf, ListOf)) and path not in NAMED
    }


def nested(path: str, value: object) -> dict[str, Any]:
    first, _, rest = path.partition(".")
    return {first: nested(rest, value) if rest else value}


def given(settings: dict[str, Any], path: str = "") -> set[str]:
    """The paths of a request's values, lists adding nothing."""
    found: set[str] = set()
    for name, value in settings.items():
        here = f"{path}.{name}" if path else name
        items = [item for item in value if isinstance(item, dict)] if isinstance(value, list) else [value]
        found |= {here, *(inner for item in items if isinstance(item, dict) for inner in given(item, here))}
    return found


def holds(described: Any, wanted: Any) -> bool:
    """Everything wanted is described, and as it was sent."""
    if isinstance(wanted, dict):
        return all(name in described and holds(described[name], value) for name, value in wanted.items())
    return described == wanted


@pytest.mark.parametrize(("operation", "samples"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_every_member_is_known_and_sampled(operation, samples):
    model = {path for path, _ in model_members(installed_model(), operation)} - NAMED
    ours = dict(walk(MEMBERS[operation]))
    inside = tuple(f"{path}." for path, shape in ours.items() if isinstance(shape, NotServed))
    assert {path for path in model if not path.startswith(inside)} <= set(ours)
    taken = {path for path, shape in leaves(operation).items() if not isinstance(shape, NotServed)}
    assert taken <= {path for sample in samples for path in given(sample)}


@pytest.mark.parametrize(("operation", "samples"), OPERATIONS, ids=[name for name, _ in OPERATIONS])
def test_what_is_taken_is_read_back(operation, samples):
    for sample in samples:
        described = Place().set(operation, sample)
        for name, value in sample.items():
            if name in NOT_READ_BACK or name not in dict(walk(MEMBERS[operation])):
                continue
            assert holds(described[name], value), f"{name} is read back as {described[name]}"


def test_the_schema_is_read_back():
    described = Place().set("CreateUserPool", POOL[0])
    schema = {entry["Name"]: entry for entry in described["SchemaAttributes"]}
    for entry in POOL[0]["Schema"]:
        assert schema[f"custom:{entry['Name']}"] == {**entry, "Name": f"custom:{entry['Name']}"}


@pytest.mark.parametrize("operation", [name for name, _ in OPERATIONS])
def test_what_cannot_be_honoured_is_refused(operation):
    tried = 0
    for path, shape in leaves(operation).items():
        for value in [{}] if isinstance(shape, NotServed) else shape.not_served if isinstance(shape, Text) else ():
            value = [value] if path.endswith("Factors") else value
            with pytest.raises(ServiceError) as caught:
                Place().set(operation, nested(path, value))
            assert caught.value.code == "InvalidParameterException"
            assert "is not served by this pool" in caught.value.message
            last = path.rpartition(".")[2]
            assert last[:1].lower() + last[1:] in caught.value.message
            tried += 1
    assert tried >= (2 if operation.endswith("Client") else 11)


def test_every_honoured_setting_has_its_test():
    tests = {
        node.name
        for file in Path(__file__).parent.glob("test_*.py")
        for node in ast.parse(file.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    used: set[str] = set()
    for operation, _ in OPERATIONS:
        for path, shape in leaves(operation).items():
            if isinstance(shape, NotServed) or path.partition(".")[0] in STORED:
                continue
            covering = [name for name in HONOURED if path == name or path.startswith(f"{name}.")]
            assert covering, f"no test is named for {path}"
            used |= set(covering)
    assert used == set(HONOURED)
    assert set(HONOURED.values()) <= tests


def test_a_whole_pool_is_described():
    described = Place().set("CreateUserPool", {})
    shape = installed_model()["shapes"]["UserPoolType"]["members"]
    # No longer used, deprecated, or of what is not served here; the rest has no default.
    without = {
        "Status", "SmsVerificationMessage", "EmailVerificationMessage", "EmailVerificationSubject", "Domain",
        "SmsAuthenticationMessage", "SmsConfigurationFailure", "EmailConfigurationFailure", "CustomDomain",
        "AutoVerifiedAttributes", "AliasAttributes", "UsernameAttributes", "DeviceConfiguration", "SmsConfiguration",
        "UserPoolAddOns", "AccountRecoverySetting", "DcrConfiguration",
    }  # fmt: skip
    assert set(shape) - set(described) <= without
    assert len(described["SchemaAttributes"]) == 20
    assert described["Policies"]["PasswordPolicy"]["RequireSymbols"] is True
    assert described["AcrConfiguration"]["Level3"] == {"AcrValue": "urn:cognito:loa:3"}


@pytest.mark.parametrize(
    ("operation", "settings", "words"),
    [
        ("CreateUserPool", {"UsernameAttributes": ["email"], "AliasAttributes": ["email"]}, "Only one"),
        (
            "UpdateUserPool",
            {
                "LambdaConfig": {
                    "PreTokenGeneration": ARN,
                    "PreTokenGenerationConfig": {"LambdaVersion": "V1_0", "LambdaArn": ARN + "2"},
                }
            },
            "identical",
        ),
        ("UpdateUserPool", {"SmsConfiguration": {"SnsCallerArn": ROLE, "EumsSms": {"CallerArn": ROLE}}}, "both"),
        (
            "UpdateUserPool",
            {
                "Policies": {"PasswordPolicy": {"TemporaryPasswordValidityDays": 3}},
                "AdminCreateUserConfig": {"UnusedAccountValidityDays": 4},
            },
            "instead of",
        ),
        (
            "UpdateUserPool",
            {"UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]}},
            "AutoVerifiedAttributes",
        ),
        (
            "UpdateUserPool",
            {
                "AccountRecoverySetting": {
                    "RecoveryMechanisms": [
                        {"Priority": 1, "Name": "admin_only"},
                        {"Priority": 2, "Name": "verified_email"},
                    ]
                }
            },
            "admin_only",
        ),
        ("UpdateUserPool", {"AcrConfiguration": {"Level1": {"AcrValue": "urn:cognito:loa:2"}}}, "name of its own"),
        ("UpdateUserPool", {"AcrConfiguration": {"Level5": {"AcrValue": "x"}}}, "Map keys"),
        ("UpdateUserPool", {"UserPoolTags": {"": "x"}}, "1 to 128"),
        ("UpdateUserPool", {"UserPoolTags": {str(number): "x" for number in range(51)}}, "more than 50"),
        ("UpdateUserPool", {"MfaConfiguration": "ON"}, "SMS configuration"),
        ("CreateUserPool", {"Schema": [{"Name": "x", "Required": True}]}, "Required custom"),
        ("CreateUserPool", {"Schema": [{"Name": "email", "AttributeDataType": "Number"}]}, "AttributeDataType"),
        ("CreateUserPoolClient", {"GenerateSecret": True, "ClientSecret": "x" * 24}, "both"),
        ("CreateUserPoolClient", {"EnablePropagateAdditionalUserContextData": True}, "secret"),
        ("UpdateUserPoolClient", {"ReadAttributes": ["custom:none"]}, "Invalid read attributes"),
        ("UpdateUserPoolClient", {"WriteAttributes": ["sub"]}, "Invalid write attributes"),
        ("UpdateUserPoolClient", {"SupportedIdentityProviders": ["Google"]}, "identity provider"),
        ("UpdateUserPoolClient", {"DefaultRedirectURI": "https://example.org"}, "CallbackURLs"),
        ("UpdateUserPoolClient", {"AllowedOAuthFlows": ["code", "client_credentials"]}, "client_credentials"),
        ("UpdateUserPoolClient", {"AllowedOAuthScopes": ["x/y"]}, "scope"),
        ("UpdateUserPoolClient", {"AccessTokenValidity": 25}, "5 minutes to a day"),
        (
            "UpdateUserPoolClient",
            {"RefreshTokenValidity": 10, "TokenValidityUnits": {"RefreshToken": "minutes"}},
            "an hour to 10 years",
        ),
    ],
)
def test_settings_that_do_not_go_together(operation, settings, words):
    place = Place()
    before = place.call("DescribeUserPool", UserPoolId=place.pool_id)
    with pytest.raises(ServiceError, match=words):
        place.set(operation, settings)
    assert place.call("DescribeUserPool", UserPoolId=place.pool_id) == before


@pytest.mark.parametrize("mistyped", ["text", ["list"], 1, True])
def test_mistyped_settings_are_a_serialization_error(mistyped):
    for operation, _ in OPERATIONS:
        for path, shape in walk(MEMBERS[operation]):
            if isinstance(shape, Structure) and path not in NAMED and not path.startswith(("Schema", "AccountRec")):
                with pytest.raises(ServiceError) as caught:
                    Place().set(operation, nested(path, mistyped))
                assert caught.value.code == "SerializationException", path
