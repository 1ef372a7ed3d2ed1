"""Bytes, hex, Base64 and text: the one place that turns wire values into numbers and numbers into bytes.

Each parser takes the parameter's name first and checks type and length before any other work. What it refuses raises
one error that carries the name and never the value.
"""

from __future__ import annotations

import re
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Mapping

from .errors import PeerError, SrpError, UsageError

MAX_HEX_DIGITS = 1024
"""Longest hex number read: N has 768 digits, the rest is room for zero padding."""

MAX_BASE64_CHARACTERS = 16_384
"""Longest Base64 text read. Secret blocks have about 2,000 characters."""

MAX_TEXT_CHARACTERS = 4_096
"""Longest name or password read."""

EPHEMERAL_BYTES = 32
"""a and b have 256 random bits, the least that RFC 5054 asks for."""

Entropy = Callable[[int], bytes]
"""Returns as many random bytes as it is asked for, as `os.urandom` does."""

_HEX = re.compile(r"-?[0-9a-fA-F]+", re.ASCII)
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]+|[A-Za-z0-9_-]+)={0,2}", re.ASCII)
_SURROGATE = "[\ud800-\udfff]"
_POOL_ID = re.compile(r"[\w-]+_[0-9a-zA-Z]+", re.ASCII)


def integer_bytes(value: int) -> bytes:
    """bytes(i): minimal big-endian two's complement, as Java's BigInteger.toByteArray().

    Leading zeros are stripped, and one 00 is put in front when the top bit of a positive number is set.
    Never fixed width: RFC 5054's PAD is not used.

    >>> [integer_bytes(value).hex() for value in (0, 127, 128, -128)]
    ['00', '7f', '0080', '80']
    """
    bits = (~value if value < 0 else value).bit_length()
    return value.to_bytes(bits // 8 + 1, "big", signed=True)


def integer_hex(value: int) -> str:
    """A number as it is sent: lower-case hex without leading zeros, a minus sign before a negative one."""
    return f"{value:x}"


def utf8(name: str, text: str, *, error: type[SrpError] = UsageError, limit: int = MAX_TEXT_CHARACTERS) -> bytes:
    """The UTF-8 bytes of a text of 1 to `limit` characters, not normalised. Raises `error` for anything else."""
    check_text(name, text, limit, error)
    # Looked for, not caught: the codec's own error would carry the text, even as the context of ours.
    if not text.isascii() and re.search(_SURROGATE, text):
        raise error(name, "syntax", "holds a lone surrogate, which UTF-8 cannot carry")
    return text.encode()


def parse_hex(name: str, text: str, *, error: type[SrpError] = PeerError) -> int:
    """A hex number, with a minus sign or without, in either case, of even or odd length, zero-padded or not.

    Refuses what Python's int() also takes: "0x", "_", "+", spaces and other alphabets' digits.
    """
    check_text(name, text, MAX_HEX_DIGITS, error)
    if not _HEX.fullmatch(text):
        raise error(name, "syntax", f"is not a hexadecimal number ({len(text)} characters)")
    return int(text, 16)


def parse_base64(name: str, text: str, *, error: type[SrpError] = PeerError) -> bytes:
    """The bytes of a Base64 text in the standard or the URL-safe alphabet, padded or not."""
    check_text(name, text, MAX_BASE64_CHARACTERS, error)
    digits = text.rstrip("=")
    padded = digits != text
    if not _BASE64.fullmatch(text) or len(digits) % 4 == 1 or (padded and len(text) % 4):
        raise error(name, "syntax", f"is not Base64 ({len(text)} characters)")
    return a2b_base64(digits.replace("-", "+").replace("_", "/") + "=" * (-len(digits) % 4))


def base64_text(data: bytes) -> str:
    """Base64 in the standard alphabet, padded, in one line."""
    return b2a_base64(data, newline=False).decode()


def parse_base64_integer(name: str, text: str, *, error: type[SrpError] = PeerError) -> int:
    """The number whose bytes(i) a Base64 text holds: big-endian two's complement of at most 512 bytes."""
    data = parse_base64(name, text, error=error)
    if len(data) > MAX_HEX_DIGITS // 2:
        raise error(name, "length", f"has {len(data)} bytes, more than {MAX_HEX_DIGITS // 2}")
    return int.from_bytes(data, "big", signed=True)


def pool_name(pool_id: str) -> str:
    """The part of a user pool id after its last underscore. Raises UsageError unless it is a user pool id.

    >>> pool_name("us-east-1_Ab1")
    'Ab1'
    """
    check_text("pool_id", pool_id, MAX_TEXT_CHARACTERS, UsageError)
    if not _POOL_ID.fullmatch(pool_id):
        raise UsageError("pool_id", "syntax", "is not a user pool id, which reads like us-east-1_Ab1Cd2Ef3")
    return pool_id.rpartition("_")[2]


def challenge_parameter(parameters: Mapping[str, str], name: str) -> str:
    """The value under a name in ChallengeParameters, for a parser or `utf8` to check.

    Raises PeerError when it is absent, and UsageError when `parameters` is not a mapping.
    """
    if not isinstance(parameters, Mapping):
        raise wrong_type("challenge_parameters", parameters, "a mapping")
    value = parameters.get(name)
    if value is None:
        raise PeerError(name, "missing", "is missing from the challenge parameters")
    return value


def draw(entropy: Entropy, size: int) -> bytes:
    """`size` random bytes from the caller's source. When all of them are zero it is asked once more.

    Raises UsageError when it returns anything else, or zeros again.
    """
    if not callable(entropy):
        raise wrong_type("entropy", entropy, "a function that returns random bytes")
    for _ in range(2):
        drawn: object = entropy(size)
        if not isinstance(drawn, bytes) or len(drawn) != size:
            raise UsageError("entropy", "type", f"must return {size} bytes")
        if any(drawn):
            return drawn
    raise UsageError("entropy", "zero", "returned only zeros, twice")


def draw_exponent(entropy: Entropy) -> int:
    """A fresh ephemeral exponent, 1 <= a < 2**256."""
    return int.from_bytes(draw(entropy, EPHEMERAL_BYTES), "big")


def check_text(name: str, text: object, limit: int, error: type[SrpError]) -> None:
    """Raise `error` unless `text` is a string of 1 to `limit` characters."""
    if not isinstance(text, str):
        raise wrong_type(name, text, "a string", error)
    if not text:
        raise error(name, "empty", "is empty")
    if len(text) > limit:
        raise error(name, "length", f"has {len(text)} characters, more than {limit}")


def wrong_type(name: str, value: object, expected: str, error: type[SrpError] = UsageError) -> SrpError:
    """The error to raise for a value of a wrong type; `expected` has its article: "a string"."""
    return error(name, "type", f"must be {expected}, not {type(value).__name__}")
