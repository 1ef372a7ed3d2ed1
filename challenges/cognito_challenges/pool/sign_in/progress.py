"""What comes next in a sign-in: one more challenge, or the tokens."""

from __future__ import annotations

from cognito_challenges.pool.errors import ServiceError, device_not_found, not_authorized, wrong_credentials
from cognito_challenges.pool.sign_in import custom, devices, factors, passwords, stepup
from cognito_challenges.pool.sign_in.sessions import INVALID, is_current
from cognito_challenges.pool.store import lockout, tokens
from cognito_challenges.pool.store.attempt import Attempt, Turn
from cognito_challenges.pool.store.state import State
from cognito_challenges.pool.store.triggers import fire, user_attributes


def proceed(state: State, turn: Turn, attempt: Attempt) -> dict[str, object]:
    """The answer after a factor held.

    In this order: a temporary password has to be replaced, custom challenges come, a remembered device proves itself,
    and a second factor follows unless the device stands in for it.
    """
    user, pool = attempt.user, attempt.pool
    check_user(attempt)
    if user.status == "FORCE_CHANGE_PASSWORD" and "CUSTOM" not in attempt.passed:
        if "PASSWORD" in attempt.passed:
            return passwords.ask_new_password(state, attempt)
        if attempt.flow != "CUSTOM_AUTH":
            raise wrong_credentials()
    if attempt.flow == "CUSTOM_AUTH" and "CUSTOM" not in attempt.passed:
        answer = custom.define(state, turn, custom.recorded(attempt))
        if not isinstance(answer, Attempt):
            return answer
        attempt = answer
    if attempt.device_key is not None and pool.tracks_devices:
        device = user.devices.get(attempt.device_key)
        if device is None:
            raise device_not_found()
        if device.remembered and device.verifier is not None and "DEVICE" not in attempt.passed:
            return devices.ask_device(state, attempt)
    if "CUSTOM" not in attempt.passed:
        challenge = factors.ask_second_factor(state, turn, attempt)
        if challenge is not None:
            return challenge
    return {"ChallengeParameters": {}, "AuthenticationResult": _finish(state, turn, attempt)}


def check_user(attempt: Attempt) -> None:
    """Refuse a user who may not sign in, once the user is known to be who they say."""
    user = attempt.user
    if not user.enabled:
        raise ServiceError("NotAuthorizedException", "User is disabled.", ends_attempt=True)
    if user.status == "UNCONFIRMED":
        raise ServiceError("UserNotConfirmedException", "User is not confirmed.", ends_attempt=True)
    if user.status == "RESET_REQUIRED":
        raise ServiceError("PasswordResetRequiredException", "Password reset required for the user", ends_attempt=True)


def _finish(state: State, turn: Turn, attempt: Attempt) -> dict[str, object]:
    pool, client, user, acr = attempt.pool, attempt.client, attempt.user, stepup.reached(attempt)
    known = attempt.device_key is not None and attempt.device_key in user.devices
    new_key = f"{pool.region}_{state.uuid()}" if pool.tracks_devices and not known else None
    fire(
        state,
        pool,
        turn.caller,
        "PostAuthentication_Authentication",
        user.username,
        {"userAttributes": user_attributes(user), "newDeviceUsed": new_key is not None},
        {},
    )
    # A trigger may have changed the user, or removed it.
    if not is_current(attempt):
        raise not_authorized(INVALID)
    device_key = attempt.device_key if known else new_key
    grant = tokens.new_grant(state, client, user, device_key, acr, stepup.methods(attempt.passed))
    result = tokens.issue(state, pool, client, user, grant, _source(attempt), turn.caller)
    result["RefreshToken"] = tokens.refresh_token(state, client, user, grant)
    tokens.track(state, client, user, grant)
    user.signed_in = True
    lockout.succeeded(user, lockout.SIGN_IN)
    if known and attempt.device_key is not None:
        user.devices[attempt.device_key].last_authenticated = state.clock()
    if new_key is not None:
        result["NewDeviceMetadata"] = {"DeviceKey": new_key, "DeviceGroupKey": pool.device_group_key}
    return result


def _source(attempt: Attempt) -> str:
    if attempt.awaits == "NEW_PASSWORD_REQUIRED":
        return "TokenGeneration_NewPasswordChallenge"
    return "TokenGeneration_AuthenticateDevice" if "DEVICE" in attempt.passed else "TokenGeneration_Authentication"
