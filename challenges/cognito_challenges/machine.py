"""A sign-in as a machine without I/O: it says what to send, takes what came back, and asks when a person must answer.

The moves are in `moves`, the table of them in `transitions.TRANSITIONS`. Each method makes one of them, or raises and
changes nothing.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from cognito_srp import Device, PeerError, UsageError
from cognito_srp.arithmetic import Arithmetic

from .app_client import AppClient, RequestParts
from .catalogue import PersonChallenge, TotpEnrolment, challenge_name
from .challenge import Response
from .clock import FollowingClock
from .errors import ServiceError
from .flows import FlowName, Opening, StepUp
from .givens import Givens
from .moves import READERS, Memory, Move, Step, give_answer, initiate, refused, without_forgotten_device
from .results import document, text
from .saved import pack, unpack
from .transitions import ENDS, Event, State, check, check_target
from .unpicklable import Unpicklable


class SignIn(Unpicklable):
    """One attempt to sign one user in.

    username: the login name. password: needed by the flows that prove or send it at once. device: a remembered one.
    totp_secret: Base32; with it the machine answers SOFTWARE_TOKEN_MFA by itself, once.
    flow: an AuthFlow; preferred_challenge, step_up and session (of ConfirmSignUp) go with USER_AUTH alone.
    parts: ClientMetadata, AnalyticsMetadata and the user's context, sent with each request.
    follow_date: correct a skewed clock by the HTTP Date of each answer, where the transport hands it on.
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
            client=client,
            login=username,
            password=password,
            totp_secret=totp_secret,
            parts=parts or RequestParts(),
            opening=opening,
            clock=FollowingClock(clock),
            entropy=entropy,
            arithmetic=arithmetic,
        )
        self._follow_date = follow_date
        self._memory = Memory(State.READY, username, device=device)

    def __repr__(self) -> str:
        return f"SignIn({self.state.value})"

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
        return self._make(Event.START, initiate(self._givens, self._memory))

    def receive(self, answer: Mapping[str, Any]) -> Step:
        """Take the service's answer to the last Call, as boto3 returns it or as parsed JSON.

        Raises PeerError when it is malformed or hostile: nothing is signed, and the sign-in still waits.
        """
        check(self.state, Event.RECEIVE)
        if not isinstance(answer, Mapping):
            raise PeerError("answer", "type", f"must be an object, not {type(answer).__name__}")
        if self._follow_date:
            date = text(document(document(answer, "ResponseMetadata"), "HTTPHeaders"), "date")
            if date is not None:
                self._givens.clock.follow(date)
        return self._make(Event.RECEIVE, READERS[self.state](self._givens, self._memory, answer))

    def refuse(self, error: ServiceError) -> Step:
        """Take the service's refusal of the last Call.

        A forgotten device: the first request once more, without it. Otherwise the error is raised again; after a
        wrong code and the like (`moves.ANSWERED_AGAIN`) the challenge waits for another answer, else the sign-in has
        failed.
        """
        check(self.state, Event.REFUSE)
        memory = without_forgotten_device(self._memory, error)
        if memory is not self._memory and self._givens.opening is not None:
            return self._make(Event.REFUSE, initiate(self._givens, memory))
        self._enter(Event.REFUSE, refused(memory, error))
        raise error

    def answer(self, response: Response, *, client_metadata: Mapping[str, str] | None = None) -> Step:
        """Take the answer to the challenge that waits, made by that challenge's own `response(...)`.

        client_metadata: instead of the attempt's own, with this one request.
        Raises UsageError for an answer to another challenge, or when a password is needed and none is known.
        """
        challenge = self._waiting(Event.ANSWER)
        if response.challenge != challenge_name(challenge):
            raise UsageError("response", "state", f"does not answer the {type(challenge).__name__} that waits")
        parts = self._givens.parts
        if client_metadata is not None:
            parts = replace(parts, client_metadata=client_metadata)
        return self._make(Event.ANSWER, give_answer(self._givens, self._memory, challenge, response, parts))

    def save(self) -> dict[str, Any]:
        """The sign-in as a JSON-safe dict, to be resumed by another process while a challenge waits.

        It holds the Session and the challenge, and during TOTP enrolment the new secret, but no password, device
        secret or client secret. Keep it where sessions are kept: on the server, or encrypted.
        """
        challenge = self._waiting(Event.SAVE)
        memory = self._memory
        return pack(
            self._givens.client,
            login=self._givens.login,
            username=memory.username,
            session=memory.session,
            challenge=challenge,
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
        follow_date: bool = False,
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
            client=client,
            login=entry.login,
            password=password,
            totp_secret=totp_secret,
            parts=parts or RequestParts(),
            opening=None,
            clock=FollowingClock(clock),
            entropy=entropy,
            arithmetic=arithmetic,
        )
        attempt._follow_date = follow_date
        attempt._memory = Memory(
            State.ENROLLING if isinstance(entry.challenge, TotpEnrolment) else State.ASKING,
            entry.username,
            session=entry.session,
            challenge=entry.challenge,
            device=device,
            forgotten_device=entry.forgotten_device,
        )
        return attempt

    def _waiting(self, event: Event) -> PersonChallenge:
        check(self.state, event)
        # The table has these events only where a challenge waits.
        return cast("PersonChallenge", self._memory.challenge)

    def _make(self, event: Event, move: Move) -> Step:
        memory, step = move
        self._enter(event, memory)
        return step

    def _enter(self, event: Event, memory: Memory) -> None:
        check_target(self.state, event, memory.state)
        self._memory = memory
        if memory.state in ENDS:
            self._givens = self._givens.without_secrets()
