"""A second implementation of the protocol that shares nothing with the engine: plain int, hashlib and hmac.

It is written from the protocol's text, byte rules included, and is slow and variable in time. Tests only.
"""

import base64
import datetime
import hashlib
import hmac
import math


def _pi_bits(bits: int) -> int:
    """floor(2**bits * pi), by Machin's formula with guard digits."""
    guard = bits + 64

    def arctan_inverse(q: int) -> int:
        total = term = (1 << guard) // q
        n, sign = 3, -1
        while term:
            term //= q * q
            total += sign * (term // n)
            n, sign = n + 2, -sign
        return total

    return (4 * (4 * arctan_inverse(5) - arctan_inverse(239))) >> 64


# RFC 3526, section 4, derives the prime from the digits of pi; so it is derived here and not copied.
N = 2**3072 - 2**3008 - 1 + 2**64 * (_pi_bits(2942) + 1690314)
g = 2


def java_bytes(i: int) -> bytes:
    """BigInteger.toByteArray(), by trying lengths from one byte on."""
    length = 1
    while not -(1 << (8 * length - 1)) <= i < 1 << (8 * length - 1):
        length += 1
    return (i % (1 << 8 * length)).to_bytes(length, "big")


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def number(digest: bytes) -> int:
    return int(digest.hex(), 16)


k = number(sha(java_bytes(N), java_bytes(g)))


def private_key(salt: int, group: str, identity: str, password: str) -> int:
    return number(sha(java_bytes(salt), sha(f"{group}{identity}:{password}".encode())))


def scrambler(public_a: int, public_b: int) -> int:
    return number(sha(java_bytes(public_a), java_bytes(public_b)))


def verifier(x: int) -> int:
    return pow(g, x, N)


def client_premaster(a: int, public_b: int, x: int, u: int) -> int:
    return pow(public_b - k * pow(g, x, N), a + u * x, N)


def server_premaster(b: int, public_a: int, x: int, u: int) -> int:
    return pow(public_a * pow(g, x * u, N), b, N)


def server_public(x: int, b: int) -> int:
    return (k * pow(g, x, N) + pow(g, b, N)) % N


def session_key(premaster: int, u: int) -> bytes:
    prk = hmac.new(java_bytes(u), java_bytes(premaster), hashlib.sha256).digest()
    return hmac.new(prk, b"Caldera Derived Key" + bytes([1]), hashlib.sha256).digest()[:16]


def signature(key: bytes, group: str, identity: str, block: bytes, timestamp: str) -> str:
    mac = hmac.new(key, group.encode() + identity.encode() + block + timestamp.encode(), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()


def secret_hash(username: str, client_id: str, client_secret: str) -> str:
    mac = hmac.new(client_secret.encode(), f"{username}{client_id}".encode(), hashlib.sha256)
    return base64.b64encode(mac.digest()).decode()


def device_config(group_key: str, device_key: str, password: str, salt: int) -> dict[str, str]:
    """DeviceSecretVerifierConfig."""
    v = verifier(private_key(salt, group_key, device_key, password))
    return {
        "PasswordVerifier": base64.b64encode(java_bytes(v)).decode(),
        "Salt": base64.b64encode(java_bytes(salt)).decode(),
    }


def timestamp(now: float) -> str:
    t = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=math.floor(now))
    day = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"][t.weekday()]
    month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][t.month - 1]
    return f"{day} {month} {t.day} {t.hour:02d}:{t.minute:02d}:{t.second:02d} UTC {t.year:04d}"


def claim(
    group: str, identity: str, password: str, a: int, salt: int, public_b: int, block: bytes, now: float
) -> dict[str, object]:
    """Every number of one client-side proof, and the signature."""
    public_a = pow(g, a, N)
    u = scrambler(public_a, public_b)
    x = private_key(salt, group, identity, password)
    s = client_premaster(a, public_b, x, u)
    key = session_key(s, u)
    stamp = timestamp(now)
    return {
        "A": public_a,
        "u": u,
        "x": x,
        "S": s,
        "K": key,
        "timestamp": stamp,
        "signature": signature(key, group, identity, block, stamp),
    }
