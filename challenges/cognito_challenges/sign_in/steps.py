"""The steps of a sign-in: functions of what is remembered and what came in, to what is remembered next.

They change nothing they are given, so a step that raises has not happened. Which event may happen when, and to which
states a step may lead, is in `state.TRANSITIONS`; `machine.SignIn` calls them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from cognito_challenges import requests, totp
from cognito_challenges.answers import (
    ReceivedChallenge,
    SignedIn,
    check_answer,
    read_challenge_members,
    read_object,
    read_opaque,
    read_session,
    read_string,
    read_tokens,
    required,
    username_in_token,
)
from cognito_challenges.catalogue import PROOFS, Challenge, read_challenge
from cognito_challenges.catalogue.base import Response, check_response
from cognito_challenges.catalogue.choices import MfaSetup, SelectChallenge, SelectMfaType
from cognito_challenges.catalogue.codes import SoftwareTokenMfa, TotpEnrolment
from cognito_challenges.catalogue.passwords import NewPasswordRequired, PasswordSrp
from cognito_challenges.errors import ServiceError
from cognito_challenges.metadata import RequestMetadata
from cognito_srp import DeviceSession, PasswordSession, PeerError, UsageError

from .clock import MAX_TOTP_CORRECTION_SECONDS, correction
from .inputs import Inputs
from .state import Snapshot, State

CORRECTABLE_ERRORS: Final[Mapping[str, frozenset[str]]] = {
    "RespondToAuthChallenge": frozenset(
        {
            "AliasExistsException",
            "CodeMismatchException",
            "InternalErrorException",
            "InvalidParameterException",
            "InvalidPasswordException",
            "PasswordHistoryPolicyViolationException",
            "TooManyRequestsException",
            "UserLambdaValidationException",
        }
    ),
    "AssociateSoftwareToken": frozenset(
        {"ConcurrentModificationException", "InternalErrorException", "TooManyRequestsException"}
    ),
    "VerifySoftwareToken": frozenset(
        {
            "CodeMismatchException",
            "EnableSoftwareTokenMFAException",
            "InternalErrorException",
            "InvalidParameterException",
            "TooManyRequestsException",
        }
    ),
}
"""Operation to the refusals after which the same challenge can be answered once more, with the same Session.

Beside these, NEW_PASSWORD_REQUIRED can be answered again after a NotAuthorizedException over an attribute.
"""


def initiate(inputs: Inputs, snapshot: Snapshot) -> Snapshot:
    """InitiateAuth, as the flow begins."""
    flow = inputs.flow
    if flow is None:
        raise UsageError("sign-in", "state", "was resumed and cannot start anew")
    proof = inputs.password_session() if flow.sends_srp_a(inputs.password) else None
    parameters = flow.auth_parameters(inputs.login, inputs.password, proof.srp_a if proof else None)
    parameters |= inputs.identification(inputs.login, snapshot.device)
    call = requests.initiate_auth(inputs.app_client, flow.name, parameters, inputs.metadata, flow.session)
    return Snapshot(
        State.INITIATING,
        call,
        device=snapshot.device,
        forgotten_device=snapshot.forgotten_device,
        proof=proof,
        correction=snapshot.correction,
    )


def receive(inputs: Inputs, snapshot: Snapshot, answer: Mapping[str, Any]) -> Snapshot:
    """The answer to the last Call, read by the step that its state waits with."""
    check_answer(answer)
    if inputs.follow_date:
        date = read_string(read_object(read_object(answer, "ResponseMetadata"), "HTTPHeaders"), "date")
        if date is not None:
            snapshot = replace(snapshot, correction=correction(date, inputs.now(0.0)))
    return STEP_ON_ANSWER[snapshot.state](inputs, snapshot, answer)


def receive_error(inputs: Inputs, snapshot: Snapshot, error: ServiceError) -> Snapshot:
    """The service's refusal of the last Call: begin again without a forgotten device, answer again, or the end."""
    names_devices = snapshot.state in (State.INITIATING, State.RESPONDING)
    if snapshot.device is not None and names_devices and error.says_device_is_gone:
        snapshot = replace(snapshot, device=None, forgotten_device=snapshot.device.key)
        if inputs.flow is not None:
            return initiate(inputs, snapshot)
    if _can_be_corrected(snapshot, error):
        return replace(snapshot, state=_ASKED_IN[snapshot.state][0], step=snapshot.challenge)
    return ended(snapshot, State.FAILED)


def answer_challenge(
    inputs: Inputs, snapshot: Snapshot, challenge: Challenge, response: Response, metadata: RequestMetadata
) -> Snapshot:
    """The request that carries the answer to a challenge."""
    check_response(response, challenge.response_fields)
    responses = dict(response.responses)
    if isinstance(challenge, TotpEnrolment):
        call = requests.verify_software_token(snapshot.session, responses)
        return replace(snapshot, state=State.VERIFYING, step=call)
    if isinstance(challenge, MfaSetup) and not responses:
        call = requests.associate_software_token(snapshot.session)
        return replace(snapshot, state=State.ASSOCIATING, step=call)
    choice = responses.get("ANSWER") if isinstance(challenge, SelectChallenge) else challenge.name
    if choice == "PASSWORD_SRP":
        proof = inputs.password_session(response.password)
        snapshot, responses["SRP_A"] = replace(snapshot, proof=proof), proof.srp_a
    elif choice in ("PASSWORD", "ADMIN_NO_SRP_AUTH"):
        responses["PASSWORD"] = inputs.needed_password(response.password)
    return _respond(inputs, snapshot, response.challenge, responses, metadata)


def ended(snapshot: Snapshot, state: State, step: SignedIn | None = None) -> Snapshot:
    """A last state, with nothing in it that is still of use."""
    return Snapshot(state, step, username=snapshot.username, forgotten_device=snapshot.forgotten_device)


def _read_answer(inputs: Inputs, snapshot: Snapshot, answer: Mapping[str, Any]) -> Snapshot:
    """The answer to InitiateAuth or RespondToAuthChallenge: the tokens, or the next challenge."""
    received = read_challenge_members(answer)
    if received is None:
        return _read_tokens(inputs, snapshot, answer)
    snapshot = replace(
        snapshot, username=received.username or snapshot.username, session=received.session, challenge=None
    )
    if received.name in PROOFS:
        return _PROOF_STEPS[received.name](inputs, snapshot, received)
    challenge = read_challenge(received.name, received.parameters, received.available)
    snapshot = replace(snapshot, state=State.ASKING, step=challenge, challenge=challenge)
    response = _own_response(inputs, snapshot, challenge)
    if response is None:
        return snapshot
    snapshot = replace(snapshot, answered=snapshot.answered | {challenge.name})
    return answer_challenge(inputs, snapshot, challenge, response, inputs.metadata)


def _read_tokens(inputs: Inputs, snapshot: Snapshot, answer: Mapping[str, Any]) -> Snapshot:
    tokens, new_device = read_tokens(answer)
    signed_in = SignedIn(
        tokens=tokens,
        username=snapshot.username or username_in_token(tokens.access) or inputs.login,
        new_device=new_device,
        forgotten_device=snapshot.forgotten_device,
    )
    return ended(snapshot, State.SIGNED_IN, signed_in)


def _read_association(inputs: Inputs, snapshot: Snapshot, answer: Mapping[str, Any]) -> Snapshot:
    """The answer to AssociateSoftwareToken: a secret for an authenticator app."""
    secret = required("SecretCode", read_opaque(answer, "SecretCode", least=16, most=256))
    challenge = TotpEnrolment(secret_code=secret, account=inputs.login)
    return replace(snapshot, state=State.ENROLLING, step=challenge, session=read_session(answer), challenge=challenge)


def _read_verification(inputs: Inputs, snapshot: Snapshot, answer: Mapping[str, Any]) -> Snapshot:
    """The answer to VerifySoftwareToken: MFA_SETUP is done, or the code was wrong and is asked for again."""
    session = read_session(answer)
    if required("Status", read_string(answer, "Status")) != "SUCCESS":
        return replace(snapshot, state=State.ENROLLING, step=snapshot.challenge, session=session or snapshot.session)
    return _respond(inputs, replace(snapshot, session=session, challenge=None), MfaSetup.name, {}, inputs.metadata)


STEP_ON_ANSWER: Final[Mapping[State, Callable[[Inputs, Snapshot, Mapping[str, Any]], Snapshot]]] = {
    State.INITIATING: _read_answer,
    State.RESPONDING: _read_answer,
    State.ASSOCIATING: _read_association,
    State.VERIFYING: _read_verification,
}
"""The step that reads the answer which each state waits for."""

_ASKED_IN: Final = {
    State.RESPONDING: (State.ASKING, "RespondToAuthChallenge"),
    State.ASSOCIATING: (State.ASKING, "AssociateSoftwareToken"),
    State.VERIFYING: (State.ENROLLING, "VerifySoftwareToken"),
}
"""The state in which the refused answer was asked for, and the operation that carried it."""


def _can_be_corrected(snapshot: Snapshot, error: ServiceError) -> bool:
    if snapshot.challenge is None:
        return False
    over_attribute = error.code == "NotAuthorizedException" and "attribute" in error.message.lower()
    if over_attribute and isinstance(snapshot.challenge, NewPasswordRequired):
        return True
    return error.code in CORRECTABLE_ERRORS[_ASKED_IN[snapshot.state][1]]


def _respond(
    inputs: Inputs, snapshot: Snapshot, challenge: str, responses: Mapping[str, str], metadata: RequestMetadata
) -> Snapshot:
    username = snapshot.username or inputs.login
    identified = {**responses, "USERNAME": username, **inputs.identification(username, snapshot.device)}
    call = requests.respond_to_auth_challenge(inputs.app_client, challenge, identified, metadata, snapshot.session)
    return replace(snapshot, state=State.RESPONDING, step=call)


def _own_response(inputs: Inputs, snapshot: Snapshot, challenge: Challenge) -> Response | None:
    """What the machine answers without asking the caller, once; None for what is left to the caller."""
    if challenge.name in snapshot.answered:
        return None
    secret = inputs.totp_secret
    match challenge:
        case PasswordSrp() if inputs.password is not None and "PASSWORD_VERIFIER" not in snapshot.answered:
            return challenge.response()
        case SelectMfaType() if secret is not None and SoftwareTokenMfa.name in challenge.choices:
            return challenge.response(SoftwareTokenMfa.name)
        case SoftwareTokenMfa() if secret is not None and abs(snapshot.correction) <= MAX_TOTP_CORRECTION_SECONDS:
            return challenge.response(totp.code(secret, inputs.now(snapshot.correction)))
        case _:
            return None


def _prove_password(inputs: Inputs, snapshot: Snapshot, received: ReceivedChallenge) -> Snapshot:
    if not isinstance(snapshot.proof, PasswordSession):
        raise PeerError("ChallengeName", "state", "asks for a proof, but no SRP_A of a password was sent")
    return _prove(inputs, snapshot, received, snapshot.proof)


def _start_device(inputs: Inputs, snapshot: Snapshot, received: ReceivedChallenge) -> Snapshot:
    if snapshot.device is None:
        raise PeerError("ChallengeName", "state", "asks for a device, but no DEVICE_KEY was sent")
    if received.name in snapshot.answered:
        raise PeerError("ChallengeName", "state", "asks for the device once more")
    proof = inputs.device_session(snapshot.device)
    return _respond_with_proof(inputs, replace(snapshot, proof=proof), received.name, {"SRP_A": proof.srp_a})


def _prove_device(inputs: Inputs, snapshot: Snapshot, received: ReceivedChallenge) -> Snapshot:
    if not isinstance(snapshot.proof, DeviceSession):
        raise PeerError("ChallengeName", "state", "asks for a proof, but no SRP_A of a device was sent")
    return _prove(inputs, snapshot, received, snapshot.proof)


def _prove(
    inputs: Inputs, snapshot: Snapshot, received: ReceivedChallenge, proof: PasswordSession | DeviceSession
) -> Snapshot:
    read = {name: received.parameters[name] for name in PROOFS[received.name].parameters if name in received.parameters}
    claim = proof.prove(read, now=inputs.now(snapshot.correction))
    return _respond_with_proof(inputs, replace(snapshot, proof=None), received.name, claim.responses())


def _respond_with_proof(inputs: Inputs, snapshot: Snapshot, name: str, responses: Mapping[str, str]) -> Snapshot:
    if set(responses) != set(PROOFS[name].responses):
        raise RuntimeError(f"the responses of {name} are not those of catalogue.PROOFS")
    snapshot = replace(snapshot, answered=snapshot.answered | {name})
    return _respond(inputs, snapshot, name, responses, inputs.metadata)


_PROOF_STEPS: Final[Mapping[str, Callable[[Inputs, Snapshot, ReceivedChallenge], Snapshot]]] = {
    "PASSWORD_VERIFIER": _prove_password,
    "DEVICE_SRP_AUTH": _start_device,
    "DEVICE_PASSWORD_VERIFIER": _prove_device,
}
"""The steps that answer the challenges of `catalogue.PROOFS`."""
