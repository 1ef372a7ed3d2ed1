"""A user's attributes: how they are listed, changed and taken away, and how a new address is proved."""

from __future__ import annotations

from collections.abc import Container, Mapping

from cognito_challenges.pool.errors import invalid_parameter
from cognito_challenges.pool.store import directory, messages
from cognito_challenges.pool.store.attempt import Caller
from cognito_challenges.pool.store.records import User, UserPool
from cognito_challenges.pool.store.state import State

CONTACTS = ("email", "phone_number")


def listed(user: User, wanted: Container[str] | None = None) -> list[dict[str, str]]:
    """Attributes as a list of {Name, Value}; None lists all."""
    return [
        {"Name": name, "Value": value} for name, value in user.attributes.items() if wanted is None or name in wanted
    ]


def update(
    state: State, caller: Caller, pool: UserPool, user: User, attributes: Mapping[str, str]
) -> list[dict[str, str]]:
    """Set checked attributes, and send a code to each new address or number that the pool verifies by itself.

    With AttributesRequireVerificationBeforeUpdate the new value waits for its code, unless it comes as verified.
    Returns the CodeDeliveryDetails.
    """
    automatic = pool.settings.strings("AutoVerifiedAttributes")
    before = pool.settings.structure("UserAttributeUpdateSettings").strings("AttributesRequireVerificationBeforeUpdate")
    changed = {
        name: attributes[name]
        for name in CONTACTS
        if attributes.get(name) and attributes[name] != user.attributes.get(name)
    }
    unproved = {name: value for name, value in changed.items() if attributes.get(f"{name}_verified") != "true"}
    waiting = {name: value for name, value in unproved.items() if name in before}
    directory.check_aliases(pool, directory.changed(user, waiting))
    now = {name: value for name, value in attributes.items() if name not in waiting}
    directory.change_attributes(state, pool, user, now)
    user.unproved = {name: value for name, value in user.unproved.items() if name not in attributes} | waiting
    source = "CustomMessage_UpdateUserAttribute"
    return [
        send_code(state, caller, pool, user, name, source, value)
        for name, value in unproved.items()
        if name in automatic
    ]


def send_code(
    state: State, caller: Caller, pool: UserPool, user: User, name: str, source: str, value: str
) -> dict[str, str]:
    """Send the code that proves an address or number."""
    code = messages.new_code(state, user, f"verify {name} {value}", name, value)
    return messages.send(state, pool, caller, user, source, name, code, value)


def to_prove(user: User, name: str) -> str:
    """The address or number that a code is for: the one that waits for it, or the present one."""
    if name not in CONTACTS:
        raise invalid_parameter(f"Attribute {name} cannot be verified.")
    value = user.unproved.get(name) or user.attributes.get(name)
    if not value:
        raise invalid_parameter(f"User does not have a {name} attribute.")
    return value


def prove(state: State, pool: UserPool, user: User, name: str, code: str) -> None:
    """Take the code of an address or number, which becomes the user's verified one."""
    value = to_prove(user, name)
    messages.check_code(state, user, f"verify {name} {value}", code)
    directory.change_attributes(state, pool, user, {name: value, f"{name}_verified": "true"})
    del user.codes[f"verify {name} {value}"]
    user.unproved.pop(name, None)


def delete(state: State, pool: UserPool, user: User, names: list[str], writable: Container[str] | None = None) -> None:
    """Take attributes away, but for required ones and those that may not be changed."""
    directory.check_attributes(pool, dict.fromkeys(names, ""), writable=writable, changes=True)
    directory.change_attributes(state, pool, user, {name: "" for name in names if name in user.attributes})
    user.unproved = {name: value for name, value in user.unproved.items() if name not in names}
