"""Custom authentication: the define, create and verify triggers, before, between and after SRP."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from cognito_challenges.pool.errors import ServiceError, missing, wrong_credentials
from cognito_challenges.pool.sign_in import factors, means, passwords
from cognito_challenges.pool.sign_in.asking import ask
from cognito_challenges.pool.store.attempt import Attempt, Turn
from cognito_challenges.pool.store.state import State
from cognito_challenges.pool.store.triggers import fire, user_attributes

CHALLENGE = "CUSTOM_CHALLENGE"


def start_custom(state: State, turn: Turn, attempt: Attempt) -> Attempt | dict[str, object]:
    """CUSTOM_AUTH: with an SRP_A the history begins with it, otherwise it is empty."""
    if "SRP_A" not in turn.parameters:
        return define(state, turn, attempt)
    named = turn.parameters.get("CHALLENGE_NAME")
    if named != "SRP_A":
        raise missing("CHALLENGE_NAME")
    return define(state, turn, _with_result(attempt, "SRP_A", True, None))


def define(state: State, turn: Turn, attempt: Attempt) -> Attempt | dict[str, object]:
    """Ask DefineAuthChallenge what comes next: a challenge, or the attempt with "CUSTOM" passed."""
    answer = fire(
        state,
        attempt.pool,
        turn.caller,
        "DefineAuthChallenge_Authentication",
        attempt.user.username,
        {**_request(attempt), "session": [dict(step) for step in attempt.history]},
        {"challengeName": None, "issueTokens": None, "failAuthentication": None},
    )
    if answer is None:
        raise ServiceError("InvalidUserPoolConfigurationException", "Custom auth lambda trigger is not configured.")
    if answer.get("failAuthentication"):
        raise wrong_credentials()
    if answer.get("issueTokens"):
        if attempt.user.status == "UNKNOWN":
            raise wrong_credentials()
        return replace(attempt, passed=attempt.passed | {"CUSTOM"})
    match answer.get("challengeName"):
        case "CUSTOM_CHALLENGE":
            return _create(state, turn, attempt)
        case "PASSWORD_VERIFIER":
            return passwords.start_srp(state, turn, attempt)
        case str(factor) if factor in means.METHODS and means.usable(attempt.user, factor):
            return factors.ask_factor(state, turn, attempt, factor)
        case _:
            raise ServiceError("InvalidLambdaResponseException", "DefineAuthChallenge returned no usable challengeName")


def answer_custom(state: State, turn: Turn, attempt: Attempt) -> Attempt | dict[str, object]:
    """CUSTOM_CHALLENGE: let VerifyAuthChallengeResponse judge the answer, then define the next step."""
    given = turn.parameters.get("ANSWER")
    if given is None:
        raise missing("ANSWER")
    answer = fire(
        state,
        attempt.pool,
        turn.caller,
        "VerifyAuthChallengeResponse_Authentication",
        attempt.user.username,
        {
            **_request(attempt),
            "privateChallengeParameters": dict(attempt.private),
            "challengeAnswer": given,
        },
        {"answerCorrect": None},
    )
    if answer is None:
        raise ServiceError("InvalidUserPoolConfigurationException", "Custom auth lambda trigger is not configured.")
    judged = _with_result(attempt, CHALLENGE, answer.get("answerCorrect") is True, attempt.metadata)
    return define(state, turn, replace(judged, private={}, metadata=None))


def recorded(attempt: Attempt) -> Attempt:
    """With the challenge that was just answered rightly in the history that DefineAuthChallenge gets to see."""
    return _with_result(attempt, attempt.awaits, True, None) if attempt.awaits else attempt


def _create(state: State, turn: Turn, attempt: Attempt) -> dict[str, object]:
    answer = fire(
        state,
        attempt.pool,
        turn.caller,
        "CreateAuthChallenge_Authentication",
        attempt.user.username,
        {
            **_request(attempt),
            "challengeName": CHALLENGE,
            "session": [dict(step) for step in attempt.history],
        },
        {"publicChallengeParameters": None, "privateChallengeParameters": None, "challengeMetadata": None},
    )
    if answer is None:
        raise ServiceError("InvalidUserPoolConfigurationException", "Custom auth lambda trigger is not configured.")
    public = cast("Mapping[str, object]", answer.get("publicChallengeParameters") or {})
    private = cast("Mapping[str, object]", answer.get("privateChallengeParameters") or {})
    metadata = answer.get("challengeMetadata")
    attempt = replace(
        attempt,
        private={name: str(value) for name, value in private.items()},
        metadata=None if metadata is None else str(metadata),
    )
    shown = {name: str(value) for name, value in public.items()}
    return ask(state, attempt, CHALLENGE, {"USERNAME": attempt.user.username, **shown})


def _request(attempt: Attempt) -> dict[str, object]:
    return {"userAttributes": user_attributes(attempt.user), "userNotFound": attempt.user.status == "UNKNOWN"}


def _with_result(attempt: Attempt, challenge: str, result: bool, metadata: str | None) -> Attempt:
    step = {"challengeName": challenge, "challengeResult": result, "challengeMetadata": metadata}
    return replace(attempt, history=(*attempt.history, step))
