"""A sign-in as a machine without I/O: it says what to send, takes what came back, and asks when a person must answer.

The moves are in `transitions.TRANSITIONS`. Each method either makes one of them or raises and changes nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Any, Final, NoReturn

from cognito_srp import Device, DeviceSession, PasswordSession, PeerError, UsageError
from cognito_srp.arithmetic import Arithmetic

from . import requests, totp
from .app_client import AppClient, RequestParts
from .catalogue import (
    MfaSetup,
    OtherChallenge,
    PersonChallenge,
    SelectChallenge,
    SelectMfaType,
    SoftwareTokenMfa,
    TotpEnrolment,
    read_challenge,
)
from .challenge import Response
from .errors import ServiceError
from .flows import FlowName, Opening, StepUp
from .givens import Givens
from .requests import Call
from .results import SignedIn, document, read_asked, read_tokens, required_text, text
from .saved import pack, unpack
from .transitions import TRANSITIONS, Event, State, check

Step = Call | SignedIn | PersonChallenge
"""What a sign-in does next: a request to be sent, a challenge for a person, or the end."""

ANSWERED_AGAIN: Final = frozenset(
    {
        "CodeMismatchException",
        "EnableSoftwareTokenMFAException",
        "InternalErrorException",
        "InvalidParameterException",
        "InvalidPasswordException",
        "PasswordHistoryPolicyViolationException",
        "TooManyRequestsException",
    }
)
"""Refusals after which the same challenge can be answered once more, with the same Session."""

_BEFORE: Final = {
    State.RESPONDING: State.ASKING,
    State.ASSOCIATING: State.ASKING,
    State.VERIFYING: State.ENROLLING,
}


@dataclass(frozen=True, slots=True)
class _Memory:
    """All that changes during a sign-in. username: the one to send; challenge: what was last asked."""

    state: State
    username: str
    session: str | None = field(default=None, repr=False)
    challenge: PersonChallenge | None = None
    device: Device | None = None
    forgotten_device: str | None = None
    proof: PasswordSession | DeviceSession | None = None
    clock_offset: float = 0.0
    gave_totp: bool = False


class SignIn:
    """One attempt to sign one user in.

    username: the login name. password: needed by the flows that prove or send it at once. device: a remembered one.
    totp_secret: Base32; with it the machine answers SOFTWARE_TOKEN_MFA by itself, once.
    flow: an AuthFlow; preferred_challenge, step_up and session (of ConfirmSignUp) go with USER_AUTH alone.
    parts: ClientMetadata, AnalyticsMetadata and the user's context, sent with each request.
    follow_date: correct a skewed clock by the HTTP Date of the answer to InitiateAuth, when the transport hands it on.
    entropy: returns n random bytes; clock: returns Unix seconds; arithmetic: an exponentiation to insist on.

    Raises UsageError for what the flow lacks or does not take. It cannot be pickled: see `save`.
    """

    def __init__(
        self,
        client: AppClient,
        *,
        username: str,
        password: str | None = None,
        device: Device | None = None,
        totp_secret: str | None = None,
        flow: FlowName = "USER_SRP_AUTH",
        preferred_challenge: str | None = None,
        step_up: StepUp | None = None,
        session: str | None = None,
        parts: RequestParts | None = None,
        follow_date: bool = False,
        entropy: Callable[[int], bytes] = os.urandom,
        clock: Callable[[], float] = time.time,
        arithmetic: Arithmetic | None = None,
    ) -> None:
        opening = Opening(flow, preferred_challenge, step_up, session)
        opening.check(password=password, admin=client.admin)
        self._givens = Givens(
            client, username, password, totp_secret, parts or RequestParts(), entropy, clock, arithmetic
        )
        self._opening: Opening | None = opening
        self._follow_date = follow_date
        self._memory = _Memory(State.READY, username, device=device)

    def __repr__(self) -> str:
        return f"SignIn({self.state.value})"

    def __reduce__(self) -> NoReturn:
        raise UsageError("sign-in", "state", "holds secrets and cannot be pickled or copied; save() leaves them out")

    @property
    def state(self) -> State:
        """Where the sign-in stands."""
        return self._memory.state

    @property
    def challenge(self) -> PersonChallenge | None:
        """The challenge that waits for an answer, or None."""
        return self._memory.challenge if self.state in (State.ASKING, State.ENROLLING) else None

    @property
    def forgotten_device(self) -> str | None:
        """The key of the device that was given but that the pool has forgotten, or None."""
        return self._memory.forgotten_device

    def start(self) -> Step:
        """The first request. Raises UsageError when the sign-in has started."""
        check(self.state, Event.START)
        return self._transact(Event.START, self._initiate)

    def receive(self, answer: Mapping[str, Any]) -> Step:
        """Take the service's answer to the last Call, as boto3 returns it or as parsed JSON.

        Raises PeerError when it is malformed or hostile: nothing is signed, and the sign-in still waits.
        """
        check(self.state, Event.RECEIVE)
        readers: dict[State, Callable[[Mapping[str, Any]], Step]] = {
            State.INITIATING: self._read_first_answer,
            State.RESPONDING: self._read_answer,
            State.ASSOCIATING: self._read_association,
            State.VERIFYING: self._read_verification,
        }
        read = readers[self.state]
        return self._transact(Event.RECEIVE, lambda: read(answer))

    def refuse(self, error: ServiceError) -> Step:
        """Take the service's refusal of the last Call.

        A forgotten device: the first request once more, without it. Otherwise the error is raised again; after a
        wrong code and the like (`ANSWERED_AGAIN`) the challenge waits for another answer, else the sign-in has failed.
        """
        check(self.state, Event.REFUSE)
        memory = self._memory
        if memory.device is not None and _device_is_gone(error):
            self._memory = replace(memory, device=None, forgotten_device=memory.device.key)
            if self._opening is not None:
                return self._transact(Event.REFUSE, self._initiate)
        if memory.challenge is not None and error.code in ANSWERED_AGAIN:
            self._move(Event.REFUSE, _BEFORE[memory.state])
        else:
            self._finish(Event.REFUSE, State.FAILED)
        raise error

    def answer(self, response: Response, *, client_metadata: Mapping[str, str] | None = None) -> Step:
        """Take the answer to the challenge that waits, made by that challenge's own `response(...)`.

        client_metadata: instead of the attempt's own, with this one request.
        Raises UsageError for an answer to another challenge, or when a password is needed and none is known.
        """
        check(self.state, Event.ANSWER)
        challenge = self._memory.challenge
        assert challenge is not None  # noqa: S101
        expected = challenge.challenge_name if isinstance(challenge, OtherChallenge) else challenge.name
        if response.challenge != expected:
            raise UsageError("response", "state", f"answers {response.challenge}, but {expected} waits")
        parts = (
            self._givens.parts
            if client_metadata is None
            else replace(self._givens.parts, client_metadata=client_metadata)
        )
        return self._transact(Event.ANSWER, lambda: self._answer(challenge, response, parts))

    def save(self) -> dict[str, Any]:
        """The sign-in as a JSON-safe dict, to be resumed by another process while a challenge waits.

        It holds the Session and the challenge, and during TOTP enrolment the new secret, but no password, device
        secret or client secret. Keep it where sessions are kept: on the server, or encrypted.
        """
        check(self.state, Event.SAVE)
        memory = self._memory
        assert memory.challenge is not None  # noqa: S101
        return pack(
            self._givens.client,
            login=self._givens.login,
            username=memory.username,
            session=memory.session,
            challenge=memory.challenge,
            device_key=memory.device.key if memory.device else None,
            forgotten_device=memory.forgotten_device,
        )

    @classmethod
    def resume(
        cls,
        client: AppClient,
        saved: Mapping[str, Any],
        *,
        password: str | None = None,
        device: Device | None = None,
        totp_secret: str | None = None,
        parts: RequestParts | None = None,
        entropy: Callable[[int], bytes] = os.urandom,
        clock: Callable[[], float] = time.time,
        arithmetic: Arithmetic | None = None,
    ) -> SignIn:
        """The sign-in that `save` wrote, with its challenge waiting in `challenge`.

        device: must be given again when the sign-in began with one. Raises UsageError when `saved` is no such
        document, belongs to another app client, or names another device.
        """
        entry = unpack(client, saved)
        if entry.device_key != (device.key if device else None):
            raise UsageError("device", "mismatch", "is not the one that the sign-in began with")
        attempt = cls.__new__(cls)
        attempt._givens = Givens(
            client, entry.login, password, totp_secret, parts or RequestParts(), entropy, clock, arithmetic
        )
        attempt._opening = None
        attempt._follow_date = False
        state = State.ENROLLING if isinstance(entry.challenge, TotpEnrolment) else State.ASKING
        attempt._memory = _Memory(
            state,
            entry.username,
            session=entry.session,
            challenge=entry.challenge,
            device=device,
            forgotten_device=entry.forgotten_device,
        )
        return attempt

    # Moves: each returns the next step and leaves the new memory behind.

    def _initiate(self) -> Call:
        opening = self._opening
        assert opening is not None  # noqa: S101
        proof = self._givens.password_session(self._now) if opening.sends_srp_a(self._givens.password) else None
        parameters = opening.auth_parameters(self._givens.login, self._givens.password, proof.srp_a if proof else None)
        parameters |= self._givens.identification(self._givens.login, self._memory.device)
        self._memory = replace(
            self._memory, state=State.INITIATING, username=self._givens.login, session=None, challenge=None, proof=proof
        )
        return requests.initiate_auth(
            self._givens.client, opening.flow, parameters, self._givens.parts, opening.session
        )

    def _read_first_answer(self, answer: Mapping[str, Any]) -> Step:
        if self._follow_date:
            date = text(document(document(answer, "ResponseMetadata"), "HTTPHeaders"), "date")
            if date is not None:
                self._memory = replace(self._memory, clock_offset=_unix_seconds(date) - self._givens.clock())
        return self._read_answer(answer)

    def _read_answer(self, answer: Mapping[str, Any]) -> Step:
        asked = read_asked(answer)
        if asked is None:
            tokens, new_device = read_tokens(answer)
            self._finish(Event.RECEIVE, State.SIGNED_IN)
            return SignedIn(tokens, self._memory.username, new_device, self._memory.forgotten_device)
        self._memory = replace(
            self._memory,
            username=asked.parameters.get("USERNAME") or self._memory.username,
            session=asked.session,
            challenge=None,
        )
        return self._face(asked.name, asked.parameters, asked.available)

    def _face(self, name: str, parameters: Mapping[str, str], available: tuple[str, ...]) -> Step:
        """Answer what the machine can answer, and hand everything else to the caller."""
        proof, device = self._memory.proof, self._memory.device
        if name == "PASSWORD_VERIFIER":
            if not isinstance(proof, PasswordSession):
                raise PeerError("ChallengeName", "state", "asks for a proof though no SRP_A of a password was sent")
            return self._respond(name, proof.prove(parameters).responses())
        if name == "DEVICE_SRP_AUTH":
            if device is None:
                raise PeerError("ChallengeName", "state", "asks for a device though no DEVICE_KEY was sent")
            fresh = self._givens.device_session(device, self._now)
            self._memory = replace(self._memory, proof=fresh)
            return self._respond(name, {"SRP_A": fresh.srp_a})
        if name == "DEVICE_PASSWORD_VERIFIER":
            if not isinstance(proof, DeviceSession):
                raise PeerError("ChallengeName", "state", "asks for a proof though no SRP_A of a device was sent")
            return self._respond(name, proof.prove(parameters).responses())
        challenge = read_challenge(name, parameters, available)
        self._memory = replace(self._memory, state=State.ASKING, challenge=challenge)
        if name == "PASSWORD_SRP" and self._givens.password is not None:
            return self._prove_anew(name, {}, None)
        if self._givens.totp_secret is not None and not self._memory.gave_totp:
            if isinstance(challenge, SelectMfaType) and SoftwareTokenMfa.name in challenge.choices:
                return self._respond(name, challenge.response(SoftwareTokenMfa.name).responses)
            if isinstance(challenge, SoftwareTokenMfa):
                self._memory = replace(self._memory, gave_totp=True)
                return self._respond(
                    name, challenge.response(totp.code(self._givens.totp_secret, self._now())).responses
                )
        return challenge

    def _answer(self, challenge: PersonChallenge, response: Response, parts: RequestParts) -> Call:
        responses = dict(response.responses)
        if isinstance(challenge, TotpEnrolment):
            self._memory = replace(self._memory, state=State.VERIFYING)
            return requests.verify_software_token(
                self._memory.session, responses["UserCode"], responses.get("FriendlyDeviceName")
            )
        if isinstance(challenge, MfaSetup) and not responses:
            self._memory = replace(self._memory, state=State.ASSOCIATING)
            return requests.associate_software_token(self._memory.session)
        choice = responses.get("ANSWER") if isinstance(challenge, SelectChallenge) else challenge.name
        if choice == "PASSWORD_SRP":
            return self._prove_anew(response.challenge, responses, response.password, parts)
        if choice in ("PASSWORD", "ADMIN_NO_SRP_AUTH"):
            responses["PASSWORD"] = self._givens.needed_password(response.password)
        return self._respond(response.challenge, responses, parts)

    def _read_association(self, answer: Mapping[str, Any]) -> Step:
        challenge = TotpEnrolment(secret_code=required_text(answer, "SecretCode"), account=self._givens.login)
        self._memory = replace(
            self._memory, state=State.ENROLLING, session=text(answer, "Session"), challenge=challenge
        )
        return challenge

    def _read_verification(self, answer: Mapping[str, Any]) -> Step:
        session = text(answer, "Session")
        challenge = self._memory.challenge
        if required_text(answer, "Status") != "SUCCESS" and challenge is not None:
            self._memory = replace(
                self._memory, state=State.ENROLLING, session=session if session else self._memory.session
            )
            return challenge
        self._memory = replace(self._memory, session=session, challenge=None)
        return self._respond(MfaSetup.name, {})

    # Parts that several moves share.

    def _respond(self, challenge: str, responses: Mapping[str, str], parts: RequestParts | None = None) -> Call:
        memory = self._memory
        identified = {"USERNAME": memory.username, **responses}
        identified |= self._givens.identification(memory.username, memory.device)
        self._memory = replace(memory, state=State.RESPONDING)
        return requests.respond_to_auth_challenge(
            self._givens.client, challenge, identified, parts or self._givens.parts, memory.session
        )

    def _prove_anew(
        self, challenge: str, responses: Mapping[str, str], password: str | None, parts: RequestParts | None = None
    ) -> Call:
        proof = self._givens.password_session(self._now, password)
        self._memory = replace(self._memory, proof=proof)
        return self._respond(challenge, {**responses, "SRP_A": proof.srp_a}, parts)

    def _now(self) -> float:
        return self._givens.clock() + self._memory.clock_offset

    def _move(self, event: Event, state: State) -> None:
        assert state in TRANSITIONS[self.state, event]  # noqa: S101
        self._memory = replace(self._memory, state=state)

    def _finish(self, event: Event, state: State) -> None:
        """Enter a last state and let go of the secrets."""
        self._move(event, state)
        self._memory = replace(self._memory, proof=None, challenge=None, session=None, device=None)
        self._givens = replace(self._givens, password=None, totp_secret=None)

    def _transact(self, event: Event, move: Callable[[], Step]) -> Step:
        before = self._memory
        try:
            step = move()
        except BaseException:
            self._memory = before
            raise
        assert self.state in TRANSITIONS[before.state, event]  # noqa: S101
        return step


def _device_is_gone(error: ServiceError) -> bool:
    return error.code == "ResourceNotFoundException" and "device does not exist" in error.message.lower()


def _unix_seconds(date: str) -> float:
    try:
        return parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        raise PeerError("Date", "syntax", "is not an HTTP date") from None
