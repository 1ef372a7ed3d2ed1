"""Complete sign-ins of every challenge and flow, recorded against the scripted service, to be played from any point."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from cognito_challenges import AppClient, Call, SignedIn, SignIn
from cognito_srp import Device, DeviceSession, PasswordSession
from support.right_answers import PASSWORD, RIGHT, TOTP_SECRET, response_to
from support.scripted import DEVICE, LOGIN, ScriptedService, app_client

Answer = dict[str, Any]


class Clock:
    """The time of the recording, for ever."""

    def __init__(self) -> None:
        self.now = time.time()

    def __call__(self) -> float:
        return self.now


@dataclasses.dataclass(frozen=True)
class Point:
    """A sign-in that waits for an answer of the service.

    name: of the recording, and which answer of it. answer: what the service said there; rest: what it said afterwards.
    proofs: how many passwords and devices are proved from here to the end.
    """

    name: str
    waiting: SignIn
    answer: Answer
    rest: tuple[Answer, ...]

    def attempt(self) -> SignIn:
        """The sign-in, to be used once."""
        return copied(self.waiting)


@dataclasses.dataclass(frozen=True)
class Saved:
    """A sign-in that was saved while a challenge waited. again: the arguments with which it is resumed."""

    name: str
    client: AppClient
    document: dict[str, Any]
    again: Mapping[str, Any]
    rest: tuple[Answer, ...]

    def resume(self, document: Any) -> SignIn:
        return SignIn.resume(self.client, document, **self.again)


def copied(attempt: SignIn) -> SignIn:
    """Another sign-in at the same step: a session proves once, so it is copied too."""
    copy = SignIn.__new__(SignIn)
    copy._inputs = attempt._inputs
    copy._snapshot = dataclasses.replace(attempt._snapshot, proof=_copied_session(attempt._snapshot.proof))
    return copy


def everything(value: Any) -> Any:
    """All that an object remembers, however deep, as plain values that can be compared."""
    if isinstance(value, PasswordSession | DeviceSession | SignIn | Device):
        return type(value).__name__, {name: everything(getattr(value, name)) for name in _slots(type(value))}
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: everything(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return type(value).__name__, fields
    if isinstance(value, Mapping):
        return {name: everything(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [everything(inner) for inner in value]
    if isinstance(value, Clock):
        return value.now
    assert value is None or isinstance(value, str | bytes | int | float | frozenset | Enum | type) or callable(value), (
        value
    )
    return value


def play(attempt: SignIn, answers: tuple[Answer, ...]) -> tuple[SignedIn | Any, list[Call]]:
    """Go on with these answers and a person who answers each challenge: the last step, and the unasked requests.

    Whatever a step raises comes out.
    """
    unasked: list[Call] = []
    for answer in answers:
        if attempt.challenge is not None:
            attempt.answer(response_to(attempt.challenge))
        step = attempt.receive(answer)
        if isinstance(step, Call):
            unasked.append(step)
    return attempt.step, unasked


def _copied_session(session: PasswordSession | DeviceSession | None) -> Any:
    if session is None:
        return None
    copy = object.__new__(type(session))
    for name in _slots(type(session)):
        object.__setattr__(copy, name, getattr(session, name))
    return copy


def _slots(kind: type) -> Iterator[str]:
    for base in kind.__mro__:
        yield from getattr(base, "__slots__", ())


@dataclasses.dataclass(frozen=True)
class Scenario:
    """One sign-in: what is given to it, and what the service plays."""

    challenges: tuple[str, ...]
    given: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    client: AppClient = dataclasses.field(default_factory=lambda: app_client(secret=True))
    service: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def _after_the_password(name: str) -> Scenario:
    return Scenario(("PASSWORD_VERIFIER", name))


DEVICE_LEG = ("PASSWORD_VERIFIER", "DEVICE_SRP_AUTH", "DEVICE_PASSWORD_VERIFIER")
SCENARIOS: Mapping[str, Scenario] = {
    "SRP": Scenario(("PASSWORD_VERIFIER",), service={"new_device": True}),
    "SRP without sessions": Scenario(("PASSWORD_VERIFIER",), service={"sessions": False}),
    "no USERNAME": Scenario(
        ("SMS_MFA",), given={"flow": "USER_PASSWORD_AUTH"}, client=app_client(), service={"username": None}
    ),
    "SRP, dated": Scenario(("PASSWORD_VERIFIER", "SMS_MFA"), given={"follow_date": True}),
    "SRP, device": Scenario((*DEVICE_LEG, "SMS_MFA"), given={"device": DEVICE}),
    "SRP, TOTP unasked": Scenario(
        ("PASSWORD_VERIFIER", "SELECT_MFA_TYPE", "SOFTWARE_TOKEN_MFA"), given={"totp_secret": TOTP_SECRET}
    ),
    "CUSTOM_AUTH with SRP": Scenario(("PASSWORD_VERIFIER", "CUSTOM_CHALLENGE"), given={"flow": "CUSTOM_AUTH"}),
    "CUSTOM_AUTH": Scenario(("CUSTOM_CHALLENGE",), given={"flow": "CUSTOM_AUTH", "password": None}),
    "USER_AUTH, choice": Scenario(("SELECT_CHALLENGE", "EMAIL_OTP"), given={"flow": "USER_AUTH"}),
    "USER_AUTH, SRP": Scenario(("PASSWORD_SRP", "PASSWORD_VERIFIER"), given={"flow": "USER_AUTH"}),
    "USER_AUTH, SRP preferred": Scenario(
        ("PASSWORD_VERIFIER",), given={"flow": "USER_AUTH", "preferred_challenge": "PASSWORD_SRP"}
    ),
    "USER_AUTH, password": Scenario(("PASSWORD",), given={"flow": "USER_AUTH"}),
    "USER_AUTH, passkey": Scenario(("WEB_AUTHN",), given={"flow": "USER_AUTH", "password": None}),
    "USER_PASSWORD_AUTH": Scenario(("SMS_MFA",), given={"flow": "USER_PASSWORD_AUTH"}),
    "ADMIN_USER_PASSWORD_AUTH": Scenario(
        ("EMAIL_OTP",), given={"flow": "ADMIN_USER_PASSWORD_AUTH"}, client=app_client(secret=True, admin=True)
    ),
    "ADMIN_NO_SRP_AUTH": Scenario(("ADMIN_NO_SRP_AUTH",), given={"flow": "CUSTOM_AUTH", "password": None}),
    **{name: _after_the_password(name) for name in RIGHT if name not in ("PASSWORD_SRP", "ADMIN_NO_SRP_AUTH")},
}


def record(name: str, scenario: Scenario) -> tuple[list[Point], list[Saved]]:
    """Play the sign-in to its end: a point for each answer of the service, a document for each challenge."""
    service = ScriptedService(*scenario.challenges, **scenario.service)
    given = {"username": LOGIN, "password": PASSWORD, "clock": Clock(), **scenario.given}
    attempt = SignIn(scenario.client, **given)
    attempt.start()
    waits: list[SignIn] = []
    answers: list[Answer] = []
    saved: list[tuple[int, dict[str, Any]]] = []
    while attempt.step is not None and not isinstance(attempt.step, SignedIn):
        call = attempt.step
        if not isinstance(call, Call):
            saved.append((len(answers), attempt.save()))
            attempt.answer(response_to(call))
            continue
        answer = service.call(call.operation, call.parameters)
        if given.get("follow_date"):
            date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(given["clock"].now + 1))
            answer = answer | {"ResponseMetadata": {"HTTPStatusCode": 200, "HTTPHeaders": {"date": date}}}
        waits.append(copied(attempt))
        answers.append(answer)
        attempt.receive(answer)
    assert isinstance(attempt.step, SignedIn)
    kept = ("password", "device", "totp_secret", "clock", "follow_date")
    again = {option: value for option, value in given.items() if option in kept}
    points = [
        Point(f"{name}, answer {at + 1}", waiting, answers[at], tuple(answers[at + 1 :]))
        for at, waiting in enumerate(waits)
    ]
    documents = [
        Saved(f"{name}, saved before answer {at + 1}", scenario.client, document, again, tuple(answers[at:]))
        for at, document in saved
    ]
    return points, documents
