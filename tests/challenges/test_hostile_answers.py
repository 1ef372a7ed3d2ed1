"""Answers that no honest service gives: one PeerError each, nothing signed, and the sign-in still waits."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from cognito_challenges import Call, PeerError, SignedIn, SignIn, SmsMfa, State, UsageError, drive
from cognito_challenges.answers import read_tokens
from support.right_answers import PASSWORD, TOTP_SECRET
from support.scripted import DEVICE, LOGIN, TOKENS, ScriptedService, app_client

PROOF = {"SALT": "1", "SRP_B": "2", "SECRET_BLOCK": "AAAA", "USER_ID_FOR_SRP": "a", "USERNAME": "a"}


def initiated(**given: Any) -> tuple[SignIn, Call]:
    attempt = SignIn(app_client(secret=True), username=LOGIN, password=PASSWORD, device=DEVICE, **given)
    call = attempt.start()
    assert isinstance(call, Call)
    return attempt, call


def asked(name: Any, **parameters: Any) -> dict[str, Any]:
    return {"ChallengeName": name, "ChallengeParameters": parameters}


def verifier(**changes: Any) -> dict[str, Any]:
    return asked("PASSWORD_VERIFIER", **{**PROOF, **changes})


ANSWERS: dict[str, tuple[Any, str]] = {
    "list": ([], "answer"),
    "text": ("secret", "answer"),
    "nothing": (None, "answer"),
    "empty": ({}, "AccessToken"),
    "challenge's name is a number": (asked(5), "ChallengeName"),
    "challenge's name is empty": (asked(""), "ChallengeName"),
    "parameters are a list": ({"ChallengeName": "SMS_MFA", "ChallengeParameters": []}, "ChallengeParameters"),
    "a parameter is a number": (asked("SMS_MFA", CODE_DELIVERY_DESTINATION=5), "CODE_DELIVERY_DESTINATION"),
    "session is a number": (asked("SMS_MFA") | {"Session": 5}, "Session"),
    "session is empty": (asked("SMS_MFA") | {"Session": ""}, "Session"),
    "choices are text": (asked("SELECT_CHALLENGE") | {"AvailableChallenges": "PASSWORD"}, "AvailableChallenges"),
    "choices are numbers": (asked("SELECT_CHALLENGE") | {"AvailableChallenges": [1]}, "AvailableChallenges"),
    "no salt": (verifier(SALT=None), "SALT"),
    "no user": (verifier(USER_ID_FOR_SRP=None), "USER_ID_FOR_SRP"),
    "B is 0": (verifier(SRP_B="0"), "SRP_B"),
    "B is no hex": (verifier(SRP_B="0x10"), "SRP_B"),
    "secret block is no Base64": (verifier(SECRET_BLOCK="?"), "SECRET_BLOCK"),
    "username is empty": (verifier(USERNAME=""), "USERNAME"),
    "username is endless": (verifier(USERNAME="u" * 5000), "USERNAME"),
    "username is no text of UTF-8": (verifier(USERNAME="\ud800"), "USERNAME"),
    "device proof before its start": (asked("DEVICE_PASSWORD_VERIFIER", **PROOF), "ChallengeName"),
    "tokens are a list": ({"AuthenticationResult": []}, "AuthenticationResult"),
    "token is a number": ({"AuthenticationResult": TOKENS | {"AccessToken": 5}}, "AccessToken"),
    "token is empty": ({"AuthenticationResult": TOKENS | {"RefreshToken": ""}}, "RefreshToken"),
    "lifetime is text": ({"AuthenticationResult": TOKENS | {"ExpiresIn": "3600"}}, "ExpiresIn"),
    "device without its group": (
        {"AuthenticationResult": TOKENS | {"NewDeviceMetadata": {"DeviceKey": "k"}}},
        "DeviceGroupKey",
    ),
    "headers are a list": (asked("SMS_MFA") | {"ResponseMetadata": {"HTTPHeaders": []}}, "HTTPHeaders"),
    "date is none": (asked("SMS_MFA") | {"ResponseMetadata": {"HTTPHeaders": {"date": "today"}}}, "Date"),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_a_hostile_answer_changes_nothing(case: str) -> None:
    answer, parameter = ANSWERS[case]
    attempt, call = initiated(follow_date=True, totp_secret=TOTP_SECRET)
    memory = attempt._snapshot
    with pytest.raises(PeerError) as refusal:
        attempt.receive(answer)
    assert refusal.value.parameter == parameter
    assert attempt._snapshot is memory
    service = ScriptedService("PASSWORD_VERIFIER")
    attempt.receive(service.call(call.operation, call.parameters))
    assert isinstance(drive(attempt, lambda it: service.call(it.operation, it.parameters)), SignedIn)


def test_a_device_is_not_proved_where_none_was_given() -> None:
    attempt = SignIn(app_client(), username=LOGIN, password=PASSWORD)
    attempt.start()
    with pytest.raises(PeerError, match="ChallengeName"):
        attempt.receive(asked("DEVICE_SRP_AUTH"))


def test_no_password_is_proved_where_no_srp_a_was_sent() -> None:
    attempt = SignIn(app_client(), username=LOGIN, password=PASSWORD, flow="USER_PASSWORD_AUTH")
    attempt.start()
    with pytest.raises(PeerError, match="ChallengeName"):
        attempt.receive(verifier())
    assert attempt.state is State.INITIATING


@pytest.mark.parametrize("name", ["PASSWORD", "ADMIN_NO_SRP_AUTH"])
def test_the_password_is_not_sent_unasked(name: str) -> None:
    attempt, _ = initiated()
    step = attempt.receive(asked(name))
    assert not isinstance(step, Call)
    assert attempt.state is State.ASKING


def test_an_enrolment_without_its_secret_or_status() -> None:
    attempt, _ = initiated()
    setup = attempt.receive(asked("MFA_SETUP", MFAS_CAN_SETUP='["SOFTWARE_TOKEN_MFA"]'))
    attempt.answer(setup.totp())  # type: ignore[union-attr]
    for answer in ({}, {"SecretCode": 5}, {"SecretCode": ""}, {"SecretCode": "AAAA", "Session": 5}):
        with pytest.raises(PeerError):
            attempt.receive(answer)
        assert attempt.state is State.ASSOCIATING
    enrolment = attempt.receive({"SecretCode": TOTP_SECRET, "Session": "s" * 20})
    attempt.answer(enrolment.response("123456"))  # type: ignore[union-attr]
    for answer in ({}, {"Status": 1}, {"Status": "SUCCESS", "Session": 5}):
        with pytest.raises(PeerError):
            attempt.receive(answer)
        assert attempt.state is State.VERIFYING


def test_the_answer_to_another_challenge_is_refused() -> None:
    attempt, _ = initiated()
    sms = attempt.receive(asked("SMS_MFA"))
    other, _ = initiated()
    email = other.receive(asked("EMAIL_OTP"))
    memory = attempt._snapshot
    with pytest.raises(UsageError, match="does not answer the SmsMfa"):
        attempt.answer(email.response("123456"))  # type: ignore[union-attr]
    assert attempt._snapshot is memory
    assert isinstance(attempt.answer(sms.response("123456")), Call)  # type: ignore[union-attr]


@pytest.mark.parametrize("name", ["PASSWORD", "PASSWORD_SRP", "ADMIN_NO_SRP_AUTH"])
def test_a_password_that_nobody_knows_is_missed(name: str) -> None:
    attempt = SignIn(app_client(), username=LOGIN, flow="USER_AUTH")
    attempt.start()
    challenge = attempt.receive(asked(name))
    memory = attempt._snapshot
    with pytest.raises(UsageError, match="password"):
        attempt.answer(challenge.response())  # type: ignore[union-attr]
    assert attempt._snapshot is memory
    assert isinstance(attempt.answer(challenge.response(PASSWORD)), Call)  # type: ignore[union-attr]


def test_metadata_that_is_no_text_is_refused_and_changes_nothing() -> None:
    attempt, _ = initiated()
    challenge = attempt.receive(asked("SMS_MFA"))
    metadata: Any = {"a": 1}
    with pytest.raises(UsageError, match="ClientMetadata"):
        attempt.answer(challenge.response("1"), client_metadata=metadata)  # type: ignore[union-attr]
    assert attempt.state is State.ASKING


@pytest.fixture
def far_from_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Asia/Kathmandu")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


NEAR = 1772841909.0 - 80_000


@pytest.mark.parametrize("date", ["Sat, 07 Mar 2026 00:05:09 GMT", "Sat, 07 Mar 2026 00:05:09 -0000"])
def test_the_timestamp_follows_the_date_of_the_service(date: str, far_from_utc: None) -> None:
    attempt, call = initiated(follow_date=True, clock=lambda: NEAR)
    answer = ScriptedService("PASSWORD_VERIFIER").call(call.operation, call.parameters)
    respond = attempt.receive(answer | {"ResponseMetadata": {"HTTPHeaders": {"date": date}}})
    assert isinstance(respond, Call)
    assert respond.parameters["ChallengeResponses"]["TIMESTAMP"] == "Sat Mar 7 00:05:09 UTC 2026"


def test_the_date_is_left_alone_unless_it_is_to_be_followed() -> None:
    attempt, call = initiated(clock=lambda: 0.0)
    answer = ScriptedService("PASSWORD_VERIFIER").call(call.operation, call.parameters)
    date = {"ResponseMetadata": {"HTTPHeaders": {"date": "Sat, 07 Mar 2026 00:05:09 GMT"}}}
    respond = attempt.receive(answer | date)
    assert isinstance(respond, Call)
    assert respond.parameters["ChallengeResponses"]["TIMESTAMP"] == "Thu Jan 1 00:00:00 UTC 1970"


def test_members_that_are_null_are_absent() -> None:
    """What JSON bodies without an SDK may hold."""
    nothing = {"ChallengeName": None, "Session": None, "ChallengeParameters": None}
    tokens, device = read_tokens(nothing | {"AuthenticationResult": TOKENS | {"NewDeviceMetadata": None}})
    assert (tokens.access, device) == (TOKENS["AccessToken"], None)
    attempt, _ = initiated()
    sms = attempt.receive(
        asked("SMS_MFA", USERNAME=None, CODE_DELIVERY_DESTINATION=None) | {"AvailableChallenges": None}
    )
    assert isinstance(sms, SmsMfa)
    assert (sms.destination, dict(sms.parameters)) == (None, {})
    attempt.answer(sms.response("123456"))
    signed_in = attempt.receive(nothing | {"AuthenticationResult": TOKENS})
    assert isinstance(signed_in, SignedIn)
    assert signed_in.username == LOGIN
