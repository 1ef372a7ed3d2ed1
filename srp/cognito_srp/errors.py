"""Two ways to fail: the caller's mistake and the counterpart's fault."""

from __future__ import annotations


class SrpError(ValueError):
    """A value was refused; nothing was computed from it and nothing was signed.

    parameter: the name of the refused value, as the service or the signature spells it.
    reason: one machine-readable word: "missing", "type", "empty", "length", "syntax", "range", "zero", "weak",
        "mismatch", "used", "unavailable" or "state".
    The message names the parameter, lengths and limits, never a value.
    """

    def __init__(self, parameter: str, reason: str, detail: str) -> None:
        super().__init__(f"{parameter}: {detail}")
        self.parameter = parameter
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[SrpError], tuple[str, str, str]]:
        return type(self), (self.parameter, self.reason, self.detail)


class UsageError(SrpError):
    """The caller's own mistake: a malformed pool id, an empty password, a session used twice."""


class PeerError(SrpError):
    """The counterpart sent what must not be answered: a B of 0, a salt that is no number, a wrong proof."""
