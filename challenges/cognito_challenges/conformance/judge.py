"""Whether one answer is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, cast

from .vectors import Case

Verdict = Literal["passed", "failed", "unsupported"]

TRACE: Final = ("u", "x", "s", "key")
"""The intermediate values that an answer may carry, in the order in which they are computed."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one case. reason: why it failed, or why it is unsupported; empty when it passed."""

    case: Case
    verdict: Verdict
    reason: str = ""


def judge(case: Case, answer: Mapping[str, Any]) -> Outcome:
    """The outcome of a well-formed answer to this case's request."""
    ok, error = answer.get("ok"), answer.get("error")
    if isinstance(ok, dict) and error is None:
        reason = _accepted(case, cast("dict[str, Any]", ok))
    elif isinstance(error, dict) and ok is None:
        refusal = cast("dict[str, Any]", error)
        if refusal.get("kind") == "unsupported":
            return Outcome(case, "unsupported", _short(refusal.get("reason", "")))
        reason = _refused(case, refusal)
    else:
        reason = "the answer holds neither ok nor error, or both"
    return Outcome(case, "failed" if reason else "passed", reason)


def _accepted(case: Case, ok: Mapping[str, Any]) -> str:
    if case.expected is None:
        if case.op == "server-verify" and ok.get("accepted") is False:
            return ""
        return "must be refused, and was answered"
    # The first intermediate value that differs says more than the signature that follows from it.
    reason = _traced(case.trace or {}, ok.get("trace", {}))
    if reason:
        return reason
    for name, value in case.expected.items():
        if name not in ok:
            return f"{name} is missing from the answer"
        if type(ok[name]) is not type(value) or ok[name] != value:
            return f"{name} differs: {_short(ok[name])} for {_short(value)}"
    return ""


def _traced(wanted: Mapping[str, Any], given: object) -> str:
    if not isinstance(given, dict):
        return "trace is not a JSON object"
    trace = cast("dict[str, Any]", given)
    for name in TRACE:
        if name in trace and name in wanted and not _same_integer(trace[name], wanted[name]):
            return f"{name} is the first value to differ: {_short(trace[name])} for {_short(wanted[name])}"
    return ""


def _refused(case: Case, error: Mapping[str, Any]) -> str:
    kind, reason = error.get("kind"), _short(error.get("reason", ""))
    if kind not in ("peer", "usage"):
        return f"unknown kind of error {_short(kind)}"
    if case.kind == kind or (case.result == "acceptable" and kind == "peer"):
        return ""
    if case.kind is not None:
        return f"refused as {kind}, not as {case.kind}: {reason}"
    if case.expected == {"accepted": False} and kind == "peer":
        return ""
    return f"refused as {kind}, and must be answered: {reason}"


def _same_integer(text: object, value: str) -> bool:
    try:
        return isinstance(text, str) and int(text, 16) == int(value, 16)
    except ValueError:
        return False


def _short(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 96 else f"{text[:64]}... ({len(text)} characters)"
