"""Users by every name they can sign in with, their attributes and their passwords."""

from __future__ import annotations

import hmac
import re
from collections.abc import Container, Mapping
from dataclasses import replace

from cognito_challenges.pool.errors import ServiceError, invalid_parameter
from cognito_challenges.pool.store import schema
from cognito_challenges.pool.store.records import AppClient, User, UserPool
from cognito_challenges.pool.store.state import State
from cognito_srp import Verifier

MAX_PASSWORD, MOST_FORMER = 256, 24
ALIAS_EXISTS = "An account with the given email or phone number already exists."
_SYMBOLS = frozenset("^$*.[]{}()?-\"!@#%&/\\,><':;|_~`+= ")


def create_user(
    state: State, pool: UserPool, login_name: str, attributes: Mapping[str, str], status: str, *, force: bool = False
) -> User:
    """A new user, not yet in the pool, with checked attributes and a name nobody has. See `enrol`.

    force: a verified e-mail or phone number that another user has as alias moves to this one (ForceAliasCreation).
    """
    now = state.clock()
    sub = state.uuid()
    given = dict(attributes)
    username = login_name
    if pool.login_attributes:
        kind = "email" if "@" in login_name else "phone_number"
        if kind not in pool.login_attributes:
            wanted = " or a phone number".join(["an email"] if "email" in pool.login_attributes else [""])
            raise invalid_parameter(f"Username should be {wanted or 'a phone number'}.")
        given.setdefault(kind, login_name)
        username = sub
    check_attributes(pool, given)
    if pool.alias_attributes and schema.is_email(login_name) and "email" in pool.alias_attributes:
        raise invalid_parameter("Username cannot be of email format, since user pool is configured for email alias.")
    user = User(username, sub, {"sub": sub, **given}, status, now, now)
    if pool.find(login_name) is not None:
        raise ServiceError("UsernameExistsException", "User account already exists")
    check_aliases(pool, user, force=force)
    return user


def enrol(pool: UserPool, user: User, *, force: bool = False) -> None:
    """Put a user into the pool under every login name, if nobody has got one of them in the meantime."""
    if pool.find(user.username) is not None:
        raise ServiceError("UsernameExistsException", "User account already exists")
    check_aliases(pool, user, force=force)
    pool.users[user.username] = user
    index(pool, user)


def index(pool: UserPool, user: User) -> None:
    """Set the user's login names anew: username, sub, and the aliases or login attributes that count at present.

    An alias that `check_aliases` was told to let the user take is the other user's no more.
    """
    unindex(pool, user)
    user.names = login_names(pool, user)
    for name in user.names:
        other = pool.names.get(name)
        if other is not None and other is not user:
            for kind in _aliases(pool, other, name):
                other.attributes[f"{kind}_verified"] = "false"
            other.outdate()
            index(pool, other)
        pool.names[name] = user


def unindex(pool: UserPool, user: User) -> None:
    """Take the user's login names out of the pool."""
    for name in user.names:
        if pool.names.get(name) is user:
            del pool.names[name]


def login_names(pool: UserPool, user: User) -> list[str]:
    """Every folded name that finds the user. An alias e-mail or phone number counts once it is verified."""
    names = [user.username, user.sub]
    names += [user.attributes[name] for name in pool.login_attributes if user.attributes.get(name)]
    for name in pool.alias_attributes:
        verified = name == "preferred_username" or user.attributes.get(f"{name}_verified") == "true"
        if verified and user.attributes.get(name):
            names.append(user.attributes[name])
    return [pool.folded(name) for name in names]


def check_aliases(pool: UserPool, user: User, *, force: bool = False) -> None:
    """Refuse a login name that another user has. Raises AliasExistsException.

    force: an e-mail address or phone number that is the other's alias may be taken over, which `index` does.
    """
    for name in login_names(pool, user):
        other = pool.names.get(name)
        if other is None or other.sub == user.sub:
            continue
        if not force or not _aliases(pool, other, name):
            raise ServiceError("AliasExistsException", ALIAS_EXISTS)


def _aliases(pool: UserPool, user: User, name: str) -> list[str]:
    """The attributes by which a user has a login name, when it is neither the username nor the sub."""
    if name in (pool.folded(user.username), pool.folded(user.sub)):
        return []
    kinds = [kind for kind in ("email", "phone_number") if kind in pool.alias_attributes]
    return [kind for kind in kinds if pool.folded(user.attributes.get(kind, "")) == name]


def check_attributes(
    pool: UserPool, attributes: Mapping[str, str], *, writable: Container[str] | None = None, changes: bool = False
) -> None:
    """Refuse attributes that the schema does not have, that may not be written, or of a value that does not fit.

    writable: what the app client may write; None when it is not a client that writes. changes: the user exists already,
    so that immutable attributes stay as they are and required ones stay there.
    """
    for name, value in attributes.items():
        entry = pool.schema.get(name)
        if entry is None:
            raise schema.unknown(name)
        if name == "sub" or (changes and not entry.flag("Mutable", True)):
            raise invalid_parameter(f"Cannot modify the non-mutable attribute {name}")
        if changes and not value and entry.flag("Required"):
            raise invalid_parameter(f"Cannot delete the required attribute {name}")
        if writable is not None and name not in writable:
            raise ServiceError("NotAuthorizedException", "A client attempted to write unauthorized attribute")
        schema.check_value(name, entry, value)


def writable_by(state: State, pool: UserPool, client: AppClient) -> frozenset[str]:
    """The attributes that an app client may write. Never among them: developer-only ones, and what a code proves."""
    named = client.settings.strings("WriteAttributes") or _by_default(state, pool)
    return frozenset(name for name in named if name not in schema.VERIFIED and not name.startswith("dev:"))


def readable_by(state: State, pool: UserPool, client: AppClient) -> frozenset[str]:
    """The attributes that an app client may read; the sub is always one."""
    return frozenset([*(client.settings.strings("ReadAttributes") or _by_default(state, pool)), "sub"])


def _by_default(state: State, pool: UserPool) -> list[str]:
    return [name for name in pool.schema if state.options.custom_attributes_by_default or name in schema.STANDARD]


def required_attributes(pool: UserPool) -> list[str]:
    """Names of the attributes that the pool's schema requires."""
    return [name for name, entry in pool.schema.items() if entry.flag("Required") and name != "sub"]


def changed(user: User, attributes: Mapping[str, str]) -> User:
    """A copy of a user with attributes set, and taken away where they are empty.

    A new e-mail or phone number is unverified unless its `_verified` comes with it.
    """
    result = dict(user.attributes)
    for name, value in attributes.items():
        if name in ("email", "phone_number") and value != user.attributes.get(name):
            result[f"{name}_verified"] = attributes.get(f"{name}_verified", "false")
        result[name] = value
    for name in [name for name, value in result.items() if value == "" and name in attributes]:
        del result[name]
        result.pop(f"{name}_verified", None)
    return replace(user, attributes=result)


def change_attributes(state: State, pool: UserPool, user: User, attributes: Mapping[str, str]) -> None:
    """Set checked attributes, as `changed` does, and the login names that follow from them."""
    after = changed(user, attributes)
    check_aliases(pool, after)
    if any(_moved(user, after, kind) for kind in ("email", "phone_number")):
        user.outdate()
    user.attributes = after.attributes
    user.modified = state.clock()
    index(pool, user)


def _moved(before: User, after: User, kind: str) -> bool:
    """An address has changed, or is no longer known to be the user's."""
    lost = "true" == before.attributes.get(f"{kind}_verified") != after.attributes.get(f"{kind}_verified")
    return lost or before.attributes.get(kind) != after.attributes.get(kind)


def verify_contact(state: State, pool: UserPool, user: User, kind: str) -> None:
    """Mark an address as the user's own after a code, unless it is somebody else's alias already."""
    try:
        change_attributes(state, pool, user, {f"{kind}_verified": "true"})
    except ServiceError as error:
        if error.code != "AliasExistsException":
            raise


def check_password(pool: UserPool, password: str) -> None:
    """Refuse a password that the pool's policy does not allow. Raises InvalidPasswordException.

    Within a challenge's responses passwords come as any text, so the shape of the model's PasswordType is checked too.
    """
    if len(password) > MAX_PASSWORD or password != password.strip():
        raise ServiceError("InvalidPasswordException", "Password did not conform with policy: Password is malformed")
    policies = pool.settings.structure("Policies")
    policy = policies.structure("PasswordPolicy")
    # Without a policy all four kinds of characters are asked for; a policy asks for those it names.
    strict = "PasswordPolicy" not in policies
    rules = (
        (len(password) >= policy.whole("MinimumLength", 8), "Password not long enough"),
        (
            not policy.flag("RequireUppercase", strict) or re.search("[A-Z]", password),
            "Password must have uppercase characters",
        ),
        (
            not policy.flag("RequireLowercase", strict) or re.search("[a-z]", password),
            "Password must have lowercase characters",
        ),
        (
            not policy.flag("RequireNumbers", strict) or re.search("[0-9]", password),
            "Password must have numeric characters",
        ),
        (not policy.flag("RequireSymbols", strict) or _SYMBOLS & set(password), "Password must have symbol characters"),
    )
    for holds, message in rules:
        if not holds:
            raise ServiceError("InvalidPasswordException", f"Password did not conform with policy: {message}")


def check_new_password(pool: UserPool, user: User, password: str) -> None:
    """Refuse a password that the policy does not allow, or that is one of the user's latest as the policy counts them.

    Raises InvalidPasswordException or PasswordHistoryPolicyViolationException.
    """
    check_password(pool, password)
    size = pool.settings.structure("Policies").structure("PasswordPolicy").whole("PasswordHistorySize")
    if size and any(fits(pool, user, verifier, password) for verifier in user.former[-size:]):
        raise ServiceError(
            "PasswordHistoryPolicyViolationException",
            f"Password must not be one of the last {size} passwords.",
        )


def set_password(state: State, pool: UserPool, user: User, password: str) -> None:
    """Keep the password's verifier under a fresh salt; a pool that explains keeps the password as well."""
    forced = state.options.forced_salt
    salt = None if forced is None else int(forced, 16)
    user.verifier = Verifier.for_user(
        pool.pool_id, user_id=user.username, password=password, salt=salt, entropy=state.entropy
    )
    if state.options.explain:
        user.passwords.append(password)
    user.former = [*user.former, user.verifier][-MOST_FORMER:]
    user.password_set = user.modified = state.clock()
    user.outdate()


def password_holds(pool: UserPool, user: User, password: str) -> bool:
    """Compare a password in constant time by computing its verifier once more."""
    return user.verifier is not None and fits(pool, user, user.verifier, password)


def fits(pool: UserPool, user: User, verifier: Verifier, password: str) -> bool:
    """Whether a password has this verifier; the comparison takes constant time."""
    if not 0 < len(password) <= MAX_PASSWORD:
        return False
    tried = Verifier.for_user(pool.pool_id, user_id=user.username, password=password, salt=verifier.salt)
    return hmac.compare_digest(tried.value.to_bytes(384, "big"), verifier.value.to_bytes(384, "big"))
