"""SRP-6a as Cognito computes it: one pure function a formula.

Symbols are RFC 5054's. `|` joins bytes; bytes(i) is `encoding.integer_bytes`, text is UTF-8, and the hash is
SHA-256. `group_name` and `identity` are the pool name and USER_ID_FOR_SRP of a user, or the device group key and
the device key of a device.

Functions that raise a secret exponent take the `Arithmetic` to use, and use the preferred one when it is left out.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from .arithmetic import Arithmetic, preferred
from .encoding import base64_text, integer_bytes, utf8
from .errors import PeerError
from .group import K, N

SESSION_KEY_BYTES = 16
_INFO = b"Caldera Derived Key\x01"


def public_ephemeral(a: int, arithmetic: Arithmetic | None = None) -> int:
    """A = g^a mod N, for 1 <= a < 2**1024, drawn for one attempt."""
    return (arithmetic or preferred()).generator_power(a)


def scrambler(public_a: int, public_b: int) -> int:
    """u = SHA256(bytes(A) | bytes(B)), an unsigned big-endian integer below 2**256.

    bytes() is minimal two's complement, not RFC 5054's fixed-width PAD.
    Raises PeerError when u == 0 (RFC 5054, section 2.6).
    """
    u = int.from_bytes(sha256(integer_bytes(public_a) + integer_bytes(public_b)).digest(), "big")
    if u == 0:
        raise PeerError("SRP_B", "zero", "gives a scrambler of zero")
    return u


def private_key(salt: int, group_name: str, identity: str, password: str) -> int:
    """x = SHA256(bytes(salt) | SHA256(group_name | identity | ":" | password)), below 2**256.

    x is as good as the password: keep it nowhere. The identity is USER_ID_FOR_SRP, not the login name.
    """
    inner = sha256(
        utf8("group_name", group_name) + utf8("identity", identity) + b":" + utf8("password", password)
    ).digest()
    return int.from_bytes(sha256(integer_bytes(salt) + inner).digest(), "big")


def password_verifier(x: int, arithmetic: Arithmetic | None = None) -> int:
    """v = g^x mod N for the x of a human password: in constant time, and not from the table that others use.

    v is as good as the password to whoever owns a dictionary, and so is a cache trace of its making.
    """
    return (arithmetic or preferred()).password_power(x)


def device_verifier(x: int, arithmetic: Arithmetic | None = None) -> int:
    """v = g^x mod N for the x of a device password, 40 random bytes that stand in no dictionary."""
    return (arithmetic or preferred()).generator_power(x)


def client_premaster(a: int, public_b: int, verifier: int, x: int, u: int, arithmetic: Arithmetic | None = None) -> int:
    """S = (B - k v)^(a + u x) mod N with v = g^x, the client's way.

    Raises PeerError when the base is 0, 1 or N - 1, which only a hostile B can bring about.
    """
    base = (public_b - K * verifier) % N
    if not 2 <= base <= N - 2:
        raise PeerError("SRP_B", "weak", "leaves nothing secret in the shared key")
    return (arithmetic or preferred()).power(base, a + u * x)


def server_public_ephemeral(verifier: int, b: int, arithmetic: Arithmetic | None = None) -> int:
    """B = (k v + g^b) mod N."""
    return (K * verifier + public_ephemeral(b, arithmetic)) % N


def server_premaster(b: int, public_a: int, verifier: int, u: int, arithmetic: Arithmetic | None = None) -> int:
    """S = (A v^u)^b mod N, the server's way.

    Raises PeerError when the base is 0, 1 or N - 1, which only a hostile A can bring about.
    """
    chosen = arithmetic or preferred()
    base = public_a * chosen.power(verifier, u) % N
    if not 2 <= base <= N - 2:
        raise PeerError("SRP_A", "weak", "leaves nothing secret in the shared key")
    return chosen.power(base, b)


def session_key(premaster: int, u: int) -> bytes:
    """K = HKDF-SHA256(salt=bytes(u), ikm=bytes(S), info="Caldera Derived Key"), 16 bytes.

    One block suffices: HMAC(HMAC(bytes(u), bytes(S)), info | 0x01)[:16] (RFC 5869).
    """
    extracted = hmac.digest(integer_bytes(u), integer_bytes(premaster), "sha256")
    return hmac.digest(extracted, _INFO, "sha256")[:SESSION_KEY_BYTES]


def claim_signature(key: bytes, group_name: str, identity: str, secret_block: bytes, timestamp: str) -> str:
    """Base64(HMAC-SHA256(K, group_name | identity | secret_block | TIMESTAMP)), with the decoded secret block."""
    message = utf8("group_name", group_name) + utf8("identity", identity) + secret_block + utf8("TIMESTAMP", timestamp)
    return base64_text(hmac.digest(key, message, "sha256"))


def secret_hash(username: str, client_id: str, client_secret: str) -> str:
    """SECRET_HASH = Base64(HMAC-SHA256(client_secret, username | client_id)).

    username: the login name in InitiateAuth, and afterwards the USERNAME that is sent in the same response.
    Raises UsageError when one of the three is no text or empty.
    """
    message = utf8("username", username) + utf8("client_id", client_id)
    return base64_text(hmac.digest(utf8("client_secret", client_secret), message, "sha256"))
