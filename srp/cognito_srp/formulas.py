"""SRP-6a as Cognito computes it: one pure function a formula.

Source: the pseudocode of the Amazon Cognito developer guide. Symbols are RFC 5054's: `|` joins bytes, bytes(i) is
`encoding.integer_bytes`, and the hash is SHA-256. `group_name` and `identity` are the pool name and USER_ID_FOR_SRP of
a user, or the device group key and the device key of a device. All texts are bytes here: UTF-8, checked once by the
caller.

Functions that exponentiate take the `Arithmetic` to use, and use the preferred one when it is left out.
"""

from __future__ import annotations

import hmac
from hashlib import sha256

from .arithmetic import Arithmetic, chosen
from .encoding import base64_text, integer_bytes, utf8
from .errors import PeerError
from .group import K, N

SESSION_KEY_BYTES = 16
_INFO = b"Caldera Derived Key\x01"


def public_ephemeral(a: int, arithmetic: Arithmetic | None = None) -> int:
    """A = g^a mod N, for 1 <= a < 2**1024, drawn for one attempt."""
    return chosen(arithmetic).generator_power(a)


def scrambler(public_a: int, public_b: int) -> int:
    """u = SHA256(bytes(A) | bytes(B)), an unsigned big-endian integer below 2**256.

    bytes() is minimal two's complement, not RFC 5054's fixed-width PAD.
    Raises PeerError when u == 0 (RFC 5054, section 2.6).
    """
    u = int.from_bytes(sha256(integer_bytes(public_a) + integer_bytes(public_b)).digest(), "big")
    if u == 0:
        raise PeerError("SRP_B", "zero", "gives a scrambler of zero")
    return u


def private_key(salt: int, *, group_name: bytes, identity: bytes, password: bytes) -> int:
    """x = SHA256(bytes(salt) | SHA256(group_name | identity | ":" | password)), below 2**256.

    x is as good as the password: do not store it. The identity of a user is USER_ID_FOR_SRP, not the login name.
    """
    inner = sha256(group_name + identity + b":" + password).digest()
    return int.from_bytes(sha256(integer_bytes(salt) + inner).digest(), "big")


def password_verifier(x: int, arithmetic: Arithmetic | None = None) -> int:
    """v = g^x mod N for the x of a human password: in constant time, and never by the plain table.

    With v, or with a cache trace of a variable-time computation of it, a weak password can be found in a dictionary.
    """
    return chosen(arithmetic).password_power(x)


def device_verifier(x: int, arithmetic: Arithmetic | None = None) -> int:
    """v = g^x mod N for the x of a device password, 40 random bytes that no dictionary holds."""
    return chosen(arithmetic).generator_power(x)


def client_premaster(a: int, public_b: int, verifier: int, x: int, u: int, arithmetic: Arithmetic | None = None) -> int:
    """S = (B - k v)^(a + u x) mod N with v = g^x, the client's way.

    Raises PeerError when the base is 0, 1 or N - 1, which takes a hostile B.
    """
    base = (public_b - K * verifier) % N
    if not 2 <= base <= N - 2:
        raise PeerError("SRP_B", "weak", "leaves nothing secret in the shared key")
    return chosen(arithmetic).power(base, a + u * x)


def server_public_ephemeral(verifier: int, b: int, arithmetic: Arithmetic | None = None) -> int:
    """B = (k v + g^b) mod N."""
    return (K * verifier + public_ephemeral(b, arithmetic)) % N


def server_premaster(b: int, public_a: int, verifier: int, u: int, arithmetic: Arithmetic | None = None) -> int:
    """S = (A v^u)^b mod N, the server's way.

    Raises PeerError when the base is 0, 1 or N - 1, which takes a hostile A.
    """
    by = chosen(arithmetic)
    base = public_a * by.power(verifier, u) % N
    if not 2 <= base <= N - 2:
        raise PeerError("SRP_A", "weak", "leaves nothing secret in the shared key")
    return by.power(base, b)


def session_key(premaster: int, u: int) -> bytes:
    """K = HKDF-SHA256(salt=bytes(u), ikm=bytes(S), info="Caldera Derived Key"), 16 bytes.

    One block suffices: HMAC(HMAC(bytes(u), bytes(S)), info | 0x01)[:16] (RFC 5869).
    """
    extracted = hmac.digest(integer_bytes(u), integer_bytes(premaster), "sha256")
    return hmac.digest(extracted, _INFO, "sha256")[:SESSION_KEY_BYTES]


def claim_signature(key: bytes, *, group_name: bytes, identity: bytes, secret_block: bytes, timestamp: bytes) -> str:
    """Base64(HMAC-SHA256(K, group_name | identity | secret_block | TIMESTAMP)), with the decoded secret block."""
    return base64_text(hmac.digest(key, group_name + identity + secret_block + timestamp, "sha256"))


def secret_hash(username: str, *, client_id: str, client_secret: str) -> str:
    """SECRET_HASH = Base64(HMAC-SHA256(client_secret, username | client_id)).

    username: the login name in InitiateAuth, and afterwards the USERNAME that is sent in the same response.
    Raises UsageError when one of the three is not a string, empty, or longer than 4,096 characters.

    >>> secret_hash("alice", client_id="1h57kf5cpq17m0eml12EXAMPLE", client_secret="secret")
    'VaiYx97UMIFHHpQM4v/0Un2yLSahylHCpOY/Ix/GKOQ='
    """
    message = utf8("username", username) + utf8("client_id", client_id)
    return base64_text(hmac.digest(utf8("client_secret", client_secret), message, "sha256"))
