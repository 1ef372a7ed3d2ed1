"""server-challenge and server-verify: the pool's side."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Callable
from typing import Any

from cognito_srp import formulas, timestamp
from cognito_srp.encoding import integer_bytes

from .claims import NOW, POOL_ID, POOL_NAME, Identity, Numbers, rare_branches, search, secret_block
from .document import Case, Document, case, group
from .password_claim import USER_ID

PARAMETERS = {"pool_id": POOL_ID, "user_id": USER_ID}
MOMENT = timestamp(NOW)
Hexes = Callable[[int], bytes]


def found(label: str, flags: set[str]) -> Numbers:
    """Numbers that take exactly these rare branches."""
    return search(label, Identity(POOL_NAME, USER_ID, ""), flags, lambda i: f"battery staple {i}")


def given(numbers: Numbers, **other: Any) -> dict[str, Any]:
    """The fields of server-challenge, without pool_id and user_id."""
    assert numbers.b is not None
    made = {
        "password": numbers.who.password,
        "salt": f"{numbers.salt:x}",
        "b": f"{numbers.b:x}",
        "srp_a": f"{numbers.public_a:x}",
    }
    return {**made, **other}


def challenges() -> Document:
    """The file server_challenge."""
    cases = []
    for i, (comment, flags) in enumerate([("no rare branch", set[str]()), *rare_branches()]):
        if len(flags) <= 1 and not flags & {f"{which}A" for which in ("TopBit", "OddNibble")}:
            cases.append(_challenge(comment, flags, found(f"server challenge {i}", flags)))
    numbers = found("server salt forms", {"LeadingZeroSalt"})
    padded = f"{numbers.salt:032x}"
    cases.append(_challenge("salt in full width", {"LeadingZeroSalt", "SaltZeroPadded"}, numbers, salt=padded))
    numbers = found("server srp_a forms", set())
    cases.append(_challenge("salt in upper case", {"SaltUpperCase"}, numbers, salt=f"{numbers.salt:X}"))
    for comment, flag, text in (
        ("SRP_A with zeros in front", "SrpAZeroPadded", f"00{numbers.public_a:x}"),
        ("SRP_A in upper case", "SrpAUpperCase", f"{numbers.public_a:X}"),
    ):
        cases.append({**_challenge(comment, {flag}, numbers, srp_a=text), "result": "acceptable"})
    return {
        "title": "server-challenge: SRP_B of a password verifier",
        "description": ["v = g^x and B = k v + g^b mod N. srp_a is refused when it is hostile, and not needed for B."],
        "schema": "server_challenge",
        "groups": [group("server-challenge", cases, PARAMETERS)],
    }


def _challenge(comment: str, flags: set[str], numbers: Numbers, **other: Any) -> Case:
    return case(
        comment,
        flags or {"Ordinary"},
        given(numbers, **other),
        expected={"srp_b": f"{numbers.public_b:x}"},
        trace={"x": f"{numbers.x:x}", "v": f"{numbers.v:x}"},
    )


def proofs() -> Document:
    """The file server_verify."""
    cases = []
    for i, (comment, flags) in enumerate([("no rare branch", set[str]()), *rare_branches()]):
        if len(flags) != 2:
            numbers = found(f"server proof {i}", flags)
            cases.append(_proof(comment, flags, numbers, secret_block(f"server {i}")))
    return {
        "title": "server-verify: whether a proof holds",
        "description": [
            "accepted is false for a well-formed proof of something else; a malformed one is refused by an error of "
            "kind peer or by accepted: false, whichever the implementation does.",
        ],
        "schema": "server_verify",
        "groups": [group("server-verify", cases + _wrong() + _foreign() + _malformed(), PARAMETERS)],
    }


def _sign(key: bytes, block: bytes, moment: str = MOMENT) -> str:
    return formulas.claim_signature(
        key, group_name=POOL_NAME.encode(), identity=USER_ID.encode(), secret_block=block, timestamp=moment.encode()
    )


def _proof(comment: str, flags: set[str], numbers: Numbers, block: bytes, **other: Any) -> Case:
    fields = given(
        numbers,
        secret_block=b64encode(block).decode(),
        timestamp=MOMENT,
        signature=_sign(numbers.key, block),
    )
    right = not other
    return case(
        comment,
        flags or {"Ordinary"},
        {**fields, **other},
        result="valid" if right else "invalid",
        expected={"accepted": right},
        stage=None if right else "proof",
        trace={"x": f"{numbers.x:x}", "u": f"{numbers.u:x}", "s": f"{numbers.s:x}", "key": numbers.key.hex()},
    )


def _wrong() -> list[Case]:
    numbers = found("server wrong", set())
    block = secret_block("server wrong")
    right = bytearray(hmac.digest(numbers.key, f"{POOL_NAME}{USER_ID}".encode() + block + MOMENT.encode(), "sha256"))
    first, last = bytearray(right), bytearray(right)
    first[0] ^= 0x80
    last[31] ^= 1
    other_user = formulas.claim_signature(
        numbers.key, group_name=POOL_NAME.encode(), identity=b"alice", secret_block=block, timestamp=MOMENT.encode()
    )
    other_pool = formulas.claim_signature(
        numbers.key, group_name=b"Other", identity=USER_ID.encode(), secret_block=block, timestamp=MOMENT.encode()
    )
    changed: list[tuple[str, dict[str, str]]] = [
        ("another password", {"password": numbers.who.password + "x"}),
        ("the first bit of the signature flipped", {"signature": b64encode(first).decode()}),
        ("the last bit of the signature flipped", {"signature": b64encode(last).decode()}),
        ("a signature of zeros", {"signature": b64encode(bytes(32)).decode()}),
        ("a signature cut short", {"signature": b64encode(right[:16]).decode()}),
        ("a signature with a byte more", {"signature": b64encode(right + b"\0").decode()}),
        ("another secret block", {"secret_block": b64encode(block[::-1]).decode()}),
        ("a secret block cut short", {"secret_block": b64encode(block[:-3]).decode()}),
        ("a second later", {"timestamp": timestamp(NOW + 1)}),
        ("signed for another user", {"signature": other_user}),
        ("signed for another pool", {"signature": other_pool}),
        ("another b", {"b": f"{(numbers.b or 0) + 1:x}"}),
        ("another salt", {"salt": f"{numbers.salt + 1:x}"}),
        ("another A", {"srp_a": f"{numbers.public_a ^ 1:x}"}),
    ]
    made = []
    for comment, change in changed:
        test = _proof(comment, {"WrongProof"}, numbers, block, **change)
        if change.keys() & {"password", "b", "salt", "srp_a"}:
            del test["trace"]  # the server's numbers are not those of the claim
        made.append(test)
    return made


def _foreign() -> list[Case]:
    """Proofs of clients that mean the same numbers in other bytes: each must be refused."""

    def fixed(width: int) -> Hexes:
        return lambda i: i.to_bytes(width, "big")

    def stripped(i: int) -> bytes:
        return i.to_bytes(max(1, -(-i.bit_length() // 8)), "big")

    rules: list[tuple[str, str, dict[str, Hexes]]] = [
        ("A padded to 384 bytes in u", "LeadingZeroA", {"A": fixed(384)}),
        ("A without its 00 in u", "TopBitA", {"A": stripped}),
        ("B padded to 384 bytes in u", "LeadingZeroB", {"B": fixed(384)}),
        ("B without its 00 in u", "TopBitB", {"B": stripped}),
        ("S padded to 384 bytes", "LeadingZeroS", {"S": fixed(384)}),
        ("S without its 00", "TopBitS", {"S": stripped}),
        ("S without its 00, after a leading zero", "LeadingZeroTopBitS", {"S": stripped}),
        ("u as a digest of 32 bytes", "LeadingZeroU", {"U": fixed(32)}),
        ("u without its 00", "TopBitU", {"U": stripped}),
        ("salt in 16 bytes", "LeadingZeroSalt", {"Salt": fixed(16)}),
        ("salt without its 00", "TopBitSalt", {"Salt": stripped}),
    ]
    cases = []
    for comment, flag, rule in rules:
        numbers = found(f"foreign {comment}", {flag})
        block = secret_block(comment)
        signature = _sign(_foreign_key(numbers, rule), block)
        if signature == _sign(numbers.key, block):
            raise AssertionError(comment)
        cases.append(_proof(comment, {"ForeignByteRule", flag}, numbers, block, signature=signature))
    return cases


def _foreign_key(numbers: Numbers, rule: dict[str, Hexes]) -> bytes:
    as_bytes = {name: rule.get(name, integer_bytes) for name in ("A", "B", "S", "U", "Salt")}
    inner = numbers.who.inner()
    x = int.from_bytes(hashlib.sha256(as_bytes["Salt"](numbers.salt) + inner).digest(), "big")
    hashed = as_bytes["A"](numbers.public_a) + as_bytes["B"](numbers.public_b)
    u = int.from_bytes(hashlib.sha256(hashed).digest(), "big")
    v = formulas.password_verifier(x)
    s = formulas.client_premaster(numbers.a, numbers.public_b, v, x, u)
    prk = hmac.digest(as_bytes["U"](u), as_bytes["S"](s), "sha256")
    return hmac.digest(prk, b"Caldera Derived Key\x01", "sha256")[:16]


def _malformed() -> list[Case]:
    numbers = found("server malformed", set())
    block = secret_block("server malformed")
    moments = {
        "padded day": "Sat Mar 07 00:05:09 UTC 2026",
        "day padded with a space": "Sat Mar  7 00:05:09 UTC 2026",
        "12-hour clock": "Sat Mar 7 12:05:09 AM UTC 2026",
        "another language": "Sa. März 7 00:05:09 UTC 2026",
        "another zone": "Sat Mar 7 01:05:09 CET 2026",
        "wrong weekday": "Sun Mar 7 00:05:09 UTC 2026",
        "a day that is none": "Mon Feb 30 00:05:09 UTC 2026",
        "an hour that is none": "Sat Mar 7 24:05:09 UTC 2026",
        "ISO 8601": "2026-03-07T00:05:09Z",
        "line end": f"{MOMENT}\n",
    }
    cases = []
    for comment, moment in moments.items():
        signature = _sign(numbers.key, block, moment)
        cases.append(_refused(f"timestamp: {comment}", numbers, block, timestamp=moment, signature=signature))
    for field in ("secret_block", "timestamp", "signature"):
        cases.append(_refused(f"empty {field}", numbers, block, **{field: ""}))
    cases.append(_refused("signature is no Base64", numbers, block, signature="!" * 44))
    cases.append(_refused("signature of a length that Base64 cannot have", numbers, block, signature="A" * 45))
    cases.append(_refused("secret block is no Base64", numbers, block, secret_block="*" * 64))
    return cases


def _refused(comment: str, numbers: Numbers, block: bytes, **other: str) -> Case:
    test = _proof(comment, {"MalformedProof"}, numbers, block, **other)
    del test["trace"], test["expected"]
    return {**test, "error": {"kind": "peer"}, "stage": "parameter"}
