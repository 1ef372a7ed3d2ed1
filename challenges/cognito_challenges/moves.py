"""The moves of a sign-in: functions of what is remembered and what came in, to what is remembered next and the step.

They change nothing they are given, so a move that raises has not happened. Which move may follow which is in
`transitions.TRANSITIONS`; who calls them is `machine.SignIn`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from cognito_srp import Device, DeviceSession, PasswordSession, PeerError, UsageError

from . import requests, totp
from .app_client import RequestParts
from .catalogue import (
    MfaSetup,
    PasswordSrp,
    PersonChallenge,
    SelectChallenge,
    SelectMfaType,
    SoftwareTokenMfa,
    TotpEnrolment,
    read_challenge,
)
from .challenge import Response
from .errors import ServiceError
from .givens import Givens
from .requests import Call
from .results import Asked, SignedIn, read_asked, read_tokens, required_text, text
from .transitions import State

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


@dataclass(frozen=True, slots=True)
class Memory:
    """All that changes during a sign-in.

    username: the one to send, and to hash. session: as last received, to be sent back. challenge: what waits for an
    answer, or was answered last. device: the one to name and to prove; forgotten_device: the key of the one that the
    pool has forgotten. proof: the half of it whose SRP_A was sent. answered: challenges that the machine has answered
    by itself; it does so once, lest a hostile service make it prove the password again and again.
    """

    state: State
    username: str
    session: str | None = field(default=None, repr=False)
    challenge: PersonChallenge | None = None
    device: Device | None = None
    forgotten_device: str | None = None
    proof: PasswordSession | DeviceSession | None = None
    answered: frozenset[str] = frozenset()


Move = tuple[Memory, Step]


def initiate(givens: Givens, memory: Memory) -> Move:
    """InitiateAuth, as the flow opens."""
    opening = givens.opening
    if opening is None:
        raise UsageError("sign-in", "state", "was resumed and cannot start anew")
    proof = givens.password_session() if opening.sends_srp_a(givens.password) else None
    parameters = opening.auth_parameters(givens.login, givens.password, proof.srp_a if proof else None)
    parameters |= givens.identification(givens.login, memory.device)
    call = requests.initiate_auth(givens.client, opening.flow, parameters, givens.parts, opening.session)
    started = Memory(
        State.INITIATING,
        givens.login,
        device=memory.device,
        forgotten_device=memory.forgotten_device,
        proof=proof,
    )
    return started, call


def read_answer(givens: Givens, memory: Memory, answer: Mapping[str, Any]) -> Move:
    """The answer to InitiateAuth or RespondToAuthChallenge: the tokens, or the next challenge."""
    asked = read_asked(answer)
    if asked is None:
        tokens, new_device = read_tokens(answer)
        signed_in = SignedIn(tokens, memory.username, new_device, memory.forgotten_device)
        return ended(memory, State.SIGNED_IN), signed_in
    memory = replace(memory, username=asked.username or memory.username, session=asked.session, challenge=None)
    if asked.name in _PROOFS:
        return _PROOFS[asked.name](givens, memory, asked)
    challenge = read_challenge(asked.name, asked.parameters, asked.available)
    memory = replace(memory, state=State.ASKING, challenge=challenge)
    response = _own_response(givens, memory, challenge)
    if response is None:
        return memory, challenge
    memory = replace(memory, answered=memory.answered | {challenge.name})
    return give_answer(givens, memory, challenge, response, givens.parts)


def give_answer(
    givens: Givens, memory: Memory, challenge: PersonChallenge, response: Response, parts: RequestParts
) -> Move:
    """The request that carries the answer to a challenge."""
    responses = dict(response.responses)
    if isinstance(challenge, TotpEnrolment):
        return replace(memory, state=State.VERIFYING), requests.verify_software_token(memory.session, responses)
    if isinstance(challenge, MfaSetup) and not responses:
        return replace(memory, state=State.ASSOCIATING), requests.associate_software_token(memory.session)
    choice = responses.get("ANSWER") if isinstance(challenge, SelectChallenge) else challenge.name
    if choice == "PASSWORD_SRP":
        proof = givens.password_session(response.password)
        memory, responses["SRP_A"] = replace(memory, proof=proof), proof.srp_a
    elif choice in ("PASSWORD", "ADMIN_NO_SRP_AUTH"):
        responses["PASSWORD"] = givens.needed_password(response.password)
    return _respond(givens, memory, response.challenge, responses, parts)


def read_association(givens: Givens, memory: Memory, answer: Mapping[str, Any]) -> Move:
    """The answer to AssociateSoftwareToken: a secret for an authenticator app."""
    challenge = TotpEnrolment(secret_code=required_text(answer, "SecretCode"), account=givens.login)
    return replace(memory, state=State.ENROLLING, session=text(answer, "Session"), challenge=challenge), challenge


def read_verification(givens: Givens, memory: Memory, answer: Mapping[str, Any]) -> Move:
    """The answer to VerifySoftwareToken: MFA_SETUP is done, or the code was wrong and is asked for again."""
    session = text(answer, "Session")
    if required_text(answer, "Status") != "SUCCESS" and memory.challenge is not None:
        return replace(memory, state=State.ENROLLING, session=session or memory.session), memory.challenge
    return _respond(givens, replace(memory, session=session, challenge=None), MfaSetup.name, {}, givens.parts)


READERS: Final[Mapping[State, Callable[[Givens, Memory, Mapping[str, Any]], Move]]] = {
    State.INITIATING: read_answer,
    State.RESPONDING: read_answer,
    State.ASSOCIATING: read_association,
    State.VERIFYING: read_verification,
}
"""Who reads the answer that is waited for."""

_ASKED_FROM: Final = {
    State.RESPONDING: State.ASKING,
    State.ASSOCIATING: State.ASKING,
    State.VERIFYING: State.ENROLLING,
}


def without_forgotten_device(memory: Memory, error: ServiceError) -> Memory:
    """The same memory, or, when the refused request named a device that the pool has forgotten, one without it."""
    names_devices = memory.state in (State.INITIATING, State.RESPONDING)
    if memory.device is None or not names_devices or not error.says_device_is_gone:
        return memory
    return replace(memory, device=None, forgotten_device=memory.device.key)


def refused(memory: Memory, error: ServiceError) -> Memory:
    """What is remembered after a refusal: the challenge that can be answered again, or the end."""
    if memory.challenge is not None and error.code in ANSWERED_AGAIN:
        return replace(memory, state=_ASKED_FROM[memory.state])
    return ended(memory, State.FAILED)


def ended(memory: Memory, state: State) -> Memory:
    """A last state, with nothing in it that is still of use."""
    return Memory(state, memory.username, forgotten_device=memory.forgotten_device)


def _respond(givens: Givens, memory: Memory, challenge: str, responses: Mapping[str, str], parts: RequestParts) -> Move:
    identified = {**responses, "USERNAME": memory.username}
    identified |= givens.identification(memory.username, memory.device)
    call = requests.respond_to_auth_challenge(givens.client, challenge, identified, parts, memory.session)
    return replace(memory, state=State.RESPONDING), call


def _own_response(givens: Givens, memory: Memory, challenge: PersonChallenge) -> Response | None:
    """What the machine answers by itself, once; None for what is left to the caller."""
    if challenge.name in memory.answered:
        return None
    secret = givens.totp_secret
    match challenge:
        case PasswordSrp() if givens.password is not None:
            return challenge.response()
        case SelectMfaType() if secret is not None and SoftwareTokenMfa.name in challenge.choices:
            return challenge.response(SoftwareTokenMfa.name)
        case SoftwareTokenMfa() if secret is not None:
            return challenge.response(totp.code(secret, givens.clock()))
        case _:
            return None


def _prove_password(givens: Givens, memory: Memory, asked: Asked) -> Move:
    if not isinstance(memory.proof, PasswordSession):
        raise PeerError("ChallengeName", "state", "asks for a proof, but no SRP_A of a password waits for one")
    return _prove(givens, memory, asked, memory.proof)


def _start_device(givens: Givens, memory: Memory, asked: Asked) -> Move:
    if memory.device is None:
        raise PeerError("ChallengeName", "state", "asks for a device, but no DEVICE_KEY was sent")
    if asked.name in memory.answered:
        raise PeerError("ChallengeName", "state", "asks for the device once more")
    proof = givens.device_session(memory.device)
    memory = replace(memory, proof=proof, answered=memory.answered | {asked.name})
    return _respond(givens, memory, asked.name, {"SRP_A": proof.srp_a}, givens.parts)


def _prove_device(givens: Givens, memory: Memory, asked: Asked) -> Move:
    if not isinstance(memory.proof, DeviceSession):
        raise PeerError("ChallengeName", "state", "asks for a proof, but no SRP_A of a device waits for one")
    return _prove(givens, memory, asked, memory.proof)


def _prove(givens: Givens, memory: Memory, asked: Asked, proof: PasswordSession | DeviceSession) -> Move:
    claim = proof.prove(asked.parameters)
    return _respond(givens, replace(memory, proof=None), asked.name, claim.responses(), givens.parts)


_PROOFS: Final[Mapping[str, Callable[[Givens, Memory, Asked], Move]]] = {
    "PASSWORD_VERIFIER": _prove_password,
    "DEVICE_SRP_AUTH": _start_device,
    "DEVICE_PASSWORD_VERIFIER": _prove_device,
}
"""The challenges of `catalogue.PROOFS`, and who answers them."""
