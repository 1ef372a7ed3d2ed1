"""`drive` over transports that fail: what it counts, what it refuses, and that the attempt waits on."""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable, Mapping
from typing import Any

import anyio
import pytest

from cognito_challenges import (
    Call,
    MfaSetup,
    PeerError,
    ServiceError,
    SignIn,
    State,
    TotpEnrolment,
    TransportError,
    UsageError,
    drive,
    drive_async,
)
from cognito_challenges.transports.boto3 import boto3_client, boto3_transport
from cognito_challenges.transports.memory import memory_transport
from support.scripted import LOGIN, ScriptedService, app_client, response_to
from support.scripted import PASSWORD as SCRIPTED_PASSWORD
from transports.callers import (
    CLIENT,
    PASSWORD,
)
from transports.loopback import aws_session, serving

pytestmark = pytest.mark.usefixtures("hurried")


def lost_then(outcome: Exception, lost: BaseException, times: int = 1) -> Callable[[Call], Mapping[str, Any]]:
    left = [lost] * times

    def send(call: Call) -> Mapping[str, Any]:
        raise left.pop() if left else outcome

    return send


def new_attempt() -> SignIn:
    return SignIn(CLIENT, username="alice", password=PASSWORD)


@pytest.mark.parametrize("times", [0, 1, 3])
def test_a_call_that_drive_sends_again_says_so_in_the_refusal(times: int) -> None:
    refusal = ServiceError("NotAuthorizedException", "Incorrect username or password.", earlier_tries=1)
    send = lost_then(refusal, TransportError("no answer came"), times)
    attempt = new_attempt()
    for _ in range(times):
        with pytest.raises(TransportError):
            drive(attempt, send)
        assert attempt.state is State.INITIATING
    with pytest.raises(ServiceError) as caught:
        drive(attempt, send)
    assert caught.value.earlier_tries == times + 1


def test_so_does_drive_async_after_a_cancelled_call() -> None:
    refusal = ServiceError("NotAuthorizedException")

    async def never(call: Call) -> Mapping[str, Any]:
        await anyio.sleep_forever()
        return {}

    async def refuse(call: Call) -> Mapping[str, Any]:
        raise refusal

    async def run() -> None:
        attempt = new_attempt()
        with anyio.move_on_after(0.01):
            await drive_async(attempt, never)
        assert attempt.state is State.INITIATING
        await drive_async(attempt, refuse)

    with pytest.raises(ServiceError):
        anyio.run(run)
    assert refusal.earlier_tries == 1


def test_an_answer_that_was_refused_counts_too() -> None:
    attempt = new_attempt()
    with pytest.raises(PeerError):
        drive(attempt, memory_transport(lambda operation, parameters: {"ChallengeName": 5}))
    with pytest.raises(ServiceError) as caught:
        drive(attempt, lost_then(ServiceError("NotAuthorizedException"), TransportError(), 0))
    assert caught.value.earlier_tries == 1


def test_the_next_call_of_an_attempt_counts_from_0() -> None:
    service = ScriptedService("SMS_MFA")
    calls: list[Call] = []

    def send(call: Call) -> Mapping[str, Any]:
        calls.append(call)
        if len(calls) == 1:
            raise TransportError("no answer came")
        return service(call.operation, call.parameters)

    attempt = SignIn(app_client(), username=LOGIN, password=SCRIPTED_PASSWORD)
    with pytest.raises(TransportError):
        drive(attempt, send)
    drive(attempt, send)
    assert [call.unanswered for call in calls] == [1, 1, *[0] * (len(calls) - 2)]
    assert calls[0] is calls[1]


def test_an_async_transport_is_the_callers_mistake() -> None:
    async def send(call: Call) -> Mapping[str, Any]:
        return {}

    attempt = new_attempt()
    with warnings.catch_warnings():
        # A coroutine that nobody awaits warns.
        warnings.simplefilter("error")
        with pytest.raises(UsageError, match="send: must not be an async transport"):
            drive(attempt, send)  # type: ignore[arg-type]
        gc.collect()
    with pytest.raises(UsageError, match="send: must be an async transport"):
        anyio.run(drive_async, attempt, lambda call: {})
    assert attempt.state is State.INITIATING
    assert isinstance(attempt.step, Call)
    assert attempt.step.unanswered == 0


# What the SDKs' own validation would refuse.


def test_a_session_that_is_too_short_leaves_the_attempt_waiting() -> None:
    def service(operation: str, parameters: Mapping[str, Any]) -> Mapping[str, Any]:
        return {"ChallengeName": "SMS_MFA", "Session": "short", "ChallengeParameters": {"USERNAME": "alice"}}

    attempt = SignIn(CLIENT, username="alice", flow="CUSTOM_AUTH")
    with serving({"/": service}) as url:
        aws = boto3_client(CLIENT, endpoint_url=url, session=aws_session())
        with pytest.raises(PeerError, match="Session"):
            drive(attempt, boto3_transport(aws))
        aws.close()
    assert attempt.state is State.INITIATING


@pytest.mark.parametrize("code", ["12345", "12345a"])
def test_a_code_that_the_sdk_would_refuse_is_refused_before_it_is_sent(code: str) -> None:
    service = ScriptedService("PASSWORD_VERIFIER", "MFA_SETUP")
    attempt = SignIn(app_client(), username=LOGIN, password=SCRIPTED_PASSWORD)
    with serving({"/": service}) as url:
        aws = boto3_client(app_client(), endpoint_url=url + "/", session=aws_session())
        send = boto3_transport(aws)
        setup = drive(attempt, send)
        assert isinstance(setup, MfaSetup)
        attempt.answer(setup.totp())
        enrolment = drive(attempt, send)
        assert isinstance(enrolment, TotpEnrolment)
        sent = len(service.calls)
        with pytest.raises(UsageError):
            enrolment.response(code)
        assert (attempt.challenge, len(service.calls)) == (enrolment, sent)
        attempt.answer(response_to(enrolment))
        drive(attempt, send)
        assert len(service.calls) > sent
        aws.close()
