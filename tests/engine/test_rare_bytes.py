"""Sign-ins whose numbers have rare bytes, and the field's known mistakes, each of which they catch.

A wrong byte rule shows on one sign-in in 2, 16, 256 or 512: too rarely for random tests. The cases below were found
by search; each is made from its number only, and each first shows that it has the bytes it stands for.
"""

import base64
import hashlib
import hmac
import unicodedata
from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import pytest

from cognito_srp import (
    Device,
    DeviceSession,
    PasswordSession,
    ProofMismatch,
    ServerSession,
    SrpError,
    Verifier,
    encoding,
    formulas,
    timestamps,
)
from support import oracle

BLOCK = b"\x00\xffsecret block"
NOW = 1772888709.75  # Sat Mar 7 13:05:09: one digit in the day, and an afternoon
DEVICE_KEY = "us-east-1_01234567-89ab-cdef-0123-456789abcdef"


class Case(NamedTuple):
    """One sign-in: of alice in the pool Ab1, or of a device in the group -Group."""

    a: int
    b: int
    salt: int
    password: str
    group_name: str = "Ab1"
    identity: str = "alice"


def case(number: int) -> Case:
    def draw(what: str, size: int) -> int:
        return int.from_bytes(hashlib.sha512(f"{what} {number}".encode()).digest()[:size], "big")

    return Case(draw("a", 32), draw("b", 32), draw("salt", 16), f"password {number}")


WIDTH = {"A": 384, "B": 384, "S": 384, "u": 32, "x": 32, "salt": 16}

TOP_BIT = "top bit set"
ODD = "odd number of hex digits"
ZERO = "leading zero byte"
ZERO_THEN_TOP_BIT = "leading zero byte, then a top bit"

RARE = {
    ("A", TOP_BIT): 2,
    ("A", ODD): 20,
    ("A", ZERO): 1182,
    ("A", ZERO_THEN_TOP_BIT): 185,
    ("B", TOP_BIT): 0,
    ("B", ODD): 43,
    ("B", ZERO): 585,
    ("B", ZERO_THEN_TOP_BIT): 494,
    ("S", TOP_BIT): 4,
    ("S", ODD): 3,
    ("S", ZERO): 115,
    ("S", ZERO_THEN_TOP_BIT): 429,
    ("u", TOP_BIT): 1,
    ("u", ODD): 8,
    ("u", ZERO): 366,
    ("u", ZERO_THEN_TOP_BIT): 29,
    ("x", TOP_BIT): 0,
    ("x", ODD): 3,
    ("x", ZERO): 221,
    ("x", ZERO_THEN_TOP_BIT): 287,
    ("salt", TOP_BIT): 2,
    ("salt", ODD): 10,
    ("salt", ZERO): 2101,
    ("salt", ZERO_THEN_TOP_BIT): 783,
}


def has(rarity: str, value: int, width: int) -> bool:
    data = value.to_bytes(width, "big")
    return {
        TOP_BIT: data[0] >= 0x80,
        ODD: len(f"{value:x}") % 2 == 1,
        ZERO: data[0] == 0 and data[1] < 0x80,
        ZERO_THEN_TOP_BIT: data[0] == 0 and data[1] >= 0x80,
    }[rarity]


@cache
def truth(case: Case) -> dict:
    """The oracle's numbers, and its public B."""
    x = oracle.private_key(case.salt, case.group_name, case.identity, case.password)
    public_b = oracle.server_public(x, case.b)
    numbers = oracle.claim(case.group_name, case.identity, case.password, case.a, case.salt, public_b, BLOCK, NOW)
    return numbers | {"B": public_b, "salt": case.salt, "v": oracle.verifier(x)}


def client_agrees(case: Case, salt: str | None = None, srp_b: str | None = None, block: str | None = None) -> bool:
    """Whether the engine's client, given this challenge, signs as the oracle does."""
    arguments = {"entropy": lambda n: case.a.to_bytes(n, "big"), "clock": lambda: NOW}
    expected = truth(case)
    if case.group_name == "Ab1":
        session = PasswordSession("us-east-1_Ab1", username="Alice@example.com", password=case.password, **arguments)
    else:
        session = DeviceSession(
            Device(key=case.identity, group_key=case.group_name, password=case.password), **arguments
        )
    claim = session.prove(
        {
            "SALT": f"{case.salt:x}" if salt is None else salt,
            "SRP_B": f"{expected['B']:x}" if srp_b is None else srp_b,
            "SECRET_BLOCK": base64.b64encode(BLOCK).decode() if block is None else block,
            "USER_ID_FOR_SRP": case.identity,
        }
    )
    return (session.srp_a, claim.signature, claim.timestamp) == (
        f"{expected['A']:x}",
        expected["signature"],
        expected["timestamp"],
    )


def server_agrees(case: Case, srp_a: str | None = None) -> bool:
    """Whether the engine's server sends the oracle's B and takes the oracle's proof, and no other."""
    expected = truth(case)
    given = {
        "srp_a": f"{expected['A']:x}" if srp_a is None else srp_a,
        "entropy": lambda n: case.b.to_bytes(n, "big"),
    }
    if case.group_name == "Ab1":
        pool_id = "us-east-1_Ab1"
        verifier = Verifier.for_user(pool_id, user_id=case.identity, password=case.password, salt=case.salt)
        session = ServerSession.for_user(pool_id, user_id=case.identity, verifier=verifier, **given)
    else:
        verifier = Verifier(salt=case.salt, value=expected["v"])
        session = ServerSession.for_device(group_key=case.group_name, key=case.identity, verifier=verifier, **given)
    if (session.salt, session.srp_b) != (f"{case.salt:x}", f"{expected['B']:x}"):
        return False
    block = base64.b64encode(BLOCK).decode()
    for stamp, taken in ((expected["timestamp"], True), ("Sat Mar 7 13:05:10 UTC 2026", False)):
        try:
            session.verify(secret_block=block, timestamp=stamp, signature=expected["signature"])
        except ProofMismatch:
            if taken:
                return False
        except SrpError:
            return False
        else:
            if not taken:
                return False
    return True


@pytest.mark.parametrize(("key", "number"), RARE.items(), ids=[" ".join(key) for key in RARE])
def test_sign_ins_with_rare_bytes_agree_with_the_oracle(key: tuple[str, str], number: int) -> None:
    name, rarity = key
    user = case(number)
    assert has(rarity, truth(user)[name], WIDTH[name])
    assert client_agrees(user)
    assert server_agrees(user)


# The same, for the numbers of a device, would need a search of its own: the formulas are shared, the identity is not.
@pytest.mark.parametrize("number", range(12))
def test_device_sign_ins_with_rare_bytes_agree_with_the_oracle(number: int) -> None:
    device = case(number)._replace(group_name="-Group", identity=DEVICE_KEY)
    assert client_agrees(device)
    assert server_agrees(device)


@pytest.mark.parametrize(
    "salt", [0, 1, 0x7F, 0x80, 0xFF, 2**127, 2**128 - 1, -1, -128, -129, -(2**127), -0x16E4], ids=hex
)
def test_salts_at_the_edges_agree_with_the_oracle(salt: int) -> None:
    edge = case(0)._replace(salt=salt)
    assert client_agrees(edge)
    assert server_agrees(edge)


def padded(value: int, zeros: int) -> str:
    return f"-{'0' * zeros}{-value:x}" if value < 0 else f"{'0' * zeros}{value:x}"


@pytest.mark.parametrize("zeros", [1, 2, 3, 64, 200])
@pytest.mark.parametrize("upper", [False, True], ids=["lower", "upper"])
@pytest.mark.parametrize("salt", [case(2).salt, case(2101).salt, 0xA, -0xA, -(2**100) - 1], ids=hex)
def test_padding_and_case_on_the_wire_change_nothing(salt: int, upper: bool, zeros: int) -> None:
    wire = case(0)._replace(salt=salt)
    spell = str.upper if upper else str
    assert client_agrees(wire, salt=spell(padded(salt, zeros)), srp_b=spell(padded(truth(wire)["B"], zeros)))
    assert server_agrees(wire, srp_a=spell(padded(truth(wire)["A"], zeros)))


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
@pytest.mark.parametrize("padding", [True, False])
def test_the_secret_block_is_hashed_decoded_and_echoed_as_it_came(encode: Callable, padding: bool) -> None:
    text = encode(BLOCK).decode() if padding else encode(BLOCK).decode().rstrip("=")
    assert client_agrees(case(0), block=text)


TEXTS = (
    case(0),
    case(1)._replace(password="e\u0301\u00e9 \U0001f511"),
    case(2)._replace(identity="Ünï:cøde", password=":"),
)
NEGATIVE = case(0)._replace(salt=-(2**100) - 1)
SUITE = [*{number: case(number) for number in RARE.values()}.values(), *TEXTS, NEGATIVE]


def suite_holds() -> bool:
    """Whether client and server agree with the oracle on all of the cases."""
    try:
        return all(client_agrees(case) and server_agrees(case) for case in SUITE)
    except (ValueError, OverflowError):  # SrpError and UnicodeError are ValueErrors
        return False


def test_client_and_server_agree_with_the_oracle_on_all_cases() -> None:
    assert suite_holds()


def unsigned(value: int) -> bytes:
    return value.to_bytes((value.bit_length() + 7) // 8 or 1, "big")


def fixed_width(value: int) -> bytes:
    return value.to_bytes(384, "big") if value.bit_length() > 300 else encoding.integer_bytes(value)


def key_from(premaster: bytes, u: bytes, info: bytes = b"Caldera Derived Key\x01", size: int = 16) -> bytes:
    return hmac.digest(hmac.digest(u, premaster, "sha256"), info, "sha256")[:size]


def x_from(salt: bytes, text: bytes) -> int:
    return int.from_bytes(hashlib.sha256(salt + hashlib.sha256(text).digest()).digest(), "big")


def in_x(make):
    """A private_key that takes its four values in their order."""
    return lambda s, *, group_name, identity, password: make(s, group_name, identity, password)


def in_signature(make):
    """A claim_signature that takes its five values in their order."""
    return lambda k, *, group_name, identity, secret_block, timestamp: make(
        k, group_name, identity, secret_block, timestamp
    )


def right_x(s: int, g: bytes, i: bytes, p: bytes, make=formulas.private_key) -> int:
    return make(s, group_name=g, identity=i, password=p)


def right_signature(k: bytes, g: bytes, i: bytes, b: bytes, t: bytes, make=formulas.claim_signature) -> str:
    return make(k, group_name=g, identity=i, secret_block=b, timestamp=t)


def nfc(text: bytes) -> bytes:
    return unicodedata.normalize("NFC", text.decode()).encode()


def latin_1(text: bytes) -> bytes:
    return text.decode().encode("latin-1")


java = encoding.integer_bytes
right_hex, right_scrambler, right_stamp = encoding.parse_hex, formulas.scrambler, timestamps._written

MISTAKES: dict[str, tuple[str, object]] = {
    "no 00 before a top bit": ("formulas.integer_bytes", unsigned),
    "00 before everything": ("formulas.integer_bytes", lambda i: b"\x00" + unsigned(i)),
    "A and B of fixed width (RFC 5054's PAD)": ("formulas.integer_bytes", fixed_width),
    "S of fixed width": ("formulas.session_key", lambda s, u: key_from(s.to_bytes(384, "big"), java(u))),
    "S without its 00": ("formulas.session_key", lambda s, u: key_from(unsigned(s), java(u))),
    "u of fixed width": ("formulas.session_key", lambda s, u: key_from(java(s), u.to_bytes(32, "big"))),
    "u without its 00": ("formulas.session_key", lambda s, u: key_from(java(s), unsigned(u))),
    "S as hex text": ("formulas.session_key", lambda s, u: key_from(f"{s:x}".encode(), java(u))),
    "u and S exchanged": ("formulas.session_key", lambda s, u: key_from(java(u), java(s))),
    "info without its counter": ("formulas._INFO", b"Caldera Derived Key"),
    "another info": ("formulas._INFO", b"Caldera Derived Key \x01"),
    "a key of 32 bytes": ("formulas.SESSION_KEY_BYTES", 32),
    "generator 5": ("formulas.public_ephemeral", lambda exponent, by=None: pow(5, exponent, oracle.N)),
    "k of SRP-6": ("formulas.K", 3),
    "B before A": ("formulas.scrambler", lambda a, b: right_scrambler(b, a)),
    "u of 32 bits": ("formulas.scrambler", lambda a, b: right_scrambler(a, b) >> 224),
    "a salt of fixed width": (
        "formulas.private_key",
        in_x(lambda s, g, i, p: x_from(s.to_bytes(16, "big"), g + i + b":" + p)),
    ),
    "a salt without its 00": ("formulas.private_key", in_x(lambda s, g, i, p: x_from(unsigned(s), g + i + b":" + p))),
    "the sign of the salt dropped": ("formulas.private_key", in_x(lambda s, g, i, p: right_x(abs(s), g, i, p))),
    "the login name in x": ("formulas.private_key", in_x(lambda s, g, i, p: right_x(s, g, b"Alice@example.com", p))),
    "no colon in x": ("formulas.private_key", in_x(lambda s, g, i, p: x_from(java(s), g + i + p))),
    "no pool name in x": ("formulas.private_key", in_x(lambda s, g, i, p: x_from(java(s), i + b":" + p))),
    "Latin-1 text": ("formulas.private_key", in_x(lambda s, g, i, p: right_x(s, g, i, latin_1(p)))),
    "NFC text": ("formulas.private_key", in_x(lambda s, g, i, p: right_x(s, g, i, nfc(p)))),
    "the whole pool id": ("client.pool_name", lambda pool_id: pool_id),
    "the region for the name": ("client.pool_name", lambda pool_id: pool_id.partition("_")[0]),
    "the login name signed": (
        "formulas.claim_signature",
        in_signature(lambda k, g, i, b, t: right_signature(k, g, b"Alice", b, t)),
    ),
    "the pool name not signed": (
        "formulas.claim_signature",
        in_signature(lambda k, g, i, b, t: right_signature(k, b"", i, b, t)),
    ),
    "the block signed as Base64": (
        "formulas.claim_signature",
        in_signature(lambda k, g, i, b, t: right_signature(k, g, i, base64.b64encode(b), t)),
    ),
    "the timestamp not signed": (
        "formulas.claim_signature",
        in_signature(lambda k, g, i, b, t: right_signature(k, g, i, b, b"")),
    ),
    "a padded day": ("timestamps._written", lambda name, now: right_stamp(name, now).replace(" 7 ", " 07 ")),
    "a day padded with a space": (
        "timestamps._written",
        lambda name, now: right_stamp(name, now).replace(" 7 ", "  7 "),
    ),
    "a 12-hour clock": ("timestamps._written", lambda name, now: right_stamp(name, now).replace("13:", "01:")),
    "seconds rounded up": ("timestamps._written", lambda name, now: right_stamp(name, now + 0.5)),
    "A in upper case": ("client.integer_hex", lambda value: f"{value:X}"),
    "A of even length": ("client.integer_hex", lambda value: f"{value:x}".zfill(len(f"{value:x}") + 1 & ~1)),
    "A of fixed width, as text": ("client.integer_hex", lambda value: f"{value:0768x}"),
    "a minus sign refused": ("client.parse_hex", lambda name, text: right_hex(name, text.replace("-", "~"))),
}


@pytest.mark.parametrize(("target", "mistake"), MISTAKES.values(), ids=MISTAKES)
def test_each_known_mistake_is_caught(target: str, mistake: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"cognito_srp.{target}", mistake)
    assert not suite_holds()
