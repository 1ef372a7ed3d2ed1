"""The states of a sign-in, the events that move it, and the one table of what may follow what."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

from cognito_srp import UsageError


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
    REFUSE = "refuse"
    ANSWER = "answer"
    SAVE = "save"


ENDS: Final = frozenset({State.SIGNED_IN, State.FAILED})
"""The last states: no event may happen in them."""

_AFTER_AN_ANSWER: Final = frozenset({State.RESPONDING, State.ASKING, State.SIGNED_IN})

TRANSITIONS: Final[Mapping[tuple[State, Event], frozenset[State]]] = {
    (State.READY, Event.START): frozenset({State.INITIATING}),
    (State.INITIATING, Event.RECEIVE): _AFTER_AN_ANSWER,
    (State.INITIATING, Event.REFUSE): frozenset({State.INITIATING, State.FAILED}),
    (State.RESPONDING, Event.RECEIVE): _AFTER_AN_ANSWER,
    (State.RESPONDING, Event.REFUSE): frozenset({State.INITIATING, State.ASKING, State.FAILED}),
    (State.ASKING, Event.ANSWER): frozenset({State.RESPONDING, State.ASSOCIATING}),
    (State.ASKING, Event.SAVE): frozenset({State.ASKING}),
    (State.ASSOCIATING, Event.RECEIVE): frozenset({State.ENROLLING}),
    (State.ASSOCIATING, Event.REFUSE): frozenset({State.ASKING, State.FAILED}),
    (State.ENROLLING, Event.ANSWER): frozenset({State.VERIFYING}),
    (State.ENROLLING, Event.SAVE): frozenset({State.ENROLLING}),
    (State.VERIFYING, Event.RECEIVE): frozenset({State.RESPONDING, State.ENROLLING}),
    (State.VERIFYING, Event.REFUSE): frozenset({State.ENROLLING, State.FAILED}),
}
"""(state, event) to the states that may follow. A pair that is not here is the caller's error and changes nothing."""


def check(state: State, event: Event) -> None:
    """Raise UsageError when the event may not happen in this state."""
    if (state, event) not in TRANSITIONS:
        raise UsageError("sign-in", "state", f"cannot {event.value}: it is {state.value}")


def check_target(state: State, event: Event, target: State) -> None:
    """Raise RuntimeError when a move would leave the table: a defect of this package, not of its caller."""
    if target not in TRANSITIONS[state, event]:
        raise RuntimeError(f"{event.value} led from {state.name} to {target.name}, which is no transition")
