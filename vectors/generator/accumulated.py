"""Ten thousand sign-ins, hashed to one constant."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from functools import partial
from hashlib import sha256
from itertools import count

from cognito_srp import PasswordSession
from cognito_srp.group import N

from .claims import NOW, POOL_ID
from .document import Document, case, group
from .drbg import draw

SEED = "cognito-srp accumulated 1"
COUNTS = (1, 10, 100, 10_000)


def sign_ins() -> Iterator[bytes]:
    """SRP_A | 0a | signature | 0a of one sign-in after another, without end."""
    for i in count():
        material = draw(f"{SEED} {i}", 32 + 16 + 384 + 16 + 48)
        public_b = int.from_bytes(material[48:432], "big") % N or 1
        session = PasswordSession(
            POOL_ID,
            username="x",
            password=material[432:448].hex(),
            entropy=partial(_first, material),
            clock=partial(float, NOW + 7919 * i),
        )
        claim = session.prove(
            {
                "SALT": f"{int.from_bytes(material[32:48], 'big'):x}",
                "SRP_B": f"{public_b:x}",
                "SECRET_BLOCK": b64encode(material[448:]).decode(),
                "USER_ID_FOR_SRP": f"user-{i}",
            }
        )
        yield f"{session.srp_a}\n{claim.signature}\n".encode()


def _first(material: bytes, size: int) -> bytes:
    return material[:size]


def digests(counts: tuple[int, ...]) -> dict[int, str]:
    """SHA256 over that many sign-ins, for each of the rising counts."""
    accumulator, found = sha256(), {}
    stream = sign_ins()
    for i in range(counts[-1]):
        accumulator.update(next(stream))
        if i + 1 in counts:
            found[i + 1] = accumulator.hexdigest()
    return found


def make() -> Document:
    """The file accumulated."""
    tests = [
        case(f"{count:,} sign-ins", {"Accumulated"}, {"count": count}, expected={"sha256": digest})
        for count, digest in digests(COUNTS).items()
    ]
    return {
        "title": "accumulated: many sign-ins, one constant",
        "description": [
            "Sign-in i = 0, 1, 2, ... takes 496 bytes: SHA256(label | 00 | j as 4 bytes) for j = 0, 1, ..., joined and "
            f"cut, with the label '{SEED} ' followed by i in decimal.",
            "a = the first 32 bytes, salt = the next 16, B = the next 384 modulo N (1 when that is 0), all unsigned "
            "big-endian; password = lower-case hex of the next 16; secret block = the last 48.",
            f"The pool id is {POOL_ID}, USER_ID_FOR_SRP 'user-' and i in decimal, the time {NOW} + 7919 i.",
            "The hash is over SRP_A, a line feed, the signature and a line feed of each sign-in in turn.",
        ],
        "schema": "accumulated",
        "groups": [group("accumulated", tests, {"pool_id": POOL_ID, "seed": SEED})],
    }
