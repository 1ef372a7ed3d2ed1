"""A value of every setting that is taken, and the test that sees it at work."""

from __future__ import annotations

from typing import Any

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
