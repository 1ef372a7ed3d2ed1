"""device-claim and device-verifier: remembered devices."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from typing import Any

from cognito_srp import Device, formulas
from cognito_srp.group import N

from .claims import (
    DEVICE_GROUP,
    WIDTHS,
    Identity,
    Numbers,
    device_input,
    outcome,
    rare_branches,
    search,
    secret_block,
    shape,
    shapes,
)
from .document import Case, Document, case, group
from .drbg import draw, integer

DEVICE_KEY = "eu-central-1_5d1e3f2a-77c0-4b9d-8a6e-112233445566"


def device_password(label: str) -> str:
    """Base64 of 40 bytes, as Device.register makes it."""
    return b64encode(draw(label, 40)).decode()


def claims() -> Document:
    """The file device_claim."""
    return {
        "title": "device-claim: the answer to DEVICE_PASSWORD_VERIFIER",
        "description": [
            "The same formulas as password-claim, with the device group key for the pool's name, the device key for "
            "the user id and the device's own password.",
        ],
        "schema": "claim",
        "groups": [group("device-claim", _branches() + _forms(), {"device_group_key": DEVICE_GROUP})],
    }


def claim(comment: str, flags: Iterable[str], numbers: Numbers, block: bytes, **wire: Any) -> Case:
    """A valid case; `wire` says what to send in another form than the usual one."""
    given = {**device_input(numbers, block), **wire}
    return case(comment, set(flags) or {"Ordinary"}, given, **outcome(numbers, block, given))


def found(label: str, flags: set[str]) -> Numbers:
    """Numbers of a device that take exactly these rare branches."""
    who = Identity(DEVICE_GROUP, DEVICE_KEY, "")
    return search(label, who, flags, lambda i: device_password(f"{label} password {i}"))


def _branches() -> list[Case]:
    cases = []
    for i in range(2):
        label = f"device ordinary {i}"
        cases.append(claim("no rare branch", (), found(label, set()), secret_block(label, 1500 if i == 0 else 48)))
    for i, (comment, flags) in enumerate(rare_branches()):
        if len(flags) != 2:
            label = f"device branch {i}"
            cases.append(claim(comment, flags, found(label, flags), secret_block(label)))
    return cases


def _forms() -> list[Case]:
    cases = []
    block = secret_block("device forms", 47)
    numbers = found("device LeadingZeroSalt", {"LeadingZeroSalt"})
    flags = {"LeadingZeroSalt", "SaltZeroPadded"}
    cases.append(claim("salt in full width", flags, numbers, block, salt=f"{numbers.salt:032x}"))
    numbers = found("device padded B", {"LeadingZeroB"})
    flags = {"LeadingZeroB", "SrpBZeroPadded"}
    cases.append(claim("B in full width", flags, numbers, block, srp_b=f"{numbers.public_b:0768x}"))
    numbers = found("device upper", set())
    cases.append(claim("salt in upper case", {"SaltUpperCase"}, numbers, block, salt=f"{numbers.salt:X}"))
    cases.append(claim("B in upper case", {"SrpBUpperCase"}, numbers, block, srp_b=f"{numbers.public_b:X}"))
    text = b64encode(block).decode().rstrip("=")
    cases.append(claim("secret block without padding", {"SecretBlockUnpadded"}, numbers, block, secret_block=text))
    cases.append(claim("secret block URL-safe", {"SecretBlockUrlSafe"}, numbers, b"\xff" * 48, secret_block="_" * 64))
    who = Identity(DEVICE_GROUP, DEVICE_KEY, device_password("negative"))
    for i in range(200):
        numbers = Numbers.of(who, -integer(f"dn {i}", 16), integer(f"da {i}"), integer(f"dB {i}", 384) % N)
        if not {flag for flag in numbers.flags() if not flag.endswith("Salt")}:
            cases.append(claim("negative salt", {"SaltNegative"}, numbers, block))
            break
    return cases


def verifiers() -> Document:
    """The file device_verifier."""
    cases = []
    for kind in (None, "TopBit", "OddNibble", "LeadingZero", "LeadingZeroTopBit"):
        for verifier_kind in (None, "TopBit", "LeadingZero"):
            cases.append(_verifier(kind, verifier_kind))
    for value in (0, 1, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, (1 << 127) - 1, 1 << 127, (1 << 128) - 1):
        password = device_password(f"verifier edge {value}")
        cases.append(_registered(f"random bytes {value:032x}", {"SaltEdge"}, password, value))
    return {
        "title": "device-verifier: what ConfirmDevice takes",
        "description": [
            "input.salt is the hex text of 16 random bytes, zeros in front included; expected.salt and "
            "expected.password_verifier are Base64 of bytes(salt) and of bytes(g^x).",
        ],
        "schema": "device_verifier",
        "groups": [group("device-verifier", cases, {"device_group_key": DEVICE_GROUP, "device_key": DEVICE_KEY})],
    }


def _verifier(kind: str | None, verifier_kind: str | None) -> Case:
    label = f"verifier {kind} {verifier_kind}"
    salt = next(s for i in range(1 << 20) if shape(s := integer(f"{label} {i}", 16), WIDTHS["Salt"]) == kind)
    for i in range(1 << 20):
        password = device_password(f"{label} password {i}")
        x = formulas.private_key(
            salt, group_name=DEVICE_GROUP.encode(), identity=DEVICE_KEY.encode(), password=password.encode()
        )
        if shape(formulas.device_verifier(x), 384) == verifier_kind:
            break
    comment = f"salt: {kind or 'ordinary'}, verifier: {verifier_kind or 'ordinary'}"
    return _registered(comment, set(), password, salt)


def _registered(comment: str, flags: set[str], password: str, salt: int) -> Case:
    x = formulas.private_key(
        salt, group_name=DEVICE_GROUP.encode(), identity=DEVICE_KEY.encode(), password=password.encode()
    )
    v = formulas.device_verifier(x)
    of_verifier = {"TopBit": {"TopBitVerifier"}, "LeadingZero": {"LeadingZeroVerifier"}}.get(shape(v, 384) or "", set())
    flags = flags | shapes(Salt=salt) | of_verifier
    made = Device(key=DEVICE_KEY, group_key=DEVICE_GROUP, password=password).verifier(salt)
    return case(
        comment,
        flags or {"Ordinary"},
        {"device_password": password, "salt": f"{salt:032x}"},
        expected={"password_verifier": made.password_verifier, "salt": made.salt},
        trace={"x": f"{x:x}", "v": f"{v:x}"},
    )
