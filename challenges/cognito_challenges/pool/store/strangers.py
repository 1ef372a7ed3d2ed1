"""Stand-ins for names that nobody has, at app clients that must not show who exists.

A stand-in answers as a user would, the same each time: it has a salt, an id and addresses, and no password or code ever
fits. It is remembered for a while with its codes and failures, so that codes end and lock-outs come as for a user.
"""

from __future__ import annotations

from hashlib import shake_256

from cognito_challenges.pool.store import messages, schema
from cognito_challenges.pool.store.records import Code, User, UserPool
from cognito_challenges.pool.store.state import State
from cognito_srp import Verifier
from cognito_srp.group import N

REMEMBERED_SECONDS = 3600


def stranger(state: State, pool: UserPool, login_name: str) -> User:
    """The stand-in of a login name, whose status is UNKNOWN."""
    name, now = pool.folded(login_name), state.clock()
    key = f"{pool.pool_id} {name}"
    entry = state.strangers.get(key)
    user = entry.value if entry is not None and now < entry.expires else None
    user = user or _made(state, pool, name)
    state.strangers.put(key, user, now=now, expires=now + REMEMBERED_SECONDS)
    return user


def no_verifier(state: State, pool: UserPool, name: str) -> Verifier:
    """A verifier of no password, the same each time for a name."""
    salt = int.from_bytes(state.derived("salt", f"{pool.pool_id} {name}")[:16], "big")
    value = shake_256(state.derived("verifier", f"{pool.pool_id} {name}")).digest(384)
    return Verifier(salt=salt, value=int.from_bytes(value, "big") % (N - 4) + 2)


def contact(pool: UserPool, user: User) -> str:
    """Where a stand-in's code seems to go: to the name, if it is an address or number, or as the pool verifies."""
    automatic = pool.settings.strings("AutoVerifiedAttributes")
    by_phone = user.attributes["phone_number"] in user.names or (
        user.attributes["email"] not in user.names and automatic == ["phone_number"]
    )
    return "phone_number" if by_phone else "email"


def _made(state: State, pool: UserPool, name: str) -> User:
    raw = state.derived("sub", f"{pool.pool_id} {name}").hex()
    sub = f"{raw[:8]}-{raw[8:12]}-4{raw[13:16]}-a{raw[17:20]}-{raw[20:32]}"
    address, number = schema.is_email(name), schema.is_phone_number(name)
    drawn = state.derived("addresses", f"{pool.pool_id} {name}")
    letters = [chr(ord("a") + byte % 26) for byte in drawn[:2]]
    attributes = {
        "sub": sub,
        "email": name if address else f"{letters[0]}@{letters[1]}",
        "phone_number": name if number else f"+1{int.from_bytes(drawn[2:10], 'big') % 10**10:010}",
    }
    # Whoever signs in by an address or number has a username that is something else.
    aliased = bool(pool.login_attributes) or address or number
    user = User(sub if aliased else name, sub, attributes, "UNKNOWN", 0.0, 0.0)
    user.names = [name]
    user.verifier = no_verifier(state, pool, name)
    where = contact(pool, user)
    # To whoever tries, a user who has signed up might wait for the code of that.
    expires = state.clock() + state.options.code_seconds
    user.codes[messages.SIGN_UP] = Code(state.token(), expires, where, attributes[where], user.epoch)
    return user
