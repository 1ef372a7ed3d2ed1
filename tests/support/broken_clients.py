"""Clients that get one thing wrong, written on the tests' own second implementation and not on the engine.

A client is a `Client` with some of its steps replaced. `CLIENTS` has them with what a pool should call each: at the
first refused proof, and, where one proof cannot show the mistake, what a pool that probes should call it in the end.
"""

# ruff: noqa: E501 - a table reads best with one client a line

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

import gmpy2

from support import oracle

UNEXPLAINED = "unexplained"
SATURDAY = 1_772_842_800.0  # Sat Mar 7 00:20:00 UTC 2026
PASSWORD = unicodedata.normalize("NFC", "Crème-1-brûlée")
FORMER_PASSWORD = "Former-1-password"


@dataclass(frozen=True)
class Challenge:
    """What a client has in hand when it signs, the stale parts of its last attempt included."""

    pool_id: str
    login_name: str
    user_id: str
    password: str
    salt: str
    srp_b: int
    block: str
    now: float
    a: int
    srp_a: int
    stale: Challenge | None = None

    @property
    def group(self) -> str:
        return self.pool_id.rpartition("_")[2]


def power(base: int, exponent: int, modulus: int) -> int:
    return int(gmpy2.powmod(base, exponent, modulus))


def unsigned(value: int) -> bytes:
    return value.to_bytes(max(1, -(-value.bit_length() // 8)), "big")


def wide(size: int) -> Callable[[int], bytes]:
    return lambda value: value.to_bytes(size, "big")


def node_hex(value: int) -> bytes:
    """Buffer.from(value.toString(16), "hex"): the last digit of an odd number of digits is lost."""
    digits = f"{value:x}"
    return bytes.fromhex(digits[: len(digits) // 2 * 2])


def sha(data: bytes, name: str = "sha256") -> bytes:
    return hashlib.new(name, data).digest()


def number(data: bytes) -> int:
    return int.from_bytes(data, "big")


def hkdf(
    salt: bytes, secret: bytes, info: bytes = b"Caldera Derived Key\x01", size: int = 16, name: str = "sha256"
) -> bytes:
    return hmac.digest(hmac.digest(salt, secret, name), info, name)[:size]


def base64_text(data: bytes) -> str:
    return base64.b64encode(data).decode()


@dataclass
class Client:
    """Every step of a proof, each open to a mistake. bytes_* turn numbers into bytes."""

    g: int = 2
    k: int = oracle.k
    draw: Callable[[], int] = lambda: number(os.urandom(32))
    bytes_a: Callable[[int], bytes] = oracle.java_bytes
    bytes_b: Callable[[int], bytes] = oracle.java_bytes
    bytes_s: Callable[[int], bytes] = oracle.java_bytes
    bytes_u: Callable[[int], bytes] = oracle.java_bytes
    u: Callable[[Client, Challenge], int] = lambda self, at: number(
        sha(self.bytes_a(at.srp_a) + self.bytes_b(at.srp_b))
    )
    salt: Callable[[str], bytes] = lambda text: oracle.java_bytes(int(text, 16))
    names: Callable[[Challenge], tuple[str, str]] = lambda at: (at.group, at.user_id)
    password: Callable[[str], str] = lambda password: password
    text: Callable[[str], bytes] = str.encode
    inner: Callable[[Client, Challenge], bytes] = lambda self, at: sha(
        self.text("{}{}:{}".format(*self.names(at), self.password(at.password)))
    )
    x: Callable[[Client, Challenge], int] = lambda self, at: number(sha(self.salt(at.salt) + self.inner(self, at)))
    base: Callable[[Client, Challenge, int], int] = lambda self, at, x: (
        (at.srp_b - self.k * power(self.g, x, oracle.N)) % oracle.N
    )
    s: Callable[[int], int] = lambda s: s
    key: Callable[[Client, int, int], bytes] = lambda self, s, u: hkdf(self.bytes_u(u), self.bytes_s(s))
    block: Callable[[str], bytes] = base64.b64decode
    stamp: Callable[[float], str] = oracle.timestamp
    signed_stamp: Callable[[float, str], str] = lambda now, stamp: stamp
    message: Callable[[Client, Challenge, str], bytes] = lambda self, at, stamp: (
        self.text("".join(self.names(at))) + self.block(at.block) + self.text(stamp)
    )
    mac: Callable[[bytes, bytes], bytes] = lambda key, message: hmac.digest(key, message, "sha256")
    signature: Callable[[bytes], str] = base64_text
    takes: Callable[[Challenge], Challenge] = lambda at: at
    shows: Callable[[Client, Challenge, int, int], bool] = lambda self, at, u, s: True

    def claim(self, at: Challenge) -> dict[str, str] | None:
        """The proof; None when the mistake does not show with these numbers, and another attempt has to be made."""
        at = self.takes(at)
        u, x = self.u(self, at), self.x(self, at)
        s = self.s(power(self.base(self, at, x), at.a + u * x, oracle.N))
        if not self.shows(self, at, u, s):
            return None
        stamp = self.stamp(at.now)
        signed = self.signed_stamp(at.now, stamp)
        return {
            "PASSWORD_CLAIM_SIGNATURE": self.signature(self.mac(self.key(self, s, u), self.message(self, at, signed))),
            "TIMESTAMP": stamp,
        }


@dataclass(frozen=True)
class Broken:
    """A client with a mistake. first: its name at the first refused proof; probed: its name after probes, if any."""

    title: str
    first: str
    client: Client
    probed: str = ""
    now: float = SATURDAY
    salt: str = ""


def x_of(make: Callable[[Client, Challenge], bytes]) -> Client:
    """A client whose inner hash is taken of something else."""
    return Client(inner=lambda self, at: sha(make(self, at)))


def stale(part: str) -> Client:
    """A client that takes one number from its last attempt."""

    def last(at: Challenge) -> Challenge:
        assert at.stale is not None
        return at.stale

    changes: dict[str, Callable[[Challenge], Challenge]] = {
        "a and A": lambda at: replace(at, a=last(at).a, srp_a=last(at).srp_a),
        "a": lambda at: replace(at, a=last(at).a),
        "B": lambda at: replace(at, srp_b=last(at).srp_b),
        "block": lambda at: replace(at, block=last(at).block),
    }
    return Client(takes=changes[part])


def top_bit(value: int, width: int) -> bool:
    return value.bit_length() == 8 * width


def short(value: int, width: int) -> bool:
    """Shorter than its width, and no sign byte makes up for it."""
    return len(oracle.java_bytes(value)) < width


def odd(value: int) -> bool:
    return len(f"{value:x}") % 2 == 1


ENCODINGS = [
    Broken("unsigned A, top bit", "missing-sign-byte-A", Client(bytes_a=unsigned, draw=lambda: 3071)),
    Broken("unsigned A, short", "unpadded-A", Client(bytes_a=unsigned, draw=lambda: 3063)),
    Broken("384 bytes of A, top bit", "missing-sign-byte-A", Client(bytes_a=wide(384), draw=lambda: 3071)),
    Broken("384 bytes of A, short", "fixed-width-A", Client(bytes_a=wide(384), draw=lambda: 3000)),
    Broken("A by Node's hex decoder", "odd-hex-A", Client(bytes_a=node_hex, draw=lambda: 3064)),
    Broken("unsigned B", "missing-sign-byte-B", Client(bytes_b=unsigned, shows=lambda c, at, u, s: top_bit(at.srp_b, 384))),
    Broken("384 bytes of B", "missing-sign-byte-B", Client(bytes_b=wide(384), shows=lambda c, at, u, s: top_bit(at.srp_b, 384))),
    Broken("B by Node's hex decoder", "odd-hex-B", Client(bytes_b=node_hex, shows=lambda c, at, u, s: odd(at.srp_b))),
    Broken("unsigned S", "missing-sign-byte-S", Client(bytes_s=unsigned, shows=lambda c, at, u, s: top_bit(s, 384))),
    Broken("384 bytes of S", "missing-sign-byte-S", Client(bytes_s=wide(384), shows=lambda c, at, u, s: top_bit(s, 384))),
    Broken("S by Node's hex decoder", "odd-hex-S", Client(bytes_s=node_hex, shows=lambda c, at, u, s: odd(s))),
    Broken("unsigned u", "missing-sign-byte-u", Client(bytes_u=unsigned, shows=lambda c, at, u, s: top_bit(u, 32))),
    Broken("32 bytes of u", "missing-sign-byte-u", Client(bytes_u=wide(32), shows=lambda c, at, u, s: top_bit(u, 32))),
    Broken("u by Node's hex decoder", "odd-hex-u", Client(bytes_u=node_hex, shows=lambda c, at, u, s: odd(u))),
    Broken(
        "everything unsigned",
        "missing-sign-byte-B+missing-sign-byte-S+missing-sign-byte-u",
        Client(
            bytes_a=unsigned, bytes_b=unsigned, bytes_s=unsigned, bytes_u=unsigned, draw=lambda: 1001,
            shows=lambda c, at, u, s: top_bit(at.srp_b, 384) and top_bit(s, 384) and top_bit(u, 32),
        ),
    ),
]  # fmt: skip

DERIVATIONS = [
    Broken("u over B and A", "scrambler-order", Client(u=lambda c, at: oracle.scrambler(at.srp_b, at.srp_a))),
    Broken("u over hex text", "scrambler-of-hex", Client(u=lambda c, at: number(sha(f"{at.srp_a:x}{at.srp_b:x}".encode())))),
    Broken("u of 32 bits", "scrambler-cut", Client(u=lambda c, at: oracle.scrambler(at.srp_a, at.srp_b) >> 224)),
    Broken("u by SHA-1", "scrambler-hash", Client(u=lambda c, at: number(sha(oracle.java_bytes(at.srp_a) + oracle.java_bytes(at.srp_b), "sha1")))),
    Broken("base taken absolute", "negated-premaster", Client(base=lambda c, at, x: (c.k * power(2, x, oracle.N) - at.srp_b) % oracle.N, shows=lambda c, at, u, s: (at.a + u * c.x(c, at)) % 2 == 1)),
    Broken("S left negative", "negated-premaster", Client(s=lambda s: s - oracle.N, bytes_s=lambda s: s.to_bytes(s.bit_length() // 8 + 1, "big", signed=True))),
    Broken("u as hex text, B unsigned", "missing-sign-byte-B+scrambler-as-hex", Client(bytes_u=lambda u: f"{u:x}".encode(), bytes_b=unsigned, shows=lambda c, at, u, s: top_bit(at.srp_b, 384) and top_bit(u, 32) and not (top_bit(s, 384) or top_bit(at.srp_a, 384)))),
    Broken("S as hex text", "premaster-as-hex", Client(bytes_s=lambda s: f"{s:x}".encode())),
    Broken("u as hex text", "scrambler-as-hex", Client(bytes_u=lambda u: f"{u:x}".encode())),
    Broken("no info", "hkdf-info", Client(key=lambda c, s, u: hkdf(c.bytes_u(u), c.bytes_s(s), b"\x01"))),
    Broken("info without its counter", "hkdf-info", Client(key=lambda c, s, u: hkdf(c.bytes_u(u), c.bytes_s(s), b"Caldera Derived Key"))),
    Broken("counter given twice", "hkdf-info", Client(key=lambda c, s, u: hkdf(c.bytes_u(u), c.bytes_s(s), b"Caldera Derived Key\x01\x01"))),
    Broken("u and S swapped", "hkdf-swapped", Client(key=lambda c, s, u: hkdf(c.bytes_s(s), c.bytes_u(u)))),
    Broken("no salt", "hkdf-without-salt", Client(key=lambda c, s, u: hkdf(b"", c.bytes_s(s)))),
    Broken("extract only", "hkdf-extract-only", Client(key=lambda c, s, u: hmac.digest(c.bytes_u(u), c.bytes_s(s), "sha256"))),
    Broken("HKDF by SHA-1", "hkdf-hash", Client(key=lambda c, s, u: hkdf(c.bytes_u(u), c.bytes_s(s), name="sha1"))),
    Broken("HKDF by SHA-512", "hkdf-hash", Client(key=lambda c, s, u: hkdf(c.bytes_u(u), c.bytes_s(s), name="sha512"))),
    Broken("K = SHA256(S)", "no-hkdf", Client(key=lambda c, s, u: sha(c.bytes_s(s)))),
    Broken("key of 32 bytes", "key-length", Client(key=lambda c, s, u: hkdf(c.bytes_u(u), c.bytes_s(s), size=32))),
    Broken("key's second half", "key-length", Client(key=lambda c, s, u: hkdf(c.bytes_u(u), c.bytes_s(s), size=32)[16:])),
    Broken("key as hex text", "key-as-text", Client(key=lambda c, s, u: hkdf(c.bytes_u(u), c.bytes_s(s)).hex().encode())),
]  # fmt: skip


def parts(c: Client, at: Challenge, stamp: str) -> list[bytes]:
    return [at.group.encode(), at.user_id.encode(), base64.b64decode(at.block), stamp.encode()]


def ordered(*places: int) -> Client:
    return Client(message=lambda c, at, stamp: b"".join(parts(c, at, stamp)[place] for place in places))


def strftime(form: str) -> Callable[[float, str], str]:
    return lambda now, stamp: time.strftime(form, time.gmtime(now))


SIGNATURES = [
    Broken("hex signature", "hex-signature", Client(signature=bytes.hex)),
    Broken("upper-case hex signature", "hex-signature", Client(signature=lambda mac: mac.hex().upper())),
    Broken("double Base64", "double-base64-signature", Client(signature=lambda mac: base64_text(base64_text(mac).encode()))),
    Broken("Base64 of hex", "base64-of-hex-signature", Client(signature=lambda mac: base64_text(mac.hex().encode()))),
    Broken("HMAC-SHA1", "signature-hash", Client(mac=lambda key, message: hmac.digest(key, message, "sha1"))),
    Broken("HMAC-SHA512", "signature-hash", Client(mac=lambda key, message: hmac.digest(key, message, "sha512"))),
    Broken("plain hash", "no-hmac", Client(mac=lambda key, message: sha(key + message))),
    Broken("HMAC arguments swapped", "hmac-swapped", Client(mac=lambda key, message: hmac.digest(message, key, "sha256"))),
    Broken("block signed as Base64", "undecoded-secret-block", Client(block=str.encode)),
    Broken("block signed as hex", "undecoded-secret-block", Client(block=lambda text: base64.b64decode(text).hex().encode())),
    Broken("user before pool", "message-order", ordered(1, 0, 2, 3)),
    Broken("stamp before block", "message-order", ordered(0, 1, 3, 2)),
    Broken("block first", "message-order", ordered(2, 0, 1, 3)),
    Broken("no stamp signed", "message-part-missing", ordered(0, 1, 2)),
    Broken("no pool signed", "message-part-missing", ordered(1, 2, 3)),
    Broken("colons between parts", "message-separators", Client(message=lambda c, at, stamp: b":".join(parts(c, at, stamp)))),
    Broken("alias signed", "login-name", Client(message=lambda c, at, stamp: b"".join([at.group.encode(), at.login_name.encode(), *parts(c, at, stamp)[2:]]))),
    Broken("whole pool id signed", "whole-pool-id", Client(message=lambda c, at, stamp: b"".join([at.pool_id.encode(), *parts(c, at, stamp)[1:]]))),
    Broken("Latin-1 in the message", "other-text-encoding", Client(message=lambda c, at, stamp: b"".join([at.group.encode(), at.user_id.encode("latin-1"), *parts(c, at, stamp)[2:]]))),
    Broken("signed a second later", "signed-timestamp-time", Client(signed_stamp=lambda now, stamp: oracle.timestamp(now + 1))),
    Broken("signed two seconds earlier", "signed-timestamp-time", Client(signed_stamp=lambda now, stamp: oracle.timestamp(now - 2))),
    Broken("signed in local time", "signed-timestamp-time", Client(signed_stamp=lambda now, stamp: oracle.timestamp(now + 19_800))),
    Broken("signed with a zero-padded day", "signed-timestamp-form", Client(signed_stamp=strftime("%a %b %d %H:%M:%S UTC %Y"))),
    Broken("signed with a space-padded day", "signed-timestamp-form", Client(signed_stamp=lambda now, stamp: stamp.replace(" 7 ", "  7 "))),
    Broken("signed as ISO", "signed-timestamp-form", Client(signed_stamp=strftime("%Y-%m-%dT%H:%M:%SZ"))),
    Broken("signed as GMT", "signed-timestamp-form", Client(signed_stamp=lambda now, stamp: stamp.replace("UTC", "GMT"))),
    Broken("block of the last attempt", "another-attempt", stale("block")),
    Broken("B of the last attempt", "another-attempt", stale("B")),
    Broken("a and A of the last attempt", "another-attempt", stale("a and A")),
    Broken("a of the last attempt", "another-attempt", stale("a")),
]  # fmt: skip


def hashed(*pieces: bytes) -> int:
    return number(sha(b"".join(pieces)))


N_BYTES = oracle.java_bytes(oracle.N)
IN_X = [
    Broken("alias everywhere", UNEXPLAINED, Client(names=lambda at: (at.group, at.login_name)), "login-name"),
    Broken("whole pool id everywhere", UNEXPLAINED, Client(names=lambda at: (at.pool_id, at.user_id)), "whole-pool-id"),
    Broken("Latin-1 everywhere", UNEXPLAINED, Client(text=lambda text: text.encode("latin-1")), "other-text-encoding"),
    Broken("line end after the password", UNEXPLAINED, Client(password=lambda word: f"{word}\n"), "space-around-password"),
    Broken("space before the password", UNEXPLAINED, Client(password=lambda word: f" {word}"), "space-around-password"),
    Broken("password in NFD", UNEXPLAINED, Client(password=lambda word: unicodedata.normalize("NFD", word)), "nfd-password"),
    Broken("former password", UNEXPLAINED, Client(password=lambda word: FORMER_PASSWORD), "former-password"),
    Broken("caps lock", UNEXPLAINED, Client(password=str.swapcase), "letter-case-of-password"),
    Broken("salt as text", UNEXPLAINED, Client(salt=str.encode), "salt-as-text"),
    Broken("unsigned salt", UNEXPLAINED, Client(salt=lambda text: unsigned(int(text, 16))), "unpadded-salt", salt="f0" * 16),
    Broken("16 bytes of salt", UNEXPLAINED, Client(salt=lambda text: int(text, 16).to_bytes(16, "big")), "fixed-width-salt", salt="7f" * 12),
    Broken("salt's hex as it came", UNEXPLAINED, Client(salt=bytes.fromhex), "salt-padded-as-text", salt="00" + "7f" * 14),
    Broken("no pool in x", UNEXPLAINED, x_of(lambda c, at: f"{at.user_id}:{at.password}".encode()), "no-pool-in-x"),
    Broken("no user in x", UNEXPLAINED, x_of(lambda c, at: f"{at.group}:{at.password}".encode()), "no-user-in-x"),
    Broken("no colon in x", UNEXPLAINED, x_of(lambda c, at: f"{at.group}{at.user_id}{at.password}".encode()), "no-colon-in-x"),
    Broken("inner hash as hex", UNEXPLAINED, Client(inner=lambda c, at: sha(f"{at.group}{at.user_id}:{at.password}".encode()).hex().encode()), "inner-hash-as-hex"),
    Broken("no inner hash", UNEXPLAINED, Client(inner=lambda c, at: f"{at.group}{at.user_id}:{at.password}".encode()), "no-inner-hash"),
    Broken("salt after the inner hash", UNEXPLAINED, Client(x=lambda c, at: hashed(c.inner(c, at), c.salt(at.salt))), "salt-last"),
    Broken("k of an N without 00", UNEXPLAINED, Client(k=hashed(N_BYTES[1:], b"\x02")), "multiplier"),
    Broken("k with a padded g", UNEXPLAINED, Client(k=hashed(N_BYTES[1:], bytes(383) + b"\x02")), "multiplier"),
    Broken("k = 3", UNEXPLAINED, Client(k=3), "multiplier"),
    Broken("g = 5 and its k", UNEXPLAINED, Client(g=5, k=hashed(N_BYTES, b"\x05")), "generator"),
    Broken("g = 5 and the k of 2", UNEXPLAINED, Client(g=5), "generator"),
    Broken("alias everywhere, block undecoded", UNEXPLAINED, Client(names=lambda at: (at.group, at.login_name), block=str.encode), "login-name+undecoded-secret-block"),
]  # fmt: skip
UNKNOWN = [
    Broken("another password", UNEXPLAINED, Client(password=lambda word: "Another-1-password")),
    Broken("another g", UNEXPLAINED, Client(g=3)),
    Broken("an a that was never sent", UNEXPLAINED, Client(u=lambda c, at: oracle.scrambler(power(2, 4711, oracle.N), at.srp_b), base=lambda c, at, x: power(at.srp_b - c.k * power(2, x, oracle.N), 4711, oracle.N))),
    Broken("another base", UNEXPLAINED, Client(base=lambda c, at, x: (at.srp_b * 7) % oracle.N)),
    Broken("salt reversed", UNEXPLAINED, Client(salt=lambda text: bytes.fromhex(text.zfill(32))[::-1])),
    Broken("a random signature", UNEXPLAINED, Client(mac=lambda key, message: os.urandom(32))),
    Broken("half a signature", UNEXPLAINED, Client(signature=lambda mac: base64_text(mac[:16]))),
    Broken("something else signed", UNEXPLAINED, Client(message=lambda c, at, stamp: b"hello")),
    Broken("SHA3", UNEXPLAINED, Client(mac=lambda key, message: hmac.digest(key, message, "sha3_256"))),
    Broken("not Base64", UNEXPLAINED, Client(signature=lambda mac: "*" * 44)),
]  # fmt: skip
PROOFS = [*ENCODINGS, *DERIVATIONS, *SIGNATURES, *IN_X, *UNKNOWN]
