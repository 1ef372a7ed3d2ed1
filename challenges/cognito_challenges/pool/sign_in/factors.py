"""Second factors and one-time codes: which one is asked for, how it is delivered, and how it is answered."""

from __future__ import annotations

import hmac
import json
from dataclasses import replace

from cognito_challenges.pool.errors import ServiceError, invalid_parameter, missing
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.sign_in import totp
from cognito_challenges.pool.sign_in.asking import ask
from cognito_challenges.pool.store import messages
from cognito_challenges.pool.store.attempt import Attempt, Turn
from cognito_challenges.pool.store.directory import change_attributes, check_attributes
from cognito_challenges.pool.store.records import User, UserPool
from cognito_challenges.pool.store.state import State

SMS_MFA, EMAIL_OTP, SOFTWARE_TOKEN_MFA = "SMS_MFA", "EMAIL_OTP", "SOFTWARE_TOKEN_MFA"
SECOND_FACTORS = (SMS_MFA, SOFTWARE_TOKEN_MFA, EMAIL_OTP)
_ATTRIBUTE = {SMS_MFA: "phone_number", "SMS_OTP": "phone_number", EMAIL_OTP: "email"}
_SETTINGS = {
    "SMSMfaSettings": SMS_MFA,
    "SoftwareTokenMfaSettings": SOFTWARE_TOKEN_MFA,
    "EmailMfaSettings": EMAIL_OTP,
}
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
    return bool(user.attributes.get(_ATTRIBUTE[factor]))


def ask_second_factor(state: State, turn: Turn, attempt: Attempt) -> dict[str, object] | None:
    """The challenge for the second factor; None when the user needs none."""
    pool, user = attempt.pool, attempt.user
    mode = pool.mfa.text("MfaConfiguration", "OFF")
    trusted = "DEVICE" in attempt.passed and pool.settings.structure("DeviceConfiguration").flag(
        "ChallengeRequiredOnNewDevice"
    )
    if mode == "OFF" or trusted:
        return None
    ready = [factor for factor in pool_factors(pool) if usable(user, factor)]
    chosen = [factor for factor in ready if factor in user.mfa.enabled]
    if not chosen and mode == "ON":
        # Where everybody needs a second factor, the user's own choice is not waited for.
        chosen = ready
    if not chosen:
        return _ask_setup(state, attempt) if mode == "ON" else None
    if user.mfa.preferred in chosen:
        return ask_factor(state, turn, attempt, user.mfa.preferred)
    if len(chosen) == 1:
        return ask_factor(state, turn, attempt, chosen[0])
    offered = {"MFAS_CAN_CHOOSE": json.dumps(chosen, separators=(",", ":"))}
    for factor in chosen:
        if factor in _ATTRIBUTE:
            name = _ATTRIBUTE[factor]
            offered["CODE_DELIVERY_DELIVERY_MEDIUM"] = "SMS" if factor == SMS_MFA else "EMAIL"
            offered["CODE_DELIVERY_DESTINATION"] = messages.masked(name, user.attributes[name])
            break
    return ask(state, replace(attempt, offered=tuple(chosen)), "SELECT_MFA_TYPE", offered)


def ask_factor(state: State, turn: Turn, attempt: Attempt, challenge: str) -> dict[str, object]:
    """Put one of SMS_MFA, SMS_OTP, EMAIL_OTP and SOFTWARE_TOKEN_MFA, and send the code that goes with it."""
    user = attempt.user
    if challenge == SOFTWARE_TOKEN_MFA:
        return ask(state, attempt, challenge, {"FRIENDLY_DEVICE_NAME": user.mfa.totp_name})
    attribute = _ATTRIBUTE[challenge]
    # A first factor's code is the only thing that is guessed at, so it has eight digits.
    code = state.digits(6 if "PASSWORD" in attempt.passed else 8)
    return _ask_code(state, turn, replace(attempt, code=code), challenge, attribute)


def answer_code(_: State, turn: Turn, attempt: Attempt) -> Attempt:
    """The code of SMS_MFA, SMS_OTP or EMAIL_OTP."""
    given = turn.parameters.get(f"{attempt.awaits}_CODE")
    if not given:
        raise missing(f"{attempt.awaits}_CODE")
    if attempt.code is None or not hmac.compare_digest(attempt.code.encode(), given.encode()):
        raise ServiceError("CodeMismatchException", "Invalid code or auth state for the user.")
    user = attempt.user
    attribute = _ATTRIBUTE[attempt.awaits]
    user.attributes[f"{attribute}_verified"] = "true"
    if attempt.offered == (attempt.awaits,) and attempt.awaits not in user.mfa.enabled:
        user.mfa.enabled.append(attempt.awaits)
    passed = "MFA" if "PASSWORD" in attempt.passed else attempt.awaits
    return replace(attempt, code=None, passed=attempt.passed | {passed})


def answer_totp(state: State, turn: Turn, attempt: Attempt) -> Attempt:
    """The code of SOFTWARE_TOKEN_MFA."""
    code = turn.parameters.get("SOFTWARE_TOKEN_MFA_CODE")
    if not code:
        raise missing("SOFTWARE_TOKEN_MFA_CODE")
    totp.use_totp(state, attempt.user.mfa, code)
    return replace(attempt, passed=attempt.passed | {"MFA"})


def answer_choice(state: State, turn: Turn, attempt: Attempt) -> dict[str, object]:
    """SELECT_MFA_TYPE: the factor that the user prefers this time. EMAIL_MFA is read as EMAIL_OTP."""
    answer = turn.parameters.get("ANSWER")
    if not answer:
        raise missing("ANSWER")
    chosen = EMAIL_OTP if answer == "EMAIL_MFA" else answer
    if chosen not in attempt.offered:
        raise invalid_parameter("Invalid MFA type selected.")
    return ask_factor(state, turn, replace(attempt, offered=()), chosen)


def answer_setup(state: State, turn: Turn, attempt: Attempt) -> Attempt | dict[str, object]:
    """MFA_SETUP: the TOTP secret that VerifySoftwareToken has verified, or an e-mail address to send a code to."""
    user, email = attempt.user, turn.parameters.get("EMAIL")
    if attempt.totp_verified and attempt.totp_secret is not None:
        totp.adopt(user.mfa, attempt.totp_secret, attempt.private.get("FRIENDLY_DEVICE_NAME", ""))
        if SOFTWARE_TOKEN_MFA not in user.mfa.enabled:
            user.mfa.enabled.append(SOFTWARE_TOKEN_MFA)
        user.mfa.preferred = SOFTWARE_TOKEN_MFA
        return replace(attempt, totp_secret=None, passed=attempt.passed | {"MFA"})
    if email and EMAIL_OTP in attempt.offered:
        check_attributes(attempt.pool, {"email": email})
        change_attributes(state, attempt.pool, user, {"email": email})
        return ask_factor(state, turn, replace(attempt, offered=(EMAIL_OTP,)), EMAIL_OTP)
    raise invalid_parameter("MFA setup has not been completed.")


def set_preference(user: User, request: Request) -> dict[str, object]:
    """SetUserMFAPreference and its admin form: which second factors are on, and which one is asked for first."""
    enabled, preferred = list(user.mfa.enabled), user.mfa.preferred
    for member, factor in _SETTINGS.items():
        if member not in request:
            continue
        settings = request.structure(member)
        if not settings.flag("Enabled"):
            if settings.flag("PreferredMfa"):
                raise invalid_parameter("A factor that is not enabled cannot be preferred.")
            enabled = [name for name in enabled if name != factor]
            preferred = None if preferred == factor else preferred
            continue
        if not usable(user, factor):
            raise invalid_parameter(f"User does not have delivery config set to turn on {factor}")
        enabled = enabled if factor in enabled else [*enabled, factor]
        if settings.flag("PreferredMfa"):
            preferred = factor
        elif preferred == factor:
            preferred = None
    wanted = [factor for member, factor in _SETTINGS.items() if request.structure(member).flag("PreferredMfa")]
    if len(wanted) > 1:
        raise invalid_parameter("Only one factor can be preferred.")
    user.mfa.enabled, user.mfa.preferred = enabled, preferred
    return {}


def described(user: User) -> dict[str, object]:
    """UserMFASettingList and PreferredMfaSetting of GetUser and AdminGetUser, as far as there are any."""
    members: dict[str, object] = {}
    if user.mfa.enabled:
        members["UserMFASettingList"] = list(user.mfa.enabled)
    if user.mfa.preferred:
        members["PreferredMfaSetting"] = user.mfa.preferred
    return members


def _ask_setup(state: State, attempt: Attempt) -> dict[str, object]:
    offered = pool_factors(attempt.pool)
    return ask(
        state,
        replace(attempt, offered=tuple(offered)),
        "MFA_SETUP",
        {"MFAS_CAN_SETUP": json.dumps(offered, separators=(",", ":")), "USER_ID_FOR_SRP": attempt.user.username},
    )


def _ask_code(state: State, turn: Turn, attempt: Attempt, challenge: str, attribute: str) -> dict[str, object]:
    user = attempt.user
    medium = "EMAIL" if attribute == "email" else "SMS"
    if user.status == "UNKNOWN":
        # Nobody is there: the answer looks the same and no code will ever fit.
        shown = "m***@e***" if medium == "EMAIL" else "+*******9999"
        attempt = replace(attempt, code=None)
    else:
        details = messages.send(
            state,
            attempt.pool,
            turn.caller,
            user,
            "CustomMessage_Authentication",
            attribute,
            attempt.code or "",
        )
        shown = details["Destination"]
    return ask(state, attempt, challenge, {"CODE_DELIVERY_DELIVERY_MEDIUM": medium, "CODE_DELIVERY_DESTINATION": shown})
