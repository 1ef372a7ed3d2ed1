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

ARN = "arn:aws:lambda:us-east-1:000000000000:function:f"
ROLE = "arn:aws:iam::000000000000:role/sender"
CODE = "Code {####}"
KINDS = (
    "PreSignUp", "CustomMessage", "PostConfirmation", "PreAuthentication", "PostAuthentication", "DefineAuthChallenge",
    "CreateAuthChallenge", "VerifyAuthChallengeResponse", "PreTokenGeneration", "UserMigration",
)  # fmt: skip

# A value of every setting that is taken, in requests that can be sent together.
POOL: list[dict[str, Any]] = [
    {
        "PoolName": "other",
        "Policies": {
            "PasswordPolicy": {
                "MinimumLength": 10,
                "RequireUppercase": True,
                "RequireLowercase": False,
                "RequireNumbers": True,
                "RequireSymbols": False,
                "PasswordHistorySize": 3,
                "TemporaryPasswordValidityDays": 5,
            },
            "SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN"]},
        },
        "DeletionProtection": "ACTIVE",
        "LambdaConfig": {
            **dict.fromkeys(KINDS, ARN),
            "PreTokenGenerationConfig": {"LambdaVersion": "V2_0", "LambdaArn": ARN},
        },
        "AutoVerifiedAttributes": ["email", "phone_number"],
        "SmsVerificationMessage": CODE,
        "EmailVerificationMessage": CODE,
        "EmailVerificationSubject": "Subject",
        "VerificationMessageTemplate": {
            "SmsMessage": CODE,
            "EmailMessage": CODE,
            "EmailSubject": "Subject",
            "DefaultEmailOption": "CONFIRM_WITH_CODE",
        },
        "SmsAuthenticationMessage": CODE,
        "MfaConfiguration": "OPTIONAL",
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": ["email"]},
        "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": True},
        "EmailConfiguration": {
            "SourceArn": "arn:aws:ses:us-east-1:000000000000:identity/a",
            "ReplyToEmailAddress": "a@example.org",
            "EmailSendingAccount": "DEVELOPER",
            "From": "A <a@example.org>",
            "ConfigurationSet": "set",
        },
        "SmsConfiguration": {"SnsCallerArn": ROLE, "ExternalId": "id", "SnsRegion": "us-east-1"},
        "UserPoolTags": {"team": "red"},
        "AdminCreateUserConfig": {
            "AllowAdminCreateUserOnly": True,
            "InviteMessageTemplate": {"SMSMessage": CODE, "EmailMessage": CODE, "EmailSubject": "Subject"},
        },
        "UserPoolAddOns": {"AdvancedSecurityMode": "OFF"},
        "AccountRecoverySetting": {
            "RecoveryMechanisms": [
                {"Priority": 1, "Name": "verified_phone_number"},
                {"Priority": 2, "Name": "verified_email"},
            ]
        },
        "UserPoolTier": "PLUS",
        "KeyConfiguration": {"KeyType": "AWS_OWNED_KEY"},
        "IssuerConfiguration": {"Type": "UPDATED"},
        "AcrConfiguration": {f"Level{number}": {"AcrValue": f"urn:own:{number}"} for number in range(1, 5)},
        "AliasAttributes": ["email", "preferred_username"],
        "UsernameConfiguration": {"CaseSensitive": False},
        "Schema": [
            {
                "Name": "team",
                "AttributeDataType": "String",
                "DeveloperOnlyAttribute": False,
                "Mutable": False,
                "Required": False,
                "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "9"},
            },
            {
                "Name": "age",
                "AttributeDataType": "Number",
                "DeveloperOnlyAttribute": False,
                "Mutable": True,
                "Required": False,
                "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "99"},
            },
        ],
    },
    {
        "UsernameAttributes": ["email"],
        "AdminCreateUserConfig": {"UnusedAccountValidityDays": 4},
        "SmsConfiguration": {
            "EumsSms": {
                "CallerArn": ROLE,
                "ExternalId": "id",
                "OriginationIdentity": "+15550100",
                "ConfigurationSetName": "set",
                "InEntityId": "entity",
                "InTemplateId": "template",
                "Region": "us-east-1",
            }
        },
    },
]
CLIENT: list[dict[str, Any]] = [
    {
        "ClientName": "other",
        "RefreshTokenValidity": 5,
        "AccessTokenValidity": 10,
        "IdTokenValidity": 20,
        "TokenValidityUnits": {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "hours"},
        "ReadAttributes": ["email"],
        "WriteAttributes": ["email"],
        "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_TOKEN_EXCHANGE_DELEGATION"],
        "SupportedIdentityProviders": ["COGNITO"],
        "CallbackURLs": ["https://example.org/in"],
        "LogoutURLs": ["https://example.org/out"],
        "DefaultRedirectURI": "https://example.org/in",
        "AllowedOAuthFlows": ["code"],
        "AllowedOAuthScopes": ["openid"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "PreventUserExistenceErrors": "ENABLED",
        "EnableTokenRevocation": False,
        "AuthSessionValidity": 5,
        "RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 10},
        "EnablePropagateAdditionalUserContextData": True,
        "ClientSecret": "aSecretOfTwentyFourChars",
    },
    {"GenerateSecret": True},
]
# What GenerateSecret makes is read back as ClientSecret; the names of attributes get their prefix.
NOT_READ_BACK = ("GenerateSecret", "Schema")

HONOURED = {
    "Policies.PasswordPolicy.TemporaryPasswordValidityDays": "test_temporary_passwords_expire",
    "Policies.PasswordPolicy.PasswordHistorySize": "test_password_history",
    "Policies.PasswordPolicy": "test_password_policy",
    "Policies.SignInPolicy": "test_choice_based_sign_in",
    "DeletionProtection": "test_pools_and_clients",
    "LambdaConfig.PreTokenGenerationConfig": "test_token_generation_of_version_2",
    "LambdaConfig": "test_each_cell",
    "AutoVerifiedAttributes": "test_attributes",
    "SmsVerificationMessage": "test_templates_of_before",
    "EmailVerificationMessage": "test_templates_of_before",
    "EmailVerificationSubject": "test_templates_of_before",
    "VerificationMessageTemplate": "test_templates",
    "SmsAuthenticationMessage": "test_templates",
    "MfaConfiguration": "test_mfa_from_the_beginning",
    "UserAttributeUpdateSettings": "test_a_new_address_waits_for_its_code",
    "DeviceConfiguration.ChallengeRequiredOnNewDevice": "test_device_stands_in_for_the_second_factor",
    "DeviceConfiguration.DeviceOnlyRememberedOnUserPrompt": "test_pool_that_asks_the_user",
    "AdminCreateUserConfig.AllowAdminCreateUserOnly": "test_only_administrators_create_users",
    "AdminCreateUserConfig.UnusedAccountValidityDays": "test_temporary_passwords_expire",
    "AdminCreateUserConfig.InviteMessageTemplate": "test_templates",
    "AccountRecoverySetting": "test_recovery",
    "UserPoolTier": "test_feature_plans",
    "IssuerConfiguration": "test_issuers",
    "AcrConfiguration": "test_own_names",
    "AliasAttributes": "test_login_names",
    "UsernameAttributes": "test_email_as_username",
    "UsernameConfiguration": "test_login_names",
    "Schema.Name": "test_values_that_do_not_fit",
    "Schema.AttributeDataType": "test_values_that_do_not_fit",
    "Schema.DeveloperOnlyAttribute": "test_developer_only_attributes",
    "Schema.Mutable": "test_immutable_attributes",
    "Schema.Required": "test_new_password_with_attributes",
    "Schema.NumberAttributeConstraints": "test_values_that_do_not_fit",
    "Schema.StringAttributeConstraints": "test_values_that_do_not_fit",
    "RefreshTokenValidity": "test_lifetimes",
    "AccessTokenValidity": "test_lifetimes",
    "IdTokenValidity": "test_lifetimes",
    "TokenValidityUnits": "test_lifetimes",
    "ReadAttributes": "test_read_attributes",
    "WriteAttributes": "test_write_attributes",
    "ExplicitAuthFlows": "test_flow_that_the_client_does_not_allow",
    "AllowedOAuthScopes": "test_scopes_of_a_derived_token",
    "PreventUserExistenceErrors": "test_unknown_users_stay_hidden",
    "EnableTokenRevocation": "test_revocation",
    "AuthSessionValidity": "test_expired_session",
    "RefreshTokenRotation": "test_rotation",
    "GenerateSecret": "test_secret_hash",
    "ClientSecret": "test_a_secret_of_ones_own",
}
"""Which test sees that a setting has its effect; a name stands for all settings inside it."""

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
