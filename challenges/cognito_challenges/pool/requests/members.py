"""The members of every operation's request that the pool reads: one table, checked by `shapes.checked`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from cognito_challenges.pool.requests.settings import (
    ARN,
    CLIENT_FIXED,
    CLIENT_SECRET,
    CLIENT_SETTINGS,
    EMAIL_MFA,
    FLAG,
    MFA_MODE,
    NAME,
    NOT_SERVED,
    POOL_FIXED,
    POOL_SETTINGS,
    SCHEMA,
    SCOPES,
    SMS_MFA,
    STRING,
)
from cognito_challenges.pool.requests.shapes import Document, ListOf, Shape, Structure, Text, TextMap, Whole

FLOWS = (
    "USER_SRP_AUTH", "REFRESH_TOKEN_AUTH", "REFRESH_TOKEN", "CUSTOM_AUTH", "ADMIN_NO_SRP_AUTH",
    "USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "USER_AUTH",
)  # fmt: skip
CHALLENGES = (
    "SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA", "SELECT_MFA_TYPE", "MFA_SETUP", "PASSWORD_VERIFIER",
    "CUSTOM_CHALLENGE", "SELECT_CHALLENGE", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER", "ADMIN_NO_SRP_AUTH",
    "NEW_PASSWORD_REQUIRED", "SMS_OTP", "PASSWORD", "WEB_AUTHN", "PASSWORD_SRP",
)  # fmt: skip

CLIENT_ID = Text(1, 128, r"[\w+]+")
POOL_ID = Text(1, 55, r"[\w-]+_[0-9a-zA-Z]+")
USERNAME = Text(1, 128, r"\S+")
# The service takes a space inside a password, though not at either end.
PASSWORD = Text(0, 256, r"\S+( +\S+)*")
SECRET_HASH = Text(1, 128, r"[\w+=/]+")
SESSION = Text(20, 4096)
TOKEN = Text(0, 131_072, r"[A-Za-z0-9_=.-]+")
DEVICE_KEY = Text(1, 55, r"[\w-]+_[0-9a-f-]+")
CODE = Text(1, 2048, r"\S+")
TOTP_CODE = Text(6, 6, r"[0-9]+")
ATTRIBUTE_NAME = Text(1, 32)
ATTRIBUTES = ListOf(Structure({"Name": ATTRIBUTE_NAME}, {"Value": Text(0, 2048)}))
MFA_CHOICE = Structure({}, {"Enabled": FLAG, "PreferredMfa": FLAG})
MEDIUM = Text(values=("SMS", "EMAIL"))
REMEMBERED = Text(values=("remembered", "not_remembered"))
KEY = Text(1, 131_072, r"\S+")
PAGE: Mapping[str, Shape] = {"Limit": Whole(0, 60), "PaginationToken": KEY}

CONTEXT_DATA = Structure(
    {
        "IpAddress": STRING,
        "ServerName": STRING,
        "ServerPath": STRING,
        "HttpHeaders": ListOf(Structure({}, {"headerName": STRING, "headerValue": STRING})),
    },
    {"EncodedData": STRING},
)
METADATA: Mapping[str, Shape] = {"ClientMetadata": TextMap()}
PUBLIC_PARTS: Mapping[str, Shape] = {
    **METADATA,
    "AnalyticsMetadata": Structure({}, {"AnalyticsEndpointId": STRING}),
    "UserContextData": Structure({}, {"IpAddress": STRING, "EncodedData": STRING}),
}
ADMIN_PARTS: Mapping[str, Shape] = {
    **METADATA,
    "AnalyticsMetadata": Structure({}, {"AnalyticsEndpointId": STRING}),
    "ContextData": CONTEXT_DATA,
}
INITIATE: Mapping[str, Shape] = {"AuthFlow": Text(values=FLOWS), "ClientId": CLIENT_ID}
RESPOND: Mapping[str, Shape] = {"ClientId": CLIENT_ID, "ChallengeName": Text(values=CHALLENGES)}
POOL: Mapping[str, Shape] = {"UserPoolId": POOL_ID}
POOL_USER: Mapping[str, Shape] = {"UserPoolId": POOL_ID, "Username": USERNAME}
ACCESS: Mapping[str, Shape] = {"AccessToken": TOKEN}
MFA_CHOICES: Mapping[str, Shape] = {
    "SMSMfaSettings": MFA_CHOICE,
    "SoftwareTokenMfaSettings": MFA_CHOICE,
    "EmailMfaSettings": MFA_CHOICE,
    "WebAuthnMfaSettings": Structure({}, {"Enabled": FLAG}),
}
GROUP: Mapping[str, Shape] = {"GroupName": USERNAME, **POOL}
GROUP_SETTINGS: Mapping[str, Shape] = {"Description": Text(0, 2048), "RoleArn": ARN, "Precedence": Whole(0)}
PAGE_OF_GROUPS: Mapping[str, Shape] = {"Limit": Whole(0, 60), "NextToken": KEY}
SESSION_ID = Text(28, 28, r"(tkn|sso)[a-z0-9]{25}")
ASSOCIATED: Mapping[str, Shape] = {"RevokeAssociatedSessions": Text(values=("NONE", "LINKED"))}
ANY_TOKEN = Text(0, 131_072, r"[A-Za-z0-9_+/=.-]+")
TOKEN_TYPE = Text(values=("ACCESS_TOKEN", "ID_TOKEN", "SAML2"), not_served=("SAML2",))
CLIENT_USER: Mapping[str, Shape] = {"ClientId": CLIENT_ID, "Username": USERNAME}
CLIENT_PARTS: Mapping[str, Shape] = {"SecretHash": SECRET_HASH, **PUBLIC_PARTS}

MEMBERS: Mapping[str, Structure] = {
    # User pools and app clients
    "CreateUserPool": Structure(
        {"PoolName": NAME},
        {**POOL_SETTINGS, **POOL_FIXED},
    ),
    "DescribeUserPool": Structure(POOL),
    "UpdateUserPool": Structure(POOL, {**POOL_SETTINGS, "PoolName": NAME}),
    "DeleteUserPool": Structure(POOL),
    "ListUserPools": Structure({"MaxResults": Whole(1, 60)}, {"NextToken": KEY}),
    "AddCustomAttributes": Structure({**POOL, "CustomAttributes": replace(SCHEMA, most=25)}),
    "GetUserPoolMfaConfig": Structure(POOL),
    "SetUserPoolMfaConfig": Structure(
        POOL,
        {
            "MfaConfiguration": MFA_MODE,
            "SmsMfaConfiguration": SMS_MFA,
            "SoftwareTokenMfaConfiguration": Structure({}, {"Enabled": FLAG}),
            "EmailMfaConfiguration": EMAIL_MFA,
            "WebAuthnConfiguration": Structure(
                {},
                {
                    "RelyingPartyId": Text(1, 127),
                    "UserVerification": Text(values=("required", "preferred")),
                    "FactorConfiguration": Text(values=("SINGLE_FACTOR", "MULTI_FACTOR_WITH_USER_VERIFICATION")),
                },
            ),
        },
    ),
    "CreateUserPoolClient": Structure(
        {**POOL, "ClientName": NAME}, {**CLIENT_SETTINGS, **CLIENT_FIXED}
    ),
    "DescribeUserPoolClient": Structure({**POOL, "ClientId": CLIENT_ID}),
    "UpdateUserPoolClient": Structure({**POOL, "ClientId": CLIENT_ID}, {**CLIENT_SETTINGS, "ClientName": NAME}),
    "DeleteUserPoolClient": Structure({**POOL, "ClientId": CLIENT_ID}),
    "ListUserPoolClients": Structure(
        POOL, {"MaxResults": Whole(1, 60), "NextToken": KEY, "ClientType": Text(values=("REGULAR", "DCR"))}
    ),
    "AddUserPoolClientSecret": Structure({**POOL, "ClientId": CLIENT_ID}, {"ClientSecret": CLIENT_SECRET}),
    "ListUserPoolClientSecrets": Structure({**POOL, "ClientId": CLIENT_ID}, {"NextToken": KEY}),
    "DeleteUserPoolClientSecret": Structure({**POOL, "ClientId": CLIENT_ID, "ClientSecretId": Text(1, 128)}),
    "TagResource": Structure({"ResourceArn": ARN, "Tags": TextMap()}),
    "UntagResource": Structure({"ResourceArn": ARN, "TagKeys": ListOf(Text(1, 128))}),
    "ListTagsForResource": Structure({"ResourceArn": ARN}),
    # Groups
    "CreateGroup": Structure(GROUP, GROUP_SETTINGS),
    "GetGroup": Structure(GROUP),
    "UpdateGroup": Structure(GROUP, GROUP_SETTINGS),
    "DeleteGroup": Structure(GROUP),
    "ListGroups": Structure(POOL, PAGE_OF_GROUPS),
    "AdminAddUserToGroup": Structure({**POOL_USER, "GroupName": USERNAME}),
    "AdminRemoveUserFromGroup": Structure({**POOL_USER, "GroupName": USERNAME}),
    "AdminListGroupsForUser": Structure(POOL_USER, PAGE_OF_GROUPS),
    "ListUsersInGroup": Structure(GROUP, PAGE_OF_GROUPS),
    # Sessions of a user: the sign-ins whose tokens live
    "GetUserPoolSessionConfiguration": Structure(POOL),
    "SetUserPoolSessionConfiguration": Structure(
        {
            **POOL,
            "UserSessionTracking": Text(values=("ENABLED", "DISABLED")),
            "TokenSession": Structure({"MaxPerUser": Whole(1, 100)}),
        }
    ),
    "GetUserPoolClientSessionConfiguration": Structure({**POOL, "ClientId": CLIENT_ID}),
    "SetUserPoolClientSessionConfiguration": Structure(
        {**POOL, "ClientId": CLIENT_ID, "SSOSession": Structure({"MaxValidityMinutes": Whole(0, 129_600)})}
    ),
    "ListUserSessions": Structure(ACCESS, {"NextToken": KEY}),
    "RevokeUserSession": Structure({**ACCESS, "SessionId": SESSION_ID}, ASSOCIATED),
    "AdminListUserSessions": Structure(POOL_USER, {"NextToken": KEY}),
    "AdminRevokeUserSession": Structure({**POOL_USER, "SessionId": SESSION_ID}, ASSOCIATED),
    # Users, by an administrator
    "AdminCreateUser": Structure(
        POOL_USER,
        {
            **METADATA,
            "UserAttributes": ATTRIBUTES,
            "ValidationData": ATTRIBUTES,
            "TemporaryPassword": PASSWORD,
            "ForceAliasCreation": FLAG,
            "MessageAction": Text(values=("RESEND", "SUPPRESS")),
            "DesiredDeliveryMediums": ListOf(MEDIUM),
        },
    ),
    "AdminGetUser": Structure(POOL_USER),
    "AdminDeleteUser": Structure(POOL_USER),
    "AdminEnableUser": Structure(POOL_USER),
    "AdminDisableUser": Structure(POOL_USER),
    "AdminSetUserPassword": Structure({**POOL_USER, "Password": PASSWORD}, {"Permanent": FLAG}),
    "AdminResetUserPassword": Structure(POOL_USER, METADATA),
    "AdminConfirmSignUp": Structure(POOL_USER, METADATA),
    "AdminUpdateUserAttributes": Structure({**POOL_USER, "UserAttributes": ATTRIBUTES}, METADATA),
    "AdminDeleteUserAttributes": Structure({**POOL_USER, "UserAttributeNames": ListOf(ATTRIBUTE_NAME)}),
    "AdminSetUserMFAPreference": Structure(POOL_USER, MFA_CHOICES),
    "AdminDeleteSoftwareToken": Structure(POOL_USER),
    "AdminUserGlobalSignOut": Structure(POOL_USER),
    "AdminGetUserAuthFactors": Structure(POOL_USER),
    "ListUsers": Structure(POOL, {**PAGE, "AttributesToGet": ListOf(ATTRIBUTE_NAME), "Filter": Text(0, 256)}),
    # Users, by themselves
    "SignUp": Structure(
        CLIENT_USER, {**CLIENT_PARTS, "Password": PASSWORD, "UserAttributes": ATTRIBUTES, "ValidationData": ATTRIBUTES}
    ),
    "ConfirmSignUp": Structure(
        {**CLIENT_USER, "ConfirmationCode": CODE}, {**CLIENT_PARTS, "ForceAliasCreation": FLAG, "Session": SESSION}
    ),
    "ResendConfirmationCode": Structure(CLIENT_USER, CLIENT_PARTS),
    "ForgotPassword": Structure(CLIENT_USER, CLIENT_PARTS),
    "ConfirmForgotPassword": Structure({**CLIENT_USER, "ConfirmationCode": CODE, "Password": PASSWORD}, CLIENT_PARTS),
    "ChangePassword": Structure({**ACCESS, "ProposedPassword": PASSWORD}, {"PreviousPassword": PASSWORD}),
    "GetUser": Structure(ACCESS),
    "DeleteUser": Structure(ACCESS),
    "GetUserAuthFactors": Structure(ACCESS),
    "UpdateUserAttributes": Structure({**ACCESS, "UserAttributes": ATTRIBUTES}, METADATA),
    "DeleteUserAttributes": Structure({**ACCESS, "UserAttributeNames": ListOf(ATTRIBUTE_NAME)}),
    "GetUserAttributeVerificationCode": Structure({**ACCESS, "AttributeName": ATTRIBUTE_NAME}, METADATA),
    "VerifyUserAttribute": Structure({**ACCESS, "AttributeName": ATTRIBUTE_NAME, "Code": CODE}),
    "SetUserMFAPreference": Structure(ACCESS, MFA_CHOICES),
    "AssociateSoftwareToken": Structure({}, {"AccessToken": TOKEN, "Session": SESSION}),
    "VerifySoftwareToken": Structure(
        {"UserCode": TOTP_CODE}, {"AccessToken": TOKEN, "Session": SESSION, "FriendlyDeviceName": STRING}
    ),
    # Devices
    "ConfirmDevice": Structure(
        {**ACCESS, "DeviceKey": DEVICE_KEY},
        {
            "DeviceSecretVerifierConfig": Structure({}, {"PasswordVerifier": STRING, "Salt": STRING}),
            "DeviceName": Text(1, 1024),
        },
    ),
    "GetDevice": Structure({"DeviceKey": DEVICE_KEY}, ACCESS),
    "ListDevices": Structure(ACCESS, PAGE),
    "UpdateDeviceStatus": Structure({**ACCESS, "DeviceKey": DEVICE_KEY}, {"DeviceRememberedStatus": REMEMBERED}),
    "ForgetDevice": Structure({"DeviceKey": DEVICE_KEY}, ACCESS),
    "AdminGetDevice": Structure({**POOL_USER, "DeviceKey": DEVICE_KEY}),
    "AdminListDevices": Structure(POOL_USER, PAGE),
    "AdminUpdateDeviceStatus": Structure(
        {**POOL_USER, "DeviceKey": DEVICE_KEY}, {"DeviceRememberedStatus": REMEMBERED}
    ),
    "AdminForgetDevice": Structure({**POOL_USER, "DeviceKey": DEVICE_KEY}),
    # Passkeys
    "StartWebAuthnRegistration": Structure(ACCESS),
    "CompleteWebAuthnRegistration": Structure({**ACCESS, "Credential": Document()}),
    "ListWebAuthnCredentials": Structure(ACCESS, {"NextToken": KEY, "MaxResults": Whole(0, 20)}),
    "DeleteWebAuthnCredential": Structure({**ACCESS, "CredentialId": STRING}),
    # Sign-in and tokens
    "InitiateAuth": Structure(INITIATE, {**PUBLIC_PARTS, "AuthParameters": TextMap(), "Session": SESSION}),
    "AdminInitiateAuth": Structure(
        {**POOL, **INITIATE}, {**ADMIN_PARTS, "AuthParameters": TextMap(), "Session": SESSION}
    ),
    "RespondToAuthChallenge": Structure(RESPOND, {**PUBLIC_PARTS, "ChallengeResponses": TextMap(), "Session": SESSION}),
    "AdminRespondToAuthChallenge": Structure(
        {**POOL, **RESPOND}, {**ADMIN_PARTS, "ChallengeResponses": TextMap(), "Session": SESSION}
    ),
    "GetTokensFromRefreshToken": Structure(
        {"RefreshToken": TOKEN, "ClientId": CLIENT_ID},
        {**METADATA, "ClientSecret": CLIENT_SECRET, "DeviceKey": DEVICE_KEY},
    ),
    "RevokeToken": Structure({"Token": TOKEN, "ClientId": CLIENT_ID}, {"ClientSecret": CLIENT_SECRET, **ASSOCIATED}),
    "GetDerivedToken": Structure(
        {
            "ClientId": CLIENT_ID,
            "SubjectToken": ANY_TOKEN,
            "SubjectTokenType": TOKEN_TYPE,
        },
        {
            "ClientSecret": CLIENT_SECRET,
            "SubjectTokenProviderName": NOT_SERVED,
            "ActorToken": ANY_TOKEN,
            "ActorTokenType": TOKEN_TYPE,
            "ActorTokenProviderName": NOT_SERVED,
            "Scopes": SCOPES,
            "Audiences": ListOf(Text(1, 256, r"[\x21\x23-\x5B\x5D-\x7E]+"), most=1),
            "Resources": NOT_SERVED,
            "RequestedTokenType": Text(values=("ACCESS_TOKEN", "ID_TOKEN")),
        },
    ),
    "GlobalSignOut": Structure(ACCESS),
}  # fmt: skip

UNSIGNED = frozenset(
    name
    for name, members in MEMBERS.items()
    if name != "GetDerivedToken"
    and "UserPoolId" not in members.required
    and ("ClientId" in members.required or "AccessToken" in {**members.required, **members.optional})
)
"""The operations that take no AWS credentials: an app client or a token is what they ask for."""
