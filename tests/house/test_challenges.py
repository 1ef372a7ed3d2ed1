"""A challenge that was added is known everywhere else, or one of these tests names what was forgotten."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args

import pytest

import cognito_challenges
from cognito_challenges import Challenge, OtherChallenge, Response, SelectChallenge, SignedIn, SignIn, TotpEnrolment
from cognito_challenges.catalogue import CHALLENGES, PROOFS
from cognito_challenges.catalogue.base import BaseChallenge, check_response
from support.checks import MODEL, script_of
from support.right_answers import PASSWORD, PROVED, READ_FOR_PROOFS, RIGHT, UNKNOWN_CHALLENGE, response_to
from support.scripted import DEVICE, LOGIN, ScriptedService, app_client

UNION = set(get_args(Challenge))
ROOT = Path(__file__).parents[2]


def concrete(kind: type[BaseChallenge]) -> Iterator[type[BaseChallenge]]:
    """The classes below `kind` that stand for a challenge, not for what several have in common."""
    if "name" in vars(kind):
        yield kind
    for below in kind.__subclasses__():
        yield from concrete(below)


def test_every_challenge_class_is_in_the_union() -> None:
    # By name: a dataclass with slots is a second class, and the first may still be there.
    assert {kind.__qualname__ for kind in concrete(BaseChallenge)} == {kind.__qualname__ for kind in UNION}


def test_every_challenge_of_the_service_is_found_by_its_name() -> None:
    assert set(CHALLENGES.values()) == UNION - {TotpEnrolment, OtherChallenge}
    assert len(CHALLENGES) == len(UNION) - 2
    assert CHALLENGES.keys().isdisjoint(PROOFS)


def test_every_challenge_is_public_and_documented() -> None:
    for kind in UNION:
        assert kind.__name__ in cognito_challenges.__all__
        assert getattr(cognito_challenges, kind.__name__) is kind
        assert kind.__doc__
        assert not kind.__doc__.startswith(f"{kind.__name__}("), "a dataclass without docstring gets its signature"


def test_every_challenge_is_played_by_the_tests() -> None:
    assert RIGHT.keys() == {*CHALLENGES, UNKNOWN_CHALLENGE}
    assert PROVED.keys() == PROOFS.keys()


@pytest.mark.parametrize("name", RIGHT)
def test_the_declared_responses_are_those_that_are_sent(name: str) -> None:
    service = ScriptedService(*script_of(name))
    step, _ = service.sign_in(SignIn(app_client(), username=LOGIN, password=PASSWORD))
    assert isinstance(step, SignedIn)
    sent = next(call.parameters for call in service.calls if call.parameters.get("ChallengeName") == name)
    assert sent["ChallengeResponses"].keys() - {"USERNAME"} == RIGHT[name].responses.keys()


@pytest.mark.parametrize("name", CHALLENGES)
def test_a_challenge_declares_the_responses_that_the_service_takes(name: str) -> None:
    assert set(CHALLENGES[name].response_fields) == RIGHT[name].takes


def test_the_enrolment_declares_what_verify_software_token_takes() -> None:
    taken = MODEL.operation_model("VerifySoftwareToken").input_shape.members
    assert set(TotpEnrolment.response_fields) == taken.keys() - {"AccessToken", "Session"}
    assert OtherChallenge.response_fields == ("*",)


@pytest.mark.parametrize("name", PROOFS)
def test_the_declared_proofs_are_those_that_are_sent(name: str) -> None:
    service = ScriptedService(*script_of(name))
    step, _ = service.sign_in(SignIn(app_client(), username=LOGIN, password=PASSWORD, device=DEVICE))
    assert isinstance(step, SignedIn)
    assert set(PROOFS[name].responses) == set(PROVED[name])
    assert set(PROOFS[name].parameters) == READ_FOR_PROOFS[name]
    sent = next(call.parameters for call in service.calls if call.parameters.get("ChallengeName") == name)
    assert set(sent["ChallengeResponses"]) == {"USERNAME", "DEVICE_KEY", *PROVED[name]}


@pytest.mark.parametrize("kind", sorted(UNION - {OtherChallenge}, key=lambda kind: kind.__name__))
def test_a_response_with_a_name_of_another_challenge_is_refused(kind: type[BaseChallenge]) -> None:
    with pytest.raises(cognito_challenges.UsageError, match="responses"):
        check_response(Response(kind.name, {"SURPRISE": "value"}), kind.response_fields)


def test_every_response_of_a_class_is_declared_by_it() -> None:
    """Each public method that makes a Response, called rightly, passes the class's own table."""
    for name, played in RIGHT.items():
        kind: Any = CHALLENGES.get(name, OtherChallenge)
        values = {"service_name": name} if kind is OtherChallenge else {}
        if kind is SelectChallenge:
            values["available"] = ("EMAIL_OTP",)
        challenge = kind(**values)
        response = played.answer(challenge)
        assert isinstance(response, Response)
        check_response(response, kind.response_fields)
    enrolment = TotpEnrolment(secret_code="JBSWY3DPEHPK3PXP")
    check_response(response_to(enrolment), TotpEnrolment.response_fields)


def test_every_field_of_a_challenge_is_read_from_a_parameter_that_the_tests_send() -> None:
    read = {
        field.metadata["parameter"]
        for kind in CHALLENGES.values()
        for field in dataclasses.fields(kind)
        if "parameter" in field.metadata
    }
    sent = {name for played in RIGHT.values() for name in played.parameters}
    assert read <= sent


@pytest.mark.parametrize("asked", sorted(f"{kind.__name__}()" for kind in UNION))
def test_the_command_line_has_a_question_for_each_challenge(asked: str) -> None:
    source = (ROOT / "challenges/cognito_challenges/cli/asking.py").read_text()
    assert asked in source
