"""Codes and messages to users: the CustomMessage trigger, masked destinations, and the outbox they end in."""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from cognito_challenges.pool.errors import code_mismatch, expired_code, invalid_parameter
from cognito_challenges.pool.store.outbox import Message
from cognito_challenges.pool.store.records import Code, User, UserPool
from cognito_challenges.pool.store.state import State
from cognito_challenges.pool.store.triggers import fire, user_attributes

CODE_PLACE = "{####}"
NAME_PLACE = "{username}"
_MEDIA = {"email": "EMAIL", "phone_number": "SMS"}
_TRIES = 5


def send(
    state: State,
    pool: UserPool,
    client_id: str,
    user: User,
    source: str,
    attribute: str,
    code: str,
    metadata: Mapping[str, str],
) -> dict[str, str]:
    """Write a message to the user's e-mail address or phone number and return its CodeDeliveryDetails.

    source: the CustomMessage trigger source, as in "CustomMessage_SignUp". attribute: "email" or "phone_number".
    """
    destination, medium = user.attributes[attribute], _MEDIA[attribute]
    invites = source == "CustomMessage_AdminCreateUser"
    written = fire(
        state,
        pool,
        source,
        client_id,
        user.username,
        {
            "userAttributes": user_attributes(user),
            "codeParameter": CODE_PLACE,
            "usernameParameter": NAME_PLACE if invites else None,
            "clientMetadata": dict(metadata),
        },
        {"smsMessage": None, "emailMessage": None, "emailSubject": None},
    )
    standard = (
        f"Your username is {NAME_PLACE} and temporary password is {CODE_PLACE}."
        if invites
        else (f"Your verification code is {CODE_PLACE}.")
    )
    custom = (written or {}).get("smsMessage" if medium == "SMS" else "emailMessage")
    subject = (written or {}).get("emailSubject")
    text = str(custom or standard).replace(CODE_PLACE, code).replace(NAME_PLACE, user.username)
    state.outbox.add(
        Message(medium, destination, user.username, source, str(subject or "Your code"), text, code, state.clock())
    )
    return {"Destination": masked(attribute, destination), "DeliveryMedium": medium, "AttributeName": attribute}


def masked(attribute: str, destination: str) -> str:
    """An address or number as the service shows it: "a***@e***" and "+*******1234"."""
    if attribute == "email":
        name, _, domain = destination.partition("@")
        return f"{name[:1]}***@{domain[:1]}***"
    return f"+{'*' * max(len(destination) - 5, 0)}{destination[-4:]}"


def contact(pool: UserPool, user: User, *, verified: bool = False) -> str:
    """The attribute to reach a user by: a verified one first, e-mail before phone number.

    Raises InvalidParameterException when there is none, or none that is verified where it has to be.
    """
    reachable = [name for name in ("email", "phone_number") if user.attributes.get(name)]
    proved = [name for name in reachable if user.attributes.get(f"{name}_verified") == "true"]
    wanted = [name for name in reachable if name in pool.settings.strings("AutoVerifiedAttributes")]
    for name in proved or ([] if verified else wanted or reachable):
        return name
    if verified:
        raise invalid_parameter(
            "Cannot reset password for the user as there is no registered/verified email or phone_number"
        )
    raise invalid_parameter("User has no attribute to send a code to.")


def new_code(state: State, user: User, purpose: str) -> str:
    """Draw a code for one purpose, in place of an earlier one."""
    digits = state.digits()
    user.codes[purpose] = Code(digits, state.clock() + state.options.code_seconds)
    return digits


def check_code(state: State, user: User, purpose: str, given: str) -> None:
    """Compare a code. Raises CodeMismatchException, or ExpiredCodeException when there is none to compare with."""
    code = user.codes.get(purpose)
    if code is None or state.clock() >= code.expires:
        raise expired_code()
    if not hmac.compare_digest(code.digits.encode(), given.encode()):
        code.failures += 1
        if code.failures >= _TRIES:
            del user.codes[purpose]
        raise code_mismatch()


def use_code(state: State, user: User, purpose: str, given: str) -> None:
    """Take a code, once."""
    check_code(state, user, purpose, given)
    del user.codes[purpose]
