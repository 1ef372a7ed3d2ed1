"""The settings of a user pool and of an app client: every member of the four requests that set them.

What the service takes and this pool cannot honour is `NotServed`. What it only keeps and reads back, because nothing
that a request shows depends on it, is in `STORED`. Everything else has an effect.
"""

from __future__ import annotations

from collections.abc import Mapping

from cognito_challenges.pool.requests.shapes import (
    Flag,
    ListOf,
    MapOf,
    NotServed,
    Shape,
    Structure,
    Text,
    TextMap,
    Whole,
)

EXPLICIT_FLOWS = (
    "ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH", "ALLOW_ADMIN_USER_PASSWORD_AUTH",
    "ALLOW_CUSTOM_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH",
    "ALLOW_USER_AUTH", "ALLOW_TOKEN_EXCHANGE_DELEGATION", "ALLOW_TOKEN_EXCHANGE_IMPERSONATION",
)  # fmt: skip
ACR_LEVELS = ("Level1", "Level2", "Level3", "Level4")

STRING = Text()
FLAG = Flag()
NOT_SERVED = NotServed()
NAME = Text(1, 128, r"[\w\s+=,.@-]+")
CLIENT_SECRET = Text(24, 64, r"[\w+]+")
ARN = Text(20, 2048, r"arn:[\w+=/,.@-]+:[\w+=/,.@-]+:([\w+=/,.@-]*)?:[0-9]+:[\w+=/,.@-]+(:[\w+=/,.@-]+){0,2}")
MFA_MODE = Text(values=("OFF", "ON", "OPTIONAL"))
UNIT = Text(values=("seconds", "minutes", "hours", "days"))
FACTOR = Text(
    values=("PASSWORD", "EMAIL_OTP", "SMS_OTP", "WEB_AUTHN", "SOFTWARE_TOKEN"), not_served=("SOFTWARE_TOKEN",)
)
ALIASES = ListOf(Text(values=("phone_number", "email", "preferred_username")))
LOGIN_ATTRIBUTES = ListOf(Text(values=("phone_number", "email")))
SCOPES = ListOf(Text(1, 256, r"[\x21\x23-\x5B\x5D-\x7E]+"), most=50)
_URL = Text(1, 1024, r"\S+")
_URLS = ListOf(_URL, most=100)
_PERMISSIONS = ListOf(Text(1, 2048))
_SMS_TEXT = Text(6, 140, r"(?s:.*)\{####\}(?s:.*)")
_EMAIL_TEXT = Text(6, 20_000, r"(?s:.*)\{####\}(?s:.*)")
_SUBJECT = Text(1, 140)
_REGION = Text(5, 32)
_CONSTRAINT = Text(0, 131_072, r"-?[0-9]{1,400}(\.[0-9]{1,400})?")

SCHEMA = ListOf(
    Structure(
        {},
        {
            "Name": Text(1, 20, r"\S+"),
            "AttributeDataType": Text(values=("String", "Number", "DateTime", "Boolean")),
            "DeveloperOnlyAttribute": FLAG,
            "Mutable": FLAG,
            "Required": FLAG,
            "NumberAttributeConstraints": Structure({}, {"MinValue": _CONSTRAINT, "MaxValue": _CONSTRAINT}),
            "StringAttributeConstraints": Structure({}, {"MinLength": _CONSTRAINT, "MaxLength": _CONSTRAINT}),
        },
    ),
    most=50,
    least=1,
)
SMS_CONFIGURATION = Structure(
    {},
    {
        "SnsCallerArn": Text(0, 2048),
        "ExternalId": STRING,
        "SnsRegion": _REGION,
        "EumsSms": Structure(
            {"CallerArn": ARN},
            {
                "ExternalId": STRING,
                "OriginationIdentity": STRING,
                "ConfigurationSetName": STRING,
                "InEntityId": STRING,
                "InTemplateId": STRING,
                "Region": _REGION,
            },
        ),
    },
)
SMS_MFA = Structure({}, {"SmsAuthenticationMessage": _SMS_TEXT, "SmsConfiguration": SMS_CONFIGURATION})
EMAIL_MFA = Structure({}, {"Message": _EMAIL_TEXT, "Subject": STRING})
_TRIGGERS = (
    "PreSignUp", "CustomMessage", "PostConfirmation", "PreAuthentication", "PostAuthentication", "DefineAuthChallenge",
    "CreateAuthChallenge", "VerifyAuthChallengeResponse", "PreTokenGeneration", "UserMigration",
)  # fmt: skip

POOL_SETTINGS: Mapping[str, Shape] = {
    "Policies": Structure(
        {},
        {
            "PasswordPolicy": Structure(
                {},
                {
                    "MinimumLength": Whole(6, 99),
                    "RequireUppercase": FLAG,
                    "RequireLowercase": FLAG,
                    "RequireNumbers": FLAG,
                    "RequireSymbols": FLAG,
                    "PasswordHistorySize": Whole(0, 24),
                    "TemporaryPasswordValidityDays": Whole(0, 365),
                },
            ),
            "SignInPolicy": Structure({}, {"AllowedFirstAuthFactors": ListOf(FACTOR, most=5, least=1)}),
        },
    ),
    "DeletionProtection": Text(values=("ACTIVE", "INACTIVE")),
    "LambdaConfig": Structure(
        {},
        {
            **dict.fromkeys(_TRIGGERS, ARN),
            "PreTokenGenerationConfig": Structure(
                {"LambdaVersion": Text(values=("V1_0", "V2_0", "V3_0")), "LambdaArn": ARN}
            ),
            **dict.fromkeys(("CustomSMSSender", "CustomEmailSender", "KMSKeyID", "InboundFederation"), NOT_SERVED),
        },
    ),
    "AutoVerifiedAttributes": LOGIN_ATTRIBUTES,
    "SmsVerificationMessage": _SMS_TEXT,
    "EmailVerificationMessage": _EMAIL_TEXT,
    "EmailVerificationSubject": _SUBJECT,
    "VerificationMessageTemplate": Structure(
        {},
        {
            "SmsMessage": _SMS_TEXT,
            "EmailMessage": _EMAIL_TEXT,
            "EmailSubject": _SUBJECT,
            "EmailMessageByLink": NOT_SERVED,
            "EmailSubjectByLink": NOT_SERVED,
            "DefaultEmailOption": Text(
                values=("CONFIRM_WITH_LINK", "CONFIRM_WITH_CODE"), not_served=("CONFIRM_WITH_LINK",)
            ),
        },
    ),
    "SmsAuthenticationMessage": _SMS_TEXT,
    "MfaConfiguration": MFA_MODE,
    "UserAttributeUpdateSettings": Structure({}, {"AttributesRequireVerificationBeforeUpdate": LOGIN_ATTRIBUTES}),
    "DeviceConfiguration": Structure(
        {}, {"ChallengeRequiredOnNewDevice": FLAG, "DeviceOnlyRememberedOnUserPrompt": FLAG}
    ),
    "EmailConfiguration": Structure(
        {},
        {
            "SourceArn": ARN,
            "ReplyToEmailAddress": Text(0, 131_072, r"\S+@\S+"),
            "EmailSendingAccount": Text(values=("COGNITO_DEFAULT", "DEVELOPER")),
            "From": STRING,
            "ConfigurationSet": Text(1, 64, r"[a-zA-Z0-9_-]+"),
        },
    ),
    "SmsConfiguration": SMS_CONFIGURATION,
    "UserPoolTags": TextMap(),
    "AdminCreateUserConfig": Structure(
        {},
        {
            "AllowAdminCreateUserOnly": FLAG,
            "UnusedAccountValidityDays": Whole(0, 365),
            "InviteMessageTemplate": Structure(
                {}, {"SMSMessage": Text(6, 140), "EmailMessage": Text(6, 20_000), "EmailSubject": _SUBJECT}
            ),
        },
    ),
    "UserPoolAddOns": Structure(
        {"AdvancedSecurityMode": Text(values=("OFF", "AUDIT", "ENFORCED"), not_served=("AUDIT", "ENFORCED"))},
        {"AdvancedSecurityAdditionalFlows": NOT_SERVED},
    ),
    "DcrConfiguration": NOT_SERVED,
    "AccountRecoverySetting": Structure(
        {},
        {
            "RecoveryMechanisms": ListOf(
                Structure(
                    {
                        "Priority": Whole(1, 2),
                        "Name": Text(values=("verified_email", "verified_phone_number", "admin_only")),
                    }
                ),
                most=2,
                least=1,
            )
        },
    ),
    "UserPoolTier": Text(values=("LITE", "ESSENTIALS", "PLUS")),
    "KeyConfiguration": Structure(
        {},
        {
            "KeyType": Text(values=("AWS_OWNED_KEY", "CUSTOMER_MANAGED_KEY"), not_served=("CUSTOMER_MANAGED_KEY",)),
            "KmsKeyArn": NOT_SERVED,
        },
    ),
    "IssuerConfiguration": Structure({}, {"Type": Text(values=("ORIGINAL", "UPDATED"))}),
    "AcrConfiguration": MapOf(ACR_LEVELS, Structure({"AcrValue": Text(1, 64, r"[\x21\x23-\x5B\x5D-\x7E]+")})),
}
"""What CreateUserPool and UpdateUserPool both set."""

POOL_FIXED: Mapping[str, Shape] = {
    "AliasAttributes": ALIASES,
    "UsernameAttributes": LOGIN_ATTRIBUTES,
    "UsernameConfiguration": Structure({"CaseSensitive": FLAG}),
    "Schema": SCHEMA,
}
"""What only CreateUserPool sets."""

CLIENT_SETTINGS: Mapping[str, Shape] = {
    "RefreshTokenValidity": Whole(0, 315_360_000),
    "AccessTokenValidity": Whole(1, 86_400),
    "IdTokenValidity": Whole(1, 86_400),
    "TokenValidityUnits": Structure({}, {"AccessToken": UNIT, "IdToken": UNIT, "RefreshToken": UNIT}),
    "ReadAttributes": _PERMISSIONS,
    "WriteAttributes": _PERMISSIONS,
    "ExplicitAuthFlows": ListOf(Text(values=EXPLICIT_FLOWS)),
    "SupportedIdentityProviders": ListOf(Text(1, 32)),
    "CallbackURLs": _URLS,
    "LogoutURLs": _URLS,
    "DefaultRedirectURI": _URL,
    "AllowedOAuthFlows": ListOf(Text(values=("code", "implicit", "client_credentials")), most=3),
    "AllowedOAuthScopes": SCOPES,
    "AllowedOAuthFlowsUserPoolClient": FLAG,
    "AnalyticsConfiguration": NOT_SERVED,
    "PreventUserExistenceErrors": Text(values=("LEGACY", "ENABLED")),
    "EnableTokenRevocation": FLAG,
    "EnablePropagateAdditionalUserContextData": FLAG,
    "AuthSessionValidity": Whole(3, 15),
    "RefreshTokenRotation": Structure(
        {"Feature": Text(values=("ENABLED", "DISABLED"))}, {"RetryGracePeriodSeconds": Whole(0, 60)}
    ),
    "PublishSecretsInAWSSecretsManager": NOT_SERVED,
}
"""What CreateUserPoolClient and UpdateUserPoolClient both set."""

CLIENT_FIXED: Mapping[str, Shape] = {"GenerateSecret": FLAG, "ClientSecret": CLIENT_SECRET}
"""What only CreateUserPoolClient sets."""

STORED = frozenset(
    {
        "EmailConfiguration", "SmsConfiguration", "UserPoolTags", "KeyConfiguration", "UserPoolAddOns", "PoolName",
        "ClientName", "CallbackURLs", "LogoutURLs", "DefaultRedirectURI", "AllowedOAuthFlows",
        "AllowedOAuthFlowsUserPoolClient", "EnablePropagateAdditionalUserContextData", "SupportedIdentityProviders",
    }
)  # fmt: skip
"""Settings that are only kept and read back: messages go to the outbox, and there is no OAuth endpoint here."""
