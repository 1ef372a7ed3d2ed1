"""Second factors and one-time codes: which one is asked for, how it is delivered, and how it is answered."""

from __future__ import annotations

import hmac
import json
from dataclasses import replace

from cognito_challenges.pool.errors import ServiceError, invalid_parameter, missing
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.sign_in import devices, means, stepup, totp
from cognito_challenges.pool.sign_in.asking import ask
from cognito_challenges.pool.sign_in.means import EMAIL_OTP, SMS_MFA, SOFTWARE_TOKEN_MFA
from cognito_challenges.pool.sign_in.signup_sessions import SIGN_UP
from cognito_challenges.pool.store import messages
from cognito_challenges.pool.store.attempt import Attempt, Turn
from cognito_challenges.pool.store.directory import change_attributes, check_attributes, verify_contact
from cognito_challenges.pool.store.records import User, UserPool
from cognito_challenges.pool.store.state import State

_SETTINGS = {
    "SMSMfaSettings": SMS_MFA,
    "SoftwareTokenMfaSettings": SOFTWARE_TOKEN_MFA,
    "EmailMfaSettings": EMAIL_OTP,
}
_CODES = frozenset({"TOTP", "SMS_OTP", "EMAIL_OTP"})


def both_held(attempt: Attempt) -> bool:
    """The attempt has passed a second factor, or what stands in for one."""
    pool, passed = attempt.pool, attempt.passed
    by_code = "PASSWORD" in passed and bool(_CODES & passed)
    by_passkey = passed >= {"WEB_AUTHN", "VERIFIED_USER"} and means.passkey_is_both(pool, attempt.user)
    skips = pool.settings.structure("DeviceConfiguration").flag("ChallengeRequiredOnNewDevice")
    return by_code or by_passkey or SIGN_UP in passed or (skips and devices.trusted(attempt))


def ask_second_factor(state: State, turn: Turn, attempt: Attempt) -> dict[str, object] | None:
    """The challenge for the second factor; None when none is needed any more.

    Raises NotAuthorizedException when one is needed after a first factor that none can follow.
    """
    pool, user = attempt.pool, attempt.user
    chosen, lacking = means.second_factors(pool, user), stepup.lacking(attempt)
    if lacking:
        chosen = [factor for factor in chosen if means.METHODS[factor] in lacking]
    elif both_held(attempt) or not means.needs_second_factor(pool, user):
        return None
    if "PASSWORD" not in attempt.passed:
        raise ServiceError("NotAuthorizedException", "The user has to sign in with two factors.", ends_attempt=True)
    if not chosen:
        return _ask_setup(state, attempt)
    if user.mfa.preferred in chosen:
        return ask_factor(state, turn, attempt, user.mfa.preferred)
    if len(chosen) == 1:
        return ask_factor(state, turn, attempt, chosen[0])
    offered = {"MFAS_CAN_CHOOSE": json.dumps(chosen, separators=(",", ":"))}
    for factor in chosen:
        if factor in means.ATTRIBUTES:
            name = means.ATTRIBUTES[factor]
            offered["CODE_DELIVERY_DELIVERY_MEDIUM"] = "SMS" if factor == SMS_MFA else "EMAIL"
            offered["CODE_DELIVERY_DESTINATION"] = messages.masked(name, user.attributes[name])
            break
    return ask(state, replace(attempt, offered=tuple(chosen)), "SELECT_MFA_TYPE", offered)


def ask_factor(state: State, turn: Turn, attempt: Attempt, challenge: str) -> dict[str, object]:
    """Put one of SMS_MFA, SMS_OTP, EMAIL_OTP and SOFTWARE_TOKEN_MFA, and send the code that goes with it."""
    user = attempt.user
    if challenge == SOFTWARE_TOKEN_MFA:
        return ask(state, attempt, challenge, {"FRIENDLY_DEVICE_NAME": user.mfa.totp_name})
    # A first factor's code is the only thing that is guessed at, so it has eight digits.
    code = state.digits(6 if "PASSWORD" in attempt.passed else 8)
    return _ask_code(state, turn, replace(attempt, code=code, code_for=""), challenge)


def answer_code(state: State, turn: Turn, attempt: Attempt) -> Attempt:
    """The code of SMS_MFA, SMS_OTP or EMAIL_OTP, which proves the address that it was sent to."""
    given = turn.parameters.get(f"{attempt.awaits}_CODE")
    if not given:
        raise missing(f"{attempt.awaits}_CODE")
    if attempt.code is None or not hmac.compare_digest(attempt.code.encode(), given.encode()):
        raise ServiceError("CodeMismatchException", "Invalid code or auth state for the user.")
    user, attribute = attempt.user, means.ATTRIBUTES[attempt.awaits]
    if attempt.code_for:
        change_attributes(state, attempt.pool, user, {attribute: attempt.code_for, f"{attribute}_verified": "true"})
        user.mfa.enabled = list(dict.fromkeys([*user.mfa.enabled, attempt.awaits]))
        user.outdate()
        attempt = replace(attempt, epoch=user.epoch, code_for="")
    else:
        verify_contact(state, attempt.pool, user, attribute)
    passed = means.METHODS.get(attempt.awaits, attempt.awaits)
    return replace(attempt, code=None, passed=attempt.passed | {passed})


def answer_totp(state: State, turn: Turn, attempt: Attempt) -> Attempt:
    """The code of SOFTWARE_TOKEN_MFA."""
    code = turn.parameters.get("SOFTWARE_TOKEN_MFA_CODE")
    if not code:
        raise missing("SOFTWARE_TOKEN_MFA_CODE")
    totp.use_totp(state, attempt.user.mfa, code)
    return replace(attempt, passed=attempt.passed | {"TOTP"})


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
        totp.adopt(user, attempt.totp_secret, attempt.private.get("FRIENDLY_DEVICE_NAME", ""))
        user.mfa.enabled = list(dict.fromkeys([*user.mfa.enabled, SOFTWARE_TOKEN_MFA]))
        user.mfa.preferred = SOFTWARE_TOKEN_MFA
        return replace(attempt, epoch=user.epoch, totp_secret=None, passed=attempt.passed | {"TOTP"})
    if email and EMAIL_OTP in attempt.offered:
        check_attributes(attempt.pool, {"email": email})
        return _ask_code(state, turn, replace(attempt, code=state.digits(), code_for=email), EMAIL_OTP)
    raise invalid_parameter("MFA setup has not been completed.")


def set_preference(pool: UserPool, user: User, request: Request) -> dict[str, object]:
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
        if not means.usable(user, factor):
            raise invalid_parameter(f"User does not have delivery config set to turn on {factor}")
        enabled = enabled if factor in enabled else [*enabled, factor]
        if settings.flag("PreferredMfa"):
            preferred = factor
        elif preferred == factor:
            preferred = None
    wanted = [factor for member, factor in _SETTINGS.items() if request.structure(member).flag("PreferredMfa")]
    if len(wanted) > 1:
        raise invalid_parameter("Only one factor can be preferred.")
    passkey = request.structure("WebAuthnMfaSettings").flag("Enabled", user.mfa.passkey)
    if passkey and "WebAuthnMfaSettings" in request and not means.passkeys_can_be_both(pool):
        raise invalid_parameter("Passkeys are not configured to satisfy MFA requirements in the user pool.")
    if passkey and not enabled:
        raise invalid_parameter("Passkey MFA needs another MFA method to be activated.")
    user.mfa.enabled, user.mfa.preferred, user.mfa.passkey = enabled, preferred, passkey
    user.outdate()
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
    offered = means.pool_factors(attempt.pool)
    return ask(
        state,
        replace(attempt, offered=tuple(offered)),
        "MFA_SETUP",
        {"MFAS_CAN_SETUP": json.dumps(offered, separators=(",", ":")), "USER_ID_FOR_SRP": attempt.user.username},
    )


def _ask_code(state: State, turn: Turn, attempt: Attempt, challenge: str) -> dict[str, object]:
    user, attribute = attempt.user, means.ATTRIBUTES[challenge]
    medium = "EMAIL" if attribute == "email" else "SMS"
    if user.status in ("UNKNOWN", "FORCE_CHANGE_PASSWORD") and "PASSWORD" not in attempt.passed:
        # Nobody is there, or nobody who may sign in so: the answer looks the same and no code will ever fit.
        shown = messages.masked(attribute, user.attributes[attribute])
        return ask(state, replace(attempt, code=None), challenge, _delivery(medium, shown))
    details = messages.send(
        state,
        attempt.pool,
        turn.caller,
        user,
        "CustomMessage_Authentication",
        attribute,
        attempt.code or "",
        attempt.code_for or None,
    )
    return ask(state, attempt, challenge, _delivery(medium, details["Destination"]))


def _delivery(medium: str, destination: str) -> dict[str, str]:
    return {"CODE_DELIVERY_DELIVERY_MEDIUM": medium, "CODE_DELIVERY_DESTINATION": destination}
