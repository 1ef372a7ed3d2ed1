"""Every pair of state and event: what the table allows goes where it says, and nothing else changes anything."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from cognito_challenges import Call, Response, ServiceError, SignIn, State, UsageError
from cognito_challenges.sign_in.state import ENDS, TRANSITIONS, Event, check_target
from support.right_answers import CODE, PASSWORD, response_to
from support.scripted import DEVICE, USERNAME, ScriptedService, app_client

WRONG_CODE = ServiceError("CodeMismatchException", "Invalid code or auth state for the user.")
REFUSAL = ServiceError("NotAuthorizedException", "Incorrect username or password.")
DEVICE_IS_GONE = ServiceError("ResourceNotFoundException", "Device does not exist.")
TOKENS = {"AuthenticationResult": {"AccessToken": "access", "ExpiresIn": 3600}}
SESSION = "session".ljust(24, "-")
CODE_ASKED = {"ChallengeName": "SMS_MFA", "ChallengeParameters": {}, "Session": SESSION}


def ready() -> SignIn:
    return SignIn(app_client(), username=USERNAME, password=PASSWORD, device=DEVICE)


def initiating() -> SignIn:
    attempt = ready()
    attempt.start()
    return attempt


def responding() -> SignIn:
    """With the answer to a person's challenge on its way."""
    attempt = asking()
    attempt.answer(Response("SMS_MFA", {"SMS_MFA_CODE": CODE}))
    return attempt


def asking(challenge: str = "SMS_MFA") -> SignIn:
    attempt = initiating()
    attempt.receive({"ChallengeName": challenge, "ChallengeParameters": {}, "Session": SESSION})
    return attempt


def associating() -> SignIn:
    attempt = asking("MFA_SETUP")
    attempt.answer(Response("MFA_SETUP", {}))
    return attempt


def enrolling() -> SignIn:
    attempt = associating()
    attempt.receive({"SecretCode": "JBSWY3DPEHPK3PXP", "Session": SESSION})
    return attempt


def verifying() -> SignIn:
    attempt = enrolling()
    attempt.answer(response_to(attempt.challenge))
    return attempt


def signed_in() -> SignIn:
    attempt = responding()
    attempt.receive(TOKENS)
    return attempt


def failed() -> SignIn:
    attempt = initiating()
    with pytest.raises(ServiceError):
        attempt.receive_error(REFUSAL)
    return attempt


REACHED: dict[State, Callable[[], SignIn]] = {
    State.READY: ready,
    State.INITIATING: initiating,
    State.RESPONDING: responding,
    State.ASKING: asking,
    State.ASSOCIATING: associating,
    State.ENROLLING: enrolling,
    State.VERIFYING: verifying,
    State.SIGNED_IN: signed_in,
    State.FAILED: failed,
}


def first_proof(attempt: SignIn) -> Any:
    """PASSWORD_VERIFIER, which the machine answers at once."""
    service = ScriptedService("PASSWORD_VERIFIER")
    retried = SignIn(app_client(), username=USERNAME, password=PASSWORD).start()
    assert isinstance(retried, Call)
    # SRP_B fits any SRP_A: only the service would notice.
    return attempt.receive(service.call(retried.operation, retried.parameters))


MOVES: dict[tuple[State, Event, State], Callable[[SignIn], Any]] = {
    (State.READY, Event.START, State.INITIATING): lambda attempt: attempt.start(),
    (State.INITIATING, Event.RECEIVE, State.RESPONDING): first_proof,
    (State.INITIATING, Event.RECEIVE, State.ASKING): lambda attempt: attempt.receive(CODE_ASKED),
    (State.INITIATING, Event.RECEIVE, State.SIGNED_IN): lambda attempt: attempt.receive(TOKENS),
    (State.INITIATING, Event.RECEIVE_ERROR, State.INITIATING): lambda attempt: attempt.receive_error(DEVICE_IS_GONE),
    (State.INITIATING, Event.RECEIVE_ERROR, State.FAILED): lambda attempt: attempt.receive_error(REFUSAL),
    (State.RESPONDING, Event.RECEIVE, State.RESPONDING): lambda attempt: attempt.receive(
        {"ChallengeName": "DEVICE_SRP_AUTH"}
    ),
    (State.RESPONDING, Event.RECEIVE, State.ASKING): lambda attempt: attempt.receive(CODE_ASKED),
    (State.RESPONDING, Event.RECEIVE, State.SIGNED_IN): lambda attempt: attempt.receive(TOKENS),
    (State.RESPONDING, Event.RECEIVE_ERROR, State.INITIATING): lambda attempt: attempt.receive_error(DEVICE_IS_GONE),
    (State.RESPONDING, Event.RECEIVE_ERROR, State.ASKING): lambda attempt: attempt.receive_error(WRONG_CODE),
    (State.RESPONDING, Event.RECEIVE_ERROR, State.FAILED): lambda attempt: attempt.receive_error(REFUSAL),
    (State.ASKING, Event.ANSWER, State.RESPONDING): lambda attempt: attempt.answer(response_to(attempt.challenge)),
    (State.ASKING, Event.ANSWER, State.ASSOCIATING): lambda attempt: attempt.answer(Response("MFA_SETUP", {})),
    (State.ASKING, Event.SAVE, State.ASKING): lambda attempt: attempt.save(),
    (State.ASSOCIATING, Event.RECEIVE, State.ENROLLING): lambda attempt: attempt.receive(
        {"SecretCode": "JBSWY3DPEHPK3PXP", "Session": SESSION}
    ),
    (State.ASSOCIATING, Event.RECEIVE_ERROR, State.ASKING): lambda attempt: attempt.receive_error(
        ServiceError("TooManyRequestsException")
    ),
    (State.ASSOCIATING, Event.RECEIVE_ERROR, State.FAILED): lambda attempt: attempt.receive_error(DEVICE_IS_GONE),
    (State.ENROLLING, Event.ANSWER, State.VERIFYING): lambda attempt: attempt.answer(response_to(attempt.challenge)),
    (State.ENROLLING, Event.SAVE, State.ENROLLING): lambda attempt: attempt.save(),
    (State.VERIFYING, Event.RECEIVE, State.RESPONDING): lambda attempt: attempt.receive(
        {"Status": "SUCCESS", "Session": SESSION}
    ),
    (State.VERIFYING, Event.RECEIVE, State.ENROLLING): lambda attempt: attempt.receive({"Status": "ERROR"}),
    (State.VERIFYING, Event.RECEIVE_ERROR, State.ENROLLING): lambda attempt: attempt.receive_error(
        ServiceError("EnableSoftwareTokenMFAException", "Code mismatch")
    ),
    (State.VERIFYING, Event.RECEIVE_ERROR, State.FAILED): lambda attempt: attempt.receive_error(DEVICE_IS_GONE),
}
"""One move for each target of each row of the table."""

EVENTS: dict[Event, Callable[[SignIn], Any]] = {
    Event.START: lambda attempt: attempt.start(),
    Event.RECEIVE: lambda attempt: attempt.receive(TOKENS),
    Event.RECEIVE_ERROR: lambda attempt: attempt.receive_error(REFUSAL),
    Event.ANSWER: lambda attempt: attempt.answer(Response("SMS_MFA", {"SMS_MFA_CODE": CODE})),
    Event.SAVE: lambda attempt: attempt.save(),
}


def label(value: object) -> str | None:
    return value.name if isinstance(value, State | Event) else None


@pytest.mark.parametrize("state", State, ids=label)
def test_each_state_can_be_reached(state: State) -> None:
    assert REACHED[state]().state is state


def test_each_target_of_the_table_has_its_move() -> None:
    assert MOVES.keys() == {(*pair, target) for pair, targets in TRANSITIONS.items() for target in targets}


@pytest.mark.parametrize(("state", "event", "target"), MOVES, ids=label)
def test_an_allowed_event_goes_where_the_table_says(state: State, event: Event, target: State) -> None:
    attempt = asking("MFA_SETUP") if target is State.ASSOCIATING else REACHED[state]()
    move = MOVES[state, event, target]
    if event is Event.RECEIVE_ERROR and target is not State.INITIATING:
        with pytest.raises(ServiceError):
            move(attempt)
    else:
        move(attempt)
    assert attempt.state is target


@pytest.mark.parametrize(
    ("state", "event"), sorted(set(product(State, Event)) - TRANSITIONS.keys(), key=str), ids=label
)
def test_any_other_event_is_refused_and_changes_nothing(state: State, event: Event) -> None:
    attempt = REACHED[state]()
    before = attempt._snapshot, attempt._inputs
    with pytest.raises(UsageError) as refusal:
        EVENTS[event](attempt)
    assert refusal.value.reason == "state"
    assert state.value in str(refusal.value)
    assert (attempt._snapshot, attempt._inputs) == before
    assert attempt._snapshot is before[0]


def test_the_last_states_are_those_without_a_row() -> None:
    assert {state for state in State if not any(row[0] is state for row in TRANSITIONS)} == ENDS


def test_a_move_out_of_the_table_is_our_own_defect() -> None:
    with pytest.raises(RuntimeError, match="READY"):
        check_target(State.READY, Event.START, State.SIGNED_IN)


@pytest.mark.parametrize("state", sorted(ENDS, key=str), ids=label)
def test_a_sign_in_that_is_over_lets_go_of_its_secrets(state: State) -> None:
    attempt = REACHED[state]()
    assert attempt._inputs.password is None
    assert attempt._inputs.totp_secret is None
    assert attempt._inputs.flow is None
    assert (attempt._snapshot.proof, attempt._snapshot.device, attempt._snapshot.session) == (None, None, None)
