"""Remembered devices: a device's own password, and the verifier that ConfirmDevice takes."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, NoReturn, cast

from . import formulas
from .arithmetic import Arithmetic
from .encoding import base64_text, draw, integer_bytes, utf8
from .errors import UsageError
from .record import Record

PASSWORD_BYTES = 40
SALT_BYTES = 16


class DeviceVerifier(Record):
    """DeviceSecretVerifierConfig of ConfirmDevice: the salt and g^x, each Base64 of bytes(i).

    Whoever holds it cannot sign in with it, but it belongs to the service alone: repr hides it.
    """

    password_verifier: str
    salt: str
    __slots__ = __match_args__ = ("password_verifier", "salt")

    def __init__(self, password_verifier: str, salt: str) -> None:
        self._set(password_verifier=password_verifier, salt=salt)

    def config(self) -> dict[str, str]:
        """{"PasswordVerifier": ..., "Salt": ...}, as ConfirmDevice takes it."""
        return {"PasswordVerifier": self.password_verifier, "Salt": self.salt}


class Device(Record):
    """A device that the pool remembers. Keep it with the care of a password.

    key: DeviceKey, as NewDeviceMetadata brought it.
    group_key: DeviceGroupKey, from the same place.
    password: the device's random password, which the service never sees.

    Raises UsageError when one of the three is no text or empty.
    """

    key: str
    group_key: str
    password: str
    __slots__ = __match_args__ = ("key", "group_key", "password")
    shown = ("key", "group_key")

    def __init__(self, key: str, group_key: str, password: str) -> None:
        utf8("key", key)
        utf8("group_key", group_key)
        utf8("password", password)
        self._set(key=key, group_key=group_key, password=password)

    def __reduce__(self) -> NoReturn:
        raise UsageError("device", "state", "holds a secret and cannot be pickled or copied")

    @classmethod
    def register(
        cls,
        key: str,
        group_key: str,
        *,
        entropy: Callable[[int], bytes] = os.urandom,
        arithmetic: Arithmetic | None = None,
    ) -> tuple[Device, DeviceVerifier]:
        """A device with a new random password, and its verifier for ConfirmDevice.

        The password is Base64 of 40 random bytes; the salt is 16 random bytes read as an unsigned integer.
        """
        device = cls(key, group_key, base64_text(draw(entropy, PASSWORD_BYTES)))
        return device, device.verifier(int.from_bytes(draw(entropy, SALT_BYTES), "big"), arithmetic)

    def verifier(self, salt: int, arithmetic: Arithmetic | None = None) -> DeviceVerifier:
        """The verifier of this device under a salt of 0 <= salt < 2**128. Raises UsageError for any other."""
        if not isinstance(salt, int) or not 0 <= salt < 1 << 8 * SALT_BYTES:
            raise UsageError("salt", "range", f"is not between 0 and 2**{8 * SALT_BYTES} - 1")
        x = formulas.private_key(salt, self.group_key, self.key, self.password)
        v = formulas.device_verifier(x, arithmetic)
        return DeviceVerifier(base64_text(integer_bytes(v)), base64_text(integer_bytes(salt)))

    def to_json(self) -> str:
        """The device as JSON text, its password included: a secret to be stored as one."""
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
