"""Remembered devices: a device's own password, and the verifier that ConfirmDevice takes."""

from __future__ import annotations

import os
from typing import Any, cast

from . import formulas
from .arithmetic import Arithmetic
from .encoding import (
    MAX_BASE64_CHARACTERS,
    Entropy,
    base64_text,
    check_text,
    draw,
    integer_bytes,
    utf8,
    wrong_type,
)
from .errors import UsageError
from .record import Record
from .unpicklable import Unpicklable

PASSWORD_BYTES = 40
SALT_BYTES = 16


class DeviceVerifier(Record):
    """DeviceSecretVerifierConfig of ConfirmDevice: g^x and the salt, each Base64 of bytes(i).

    Nobody can sign in with it, but only the service needs it: repr hides it.
    Raises UsageError when one of the two is not a string, or empty.
    """

    password_verifier: str
    salt: str
    __slots__ = __match_args__ = ("password_verifier", "salt")

    def __init__(self, *, password_verifier: str, salt: str) -> None:
        for name, text in (("password_verifier", password_verifier), ("salt", salt)):
            check_text(name, text, MAX_BASE64_CHARACTERS, UsageError)
        self._set(password_verifier=password_verifier, salt=salt)

    def config(self) -> dict[str, str]:
        """{"PasswordVerifier": ..., "Salt": ...}, as ConfirmDevice takes it."""
        return {"PasswordVerifier": self.password_verifier, "Salt": self.salt}


class Device(Unpicklable, Record):
    """A device that the pool remembers. Store it as you would store a password.

    key: DeviceKey of NewDeviceMetadata.
    group_key: DeviceGroupKey of NewDeviceMetadata.
    password: the device's random password, which the service never sees.

    Raises UsageError when one of the three is not a string, empty, or longer than 4,096 characters.
    """

    key: str
    group_key: str
    password: str
    __slots__ = __match_args__ = ("key", "group_key", "password")
    repr_fields = ("key", "group_key")

    def __init__(self, *, key: str, group_key: str, password: str) -> None:
        utf8("key", key)
        utf8("group_key", group_key)
        utf8("password", password)
        self._set(key=key, group_key=group_key, password=password)

    @classmethod
    def register(
        cls,
        *,
        key: str,
        group_key: str,
        entropy: Entropy = os.urandom,
        arithmetic: Arithmetic | None = None,
    ) -> tuple[Device, DeviceVerifier]:
        """A device with a new random password, and its verifier for ConfirmDevice.

        The password is Base64 of 40 random bytes; the salt is 16 random bytes read as an unsigned integer.
        """
        device = cls(key=key, group_key=group_key, password=base64_text(draw(entropy, PASSWORD_BYTES)))
        return device, device.verifier(int.from_bytes(draw(entropy, SALT_BYTES), "big"), arithmetic)

    def verifier(self, salt: int, arithmetic: Arithmetic | None = None) -> DeviceVerifier:
        """The verifier of this device under a salt of 0 <= salt < 2**128. Raises UsageError for any other."""
        if not isinstance(salt, int):
            raise wrong_type("salt", salt, "an integer")
        if not 0 <= salt < 1 << 8 * SALT_BYTES:
            raise UsageError("salt", "range", f"must be between 0 and 2**{8 * SALT_BYTES} - 1")
        x = formulas.private_key(
            salt, group_name=self.group_key.encode(), identity=self.key.encode(), password=self.password.encode()
        )
        v = formulas.device_verifier(x, arithmetic)
        return DeviceVerifier(password_verifier=base64_text(integer_bytes(v)), salt=base64_text(integer_bytes(salt)))

    def to_json(self) -> str:
        """The device as JSON, its password included: a secret, to be stored as one."""
        import json

        return json.dumps({"key": self.key, "group_key": self.group_key, "password": self.password})

    @classmethod
    def from_json(cls, text: str) -> Device:
        """The device that `to_json` wrote. Raises UsageError for any other text."""
        import json
        from contextlib import suppress

        document: Any = None
        # Suppressed, not turned into ours: json's error holds the whole text, even as the context of another.
        with suppress(TypeError, ValueError, RecursionError):
            document = json.loads(text)
        fields = cast("dict[str, Any]", document) if isinstance(document, dict) else {}
        if fields.keys() != {"key", "group_key", "password"}:
            raise UsageError("device", "syntax", "is not a JSON object of key, group_key and password")
        return cls(**fields)
