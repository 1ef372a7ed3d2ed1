"""The rules of a sign-in: which name, which SECRET_HASH, which Session, which device, and what is proved how often."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from cognito_challenges import (
    Call,
    Device,
    PeerError,
    RequestMetadata,
    Response,
    ServiceError,
    SignedIn,
    SignIn,
    UsageError,
    drive,
    forget_device,
    get_tokens_from_refresh_token,
    refresh_token_auth,
    update_device_status,
)
from cognito_challenges.catalogue import PROOFS
from support.checks import check_against_the_model, script_of, secret_hash
from support.right_answers import CREDENTIAL, PASSWORD, RIGHT, TOTP_SECRET, response_to
from support.scripted import DEVICE, LOGIN, USERNAME, ScriptedService, app_client

SESSION = "from-confirm-sign-up".ljust(24, "-")


@pytest.mark.parametrize("challenge", [*RIGHT, *PROOFS])
def test_no_session_is_sent_where_none_was_received(challenge: str) -> None:
    service = ScriptedService(*script_of(challenge), sessions=False)
    device = DEVICE if challenge.startswith("DEVICE") else None
    step, _ = service.sign_in(SignIn(app_client(), username=LOGIN, password=PASSWORD, device=device))
    assert isinstance(step, SignedIn)
    assert all("Session" not in call.parameters for call in service.calls)
    check_against_the_model(service.calls)


def test_the_login_name_is_kept_where_the_service_names_no_other() -> None:
    service = ScriptedService("SMS_MFA", "NEW_PASSWORD_REQUIRED", username=None)
    step, _ = service.sign_in(SignIn(app_client(secret=True), username=LOGIN, password=PASSWORD))
    assert step.username == LOGIN
    for call in service.calls[1:]:
        assert call.parameters["ChallengeResponses"]["USERNAME"] == LOGIN
        assert call.parameters["ChallengeResponses"]["SECRET_HASH"] == secret_hash(LOGIN)


def test_a_name_given_once_is_carried_forward() -> None:
    """USERNAME comes with PASSWORD_VERIFIER alone: the steps after it still send it."""
    service = ScriptedService("PASSWORD_VERIFIER", "SMS_MFA", "NEW_PASSWORD_REQUIRED")
    attempt = SignIn(app_client(secret=True), username=LOGIN, password=PASSWORD)

    def send(call: Call) -> Mapping[str, Any]:
        answer = service.call(call.operation, call.parameters)
        if answer.get("ChallengeName") != "PASSWORD_VERIFIER":
            answer.get("ChallengeParameters", {}).pop("USERNAME", None)
        return answer

    step = drive(attempt, send)
    while attempt.challenge:
        attempt.answer(response_to(attempt.challenge))
        step = drive(attempt, send)
    assert isinstance(step, SignedIn)
    assert step.username == USERNAME
    assert {call.parameters["ChallengeResponses"]["USERNAME"] for call in service.calls[1:]} == {USERNAME}
    assert {call.parameters["ChallengeResponses"]["SECRET_HASH"] for call in service.calls[1:]} == {
        secret_hash(USERNAME)
    }


def test_the_device_has_an_ephemeral_of_its_own() -> None:
    service = ScriptedService("PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER")
    attempt = SignIn(app_client(secret=True), username=LOGIN, password=PASSWORD, device=DEVICE)
    step, met = service.sign_in(attempt)
    assert isinstance(step, SignedIn)
    assert met == []
    first = service.calls[0].parameters["AuthParameters"]["SRP_A"]
    second = service.calls[2].parameters["ChallengeResponses"]["SRP_A"]
    assert first != second


def test_a_forgotten_device_is_left_out_once_and_reported() -> None:
    service = ScriptedService("PASSWORD_VERIFIER", forgets_device=True)
    attempt = SignIn(app_client(), username=LOGIN, password=PASSWORD, device=DEVICE)
    step, _ = service.sign_in(attempt)
    assert isinstance(step, SignedIn)
    assert step.forgotten_device == attempt.forgotten_device == DEVICE.key
    keys = [call.parameters.get("AuthParameters", {}).get("DEVICE_KEY") for call in service.calls]
    assert keys == [DEVICE.key, None, None]
    first, second = (call.parameters["AuthParameters"]["SRP_A"] for call in service.calls[:2])
    assert first != second
    assert "DEVICE_KEY" not in service.calls[-1].parameters["ChallengeResponses"]


def test_a_second_device_error_is_not_retried() -> None:
    attempt = SignIn(app_client(), username=LOGIN, password=PASSWORD, device=DEVICE)
    attempt.start()
    gone = ServiceError("ResourceNotFoundException", "Device does not exist.")
    assert isinstance(attempt.receive_error(gone), Call)
    with pytest.raises(ServiceError):
        attempt.receive_error(gone)
    assert attempt.forgotten_device == DEVICE.key


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("ResourceNotFoundException", "User pool client does not exist."),
        ("NotAuthorizedException", "Device does not exist."),
    ],
)
def test_another_error_is_not_taken_for_a_forgotten_device(code: str, message: str) -> None:
    attempt = SignIn(app_client(), username=LOGIN, password=PASSWORD, device=DEVICE)
    attempt.start()
    with pytest.raises(ServiceError):
        attempt.receive_error(ServiceError(code, message))
    assert attempt.forgotten_device is None


def test_an_empty_device_key_cannot_be_sent() -> None:
    with pytest.raises(UsageError):
        Device(key="", group_key="group", password="password")
    for call in (
        lambda: refresh_token_auth(app_client(), "token", device_key=""),
        lambda: get_tokens_from_refresh_token(app_client(), "token", device_key=""),
        lambda: forget_device("token", device_key=""),
        lambda: update_device_status("token", device_key="", remembered=True),
    ):
        with pytest.raises(UsageError, match="device_key: is empty"):
            call()


def test_metadata_of_one_answer() -> None:
    service = ScriptedService("SMS_MFA")
    parts = RequestMetadata(client_metadata={"of": "the attempt"}, analytics_endpoint_id="analytics")
    attempt = SignIn(app_client(), username=LOGIN, password=PASSWORD, metadata=parts)
    challenge = drive(attempt, lambda call: service.call(call.operation, call.parameters))
    call = attempt.answer(response_to(challenge), client_metadata={"of": "this answer"})
    assert isinstance(call, Call)
    assert call.parameters["ClientMetadata"] == {"of": "this answer"}
    assert call.parameters["AnalyticsMetadata"] == {"AnalyticsEndpointId": "analytics"}


def test_a_code_of_the_authenticator_is_given_by_the_machine_once() -> None:
    service = ScriptedService("PASSWORD_VERIFIER", "SELECT_MFA_TYPE", "SOFTWARE_TOKEN_MFA", "SOFTWARE_TOKEN_MFA")
    attempt = SignIn(app_client(), username=LOGIN, password=PASSWORD, totp_secret=TOTP_SECRET)
    step, met = service.sign_in(attempt)
    assert isinstance(step, SignedIn)
    assert [challenge.name for challenge in met] == ["SOFTWARE_TOKEN_MFA"]
    assert service.calls[2].parameters["ChallengeResponses"]["ANSWER"] == "SOFTWARE_TOKEN_MFA"


def test_a_hostile_service_gets_one_proof_an_attempt() -> None:
    device_step = {"ChallengeName": "DEVICE_SRP_AUTH"}
    attempt = SignIn(app_client(), username=LOGIN, password=PASSWORD, device=DEVICE)
    attempt.start()
    attempt.receive(device_step)
    with pytest.raises(PeerError, match="ChallengeName"):
        attempt.receive(device_step)
    service = ScriptedService("PASSWORD_VERIFIER")
    attempt = SignIn(app_client(), username=LOGIN, password=PASSWORD)
    call = attempt.start()
    assert isinstance(call, Call)
    challenge = service.call(call.operation, call.parameters)
    assert isinstance(attempt.receive(challenge), Call)
    with pytest.raises(PeerError, match="ChallengeName"):
        attempt.receive(challenge)


def test_a_response_made_by_hand_cannot_name_another_user() -> None:
    attempt = SignIn(app_client(secret=True), username=LOGIN, password=PASSWORD, device=DEVICE)
    attempt.start()
    attempt.receive({"ChallengeName": "SMS_MFA", "ChallengeParameters": {"USERNAME": USERNAME}})
    for name in ("USERNAME", "SECRET_HASH", "DEVICE_KEY"):
        with pytest.raises(UsageError, match=f"{name}: is set by the machine"):
            attempt.answer(Response("SMS_MFA", {name: "forged"}))
    call = attempt.answer(Response("SMS_MFA", {"SMS_MFA_CODE": "123456"}))
    assert isinstance(call, Call)
    assert call.parameters["ChallengeResponses"] == {
        "SMS_MFA_CODE": "123456",
        "USERNAME": USERNAME,
        "SECRET_HASH": secret_hash(USERNAME),
        "DEVICE_KEY": DEVICE.key,
    }


def test_a_session_is_sent_back_once() -> None:
    """An answer without a Session ends the one before."""
    attempt = SignIn(app_client(), username=LOGIN, password=PASSWORD)
    attempt.start()
    attempt.receive({"ChallengeName": "SMS_MFA", "ChallengeParameters": {}, "Session": SESSION})
    first = attempt.answer(response_to(attempt.challenge))
    attempt.receive({"ChallengeName": "EMAIL_OTP", "ChallengeParameters": {}})
    second = attempt.answer(response_to(attempt.challenge))
    assert isinstance(first, Call)
    assert isinstance(second, Call)
    assert first.parameters["Session"] == SESSION
    assert "Session" not in second.parameters


@pytest.mark.parametrize("session", [None, "after-the-wrong-code".ljust(24, "-")])
def test_a_wrong_first_code_of_an_app_can_be_corrected(session: str | None) -> None:
    attempt = SignIn(app_client(), username=LOGIN, password=PASSWORD)
    attempt.start()
    attempt.receive({"ChallengeName": "MFA_SETUP", "ChallengeParameters": {}, "Session": SESSION})
    attempt.answer(response_to(attempt.challenge))
    enrolment = attempt.receive({"SecretCode": TOTP_SECRET, "Session": SESSION})
    attempt.answer(response_to(attempt.challenge))
    assert attempt.receive({"Status": "ERROR"} | ({"Session": session} if session else {})) is enrolment
    again = attempt.answer(response_to(attempt.challenge))
    assert isinstance(again, Call)
    assert again.parameters["Session"] == (session or SESSION)


def test_a_passkey_is_answered_as_json() -> None:
    service = ScriptedService("WEB_AUTHN")
    service.sign_in(SignIn(app_client(), username=LOGIN, flow="USER_AUTH", preferred_challenge="WEB_AUTHN"))
    assert json.loads(service.calls[-1].parameters["ChallengeResponses"]["CREDENTIAL"]) == CREDENTIAL
