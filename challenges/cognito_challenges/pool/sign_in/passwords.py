"""The password as first factor: by SRP, in plain text, and replaced when it was temporary."""

from __future__ import annotations

import json
from dataclasses import replace

from cognito_challenges.pool.errors import invalid_parameter, missing, not_authorized, wrong_credentials
from cognito_challenges.pool.explaining.probes import choose_probe, password_mistake
from cognito_challenges.pool.sign_in.asking import ask, ask_srp
from cognito_challenges.pool.sign_in.proofs import check_proof
from cognito_challenges.pool.store import directory, strangers
from cognito_challenges.pool.store.attempt import Attempt, Turn
from cognito_challenges.pool.store.enrolment import migrate
from cognito_challenges.pool.store.state import State
from cognito_srp import ServerSession, Verifier

_PREFIX = "userAttributes."


def _verifier(state: State, attempt: Attempt) -> Verifier:
    """The user's verifier, or one of no password: made in either case, so that time does not tell which it is."""
    of_nobody = strangers.no_verifier(state, attempt.pool, attempt.user.username)
    return attempt.user.verifier or of_nobody


def start_srp(state: State, turn: Turn, attempt: Attempt) -> dict[str, object]:
    """PASSWORD_VERIFIER for an SRP_A."""
    srp_a = turn.parameters.get("SRP_A")
    if not srp_a:
        raise missing("SRP_A")
    user = attempt.user
    verifier = _verifier(state, attempt)
    return ask_srp(
        state,
        attempt,
        "PASSWORD_VERIFIER",
        verifier,
        lambda entropy: ServerSession.for_user(
            attempt.pool.pool_id, user_id=user.username, verifier=verifier, srp_a=srp_a, entropy=entropy
        ),
        srp_a,
        {"USERNAME": user.username, "USER_ID_FOR_SRP": user.username},
        probe=choose_probe(state, attempt, verifier) if state.options.probe else None,
    )


def answer_password_verifier(state: State, turn: Turn, attempt: Attempt) -> Attempt:
    """The proof of the password. The DEVICE_KEY that comes with it is the one that counts."""
    check_proof(state, turn, attempt)
    return replace(attempt, device_key=turn.parameters.get("DEVICE_KEY"), passed=attempt.passed | {"PASSWORD"})


def answer_password(state: State, turn: Turn, attempt: Attempt) -> Attempt:
    """A password in plain text, as USER_PASSWORD_AUTH, PASSWORD and SELECT_CHALLENGE carry it."""
    password = turn.parameters.get("PASSWORD")
    if not password:
        raise missing("PASSWORD")
    if attempt.user.status == "UNKNOWN" and attempt.pool.find(attempt.login_name) is None:
        migrated = migrate(state, turn.caller, attempt.pool, attempt.login_name, password)
        if migrated is not None:
            attempt = replace(attempt, user=migrated, epoch=migrated.epoch)
    if not directory.fits(attempt.pool, attempt.user, _verifier(state, attempt), password):
        raise wrong_credentials(password_mistake(attempt.user, password) if state.options.explain else None)
    return replace(attempt, passed=attempt.passed | {"PASSWORD"})


def ask_new_password(state: State, attempt: Attempt) -> dict[str, object]:
    """NEW_PASSWORD_REQUIRED, with the required attributes that are still missing."""
    attributes = {name: value for name, value in attempt.user.attributes.items() if name != "sub"}
    lacking = [f"{_PREFIX}{name}" for name in _lacking(attempt)]
    if state.clock() - attempt.user.password_set > attempt.pool.temporary_password_days * 86_400:
        raise not_authorized("Temporary password has expired and must be reset by an administrator.")
    return ask(
        state,
        attempt,
        "NEW_PASSWORD_REQUIRED",
        {
            "USER_ID_FOR_SRP": attempt.user.username,
            "requiredAttributes": json.dumps(lacking),
            "userAttributes": json.dumps(attributes),
        },
    )


def answer_new_password(state: State, turn: Turn, attempt: Attempt) -> Attempt:
    """Set the new password and the attributes that came with it, all or nothing."""
    password = turn.parameters.get("NEW_PASSWORD")
    if not password:
        raise missing("NEW_PASSWORD")
    pool, user = attempt.pool, attempt.user
    given = {name.removeprefix(_PREFIX): value for name, value in turn.parameters.items() if name.startswith(_PREFIX)}
    for name in _lacking(attempt):
        if not given.get(name):
            raise invalid_parameter(f"Invalid attributes given, {name} is missing")
    for name in given:
        if user.attributes.get(name):
            raise not_authorized(f"Cannot modify an already provided {name}")
    writable = directory.writable_by(state, pool, attempt.client)
    directory.check_attributes(pool, given, writable=writable, changes=True)
    directory.check_new_password(pool, user, password)
    directory.change_attributes(state, pool, user, given)
    directory.set_password(state, pool, user, password)
    user.status = "CONFIRMED"
    return replace(attempt, epoch=user.epoch)


def _lacking(attempt: Attempt) -> list[str]:
    return [name for name in directory.required_attributes(attempt.pool) if not attempt.user.attributes.get(name)]
