"""The states of a sign-in, the events that move it, the one table of what may follow what, and what is remembered.

The table decides which event may happen in which state, and to which states it may lead. The functions of `steps`
decide which of those states it is, and what is remembered there. Both are checked at each event: a pair that is not in
the table is the caller's error, and a step that leads to a state which the table does not list is a defect of this
package.

A refused answer changes nothing: `Snapshot` is immutable, and the machine takes the next one only from a step that
returned.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Final

from cognito_challenges.answers import SignedIn
from cognito_challenges.catalogue import Challenge
from cognito_challenges.requests import Call
from cognito_srp import Device, DeviceSession, PasswordSession, UsageError
from cognito_srp.unpicklable import Unpicklable

Step = Call | SignedIn | Challenge
"""What a sign-in does next: a request to be sent, the end, or a challenge that waits for an answer."""


class State(Enum):
    """Where a sign-in stands; the value says it in words."""

    READY = "not started"
    INITIATING = "waiting for the answer to InitiateAuth"
    RESPONDING = "waiting for the answer to RespondToAuthChallenge"
    ASKING = "waiting for an answer to a challenge"
    ASSOCIATING = "waiting for the answer to AssociateSoftwareToken"
    ENROLLING = "waiting for the first code of an authenticator app"
    VERIFYING = "waiting for the answer to VerifySoftwareToken"
    SIGNED_IN = "signed in"
    FAILED = "refused by the service"


class Event(Enum):
    """What happens to a sign-in: the method of SignIn that is called."""

    START = "start"
    RECEIVE = "receive"
    RECEIVE_ERROR = "receive_error"
    ANSWER = "answer"
    SAVE = "save"


ENDS: Final = frozenset({State.SIGNED_IN, State.FAILED})
"""The last states: no event may happen in them."""

_AFTER_AN_ANSWER: Final = frozenset({State.RESPONDING, State.ASKING, State.SIGNED_IN})

TRANSITIONS: Final[Mapping[tuple[State, Event], frozenset[State]]] = {
    (State.READY, Event.START): frozenset({State.INITIATING}),
    (State.INITIATING, Event.RECEIVE): _AFTER_AN_ANSWER,
    (State.INITIATING, Event.RECEIVE_ERROR): frozenset({State.INITIATING, State.FAILED}),
    (State.RESPONDING, Event.RECEIVE): _AFTER_AN_ANSWER,
    (State.RESPONDING, Event.RECEIVE_ERROR): frozenset({State.INITIATING, State.ASKING, State.FAILED}),
    (State.ASKING, Event.ANSWER): frozenset({State.RESPONDING, State.ASSOCIATING}),
    (State.ASKING, Event.SAVE): frozenset({State.ASKING}),
    (State.ASSOCIATING, Event.RECEIVE): frozenset({State.ENROLLING}),
    (State.ASSOCIATING, Event.RECEIVE_ERROR): frozenset({State.ASKING, State.FAILED}),
    (State.ENROLLING, Event.ANSWER): frozenset({State.VERIFYING}),
    (State.ENROLLING, Event.SAVE): frozenset({State.ENROLLING}),
    (State.VERIFYING, Event.RECEIVE): frozenset({State.RESPONDING, State.ENROLLING}),
    (State.VERIFYING, Event.RECEIVE_ERROR): frozenset({State.ENROLLING, State.FAILED}),
}
"""(state, event) to the states that may follow."""


@dataclass(frozen=True, slots=True)
class Snapshot(Unpicklable):
    """Everything that changes during a sign-in, as it is at one moment.

    state: where it stands. step: what is to be done there; None before the start and after a refusal.
    username: the name that the service called the user by, None until it did. session: as last received, to be sent
    back. challenge: what waits for an answer, or was answered last. device: the one to name and to prove;
    forgotten_device: the key of the one that the pool has forgotten. proof: the session whose SRP_A was sent.
    answered: challenges that were answered without asking the caller, each once, so that a hostile service cannot
    collect proofs of the password or codes. correction: seconds to add to the clock to get the service's time.
    """

    state: State
    step: Step | None = None
    username: str | None = None
    session: str | None = field(default=None, repr=False)
    challenge: Challenge | None = None
    device: Device | None = None
    forgotten_device: str | None = None
    proof: PasswordSession | DeviceSession | None = None
    answered: frozenset[str] = frozenset()
    correction: float = 0.0


def check(state: State, event: Event) -> None:
    """Raise UsageError when the event may not happen in this state."""
    if (state, event) not in TRANSITIONS:
        raise UsageError("sign-in", "state", f"cannot {event.value}: it is {state.value}")


def check_target(state: State, event: Event, target: State) -> None:
    """Raise RuntimeError when a step would leave the table: a defect of this package, not of its caller."""
    if target not in TRANSITIONS[state, event]:
        raise RuntimeError(f"{event.value} led from {state.name} to {target.name}: the table does not have that")
