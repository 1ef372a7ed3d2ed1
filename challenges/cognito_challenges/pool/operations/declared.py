"""Errors under the names that the service's model declares for each operation."""

from __future__ import annotations

from collections.abc import Mapping

from cognito_challenges.pool.errors import ServiceError

_NO_USER = {"UserNotFoundException": "ResourceNotFoundException"}
_NOBODY_SIGNED_IN = {"UserNotFoundException": "NotAuthorizedException"}
_CONFIGURATION = {
    "WebAuthnNotEnabledException": "InvalidUserPoolConfigurationException",
    "WebAuthnConfigurationMissingException": "InvalidUserPoolConfigurationException",
}
# UserMigration may answer with a user whose names are taken, and a refresh flow meets a token that was used up.
_MIGRATION = {
    "UsernameExistsException": "InvalidLambdaResponseException",
    "AliasExistsException": "InvalidLambdaResponseException",
}
_INITIATE = {**_CONFIGURATION, **_MIGRATION, "RefreshTokenReuseException": "NotAuthorizedException"}
_RESPOND = {**_CONFIGURATION, "UsernameExistsException": "InvalidLambdaResponseException"}
DECLARED_AS: Mapping[str, Mapping[str, str]] = {
    "InitiateAuth": _INITIATE,
    "AdminInitiateAuth": _INITIATE,
    "RespondToAuthChallenge": _RESPOND,
    "AdminRespondToAuthChallenge": _RESPOND,
    "ForgotPassword": _MIGRATION,
    "RevokeToken": {
        "NotAuthorizedException": "UnauthorizedException",
        "ResourceNotFoundException": "UnauthorizedException",
    },
    "AdminGetDevice": _NO_USER,
    "AdminListDevices": _NO_USER,
    "StartWebAuthnRegistration": _NOBODY_SIGNED_IN,
    "CompleteWebAuthnRegistration": _NOBODY_SIGNED_IN,
    "ListWebAuthnCredentials": _NOBODY_SIGNED_IN,
    "DeleteWebAuthnCredential": _NOBODY_SIGNED_IN,
    "GlobalSignOut": _NOBODY_SIGNED_IN,
    "AdminDeleteSoftwareToken": {"SoftwareTokenMFANotFoundException": "ResourceNotFoundException"},
}
"""By operation: an error that the pool would raise, and the one that the model has for it there."""


def declared(operation: str, error: ServiceError) -> ServiceError:
    """The error as this operation declares it."""
    code = DECLARED_AS.get(operation, {}).get(error.code)
    if code is None:
        return error
    return ServiceError(code, error.message, ends_attempt=error.ends_attempt, explanation=error.explanation)
