"""An attempt knows its step: after a transport failed, `drive` goes on from the Call that was not answered."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest

from cognito_challenges import (
    Call,
    PasswordSrp,
    PeerError,
    ServiceError,
    SignedIn,
    SignIn,
    SmsMfa,
    SoftwareTokenMfa,
    State,
    TransportError,
    drive,
    drive_async,
)
from cognito_challenges.sign_in.steps import CORRECTABLE_ERRORS
from support.checks import MODEL
from support.right_answers import CODE, PASSWORD, TOTP_SECRET, response_to
from support.scripted import DEVICE, LOGIN, TOKENS, USERNAME, ScriptedService, app_client

SESSION = "session".ljust(24, "-")


class Broken:
    """A transport that cannot connect the first time that it sees a call."""

    def __init__(self, service: ScriptedService) -> None:
        self.service = service
        self.seen: list[Call] = []

    def __call__(self, call: Call, /) -> Mapping[str, Any]:
        first = call not in self.seen
        self.seen.append(call)
        if first:
            raise TransportError("connection refused")
        return self.service.call(call.operation, call.parameters)


def sign_in(**given: Any) -> SignIn:
    return SignIn(app_client(), username=LOGIN, password=PASSWORD, **given)


def test_the_step_is_none_before_the_start_and_after_a_refusal() -> None:
    attempt = sign_in()
    assert attempt.step is None
    call = attempt.start()
    assert attempt.step is call
    with pytest.raises(ServiceError):
        attempt.receive_error(ServiceError("NotAuthorizedException"))
    assert attempt.step is None


def test_the_step_is_what_was_returned() -> None:
    service = ScriptedService("PASSWORD_VERIFIER", "SMS_MFA")
    attempt = sign_in()
    challenge = drive(attempt, lambda call: service.call(call.operation, call.parameters))
    assert attempt.step is challenge is attempt.challenge
    assert attempt.answer(response_to(challenge)) is attempt.step  # type: ignore[arg-type]
    signed_in = drive(attempt, lambda call: service.call(call.operation, call.parameters))
    assert attempt.step is signed_in
    assert drive(attempt, lambda call: service.call(call.operation, call.parameters)) is signed_in


def test_a_sign_in_goes_on_over_a_transport_that_fails_at_each_call() -> None:
    broken = Broken(ScriptedService("PASSWORD_VERIFIER", "SMS_MFA"))
    attempt = sign_in()
    for _ in range(2):
        with pytest.raises(TransportError):
            drive(attempt, broken)
    challenge = drive(attempt, broken)
    assert isinstance(challenge, SmsMfa)
    attempt.answer(challenge.response(CODE))
    with pytest.raises(TransportError):
        drive(attempt, broken)
    assert isinstance(drive(attempt, broken), SignedIn)
    assert [call.operation for call in broken.seen] == ["InitiateAuth"] * 2 + ["RespondToAuthChallenge"] * 4


def test_the_same_call_is_sent_again_and_nothing_is_proved_anew() -> None:
    broken = Broken(ScriptedService("PASSWORD_VERIFIER"))
    attempt = sign_in()
    for _ in range(2):
        with pytest.raises(TransportError):
            drive(attempt, broken)
    drive(attempt, broken)
    assert broken.seen[0] is broken.seen[1]
    assert broken.seen[2] is broken.seen[3]


def test_a_proof_that_was_accepted_before_its_answer_was_lost_ends_the_attempt() -> None:
    """The service takes it once. That is what `safe_to_repeat` warns of."""
    service = ScriptedService("PASSWORD_VERIFIER", "SMS_MFA")
    lost: list[Call] = []

    def send(call: Call) -> Mapping[str, Any]:
        answer = service.call(call.operation, call.parameters)
        if not call.safe_to_repeat and not lost:
            lost.append(call)
            raise TransportError("connection reset")
        return answer

    attempt = sign_in()
    with pytest.raises(TransportError):
        drive(attempt, send)
    assert attempt.step is lost[0]
    with pytest.raises(ServiceError, match="NotAuthorizedException"):
        drive(attempt, send)
    assert attempt.state is State.FAILED


@pytest.mark.parametrize(
    ("operation", "safe"),
    [
        ("InitiateAuth", True),
        ("AdminInitiateAuth", True),
        ("RespondToAuthChallenge", False),
        ("AdminRespondToAuthChallenge", False),
        ("AssociateSoftwareToken", False),
        ("VerifySoftwareToken", False),
        ("ConfirmDevice", False),
        ("GetTokensFromRefreshToken", False),
        ("UpdateDeviceStatus", True),
        ("ForgetDevice", False),
        ("RevokeToken", True),
    ],
)
def test_which_calls_are_safe_to_repeat(operation: str, safe: bool) -> None:
    assert Call(operation, {}).safe_to_repeat is safe


def test_a_cancelled_task_leaves_the_attempt_where_it_goes_on() -> None:
    service = ScriptedService("PASSWORD_VERIFIER")
    hanging = True

    async def send(call: Call) -> Mapping[str, Any]:
        if hanging:
            await asyncio.sleep(3600)
        return service.call(call.operation, call.parameters)

    async def run() -> None:
        nonlocal hanging
        attempt = sign_in()
        task = asyncio.ensure_future(drive_async(attempt, send))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        hanging = False
        assert isinstance(await drive_async(attempt, send), SignedIn)

    asyncio.run(run())


# --- What the service may correct, and what it may not learn


def test_the_errors_that_can_be_corrected_are_declared_by_their_operations() -> None:
    for operation, codes in CORRECTABLE_ERRORS.items():
        declared = {shape.name for shape in MODEL.operation_model(operation).error_shapes}
        throttling = {"TooManyRequestsException"}  # any operation may be throttled, declared or not
        assert codes <= declared | throttling


def test_an_attribute_that_was_refused_can_be_given_again() -> None:
    attempt = sign_in()
    attempt.start()
    attempt.receive({"ChallengeName": "NEW_PASSWORD_REQUIRED", "ChallengeParameters": {}, "Session": SESSION})
    attempt.answer(attempt.challenge.response("New 1!", {"email": "a@example.com"}))  # type: ignore[union-attr]
    with pytest.raises(ServiceError):
        attempt.receive_error(ServiceError("NotAuthorizedException", "Cannot modify an attribute that has a value."))
    assert attempt.state is State.ASKING
    attempt.answer(attempt.challenge.response("New 1!"))  # type: ignore[union-attr]
    with pytest.raises(ServiceError):
        attempt.receive_error(ServiceError("NotAuthorizedException", "Invalid session for the user."))
    assert attempt.state is State.FAILED


def proofs_given(attempt: SignIn, answers: int) -> int:
    """How many proofs of the password a service gets that asks for one again and again."""
    given = 0
    step: Any = attempt.step or attempt.start()
    service = ScriptedService("PASSWORD_VERIFIER")
    for _ in range(answers):
        names = ["PASSWORD_SRP"] if isinstance(step, Call) and "ChallengeName" in step.parameters else []
        for name in [*names, "PASSWORD_VERIFIER"]:
            if not isinstance(step, Call):
                return given
            a = dict(step.parameters.get("ChallengeResponses", {})) | dict(step.parameters.get("AuthParameters", {}))
            parameters = service._parameters("PASSWORD_VERIFIER", a.get("SRP_A", "2"))
            answer = {"ChallengeName": name, "ChallengeParameters": parameters if name != "PASSWORD_SRP" else {}}
            try:
                step = attempt.receive(answer)
            except PeerError:
                continue
            if isinstance(step, Call) and "PASSWORD_CLAIM_SIGNATURE" in step.parameters["ChallengeResponses"]:
                given += 1
    return given


def test_a_service_gets_one_proof_of_the_password_unasked() -> None:
    assert proofs_given(sign_in(), 5) == 1


def test_a_service_that_forgets_the_device_gets_one_more() -> None:
    attempt = sign_in(device=DEVICE)
    given = proofs_given(attempt, 3)
    if attempt.state is State.ASKING:
        attempt.answer(PasswordSrp().response())
    step = attempt.receive_error(ServiceError("ResourceNotFoundException", "Device does not exist."))
    assert isinstance(step, Call)
    assert given + proofs_given(attempt, 5) == 2
    if attempt.state is State.ASKING:
        attempt.answer(PasswordSrp().response())
    with pytest.raises(ServiceError):
        attempt.receive_error(ServiceError("ResourceNotFoundException", "Device does not exist."))


def test_a_resumed_attempt_gives_no_further_proof() -> None:
    attempt = sign_in()
    assert proofs_given(attempt, 1) == 1
    attempt.receive({"ChallengeName": "SMS_MFA", "ChallengeParameters": {}})
    again = SignIn.resume(app_client(), json.loads(json.dumps(attempt.save())), password=PASSWORD)
    again.answer(SmsMfa().response(CODE))
    assert isinstance(again.receive({"ChallengeName": "PASSWORD_SRP"}), PasswordSrp)


# --- The name to send, and the clock


def token_of(username: str) -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"username": username}).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJSUzI1NiJ9.{claims}.c2lnbmF0dXJl"


def signed_in_with(access_token: str, *answers: dict[str, Any], **given: Any) -> SignedIn:
    attempt = sign_in(flow="USER_PASSWORD_AUTH", **given)
    attempt.start()
    for answer in answers:
        attempt.receive(answer)
        attempt.answer(response_to(attempt.challenge))
    step = attempt.receive({"AuthenticationResult": TOKENS | {"AccessToken": access_token}})
    assert isinstance(step, SignedIn)
    return step


def test_the_name_is_the_access_token_s_where_no_challenge_told_it() -> None:
    assert signed_in_with(token_of("5e884898-alice")).username == "5e884898-alice"


def test_the_name_that_a_challenge_told_comes_first() -> None:
    named = {"ChallengeName": "SMS_MFA", "ChallengeParameters": {"USERNAME": USERNAME}}
    assert signed_in_with(token_of("another"), named).username == USERNAME


@pytest.mark.parametrize("token", ["opaque", "a.b", "a.!!!.c", "a.W10.c", token_of("a b"), token_of(""), "a..c"])
def test_a_token_without_a_usable_name_leaves_the_login_name(token: str) -> None:
    assert signed_in_with(token).username == LOGIN


def test_user_id_for_srp_is_sent_where_only_that_came() -> None:
    attempt = sign_in(flow="USER_PASSWORD_AUTH")
    attempt.start()
    parameters = {"USER_ID_FOR_SRP": USERNAME, "requiredAttributes": "[]", "userAttributes": "{}"}
    attempt.receive({"ChallengeName": "NEW_PASSWORD_REQUIRED", "ChallengeParameters": parameters})
    call = attempt.answer(attempt.challenge.response("New 1!"))  # type: ignore[union-attr]
    assert isinstance(call, Call)
    assert call.parameters["ChallengeResponses"]["USERNAME"] == USERNAME


NOW = 1772841909.0
DATES = {0: "Sat, 07 Mar 2026 00:05:09 GMT", 299: "Sat, 07 Mar 2026 00:10:08 GMT", 301: "Sat, 07 Mar 2026 00:10:10 GMT"}


@pytest.mark.parametrize("seconds", DATES)
def test_a_code_is_given_unasked_only_near_the_machine_s_own_clock(seconds: int) -> None:
    attempt = sign_in(totp_secret=TOTP_SECRET, follow_date=True, clock=lambda: NOW)
    attempt.start()
    headers = {"ResponseMetadata": {"HTTPHeaders": {"date": DATES[seconds]}}}
    step = attempt.receive({"ChallengeName": "SOFTWARE_TOKEN_MFA", "ChallengeParameters": {}} | headers)
    assert isinstance(step, SoftwareTokenMfa if seconds > 300 else Call)


@pytest.mark.parametrize(
    "date",
    [
        "Fri, 01 Jan 2099 00:00:00 GMT",
        "Wed, 31 Dec 1969 23:59:59 GMT",
        "Mon, 99 Jan 2026 00:00:00 GMT",
        "Sun, 08 Mar 2026 00:05:10 GMT",
        "x" * 100_000,
        "Sat, 07 Mar 99999 00:05:09 GMT",
    ],
    ids=["far", "before 1970", "none", "a second over a day", "long", "year"],
)
def test_a_date_far_from_the_machine_s_clock_is_refused_and_changes_nothing(date: str) -> None:
    attempt = sign_in(totp_secret=TOTP_SECRET, follow_date=True, clock=lambda: NOW)
    attempt.start()
    before = attempt._snapshot
    headers = {"ResponseMetadata": {"HTTPHeaders": {"date": date}}}
    with pytest.raises(PeerError) as refusal:
        attempt.receive({"ChallengeName": "SOFTWARE_TOKEN_MFA", "ChallengeParameters": {}} | headers)
    assert refusal.value.parameter == "Date"
    assert attempt._snapshot is before


def test_a_refused_answer_does_not_move_the_clock() -> None:
    attempt = sign_in(follow_date=True, clock=lambda: NOW)
    call = attempt.start()
    assert isinstance(call, Call)
    headers = {"ResponseMetadata": {"HTTPHeaders": {"date": DATES[299]}}}
    with pytest.raises(PeerError):
        attempt.receive({"ChallengeName": "SMS_MFA", "ChallengeParameters": {"A": 5}} | headers)
    answer = ScriptedService("PASSWORD_VERIFIER").call(call.operation, call.parameters)
    respond = attempt.receive(answer)
    assert isinstance(respond, Call)
    assert respond.parameters["ChallengeResponses"]["TIMESTAMP"] == "Sat Mar 7 00:05:09 UTC 2026"


def test_a_correction_stays_known_through_a_save() -> None:
    attempt = sign_in(follow_date=True, clock=lambda: NOW)
    attempt.start()
    headers = {"ResponseMetadata": {"HTTPHeaders": {"date": DATES[299]}}}
    attempt.receive({"ChallengeName": "SMS_MFA", "ChallengeParameters": {}} | headers)
    again = SignIn.resume(app_client(), json.loads(json.dumps(attempt.save())), clock=lambda: NOW)
    assert again._snapshot.correction == 299.0
