"""Challenges that a password answers: the user's own, or a new one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cognito_challenges.errors import printable
from cognito_srp import UsageError
from cognito_srp.encoding import wrong_type

from .base import (
    NOTHING,
    USER_ATTRIBUTE_PREFIX,
    BaseChallenge,
    Response,
    from_parameter,
    read_attribute_names,
    read_object,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Password(BaseChallenge):
    """PASSWORD: the service asks for the password itself. It is sent only when the caller answers, never by itself."""

    name = "PASSWORD"
    response_fields = ("PASSWORD",)

    def response(self, password: str | None = None) -> Response:
        """Answer with this password, or with the attempt's own."""
        return self._response({}, password=password)


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminNoSrpAuth(BaseChallenge):
    """ADMIN_NO_SRP_AUTH: the service asks the server side for the password itself. Sent only when answered."""

    name = "ADMIN_NO_SRP_AUTH"
    response_fields = ("PASSWORD",)

    def response(self, password: str | None = None) -> Response:
        """Answer with this password, or with the attempt's own."""
        return self._response({}, password=password)


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordSrp(BaseChallenge):
    """PASSWORD_SRP: the service asks for SRP_A. It reaches the caller only when the attempt has no password."""

    name = "PASSWORD_SRP"
    response_fields = ("SRP_A",)

    def response(self, password: str | None = None) -> Response:
        """Prove this password, or the attempt's own."""
        return self._response({}, password=password)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasswordRequired(BaseChallenge):
    """NEW_PASSWORD_REQUIRED: the password was temporary.

    required_attributes: names to give a value, without the `userAttributes.` prefix; user_attributes: what is known.
    """

    name = "NEW_PASSWORD_REQUIRED"
    response_fields = ("NEW_PASSWORD", "userAttributes.*")
    required_attributes: tuple[str, ...] = from_parameter("requiredAttributes", read_attribute_names, default=())
    user_attributes: Mapping[str, Any] = from_parameter("userAttributes", read_object, default=NOTHING, in_repr=False)

    def response(self, new_password: str, attributes: Mapping[str, str] | None = None) -> Response:
        """Answer with the new password and the values of attributes, named without prefix.

        Raises UsageError when a required attribute that has no value yet is left out, or when one that has a value
        would be changed: the service does not do that here. UpdateUserAttributes does, after the sign-in.
        """
        if attributes is not None and not isinstance(attributes, Mapping):
            raise wrong_type("attributes", attributes, "a mapping of strings to strings")
        given = {str(name).removeprefix(USER_ATTRIBUTE_PREFIX): value for name, value in (attributes or {}).items()}
        known = {name for name, value in self.user_attributes.items() if value}
        missing = [name for name in self.required_attributes if name not in known and name not in given]
        if missing:
            raise UsageError("userAttributes", "missing", f"must give a value to {printable(', '.join(missing), 200)}")
        changed = sorted(given.keys() & known)
        if changed:
            raise UsageError("userAttributes", "range", f"must not change {', '.join(changed)}, which has a value")
        responses = {USER_ATTRIBUTE_PREFIX + name: value for name, value in given.items()}
        return self._response({"NEW_PASSWORD": new_password, **responses})
