"""Two ways to fail: the caller's mistake, and the counterpart's fault."""

from __future__ import annotations

from typing import Literal

Reason = Literal[
    "missing",
    "type",
    "empty",
    "length",
    "syntax",
    "range",
    "zero",
    "weak",
    "mismatch",
    "used",
    "unavailable",
    "state",
]
"""Why a value was refused, for programs: it stays the same when the wording of a message changes.

missing: an expected parameter is not there; type: it is of another type; empty, length: it is too short or too long;
syntax: it is not spelled as it must be; range: the number is too small or too large; zero: a number is 0 modulo N, or
random bytes are all zero; weak: the shared key would hold no secret; mismatch: it is not the expected value; used: the
session has given its proof; unavailable: a package is not installed, or computes wrong numbers; state: the object does
not allow that, or not yet.
"""


class SrpError(ValueError):
    """A value was refused. Whatever refused it is as it was before, and no proof was made or accepted.

    parameter: the name of the refused value, as the service or the signature spells it.
    reason: one word for programs, see `Reason`.
    detail: the same for people. It tells types, lengths and limits, never the value.
    """

    def __init__(self, parameter: str, reason: Reason, detail: str) -> None:
        super().__init__(f"{parameter}: {detail}")
        self.parameter = parameter
        self.reason: Reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[SrpError], tuple[str, Reason, str]]:
        return type(self), (self.parameter, self.reason, self.detail)


class UsageError(SrpError):
    """The caller's own mistake: a malformed pool id, an empty password, a session used twice."""


class PeerError(SrpError):
    """The counterpart sent a value that must not be answered: a B of 0, a salt that is not hexadecimal."""


class ProofMismatch(PeerError):  # noqa: N818 (it is the answer "no", as cryptography's InvalidSignature is)
    """The proof is well-formed and does not hold: a wrong password, or a proof made for another challenge."""
