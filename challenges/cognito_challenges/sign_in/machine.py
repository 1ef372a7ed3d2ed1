"""A sign-in as a machine without I/O: it says what to send, takes what came back, and asks when a person must answer.

`state.TRANSITIONS` decides which event may happen when; the functions of `steps` decide what it leads to. Each method
makes one step, or raises and changes nothing. What a method raises is UsageError (the caller's mistake), PeerError (a
malformed or hostile answer) or the ServiceError that it was given; any other exception is a bug of this package.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from cognito_challenges.app_client import AppClient
from cognito_challenges.catalogue import Challenge
from cognito_challenges.catalogue.base import Response
from cognito_challenges.errors import ServiceError
from cognito_challenges.metadata import RequestMetadata
from cognito_srp import Arithmetic, Clock, Device, Entropy, UsageError
from cognito_srp.encoding import wrong_type
from cognito_srp.unpicklable import Unpicklable

from . import steps
from .flows import AuthFlow, FlowName, StepUp
from .inputs import Inputs, check_device, check_type
from .saved import pack, unpack
from .state import ENDS, Event, Snapshot, State, Step, check, check_target


class SignIn(Unpicklable):
    """One attempt to sign one user in.

    username: the login name. password: needed by the flows that prove or send it at once. device: a remembered one.
    totp_secret: Base32; with it the machine answers SOFTWARE_TOKEN_MFA by itself, once.
    flow: an AuthFlow; preferred_challenge, step_up and session (of ConfirmSignUp) go with USER_AUTH only.
    metadata: ClientMetadata, AnalyticsMetadata and the user's context, sent with each request.
    follow_date: correct a skewed clock by the HTTP Date of each answer, where the transport hands it on: by at most a
    day, and for the codes of `totp_secret` by at most 300 seconds.
    entropy: returns n random bytes; clock: returns Unix seconds; arithmetic: an exponentiation to insist on.

    Raises UsageError for what the flow lacks or does not take. An attempt belongs to one thread or task at a time. It
    cannot be pickled: see `save`.
    """

    __slots__ = ("_inputs", "_snapshot")

    def __init__(
        self,
        app_client: AppClient,
        *,
        username: str,
        password: str | None = None,
        device: Device | None = None,
        totp_secret: str | None = None,
        flow: FlowName = "USER_SRP_AUTH",
        preferred_challenge: str | None = None,
        step_up: StepUp | None = None,
        session: str | None = None,
        metadata: RequestMetadata | None = None,
        follow_date: bool = False,
        entropy: Entropy = os.urandom,
        clock: Clock = time.time,
        arithmetic: Arithmetic | None = None,
    ) -> None:
        inputs = Inputs(
            app_client=app_client,
            login=username,
            password=password,
            totp_secret=totp_secret,
            metadata=RequestMetadata() if metadata is None else metadata,
            flow=AuthFlow(name=flow, preferred_challenge=preferred_challenge, step_up=step_up, session=session),
            follow_date=follow_date,
            entropy=entropy,
            clock=clock,
            arithmetic=arithmetic,
        )
        inputs.check()
        check_device(device)
        self._inputs = inputs
        self._snapshot = Snapshot(State.READY, device=device)

    def __repr__(self) -> str:
        # Also of an attempt whose __init__ raised: debuggers show such locals.
        snapshot = getattr(self, "_snapshot", None)
        return f"SignIn({'not made' if snapshot is None else snapshot.state.value})"

    @property
    def state(self) -> State:
        """Where the sign-in stands."""
        return self._snapshot.state

    @property
    def step(self) -> Step | None:
        """What is to be done now: a Call to send, a challenge to answer, or SignedIn.

        None before the start and after a refusal that ended the sign-in. A Call stays the step until its answer was
        received: after a transport failed, `drive` goes on from it.
        """
        return self._snapshot.step

    @property
    def challenge(self) -> Challenge | None:
        """The challenge that waits for an answer, or None."""
        return self._snapshot.challenge if self.state in (State.ASKING, State.ENROLLING) else None

    @property
    def forgotten_device(self) -> str | None:
        """The key of the device that was given but that the pool has forgotten, or None."""
        return self._snapshot.forgotten_device

    def start(self) -> Step:
        """The first request. Raises UsageError when the sign-in has started."""
        check(self.state, Event.START)
        return self._enter(Event.START, steps.initiate(self._inputs, self._snapshot))

    def receive(self, answer: Mapping[str, Any]) -> Step:
        """Take the service's answer to the last Call, as boto3 returns it or as parsed JSON.

        Raises PeerError when it is malformed or hostile: nothing is signed, and the sign-in still waits.
        """
        check(self.state, Event.RECEIVE)
        return self._enter(Event.RECEIVE, steps.receive(self._inputs, self._snapshot, answer))

    def receive_error(self, error: ServiceError) -> Step:
        """Take the service's refusal of the last Call.

        A forgotten device: returns the first request once more, without it. Otherwise the error is raised again; after
        a wrong code and the like (`steps.CORRECTABLE_ERRORS`) the challenge waits for another answer, else the sign-in
        has failed.
        """
        check(self.state, Event.RECEIVE_ERROR)
        check_type("error", error, ServiceError, "a ServiceError")
        snapshot = steps.receive_error(self._inputs, self._snapshot, error)
        if snapshot.state is not State.INITIATING:
            self._enter(Event.RECEIVE_ERROR, snapshot)
            raise error
        return self._enter(Event.RECEIVE_ERROR, snapshot)

    def answer(self, response: Response, *, client_metadata: Mapping[str, str] | None = None) -> Step:
        """Take the answer to the challenge that waits, made by that challenge's own `response(...)`.

        client_metadata: instead of the attempt's own, with this one request.
        Raises UsageError for an answer to another challenge, for responses that the challenge does not take, and when
        a password is needed and none is known.
        """
        challenge = self._waiting(Event.ANSWER)
        if not isinstance(response, Response):
            raise wrong_type("response", response, "what the challenge's `response(...)` returned")
        if response.challenge != challenge.challenge_name:
            raise UsageError("response", "state", f"does not answer the {type(challenge).__name__} that waits")
        metadata = self._inputs.metadata
        if client_metadata is not None:
            metadata = replace(metadata, client_metadata=client_metadata)
        return self._enter(
            Event.ANSWER, steps.answer_challenge(self._inputs, self._snapshot, challenge, response, metadata)
        )

    def save(self) -> dict[str, Any]:
        """The sign-in as a JSON-safe dict, to be resumed by another process while a challenge waits.

        It holds the Session and the challenge, and during TOTP enrolment the new secret, but no password, device
        secret or client secret. Keep it where sessions are kept: on the server, or encrypted. It is of use as long as
        the Session is: 3 to 15 minutes, as the app client is set.
        """
        challenge = self._waiting(Event.SAVE)
        return pack(self._inputs.app_client, self._inputs.login, self._snapshot, challenge)

    @classmethod
    def resume(
        cls,
        app_client: AppClient,
        saved: Mapping[str, Any],
        *,
        password: str | None = None,
        device: Device | None = None,
        totp_secret: str | None = None,
        metadata: RequestMetadata | None = None,
        follow_date: bool = False,
        entropy: Entropy = os.urandom,
        clock: Clock = time.time,
        arithmetic: Arithmetic | None = None,
    ) -> SignIn:
        """The sign-in that `save` wrote, with its challenge waiting in `challenge`.

        device: must be given again when the sign-in began with one. Raises UsageError when `saved` is no such
        document, belongs to another app client, or names another device.
        """
        check_device(device)
        check_type("app_client", app_client, AppClient, "an AppClient")
        login, snapshot = unpack(app_client, saved, device)
        inputs = Inputs(
            app_client=app_client,
            login=login,
            password=password,
            totp_secret=totp_secret,
            metadata=RequestMetadata() if metadata is None else metadata,
            flow=None,
            follow_date=follow_date,
            entropy=entropy,
            clock=clock,
            arithmetic=arithmetic,
        )
        inputs.check()
        attempt = cls.__new__(cls)
        attempt._inputs = inputs
        attempt._snapshot = snapshot
        return attempt

    def _waiting(self, event: Event) -> Challenge:
        check(self.state, event)
        # The table has these events only where a challenge waits.
        return cast("Challenge", self._snapshot.challenge)

    def _enter(self, event: Event, snapshot: Snapshot) -> Step:
        check_target(self.state, event, snapshot.state)
        self._snapshot = snapshot
        if snapshot.state in ENDS:
            self._inputs = self._inputs.without_secrets()
        return cast("Step", snapshot.step)
