"""Answers of complete sign-ins, bent in one place or two: a right sign-in or one documented error, and nothing lost.

The number of cases is COGNITO_SRP_BENT, 4,000 when it is not set: `make bent` takes 50,000. With as many as that every
place of every answer is bent by each of the 25 values first; what is left are pairs drawn at random.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from typing import Any

import pytest

from cognito_challenges import PeerError
from cognito_challenges.answers import read_tokens
from cognito_challenges.devices import user_must_agree
from cognito_challenges.refresh import read_refreshed
from support.bending import VALUES, bent, bent_at_random, places
from support.judging import check_error, judge, judge_saved
from support.recorded import Point, Saved
from support.scripted import TOKENS

CASES = int(os.environ.get("COGNITO_SRP_BENT", "4000"))
DOCUMENTS = CASES // 4


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
