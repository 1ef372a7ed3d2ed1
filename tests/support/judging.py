"""What becomes of a bent answer or saved document: a right sign-in or one documented error, and nothing lost."""

from __future__ import annotations

import json
import re
from typing import Any

from cognito_challenges import Call, PeerError, ServiceError, SignedIn, UsageError
from support.checks import check_against_the_model
from support.recorded import Point, Saved, everything, play
from support.right_answers import NEW_PASSWORD, PASSWORD, TOTP_SECRET
from support.scripted import CLIENT_SECRET, DEVICE, TOKENS

SECRETS = (PASSWORD, NEW_PASSWORD, CLIENT_SECRET, TOTP_SECRET, DEVICE.password, TOKENS["AccessToken"])
TOKEN = re.compile(r"[!-~]{1,131072}")


def check_error(error: UsageError | PeerError | ServiceError) -> None:
    """One short line that a terminal can show, and that tells no secret."""
    assert error.__context__ is None or error.__suppress_context__
    text = f"{error} {error!r} {error.args}"
    assert len(text) < 2_000
    assert text.isprintable()
    assert not any(secret in f"{text} {error.__context__}" for secret in SECRETS)


def check_signed_in(step: SignedIn, login: str, *, tokens_are_bent: bool) -> None:
    """The recorded tokens; where they were bent, at least tokens that can be used."""
    tokens = step.tokens
    if not tokens_are_bent:
        assert (tokens.access, tokens.id, tokens.refresh) == tuple(
            TOKENS[name] for name in ("AccessToken", "IdToken", "RefreshToken")
        )
    assert TOKEN.fullmatch(tokens.access)
    assert all(TOKEN.fullmatch(token) for token in (tokens.id, tokens.refresh) if token is not None)
    assert type(tokens.expires_in) is int
    assert 1 <= tokens.expires_in <= 10 * 366 * 86_400
    assert tokens.token_type.lower() == "bearer"
    if step.username != login:  # which is the caller's own, whatever is in it
        assert step.username.isprintable()
        assert 1 <= len(step.username) <= 128
    if step.new_device is not None:
        for key in (step.new_device.key, step.new_device.group_key):
            assert TOKEN.fullmatch(key)
            assert len(key) <= 128
    assert len(repr(step)) < 6_000


def check_unasked(calls: list[Call], point: str) -> None:
    """What a machine sends by itself: well-formed, no password in plain, no second proof."""
    check_against_the_model(calls)
    names = [call.parameters.get("ChallengeName") for call in calls]
    for proof in ("PASSWORD_VERIFIER", "DEVICE_PASSWORD_VERIFIER", "SOFTWARE_TOKEN_MFA"):
        assert names.count(proof) <= 1, f"{point}: {proof} was answered {names.count(proof)} times"
    for call in calls:
        assert PASSWORD not in json.dumps(call.parameters)
        # botocore's validator knows only the least lengths.
        assert len(call.parameters.get("Session") or "") <= 4_096


def judge(point: Point, answer: Any) -> str:
    """Give the bent answer instead of the recorded one, and go on."""
    attempt = point.attempt()
    before = everything(attempt)
    try:
        step = attempt.receive(answer)
    except PeerError as error:
        check_error(error)
        assert everything(attempt) == before
        step, _ = play(attempt, (point.answer, *point.rest))
        assert isinstance(step, SignedIn), "the right answer was not taken after a bent one"
        return "refused"
    unasked = [step] if isinstance(step, Call) else []
    try:
        if not isinstance(step, SignedIn):
            if attempt.challenge is not None:
                assert attempt.challenge.challenge_name.isprintable()
                assert len(attempt.challenge.challenge_name) <= 128
            step, more = play(attempt, point.rest)
            unasked += more
    except (PeerError, UsageError) as error:
        check_error(error)
        check_unasked(unasked, point.name)
        return f"a {type(error).__name__} later"
    check_unasked(unasked, point.name)
    if not isinstance(step, SignedIn):
        return "waits"
    check_signed_in(step, attempt._inputs.login, tokens_are_bent="AuthenticationResult" in answer)
    return "signed in"


def judge_saved(saved: Saved, document: Any) -> str:
    """Resume from the bent document instead of the one that was saved, and go on."""
    try:
        attempt = saved.resume(document)
    except UsageError as error:
        check_error(error)
        return "refused"
    assert attempt.challenge is not None
    assert saved.resume(json.loads(json.dumps(attempt.save()))).challenge == attempt.challenge
    try:
        step, unasked = play(attempt, saved.rest)
    except (PeerError, UsageError) as error:
        check_error(error)
        return f"a {type(error).__name__} later"
    check_unasked(unasked, saved.name)
    if not isinstance(step, SignedIn):
        return "waits"
    check_signed_in(step, attempt._inputs.login, tokens_are_bent=False)
    return "signed in"
