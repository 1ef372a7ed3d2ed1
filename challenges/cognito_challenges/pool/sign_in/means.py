"""What a user has to sign in with: first factors, second factors, and whether a second one is asked for."""

from __future__ import annotations

from collections.abc import Mapping

from cognito_challenges.pool.store.records import User, UserPool

SMS_MFA, EMAIL_OTP, SOFTWARE_TOKEN_MFA = "SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA"
METHODS: Mapping[str, str] = {SMS_MFA: "SMS_OTP", SOFTWARE_TOKEN_MFA: "TOTP", EMAIL_OTP: "EMAIL_OTP"}
"""Second factors, and the name under which an attempt keeps that one was passed."""
ATTRIBUTES: Mapping[str, str] = {SMS_MFA: "phone_number", "SMS_OTP": "phone_number", EMAIL_OTP: "email"}
"""Where the code of a challenge is sent to."""
_CONFIGURED = {
    SMS_MFA: "SmsMfaConfiguration",
    SOFTWARE_TOKEN_MFA: "SoftwareTokenMfaConfiguration",
    EMAIL_OTP: "EmailMfaConfiguration",
}


def pool_factors(pool: UserPool) -> list[str]:
    """The second factors that the pool is set up for."""
    software = pool.mfa.structure("SoftwareTokenMfaConfiguration").flag("Enabled")
    return [
        factor
        for factor, member in _CONFIGURED.items()
        if (software if factor == SOFTWARE_TOKEN_MFA else member in pool.mfa)
    ]


def usable(user: User, factor: str) -> bool:
    """The user has what the factor needs: a verified TOTP secret, a phone number or an e-mail address."""
    if factor == SOFTWARE_TOKEN_MFA:
        return user.mfa.totp_secret is not None
    return bool(user.attributes.get(ATTRIBUTES[factor]))


def second_factors(pool: UserPool, user: User) -> list[str]:
    """The second factors that the user may be asked for.

    Where everybody needs one, those that the user has without having turned one on.
    """
    mode = pool.mfa.text("MfaConfiguration", "OFF")
    if mode == "OFF":
        return []
    ready = [factor for factor in pool_factors(pool) if usable(user, factor)]
    return [factor for factor in ready if factor in user.mfa.enabled] or (ready if mode == "ON" else [])


def needs_second_factor(pool: UserPool, user: User) -> bool:
    """The pool asks everybody for a second factor, or the user has turned one on."""
    return pool.mfa.text("MfaConfiguration", "OFF") == "ON" or bool(second_factors(pool, user))


def passkeys_can_be_both(pool: UserPool) -> bool:
    """FactorConfiguration lets a passkey that verifies its user stand for both factors, if the user wants it."""
    configuration = pool.mfa.structure("WebAuthnConfiguration")
    return configuration.text("FactorConfiguration") == "MULTI_FACTOR_WITH_USER_VERIFICATION"


def passkey_is_both(pool: UserPool, user: User) -> bool:
    """The user's passkeys stand for both factors."""
    return passkeys_can_be_both(pool) and user.mfa.passkey


def first_factors(pool: UserPool, user: User) -> list[str]:
    """The challenges that a user may begin with: what the pool allows and the user has.

    Whoever needs a second factor has no use for a one-time code as the first, nor for a passkey that is only one.
    """
    nobody = user.status == "UNKNOWN"
    alone = not needs_second_factor(pool, user)
    offers = {
        "PASSWORD": ["PASSWORD", "PASSWORD_SRP"] if user.verifier else [],
        "EMAIL_OTP": ["EMAIL_OTP"] if alone and (nobody or user.attributes.get("email")) else [],
        "SMS_OTP": ["SMS_OTP"] if alone and (nobody or user.attributes.get("phone_number")) else [],
        "WEB_AUTHN": ["WEB_AUTHN"] if user.passkeys and (alone or passkey_is_both(pool, user)) else [],
    }
    return [challenge for factor in pool.first_factors for challenge in offers[factor]]
