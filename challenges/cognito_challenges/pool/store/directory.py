"""Users by every name they can sign in with, their attributes and their passwords."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping

from cognito_challenges.pool.errors import ServiceError, invalid_parameter
from cognito_challenges.pool.store.records import User, UserPool
from cognito_challenges.pool.store.state import State
from cognito_srp import Verifier

STANDARD_ATTRIBUTES = frozenset(
    {
        "sub", "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile",
        "picture", "website", "email", "email_verified", "gender", "birthdate", "zoneinfo", "locale", "phone_number",
        "phone_number_verified", "address", "updated_at",
    }
)  # fmt: skip
MAX_PASSWORD, MAX_ATTRIBUTE = 256, 2048
ALIAS_EXISTS = "An account with the given email or phone number already exists."
_PHONE = re.compile(r"\+[0-9]{1,15}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
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
    if pool.alias_attributes and _EMAIL.fullmatch(login_name) and "email" in pool.alias_attributes:
        raise invalid_parameter("Username cannot be of email format, since user pool is configured for email alias.")
    user = User(username, sub, {"sub": sub, **given}, status, now, now)
    if pool.find(login_name) is not None:
        raise ServiceError("UsernameExistsException", "User account already exists")
    check_aliases(pool, user, force=force)
    return user


def enrol(pool: UserPool, user: User) -> None:
    """Put a user into the pool under every login name."""
    pool.users[user.username] = user
    index(pool, user)


def index(pool: UserPool, user: User) -> None:
    """Set the user's login names anew: username, sub, and the aliases or login attributes that count at present."""
    unindex(pool, user)
    user.names = login_names(pool, user)
    for name in user.names:
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
    """Refuse a login name that another user has, or take it over when forced. Raises AliasExistsException."""
    for name in login_names(pool, user):
        other = pool.names.get(name)
        if other is None or other.sub == user.sub:
            continue
        if not force:
            raise ServiceError("AliasExistsException", ALIAS_EXISTS)
        for kind in ("email", "phone_number"):
            if pool.folded(other.attributes.get(kind, "")) == name:
                other.attributes[f"{kind}_verified"] = "false"
        index(pool, other)


def check_attributes(pool: UserPool, attributes: Mapping[str, str], *, writable: Iterable[str] | None = None) -> None:
    """Refuse attributes that the schema does not have, that a client may not write, or of a malformed value."""
    for name, value in attributes.items():
        if name not in STANDARD_ATTRIBUTES and name not in pool.schema:
            raise invalid_parameter(
                f"Attributes did not conform to the schema: {name}: Attribute does not exist in the schema."
            )
        if name == "sub":
            raise invalid_parameter("Cannot modify the non-mutable attribute sub")
        if writable is not None and name not in writable:
            raise ServiceError("NotAuthorizedException", "A client attempted to write unauthorized attribute")
        if len(value) > MAX_ATTRIBUTE:
            raise invalid_parameter(f"{name} must not have more than {MAX_ATTRIBUTE} characters.")
        if name == "phone_number" and value and not _PHONE.fullmatch(value):
            raise invalid_parameter("Invalid phone number format.")
        if name == "email" and value and not _EMAIL.fullmatch(value):
            raise invalid_parameter("Invalid email address format.")


def required_attributes(pool: UserPool) -> list[str]:
    """Names of the attributes that the pool's schema requires."""
    return [name for name, entry in pool.schema.items() if entry.flag("Required") and name != "sub"]


def change_attributes(state: State, pool: UserPool, user: User, attributes: Mapping[str, str]) -> None:
    """Set checked attributes. A new e-mail or phone number is unverified unless its `_verified` comes with it."""
    changed = dict(user.attributes)
    for name, value in attributes.items():
        if name in ("email", "phone_number") and value != user.attributes.get(name):
            changed[f"{name}_verified"] = attributes.get(f"{name}_verified", "false")
        changed[name] = value
    for name in [name for name, value in changed.items() if value == "" and name in attributes]:
        del changed[name]
        changed.pop(f"{name}_verified", None)
    trial = User(user.username, user.sub, changed, user.status, user.created, user.modified)
    check_aliases(pool, trial)
    user.attributes = changed
    user.modified = state.clock()
    index(pool, user)


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


def set_password(state: State, pool: UserPool, user: User, password: str) -> None:
    """Keep the password's verifier under a fresh salt; a pool that explains keeps the password as well."""
    forced = state.options.forced_salt
    salt = None if forced is None else int(forced, 16)
    user.verifier = Verifier.for_user(
        pool.pool_id, user_id=user.username, password=password, salt=salt, entropy=state.entropy
    )
    if state.options.explain:
        user.passwords.append(password)
    user.modified = state.clock()


def password_holds(pool: UserPool, user: User, password: str) -> bool:
    """Compare a password in constant time by computing its verifier once more."""
    if user.verifier is None or not 0 < len(password) <= MAX_PASSWORD:
        return False
    tried = Verifier.for_user(pool.pool_id, user_id=user.username, password=password, salt=user.verifier.salt)
    return hmac.compare_digest(tried.value.to_bytes(384, "big"), user.verifier.value.to_bytes(384, "big"))
