"""Codes and QR codes of authenticator apps: TOTP (RFC 6238) with SHA-1, six digits, thirty seconds."""

from __future__ import annotations

import re
from base64 import b32decode

from cognito_srp import UsageError
from cognito_srp.encoding import utf8, wrong_type

DIGITS = 6
SECONDS = 30
_SECRET = re.compile(r"[A-Z2-7]{16,256}", re.ASCII)


def secret_bytes(secret_code: str) -> bytes:
    """The key in a Base32 secret of 16 to 256 characters, in either case, spaced or padded or not.

    Raises UsageError for anything else.
    """
    text = secret_code.replace(" ", "").rstrip("=").upper() if isinstance(secret_code, str) else ""
    if not _SECRET.fullmatch(text) or len(text) % 8 in (1, 3, 6):
        raise UsageError("totp_secret", "syntax", "is not Base32 of at least 16 characters")
    return b32decode(text + "=" * (-len(text) % 8))


def without_spaces(name: str, code: str) -> str:
    """A code as it is sent, without the spaces that apps and messages group its digits by. Raises UsageError."""
    if not isinstance(code, str):
        raise wrong_type(name, code, "a string")
    digits = "".join(code.split())
    if not digits:
        raise UsageError(name, "empty", "is empty")
    return digits


def code(secret_code: str, now: float) -> str:
    """The six digits at a time in Unix seconds. Raises UsageError for a malformed secret or a time before 1970."""
    if now < 0:
        raise UsageError("now", "range", "must not be before 1970")
    from cryptography.hazmat.primitives.hashes import SHA1
    from cryptography.hazmat.primitives.twofactor.totp import TOTP

    # The service enrols secrets of 16 bytes and more; the library's own minimum is meant for new secrets.
    totp = TOTP(secret_bytes(secret_code), DIGITS, SHA1(), SECONDS, enforce_key_length=False)  # noqa: S303 - what authenticator apps use
    return totp.generate(int(now)).decode()


def otpauth_uri(secret_code: str, *, issuer: str, account: str) -> str:
    """otpauth://totp/ISSUER:ACCOUNT?secret=...&issuer=..., the key-URI format that authenticator apps scan.

    Raises UsageError when issuer or account is not a string or is empty.
    """
    from urllib.parse import quote, urlencode

    # A colon separates the two, so neither may hold one as it is.
    label = quote(utf8("issuer", issuer), safe="") + ":" + quote(utf8("account", account), safe="")
    return f"otpauth://totp/{label}?{urlencode({'secret': secret_code, 'issuer': issuer}, quote_via=quote)}"
