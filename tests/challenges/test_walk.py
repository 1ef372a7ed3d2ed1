"""Ten thousand steps of sign-ins against services that answer rightly, wrongly, with malice, or not at all.

Whatever comes, the machine goes where its table says, or raises one of the three documented errors and stays where it
was; nothing else gets out.
"""

from __future__ import annotations

import json
from typing import Any, ClassVar

import hypothesis.strategies as st
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from cognito_challenges import Call, PeerError, Response, ServiceError, SignedIn, SignIn, State, Step, UsageError
from cognito_challenges.catalogue import PROOFS
from cognito_challenges.sign_in.flows import FLOWS
from cognito_challenges.sign_in.state import ENDS, TRANSITIONS, Event
from cognito_challenges.sign_in.steps import CORRECTABLE_ERRORS
from support.right_answers import PASSWORD, RIGHT, TOTP_SECRET, response_to
from support.scripted import CLIENT_SECRET, DEVICE, LOGIN, TOKENS, ScriptedService, app_client

STEPS = 10_000
SECRETS = (PASSWORD, TOTP_SECRET, CLIENT_SECRET, DEVICE.password)
NAMES = [*RIGHT, *PROOFS, "TOTP_ENROLMENT", "*", ""]
CODES = [*sorted(CORRECTABLE_ERRORS), "NotAuthorizedException", "ResourceNotFoundException", "Unknown", ""]
scripts = st.lists(st.sampled_from([*RIGHT, "PASSWORD_VERIFIER", "DEVICE_SRP_AUTH"]), max_size=4)
junk = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.sampled_from(["0", "-1", "[]", "{}", "[1]"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)
members = st.sampled_from(
    [
        "ChallengeName",
        "ChallengeParameters",
        "Session",
        "AvailableChallenges",
        "AuthenticationResult",
        "SecretCode",
        "Status",
        "ResponseMetadata",
    ]
)
parameters = st.dictionaries(
    st.sampled_from(
        [
            "SALT",
            "SRP_B",
            "SECRET_BLOCK",
            "USER_ID_FOR_SRP",
            "USERNAME",
            "MFAS_CAN_SETUP",
            "MFAS_CAN_CHOOSE",
            "requiredAttributes",
            "userAttributes",
            "CREDENTIAL_REQUEST_OPTIONS",
            "CODE_DELIVERY_DESTINATION",
        ]
    ),
    junk,
    max_size=6,
)
hostile = (
    junk
    | st.dictionaries(members, junk, max_size=4)
    | st.fixed_dictionaries(
        {"ChallengeName": st.sampled_from(NAMES)}, optional={"ChallengeParameters": parameters, "Session": junk}
    )
)
flows = st.sampled_from([flow for flow, rule in FLOWS.items() if not rule.admin])


class Walk(RuleBasedStateMachine):
    """One sign-in. `call` is what it last wanted to send."""

    steps = 0
    reached: ClassVar[set[State]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.client = app_client(secret=True)
        self.begin("USER_SRP_AUTH", None, [], True, True)

    @rule(
        flow=flows,
        preferred=st.none() | st.sampled_from(NAMES),
        script=scripts,
        totp=st.booleans(),
        sessions=st.booleans(),
    )
    def begin(self, flow: Any, preferred: str | None, script: list[str], totp: bool, sessions: bool) -> None:
        """Give the sign-in up and prepare another."""
        Walk.steps += 1
        self.service = ScriptedService(*script, sessions=sessions)
        self.call: Call | None = None
        try:
            self.attempt = SignIn(
                self.client,
                username=LOGIN,
                password=PASSWORD,
                device=DEVICE,
                totp_secret=TOTP_SECRET if totp else None,
                flow=flow,
                preferred_challenge=preferred,
                follow_date=totp,
            )
        except UsageError:
            self.begin("USER_SRP_AUTH", None, script, totp, sessions)

    @rule(sessions=st.booleans())
    def begin_an_enrolment(self, sessions: bool) -> None:
        """A new sign-in, up to where the first code of an authenticator app is checked."""
        self.begin("USER_SRP_AUTH", None, ["PASSWORD_VERIFIER", "MFA_SETUP"], False, sessions)
        self.go_on_rightly(6)

    @rule()
    def start(self) -> None:
        self.do(Event.START, self.attempt.start)

    @precondition(lambda self: self.call is not None)
    @rule()
    def answer_rightly(self) -> None:
        """What the scripted service answers, a refusal included."""
        try:
            answer = self.service.call(self.call.operation, self.call.parameters)
        except ServiceError as error:
            refusal = error
            self.do(Event.RECEIVE_ERROR, lambda: self.attempt.receive_error(refusal))
        except (PeerError, KeyError):
            pass  # What was asked out of turn, the service cannot read: it gives no answer.
        else:
            self.do(Event.RECEIVE, lambda: self.attempt.receive(answer))

    @rule(steps=st.integers(1, 8))
    def go_on_rightly(self, steps: int) -> None:
        """Some steps of the ordinary course."""
        for _ in range(steps):
            if self.call is not None:
                self.answer_rightly()
            elif self.attempt.challenge is not None:
                self.give_the_right_response()
            elif self.attempt.state is State.READY:
                self.start()

    @rule(answer=hostile)
    def answer_with_malice(self, answer: Any) -> None:
        self.do(Event.RECEIVE, lambda: self.attempt.receive(answer))

    @rule(tokens=st.dictionaries(st.sampled_from([*TOKENS, "NewDeviceMetadata"]), junk, max_size=3))
    def answer_with_tokens(self, tokens: dict[str, Any]) -> None:
        self.do(Event.RECEIVE, lambda: self.attempt.receive({"AuthenticationResult": TOKENS | tokens}))

    @rule(code=st.sampled_from(CODES), message=st.sampled_from(["Device does not exist.", ""]))
    def refuse(self, code: str, message: str) -> None:
        self.do(Event.RECEIVE_ERROR, lambda: self.attempt.receive_error(ServiceError(code, message)))

    @precondition(lambda self: self.attempt.challenge is not None)
    @rule()
    def give_the_right_response(self) -> None:
        def respond() -> Step:
            assert self.attempt.challenge is not None
            return self.attempt.answer(response_to(self.attempt.challenge))

        self.do(Event.ANSWER, respond)

    @rule(name=st.sampled_from(NAMES), responses=st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=2))
    def give_another_response(self, name: str, responses: dict[str, str]) -> None:
        self.do(Event.ANSWER, lambda: self.attempt.answer(Response(name, responses)))

    @rule(device=st.booleans())
    def save_and_resume(self, device: bool) -> None:
        before = self.attempt

        def resumed() -> SignIn:
            saved = json.loads(json.dumps(before.save()))
            assert not any(secret in str(saved) for secret in (PASSWORD, CLIENT_SECRET, DEVICE.password))
            return SignIn.resume(self.client, saved, password=PASSWORD, device=DEVICE if device else None)

        self.do(Event.SAVE, resumed)

    def do(self, event: Event, act: Any) -> None:
        Walk.steps += 1
        Walk.reached.add(self.attempt.state)
        attempt, state, memory = self.attempt, self.attempt.state, self.attempt._snapshot
        allowed = TRANSITIONS.get((state, event))
        try:
            step = act()
        except ServiceError:
            assert event is Event.RECEIVE_ERROR
            assert attempt.state in (allowed or ())
        except UsageError:
            assert event is not Event.RECEIVE or allowed is None
            assert attempt._snapshot is memory
        except PeerError:
            assert event is Event.RECEIVE
            assert attempt._snapshot is memory
        else:
            assert allowed is not None
            if isinstance(step, SignIn):
                assert (step.state, step.challenge) == (state, attempt.challenge)
                self.attempt = step
                return
            assert attempt.state in allowed
            assert isinstance(step, Call) == (attempt.state not in {State.ASKING, State.ENROLLING, State.SIGNED_IN})
            assert isinstance(step, SignedIn) == (attempt.state is State.SIGNED_IN)
            self.call = step if isinstance(step, Call) else None
        if attempt.state in ENDS | {State.ASKING, State.ENROLLING}:
            self.call = None

    @invariant()
    def no_secret_shows(self) -> None:
        shown = repr(self.attempt) + repr(self.attempt._snapshot) + repr(self.attempt._inputs)
        assert not any(secret in shown for secret in SECRETS)


def test_ten_thousand_steps() -> None:
    Walk.steps, Walk.reached = 0, set()
    run_state_machine_as_test(
        Walk,
        settings=settings(
            max_examples=STEPS // 32,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Walk.steps >= STEPS
    assert Walk.reached == set(State)
