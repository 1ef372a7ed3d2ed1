"""Save and resume: every step that waits for a person goes on in a fresh process, from JSON that holds no secret."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from cognito_challenges import (
    AppClient,
    Call,
    Device,
    OtherChallenge,
    ServiceError,
    SignedIn,
    SignIn,
    State,
    Step,
    TotpEnrolment,
    UsageError,
    drive,
)
from support.right_answers import CODE, PASSWORD, RIGHT, TOTP_SECRET, response_to
from support.scripted import CLIENT_ID, CLIENT_SECRET, DEVICE, LOGIN, POOL_ID, USERNAME, ScriptedService, app_client
from transports.loopback import serving

TESTS = Path(__file__).parents[1]
RESUMABLE = [*RIGHT, "TOTP_ENROLMENT"]
"""Every challenge that a person answers, and the second half of MFA_SETUP."""


def waiting(challenge: str, service: ScriptedService, *, device: Device | None = None, secret: bool = True) -> SignIn:
    """A sign-in at the point where the challenge waits for a person."""
    attempt = SignIn(app_client(secret=secret), username=LOGIN, flow="USER_AUTH", device=device)

    def send(call: Call) -> Any:
        return service.call(call.operation, call.parameters)

    step: Step = drive(attempt, send)
    if challenge == "TOTP_ENROLMENT":
        assert attempt.challenge is not None
        attempt.answer(response_to(attempt.challenge))
        drive(attempt, send)
    assert not isinstance(step, Call | SignedIn)
    return attempt


def script_of(challenge: str) -> list[str]:
    first = "MFA_SETUP" if challenge == "TOTP_ENROLMENT" else challenge
    return [first, "PASSWORD_VERIFIER"] if first == "PASSWORD_SRP" else [first, "SMS_MFA"]


def test_each_resumable_step_goes_on_in_a_fresh_process() -> None:
    services = {f"/{name}": ScriptedService(*script_of(name)) for name in RESUMABLE}
    services["/device"] = ScriptedService("SMS_MFA", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER")
    saved = {
        path: waiting(path[1:], service, device=DEVICE if path == "/device" else None).save()
        for path, service in services.items()
    }
    text = json.dumps(saved)
    for secret in (PASSWORD, CLIENT_SECRET, DEVICE.password, CODE):
        assert secret not in text
    with serving(services) as url:
        work = {"url": url, "device": DEVICE.to_json(), "saved": saved}
        process = subprocess.run(
            [sys.executable, "-m", "challenges.web_worker"],
            input=json.dumps(work),
            capture_output=True,
            text=True,
            cwd=TESTS,
            timeout=60,
            check=False,
        )
    assert process.returncode == 0, process.stderr
    assert json.loads(process.stdout) == {path: {"username": USERNAME, "forgotten": None} for path in services}


@pytest.mark.parametrize("challenge", RESUMABLE)
def test_what_is_resumed_is_what_was_saved(challenge: str) -> None:
    attempt = waiting(challenge, ScriptedService(*script_of(challenge)))
    saved = json.loads(json.dumps(attempt.save()))
    again = SignIn.resume(app_client(secret=True), saved)
    assert (again.state, again.challenge) == (attempt.state, attempt.challenge)
    assert again.save() == saved
    totp = TOTP_SECRET in json.dumps(saved)
    assert totp == (challenge == "TOTP_ENROLMENT")


def test_an_unknown_challenge_of_any_name_is_resumed_whole() -> None:
    for name in ("TOTP_ENROLMENT", "*", "PASSWORD_VERIFIER_2"):
        attempt = SignIn(app_client(), username=LOGIN, flow="USER_AUTH")
        attempt.start()
        attempt.receive({"ChallengeName": name, "ChallengeParameters": {"a": "b"}, "AvailableChallenges": ["X"]})
        again = SignIn.resume(app_client(), attempt.save())
        assert again.challenge == attempt.challenge
        assert isinstance(again.challenge, OtherChallenge)
        assert (again.challenge.service_name, again.challenge.available) == (name, ("X",))
        assert again.state is State.ASKING


def test_a_forgotten_device_stays_known_through_a_save() -> None:
    service = ScriptedService("SMS_MFA", forgets_device=True)
    saved = waiting("SMS_MFA", service, device=DEVICE).save()
    assert saved["device_key"] is None
    again = SignIn.resume(app_client(secret=True), saved)
    assert again.forgotten_device == DEVICE.key


def test_a_device_forgotten_after_a_resume_is_reported() -> None:
    """The password is gone by then, so nothing can start anew."""
    saved = waiting("SMS_MFA", ScriptedService("SMS_MFA"), device=DEVICE).save()
    again = SignIn.resume(app_client(secret=True), saved, device=DEVICE)
    again.answer(response_to(again.challenge))
    with pytest.raises(ServiceError):
        again.receive_error(ServiceError("ResourceNotFoundException", "Device does not exist."))
    assert (again.state, again.forgotten_device) == (State.FAILED, DEVICE.key)


def saved_members() -> list[str]:
    return sorted(waiting("SMS_MFA", ScriptedService("SMS_MFA")).save())


def without(saved: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in saved.items() if key != name}


@pytest.mark.parametrize("name", saved_members())
def test_a_document_with_a_member_missing_is_refused(name: str) -> None:
    saved = waiting("SMS_MFA", ScriptedService("SMS_MFA")).save()
    with pytest.raises(UsageError):
        SignIn.resume(app_client(secret=True), without(saved, name))


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"login": 1},
        {"username": ""},
        {"session": 5},
        {"challenge": None},
        {"parameters": ["a"]},
        {"parameters": {"a": 1}},
        {"parameters": None},
        {"available": "PASSWORD"},
        {"state": "ENROLLING", "secret_code": ""},
        {"state": "SIGNED_IN"},
        {"version": True},
        {"session": ""},
        {"session": "short"},
        {"login": "a" * 5_000},
        {"app_client": "00000000"},
        {"answered": "SMS_MFA"},
        {"correction": True},
        {"added": "member"},
        {"challenge": "MFA_SETUP", "parameters": {"MFAS_CAN_SETUP": "{"}},
    ],
    ids=str,
)
def test_a_document_with_a_wrong_member_is_refused(change: dict[str, Any]) -> None:
    saved = waiting("SMS_MFA", ScriptedService("SMS_MFA")).save()
    with pytest.raises(UsageError):
        SignIn.resume(app_client(secret=True), saved | change)


@pytest.mark.parametrize("saved", [None, [], "saved", {}, 1], ids=repr)
def test_what_is_no_document_is_refused(saved: Any) -> None:
    with pytest.raises(UsageError, match="saved"):
        SignIn.resume(app_client(secret=True), saved)


@pytest.mark.parametrize(
    "client",
    [
        AppClient("us-east-1_Zz9", "1example23456789"),
        AppClient("us-east-1_Ab1Cd2Ef3", "another"),
        app_client(admin=True, secret=True),
        app_client(),
        AppClient(POOL_ID, CLIENT_ID, client_secret="another secret"),
    ],
    ids=["pool", "client", "admin", "no secret", "another secret"],
)
def test_a_document_of_another_app_client_is_refused(client: AppClient) -> None:
    saved = waiting("SMS_MFA", ScriptedService("SMS_MFA")).save()
    with pytest.raises(UsageError, match="another app client"):
        SignIn.resume(client, saved)


@pytest.mark.parametrize(
    "given", [None, Device(key="us-east-1_other", group_key="group-1", password="password")], ids=["none", "other"]
)
def test_a_device_has_to_be_given_again(given: Device | None) -> None:
    saved = waiting("SMS_MFA", ScriptedService("SMS_MFA"), device=DEVICE).save()
    with pytest.raises(UsageError, match="device"):
        SignIn.resume(app_client(secret=True), saved, device=given)


def test_a_resumed_enrolment_shows_the_same_uri() -> None:
    attempt = waiting("TOTP_ENROLMENT", ScriptedService("MFA_SETUP"))
    again = SignIn.resume(app_client(secret=True), json.loads(json.dumps(attempt.save())))
    assert isinstance(attempt.challenge, TotpEnrolment)
    assert isinstance(again.challenge, TotpEnrolment)
    assert again.challenge.uri("Example Ltd") == attempt.challenge.uri("Example Ltd")
    assert again.challenge.uri("Example Ltd") == (
        f"otpauth://totp/Example%20Ltd:Alice%40example.com?secret={TOTP_SECRET}&issuer=Example%20Ltd"
    )
