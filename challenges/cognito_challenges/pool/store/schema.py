"""The schema of a pool's attributes: the standard ones, those that were added, and what a value must be like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation

from cognito_challenges.pool.errors import ServiceError, invalid_parameter
from cognito_challenges.pool.requests.request import Request

MAX_ATTRIBUTE = 2048
_PHONE = re.compile(r"\+[0-9]{1,15}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


def _entry(name: str, kind: str = "String", least: str = "0", most: str = "2048") -> dict[str, object]:
    entry: dict[str, object] = {
        "AttributeDataType": kind,
        "DeveloperOnlyAttribute": False,
        "Mutable": name != "sub",
        "Required": name == "sub",
    }
    if kind == "String":
        entry["StringAttributeConstraints"] = {"MinLength": least, "MaxLength": most}
    elif kind == "Number":
        entry["NumberAttributeConstraints"] = {"MinValue": least}
    return entry


STANDARD: Mapping[str, Mapping[str, object]] = {
    "sub": _entry("sub", least="1"),
    **{
        name: _entry(name)
        for name in (
            "name", "given_name", "family_name", "middle_name", "nickname", "preferred_username", "profile", "picture",
            "website", "email",
        )
    },
    "email_verified": _entry("email_verified", "Boolean"),
    "gender": _entry("gender"),
    "birthdate": _entry("birthdate", least="10", most="10"),
    "zoneinfo": _entry("zoneinfo"),
    "locale": _entry("locale"),
    "phone_number": _entry("phone_number"),
    "phone_number_verified": _entry("phone_number_verified", "Boolean"),
    "address": _entry("address"),
    "updated_at": _entry("updated_at", "Number"),
}  # fmt: skip
VERIFIED = ("email_verified", "phone_number_verified")


def standard_schema() -> dict[str, Request]:
    """The attributes that every pool has."""
    return {name: Request(entry) for name, entry in STANDARD.items()}


def added(entries: Iterable[Request]) -> dict[str, Request]:
    """What CreateUserPool's Schema or AddCustomAttributes asks for, with the defaults filled in, by full name."""
    schema: dict[str, Request] = {}
    for entry in entries:
        given = entry.members()
        name = str(given.pop("Name", ""))
        if not name:
            raise invalid_parameter("An attribute of the schema needs a Name.")
        if name in STANDARD:
            standard = STANDARD[name]
            if given.get("AttributeDataType", standard["AttributeDataType"]) != standard["AttributeDataType"]:
                raise invalid_parameter(f"You can not change AttributeDataType of the standard attribute {name}.")
            if given.get("DeveloperOnlyAttribute"):
                raise invalid_parameter(f"You can not set DeveloperOnlyAttribute for the standard attribute {name}.")
            schema[name] = Request({**standard, **given})
            continue
        if given.get("Required"):
            raise invalid_parameter("Required custom attributes are not supported currently.")
        prefix = "dev:" if given.get("DeveloperOnlyAttribute") else "custom:"
        full = name if name.startswith(("custom:", "dev:")) else f"{prefix}{name}"
        kind = str(given.get("AttributeDataType", "String"))
        unfit = {"String": "NumberAttributeConstraints", "Number": "StringAttributeConstraints"}.get(kind)
        if unfit in given:
            raise invalid_parameter(f"{unfit} do not fit an attribute of the type {kind}.")
        defaults: dict[str, object] = {
            "AttributeDataType": kind,
            "DeveloperOnlyAttribute": full.startswith("dev:"),
            "Mutable": True,
            "Required": False,
        }
        if kind in ("String", "Number"):
            defaults[f"{kind}AttributeConstraints"] = {}
        schema[full] = Request({**defaults, **given})
    return schema


def check_value(name: str, entry: Request, value: str) -> None:
    """Refuse a value that does not fit its entry in the schema. Raises InvalidParameterException.

    A value is at most 2,048 characters long, whatever the schema allows. An empty one stands for none.
    """
    if len(value) > MAX_ATTRIBUTE:
        raise invalid_parameter(f"{name} must not have more than {MAX_ATTRIBUTE} characters.")
    if not value:
        return
    rule = {"Number": _number_rule, "Boolean": _boolean_rule, "DateTime": _date_rule}.get(
        entry.text("AttributeDataType", "String"), _string_rule
    )(entry, value)
    if rule is not None:
        raise _unfit(name, rule)
    if name == "phone_number" and not _PHONE.fullmatch(value):
        raise invalid_parameter("Invalid phone number format.")
    if name == "email" and not _EMAIL.fullmatch(value):
        raise invalid_parameter("Invalid email address format.")


def is_email(text: str) -> bool:
    """The text has the form of an e-mail address."""
    return _EMAIL.fullmatch(text) is not None


def is_phone_number(text: str) -> bool:
    """The text has the form of a phone number."""
    return _PHONE.fullmatch(text) is not None


def unknown(name: str) -> ServiceError:
    """The error for an attribute that the schema does not have."""
    return _unfit(name, "Attribute does not exist in the schema.")


def required(name: str) -> ServiceError:
    """The error for a required attribute that is missing."""
    return _unfit(name, f"The attribute {name} is required")


def _unfit(name: str, rule: str) -> ServiceError:
    return invalid_parameter(f"Attributes did not conform to the schema: {name}: {rule}")


def _string_rule(entry: Request, value: str) -> str | None:
    limits = entry.structure("StringAttributeConstraints")
    if "MinLength" in limits and len(value) < Decimal(limits.text("MinLength")):
        return f"String must not have fewer than {limits.text('MinLength')} characters."
    if "MaxLength" in limits and len(value) > Decimal(limits.text("MaxLength")):
        return f"String must not have more than {limits.text('MaxLength')} characters."
    return None


def _number_rule(entry: Request, value: str) -> str | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return "Value must be a number."
    limits = entry.structure("NumberAttributeConstraints")
    if not number.is_finite():
        return "Value must be a number."
    if "MinValue" in limits and number < Decimal(limits.text("MinValue")):
        return f"Number must not be less than {limits.text('MinValue')}."
    if "MaxValue" in limits and number > Decimal(limits.text("MaxValue")):
        return f"Number must not be greater than {limits.text('MaxValue')}."
    return None


def _boolean_rule(_: Request, value: str) -> str | None:
    return None if value.lower() in ("true", "false") else "Value must be true or false."


def _date_rule(_: Request, value: str) -> str | None:
    try:
        datetime.fromisoformat(value)
    except ValueError:
        return "Value must be a date and time in ISO 8601."
    return None
