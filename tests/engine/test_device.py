"""Remembered devices: what is drawn, and what ConfirmDevice is sent."""

import base64
import copy
import json
import pickle

import pytest

from cognito_srp import Device, DeviceVerifier, UsageError
from support import oracle

KEY, GROUP = "us-east-1_01234567-89ab-cdef-0123-456789abcdef", "-Group"


def test_registration_draws_40_bytes_of_password_and_16_of_salt() -> None:
    asked: list[int] = []

    def entropy(size: int) -> bytes:
        asked.append(size)
        return bytes(range(200, 200 + size))

    device, verifier = Device.register(key=KEY, group_key=GROUP, entropy=entropy)
    assert asked == [40, 16]
    assert (device.key, device.group_key) == (KEY, GROUP)
    assert base64.b64decode(device.password) == bytes(range(200, 240))
    # The salt's top bit is set: a 00 goes in front of its 16 bytes.
    assert base64.b64decode(verifier.salt) == b"\x00" + bytes(range(200, 216))


def test_no_two_registrations_are_alike() -> None:
    registered = [Device.register(key=KEY, group_key=GROUP) for _ in range(20)]
    assert len({device.password for device, _ in registered}) == 20
    assert len({verifier.salt for _, verifier in registered}) == 20


@pytest.mark.parametrize(
    "salt", [0, 1, 0x7F, 0x80, 0xFF, 2**119, 2**120 - 1, 2**120, 2**127 - 1, 2**127, 2**128 - 1], ids=hex
)
def test_the_verifier_agrees_with_the_oracle(salt: int) -> None:
    config = Device(key=KEY, group_key=GROUP, password="password").verifier(salt).config()
    assert config == oracle.device_config(GROUP, KEY, "password", salt)
    assert set(config) == {"PasswordVerifier", "Salt"}


def test_verifiers_have_a_sign_byte_when_their_top_bit_is_set() -> None:
    """g^x has its top bit set for every second salt; without the 00 it would read as a negative number."""
    seen = set()
    for salt in range(12):
        data = base64.b64decode(Device(key=KEY, group_key=GROUP, password="password").verifier(salt).password_verifier)
        assert data[0] < 0x80
        seen.add(data[0] == 0)
    assert seen == {True, False}


def test_a_device_shows_its_keys_and_not_its_password() -> None:
    device = Device(key=KEY, group_key=GROUP, password="canary")
    assert repr(device) == f"Device(key={KEY!r}, group_key={GROUP!r})"
    assert repr(DeviceVerifier(password_verifier="canary", salt="salt")) == "DeviceVerifier()"


@pytest.mark.parametrize("method", [copy.copy, copy.deepcopy, *[lambda s, p=p: pickle.dumps(s, p) for p in range(6)]])
def test_a_device_is_neither_copied_nor_pickled(method) -> None:
    with pytest.raises(UsageError) as caught:
        method(Device(key=KEY, group_key=GROUP, password="password"))
    assert (caught.value.parameter, caught.value.reason) == ("Device", "state")


def test_a_device_is_a_value() -> None:
    device, same = (Device(key=KEY, group_key=GROUP, password="p") for _ in range(2))
    assert device == same
    assert hash(device) == hash(same)
    assert device != Device(key=KEY, group_key=GROUP, password="q")
    assert device != (KEY, GROUP, "p")
    with pytest.raises(AttributeError):
        device.password = "q"
    with pytest.raises(AttributeError):
        del device.password


def test_a_device_verifier_is_a_value() -> None:
    verifier = Device(key=KEY, group_key=GROUP, password="p").verifier(7)
    assert pickle.loads(pickle.dumps(verifier)) == copy.deepcopy(verifier) == verifier
    assert verifier != DeviceVerifier(password_verifier=verifier.password_verifier, salt="AQ==")


def test_a_registration_fails_when_entropy_fails_for_the_salt() -> None:
    drawn = [b"x" * 40, b"short"]
    with pytest.raises(UsageError, match=r"^entropy: must return 16 bytes$"):
        Device.register(key=KEY, group_key=GROUP, entropy=lambda _: drawn.pop(0))


@pytest.mark.parametrize("password", ["p", "pässwörd 🔑", '"\\\n\0'], ids=ascii)
def test_a_device_survives_json(password: str) -> None:
    device = Device(key=KEY, group_key=GROUP, password=password)
    assert json.loads(device.to_json()) == {"key": KEY, "group_key": GROUP, "password": password}
    assert Device.from_json(device.to_json()) == device


WHOLE = Device(key=KEY, group_key=GROUP, password="canary").to_json()
NOT_DEVICES = [
    *("", "{}", "[]", "null", '"canary"', "canary", WHOLE[:-1], WHOLE + "}", WHOLE.replace("{", "[", 1), "[" * 100_000),
    *(WHOLE.replace("group_key", "group"), WHOLE.replace("}", ', "new": 1}'), f"[{WHOLE}]", None, 7, b"\xff"),
]


@pytest.mark.parametrize("text", NOT_DEVICES, ids=lambda text: ascii(text)[-30:])
def test_other_json_is_refused_and_not_quoted(text) -> None:
    with pytest.raises(UsageError) as caught:
        Device.from_json(text)
    assert (caught.value.parameter, caught.value.reason) == ("device", "syntax")
    assert "canary" not in str(caught.value)
    assert caught.value.__context__ is None  # a JSONDecodeError would carry the text


@pytest.mark.parametrize("password", ["null", "7", '""', '["canary"]', '"\\ud800"'])
def test_json_of_a_bad_device_is_refused(password: str) -> None:
    with pytest.raises(UsageError) as caught:
        Device.from_json(WHOLE.replace('"canary"', password))
    assert caught.value.parameter == "password"
