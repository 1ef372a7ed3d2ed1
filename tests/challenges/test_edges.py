"""The edges of what is accepted: the last value inside and the first outside."""

from __future__ import annotations

import time
from email.utils import formatdate

import pytest

from cognito_challenges import PeerError, ServiceError, SignedIn, SignIn, StepUp, UsageError, drive_async
from cognito_challenges.sign_in.clock import MAX_CORRECTION_SECONDS, correction
from support.right_answers import PASSWORD
from support.scripted import DEVICE, LOGIN, ScriptedService, app_client

NOW = 1_772_842_800.0


@pytest.mark.parametrize("seconds", [0, 1, MAX_CORRECTION_SECONDS, -MAX_CORRECTION_SECONDS])
def test_a_date_within_a_day_is_believed(seconds: float) -> None:
    assert correction(formatdate(NOW + seconds, usegmt=True), NOW) == seconds


@pytest.mark.parametrize("seconds", [MAX_CORRECTION_SECONDS + 1, -MAX_CORRECTION_SECONDS - 1])
def test_a_date_further_off_is_not(seconds: float) -> None:
    with pytest.raises(PeerError, match="a day away") as refusal:
        correction(formatdate(NOW + seconds, usegmt=True), NOW)
    assert refusal.value.reason == "range"


def test_the_length_of_a_date() -> None:
    date = formatdate(NOW, usegmt=True)
    assert correction(date.ljust(64), NOW) == 0
    with pytest.raises(PeerError, match="at most 64 characters, not 65"):
        correction(date.ljust(65), NOW)


def test_a_max_age_of_nothing() -> None:
    assert StepUp(max_age=0).max_age == 0
    assert StepUp(max_age=1).max_age == 1
    with pytest.raises(UsageError, match="MAX_AGE"):
        StepUp(max_age=-1)


def test_a_forgotten_device_in_async_code() -> None:
    import anyio

    service = ScriptedService("PASSWORD_VERIFIER", forgets_device=True)
    attempt = SignIn(app_client(), username=LOGIN, password=PASSWORD, device=DEVICE, clock=time.time)

    async def send(call):  # type: ignore[no-untyped-def]
        return service.call(call.operation, call.parameters)

    step = anyio.run(drive_async, attempt, send)
    assert isinstance(step, SignedIn)
    assert step.forgotten_device == DEVICE.key


def test_a_refusal_in_async_code() -> None:
    import anyio

    attempt = SignIn(app_client(), username=LOGIN, password="Wrong-1-horse")
    service = ScriptedService("PASSWORD_VERIFIER")

    async def send(call):  # type: ignore[no-untyped-def]
        return service.call(call.operation, call.parameters)

    with pytest.raises(ServiceError, match="NotAuthorizedException"):
        anyio.run(drive_async, attempt, send)


def test_after_a_refusal_that_can_be_corrected_the_step_is_the_challenge() -> None:
    attempt = SignIn(app_client(), username=LOGIN, password=PASSWORD, flow="USER_PASSWORD_AUTH")
    attempt.start()
    challenge = attempt.receive({"ChallengeName": "SMS_MFA", "ChallengeParameters": {}, "Session": "s" * 20})
    attempt.answer(challenge.response("123456"))  # type: ignore[union-attr]
    with pytest.raises(ServiceError):
        attempt.receive_error(ServiceError("CodeMismatchException", "Invalid code."))
    assert attempt.step is attempt.challenge is challenge
