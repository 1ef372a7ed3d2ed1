"""The check of PASSWORD_VERIFIER and DEVICE_PASSWORD_VERIFIER: time, signature, and why it was refused."""

from __future__ import annotations

from collections.abc import Mapping

from cognito_challenges.pool.errors import ServiceError, missing, wrong_credentials
from cognito_challenges.pool.explaining import probes, timestamps
from cognito_challenges.pool.store.attempt import Attempt, SrpChallenge, Turn
from cognito_challenges.pool.store.state import State
from cognito_srp import PeerError
from cognito_srp.timestamps import parse_timestamp

SECRET_BLOCK = "PASSWORD_CLAIM_SECRET_BLOCK"  # noqa: S105 - a field's name
TIMESTAMP_FORM = "TIMESTAMP format should be EEE MMM d HH:mm:ss z yyyy in english."


def check_proof(state: State, turn: Turn, attempt: Attempt) -> None:
    """Return when the proof holds for this attempt's challenge.

    Raises InvalidParameterException for a missing or malformed parameter, and NotAuthorizedException for a time
    outside the window or a signature that does not fit.
    """
    srp = attempt.srp
    if srp is None:
        raise wrong_credentials()
    given: dict[str, str] = {}
    for name in (SECRET_BLOCK, "PASSWORD_CLAIM_SIGNATURE", "TIMESTAMP"):
        if not turn.parameters.get(name):
            raise missing(name)
        given[name] = turn.parameters[name]
    now, explains, window = state.clock(), state.options.explain, state.options.clock_window_seconds
    try:
        signed_at = parse_timestamp(given["TIMESTAMP"])
    except PeerError:
        why = timestamps.form_mistake(given["TIMESTAMP"]) if explains else None
        raise ServiceError("InvalidParameterException", TIMESTAMP_FORM, explanation=why) from None
    if abs(now - signed_at) > window:
        raise wrong_credentials(timestamps.clock_mistake(signed_at, now, window) if explains else None)
    if srp.probe is not None or not _holds(srp, given):
        raise wrong_credentials(probes.explain_refusal(state, attempt, given) if explains else None)
    if explains:
        probes.forget(state, attempt)


def _holds(srp: SrpChallenge, given: Mapping[str, str]) -> bool:
    try:
        srp.server.verify(
            secret_block=given[SECRET_BLOCK],
            timestamp=given["TIMESTAMP"],
            signature=given["PASSWORD_CLAIM_SIGNATURE"],
        )
    except PeerError:
        return False
    return True
