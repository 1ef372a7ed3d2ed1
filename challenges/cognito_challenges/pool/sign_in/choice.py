"""Choice-based sign-in: USER_AUTH, SELECT_CHALLENGE, and the first factors that can be chosen."""

from __future__ import annotations

from dataclasses import replace

from cognito_challenges.pool.errors import invalid_parameter, missing
from cognito_challenges.pool.sign_in import passkeys, passwords, stepup
from cognito_challenges.pool.sign_in.asking import ask
from cognito_challenges.pool.sign_in.factors import ask_factor
from cognito_challenges.pool.sign_in.means import first_factors
from cognito_challenges.pool.store.attempt import Attempt, Turn
from cognito_challenges.pool.store.state import State


def start_choice(state: State, turn: Turn, attempt: Attempt) -> Attempt | dict[str, object]:
    """USER_AUTH: begin with PREFERRED_CHALLENGE where the user has it, and ask otherwise."""
    if attempt.passed:
        return attempt
    attempt = stepup.with_target(state, turn, attempt)
    offered = stepup.begins(attempt) if attempt.target else first_factors(attempt.pool, attempt.user)
    if offered is None:
        return attempt
    if not offered:
        raise invalid_parameter("No authentication factor is available for the user.")
    attempt = replace(attempt, offered=tuple(offered))
    preferred = turn.parameters.get("PREFERRED_CHALLENGE")
    if preferred in offered:
        return begin(state, turn, attempt, preferred)
    parameters: dict[str, str] = {}
    if "WEB_AUTHN" in offered:
        challenge, parameters["CREDENTIAL_REQUEST_OPTIONS"] = passkeys.request_options(
            state, attempt.pool, attempt.user
        )
        attempt = replace(attempt, passkey_challenge=challenge)
    return {**ask(state, attempt, "SELECT_CHALLENGE", parameters), "AvailableChallenges": offered}


def answer_selection(state: State, turn: Turn, attempt: Attempt) -> Attempt | dict[str, object]:
    """SELECT_CHALLENGE: the chosen factor, together with what it needs where the client has it already."""
    answer = turn.parameters.get("ANSWER")
    if not answer:
        raise missing("ANSWER")
    if answer not in attempt.offered:
        raise invalid_parameter("Invalid challenge selected.")
    return begin(state, turn, attempt, answer)


def begin(state: State, turn: Turn, attempt: Attempt, challenge: str) -> Attempt | dict[str, object]:
    """Start a first factor, or finish it at once when its answer came along."""
    match challenge:
        case "PASSWORD" if turn.parameters.get("PASSWORD"):
            return passwords.answer_password(state, turn, attempt)
        case "PASSWORD_SRP" if turn.parameters.get("SRP_A"):
            return passwords.start_srp(state, turn, attempt)
        case "WEB_AUTHN" if turn.parameters.get("CREDENTIAL"):
            return passkeys.answer_passkey(state, turn, attempt)
        case "WEB_AUTHN":
            return passkeys.ask_passkey(state, attempt)
        case "EMAIL_OTP" | "SMS_OTP":
            return ask_factor(state, turn, replace(attempt, offered=()), challenge)
        case _:
            return ask(state, attempt, challenge, {})
