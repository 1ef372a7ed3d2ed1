"""TOTP: codes checked by cryptography's implementation, and its enrolment for a user or within a sign-in."""

from __future__ import annotations

import hmac
from base64 import b32encode
from dataclasses import replace

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from cognito_challenges.pool.errors import ServiceError, invalid_parameter, not_authorized
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.sign_in.asking import SESSION_BYTES, remember
from cognito_challenges.pool.sign_in.sessions import INVALID, find_attempt
from cognito_challenges.pool.store.attempt import Attempt
from cognito_challenges.pool.store.expiring import Entry
from cognito_challenges.pool.store.records import Mfa, User, UserPool
from cognito_challenges.pool.store.state import State
from cognito_challenges.pool.store.tokens import authorize

STEP_SECONDS = 30
SECRET_BYTES = 20


def matching_step(state: State, secret: bytes, code: str) -> int | None:
    """The 30-second step whose code this is, within the steps that the options accept; None when it is none's."""
    totp = TOTP(secret, 6, SHA1(), STEP_SECONDS)  # noqa: S303 - RFC 6238's default, which authenticator apps use
    now = int(state.clock()) // STEP_SECONDS
    found = None
    for step in range(now - state.options.totp_steps, now + state.options.totp_steps + 1):
        if hmac.compare_digest(totp.generate(max(step, 0) * STEP_SECONDS), code.encode()):
            found = step
    return found


def use_totp(state: State, mfa: Mfa, code: str) -> None:
    """Take a user's TOTP code for a sign-in. Raises CodeMismatchException, or ExpiredCodeException for a second use."""
    step = None if mfa.totp_secret is None else matching_step(state, mfa.totp_secret, code)
    if step is None:
        raise ServiceError("CodeMismatchException", "Invalid code received for user")
    if state.options.totp_single_use and step <= mfa.totp_last_step:
        raise ServiceError("ExpiredCodeException", "Your software token has already been used once.")
    mfa.totp_last_step = step


def associate_software_token(state: State, request: Request) -> dict[str, object]:
    """AssociateSoftwareToken: a new secret for the signed-in user, or for the sign-in that MFA_SETUP holds up."""
    secret = state.entropy(SECRET_BYTES)
    answer: dict[str, object] = {"SecretCode": b32encode(secret).decode()}
    if "AccessToken" in request:
        pool, user, _ = authorize(state, request.text("AccessToken"))
        _need_totp(pool)
        user.mfa.totp_unverified = secret
        return answer
    entry, attempt = _setup(state, request)
    session = state.token(SESSION_BYTES)
    remember(state, session, replace(attempt, totp_secret=secret, totp_verified=False))
    entry.spend()
    return {**answer, "Session": session}


def verify_software_token(state: State, request: Request) -> dict[str, object]:
    """VerifySoftwareToken: the first code of a new secret, which makes it the user's."""
    name = request.text("FriendlyDeviceName")
    if "AccessToken" in request:
        pool, user, _ = authorize(state, request.text("AccessToken"))
        _need_totp(pool)
        secret = user.mfa.totp_unverified
        if secret is None:
            raise invalid_parameter("User has not set up software token mfa")
        _check_first_code(state, secret, request.text("UserCode"))
        adopt(user, secret, name)
        return {"Status": "SUCCESS"}
    entry, attempt = _setup(state, request)
    if attempt.totp_secret is None:
        raise invalid_parameter("User has not set up software token mfa")
    try:
        _check_first_code(state, attempt.totp_secret, request.text("UserCode"))
    except ServiceError:
        entry.failures += 1
        if entry.failures >= state.options.code_tries:
            entry.spend()
        raise
    session = state.token(SESSION_BYTES)
    remember(state, session, replace(attempt, totp_verified=True, private={"FRIENDLY_DEVICE_NAME": name}))
    entry.spend()
    return {"Status": "SUCCESS", "Session": session}


def adopt(user: User, secret: bytes, name: str) -> None:
    """Make a verified secret the user's own."""
    mfa = user.mfa
    mfa.totp_secret, mfa.totp_unverified, mfa.totp_name, mfa.totp_last_step = secret, None, name, -1
    user.outdate()


def _setup(state: State, request: Request) -> tuple[Entry[Attempt], Attempt]:
    if "Session" not in request:
        raise invalid_parameter("Either an AccessToken or a Session is required.")
    entry, attempt = find_attempt(state, request.text("Session"))
    if attempt.awaits != "MFA_SETUP":
        raise not_authorized(INVALID)
    return entry, attempt


def _check_first_code(state: State, secret: bytes, code: str) -> None:
    if matching_step(state, secret, code) is None:
        raise ServiceError("EnableSoftwareTokenMFAException", "Code mismatch")


def _need_totp(pool: UserPool) -> None:
    if not pool.mfa.structure("SoftwareTokenMfaConfiguration").flag("Enabled"):
        raise ServiceError(
            "SoftwareTokenMFANotFoundException", "Software Token MFA has not been enabled by the userpool"
        )


OPERATIONS = {
    "AssociateSoftwareToken": associate_software_token,
    "VerifySoftwareToken": verify_software_token,
}
