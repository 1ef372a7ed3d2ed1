"""Answers of complete sign-ins, bent in one place or two: a right sign-in or one documented error, and nothing lost.

The number of cases is COGNITO_SRP_BENT, 4,000 when it is not set: `make bent` takes 50,000. With as many as that every
place of every answer is bent by each of the 25 values first; what is left are pairs drawn at random.
"""

from __future__ import annotations

import json
import os
import random
import re
from collections import Counter
from typing import Any

import pytest

from cognito_challenges import Call, PeerError, ServiceError, SignedIn, UsageError
from cognito_challenges.answers import read_tokens
from cognito_challenges.devices import user_must_agree
from cognito_challenges.refresh import read_refreshed
from support.bending import VALUES, bent, bent_at_random, places
from support.checks import check_against_the_model
from support.recorded import Point, Saved, everything, play
from support.right_answers import NEW_PASSWORD, PASSWORD, TOTP_SECRET
from support.scripted import CLIENT_SECRET, DEVICE, TOKENS

CASES = int(os.environ.get("COGNITO_SRP_BENT", "4000"))
DOCUMENTS = CASES // 4
SECRETS = (PASSWORD, NEW_PASSWORD, CLIENT_SECRET, TOTP_SECRET, DEVICE.password, TOKENS["AccessToken"])
TOKEN = re.compile(r"[!-~]{1,131072}")


def cases(documents: list[Any], most: int) -> list[tuple[int, Any, str]]:
    """`most` bent documents: the number of the original, the bent one and what was done to it."""
    draw = random.Random(2026)
    singles = [
        (at, path, name) for at, document in enumerate(documents) for path in places(document) for name in VALUES
    ]
    if len(singles) > most * 3 // 4:
        singles = draw.sample(singles, most * 3 // 4)
    made = [
        (at, bent(documents[at], path, VALUES[name]), f"{'/'.join(map(str, path)) or 'the whole'} is {name}")
        for at, path, name in singles
    ]
    while len(made) < most:
        at = draw.randrange(len(documents))
        made.append((at, *bent_at_random(documents[at], draw, 2)))
    return made


def check_error(error: UsageError | PeerError | ServiceError) -> None:
    """One short line that a terminal can show, and that tells no secret."""
    assert error.__context__ is None or error.__suppress_context__
    text = f"{error} {error!r} {error.args}"
    assert len(text) < 2_000
    assert text.isprintable()
    assert not any(secret in f"{text} {error.__context__}" for secret in SECRETS)


def check_signed_in(step: SignedIn, *, tokens_are_bent: bool) -> None:
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
    assert step.username.isprintable()
    assert 1 <= len(step.username) <= 128
    if step.new_device is not None:
        assert TOKEN.fullmatch(step.new_device.key)
        assert TOKEN.fullmatch(step.new_device.group_key)
    assert len(repr(step)) < 1_000


def check_unasked(calls: list[Call], point: str) -> None:
    """What a machine sends by itself: well-formed, no password in plain, no second proof."""
    check_against_the_model(calls)
    names = [call.parameters.get("ChallengeName") for call in calls]
    for proof in ("PASSWORD_VERIFIER", "DEVICE_PASSWORD_VERIFIER", "SOFTWARE_TOKEN_MFA"):
        assert names.count(proof) <= 1, f"{point}: {proof} was answered {names.count(proof)} times"
    for call in calls:
        assert PASSWORD not in json.dumps(call.parameters)


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
            assert len(repr(step)) < 2_000 + 200_000
            step, more = play(attempt, point.rest)
            unasked += more
    except (PeerError, UsageError) as error:
        check_error(error)
        check_unasked(unasked, point.name)
        return f"a {type(error).__name__} later"
    check_unasked(unasked, point.name)
    if not isinstance(step, SignedIn):
        return "waits"
    check_signed_in(step, tokens_are_bent="AuthenticationResult" in answer)
    return "signed in"


def test_bent_answers(recordings: tuple[list[Point], list[Saved]], tally: Counter[str]) -> None:
    points = recordings[0]
    for at, answer, done in cases([point.answer for point in points], CASES):
        try:
            tally[judge(points[at], answer)] += 1
        except BaseException as error:
            error.add_note(f"{points[at].name}: {done}")
            raise
    assert tally.total() == CASES >= 3_000
    assert min(tally["refused"], tally["signed in"]) > CASES // 20


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
    check_signed_in(step, tokens_are_bent=False)
    return "signed in"


def test_bent_documents(recordings: tuple[list[Point], list[Saved]], tally: Counter[str]) -> None:
    saves = recordings[1]
    for at, document, done in cases([saved.document for saved in saves], DOCUMENTS):
        try:
            tally[judge_saved(saves[at], document)] += 1
        except BaseException as error:
            error.add_note(f"{saves[at].name}: {done}")
            raise
    assert tally.total() == DOCUMENTS
    assert min(tally["refused"], tally["signed in"]) > DOCUMENTS // 20


REFRESHED = {"AuthenticationResult": TOKENS | {"NewDeviceMetadata": {"DeviceKey": "key", "DeviceGroupKey": "group"}}}


@pytest.mark.parametrize(
    ("read", "document"),
    [
        (read_tokens, REFRESHED),
        (lambda answer: read_refreshed(answer, "refresh-token"), REFRESHED),
        (user_must_agree, {"UserConfirmationNecessary": True}),
    ],
    ids=["tokens", "refreshed", "confirmed device"],
)
def test_bent_answers_to_other_calls(read: Any, document: Any, tally: Counter[str]) -> None:
    for path in places(document):
        for name, value in VALUES.items():
            try:
                read(bent(document, path, value))
            except PeerError as error:
                check_error(error)
                tally["refused"] += 1
            except BaseException as error:
                error.add_note(f"{path} is {name}")
                raise
            else:
                tally["read"] += 1


def test_there_are_25_values() -> None:
    assert len(VALUES) == 25
