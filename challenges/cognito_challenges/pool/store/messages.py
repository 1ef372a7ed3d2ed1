"""Codes and messages to users: the CustomMessage trigger, masked destinations, and the outbox they end in."""

from __future__ import annotations

import hmac

from cognito_challenges.pool.errors import code_mismatch, expired_code, invalid_parameter, not_authorized
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.store import lockout, templates
from cognito_challenges.pool.store.attempt import Caller
from cognito_challenges.pool.store.outbox import Message
from cognito_challenges.pool.store.records import Code, User, UserPool
from cognito_challenges.pool.store.state import State
from cognito_challenges.pool.store.templates import CODE_PLACE, INVITATION, NAME_PLACE
from cognito_challenges.pool.store.triggers import fire, user_attributes

_MEDIA = {"email": "EMAIL", "phone_number": "SMS"}
_FACTORS = {"email": "EMAIL_OTP", "phone_number": "SMS_MFA"}
_TRIES = 5
SIGN_UP, RESET = "sign-up", "password"
"""What codes are for, beside "verify", an attribute and its value."""


def send(
    state: State,
    pool: UserPool,
    caller: Caller,
    user: User,
    source: str,
    attribute: str,
    code: str,
    destination: str | None = None,
) -> dict[str, str]:
    """Write a message to the user's e-mail address or phone number and return its CodeDeliveryDetails.

    source: the CustomMessage trigger source, as in "CustomMessage_SignUp". attribute: "email" or "phone_number".
    destination: an address or number that is to become the attribute; None takes the present one. Nobody gets nothing.
    """
    destination, medium = destination or user.attributes[attribute], _MEDIA[attribute]
    details = {"Destination": masked(attribute, destination), "DeliveryMedium": medium, "AttributeName": attribute}
    if user.status == "UNKNOWN":
        return details
    invites = source == INVITATION
    written = fire(
        state,
        pool,
        caller,
        source,
        user.username,
        {
            "userAttributes": user_attributes(user),
            "codeParameter": CODE_PLACE,
            "usernameParameter": NAME_PLACE if invites else None,
        },
        {"smsMessage": None, "emailMessage": None, "emailSubject": None},
    )
    subject, text = templates.template(pool, source, medium)
    custom = Request(written or {})
    text = custom.text("smsMessage" if medium == "SMS" else "emailMessage") or text
    subject = custom.text("emailSubject") or subject
    text = text.replace(CODE_PLACE, code).replace(NAME_PLACE, user.username)
    state.outbox.add(Message(medium, destination, user.username, source, subject, text, code, state.clock()))
    return details


def masked(attribute: str, destination: str) -> str:
    """An address or number as the service shows it: "a***@e***" and "+*******1234"."""
    if attribute == "email":
        name, _, domain = destination.partition("@")
        return f"{name[:1]}***@{domain[:1]}***"
    return f"+{'*' * max(len(destination) - 5, 0)}{destination[-4:]}"


def contact(pool: UserPool, user: User) -> str:
    """The attribute to reach a user by: a verified one first, e-mail before phone number.

    Raises InvalidParameterException when there is none.
    """
    reachable = [name for name in ("email", "phone_number") if user.attributes.get(name)]
    proved = [name for name in reachable if user.attributes.get(f"{name}_verified") == "true"]
    wanted = [name for name in reachable if name in pool.settings.strings("AutoVerifiedAttributes")]
    for name in proved or wanted or reachable:
        return name
    raise invalid_parameter("User has no attribute to send a code to.")


def recovery_contact(pool: UserPool, user: User) -> str:
    """The verified attribute that a reset code goes to, as AccountRecoverySetting orders them.

    A means of recovery that is the user's second factor too does not count; without the setting, SMS comes first.
    Raises NotAuthorizedException where only an administrator resets passwords, and InvalidParameterException when
    nothing is left.
    """
    mechanisms = pool.settings.structure("AccountRecoverySetting").structures("RecoveryMechanisms")
    ordered = [entry.text("Name") for entry in sorted(mechanisms, key=lambda entry: entry.whole("Priority"))]
    if "admin_only" in ordered:
        raise not_authorized("Contact administrator to reset password.")
    for mechanism in ordered or ("verified_phone_number", "verified_email"):
        attribute = mechanism.removeprefix("verified_")
        verified = user.attributes.get(attribute) and user.attributes.get(f"{attribute}_verified") == "true"
        if verified and not (ordered and _FACTORS[attribute] in user.mfa.enabled):
            return attribute
    raise invalid_parameter(
        "Cannot reset password for the user as there is no registered/verified email or phone_number"
    )


def new_code(state: State, user: User, purpose: str, attribute: str, destination: str | None = None) -> str:
    """Draw a code for one purpose, in place of an earlier one.

    attribute: where it is sent to; destination: what the attribute is to become, None for what it is.
    """
    # Nobody can guess the code of a stand-in.
    digits = state.token() if user.status == "UNKNOWN" else state.digits()
    destination = destination or user.attributes[attribute]
    user.codes[purpose] = Code(digits, state.clock() + state.options.code_seconds, attribute, destination, user.epoch)
    return digits


def check_code(state: State, user: User, purpose: str, given: str) -> None:
    """Compare a code. Raises CodeMismatchException, or ExpiredCodeException when there is none to compare with.

    Wrong codes lock out (LimitExceededException), whichever of the user's codes for a purpose they are tried on.
    """
    kind = purpose.partition(" ")[0]
    lockout.check(state, user, kind)
    code = user.codes.get(purpose)
    if code is None or state.clock() >= code.expires or _is_void(user, purpose, code):
        raise expired_code()
    if not hmac.compare_digest(code.digits.encode(), given.encode()):
        code.failures += 1
        if code.failures >= _TRIES:
            del user.codes[purpose]
        lockout.failed(state, user, kind)
        raise code_mismatch()
    lockout.succeeded(user, kind)


def _is_void(user: User, purpose: str, code: Code) -> bool:
    """The code went to an address that the user has no more, or would reset a password that has changed since."""
    moved = purpose in (SIGN_UP, RESET) and user.attributes.get(code.attribute) != code.destination
    return moved or (purpose == RESET and code.epoch != user.epoch)
