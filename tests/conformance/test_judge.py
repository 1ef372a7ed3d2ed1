"""One answer at a time: what is right, and what is told of what is wrong."""

from typing import Any

import pytest

from cognito_challenges.conformance import default_directory, load
from cognito_challenges.conformance.judge import judge
from cognito_challenges.conformance.vectors import Case

CLAIM = next(case for case in load(default_directory()).cases if case.flags == ("LeadingZeroS",) and case.trace)
TRACE: dict[str, Any] = {name: (CLAIM.trace or {})[name] for name in ("u", "x", "s", "key")}


def ok(**changes: Any) -> dict[str, Any]:
    return {"id": CLAIM.id, "ok": {**(CLAIM.expected or {}), "trace": TRACE, **changes}}


def reason(case: Case, answer: dict[str, Any]) -> str:
    outcome = judge(case, answer)
    assert (outcome.verdict == "failed") == bool(outcome.reason)
    return outcome.reason


def test_right_with_and_without_a_trace() -> None:
    assert reason(CLAIM, ok()) == ""
    assert reason(CLAIM, {"ok": CLAIM.expected}) == ""
    assert reason(CLAIM, ok(trace={"u": TRACE["u"]}, more="is ignored")) == ""


def test_a_trace_holds_integers_in_any_writing() -> None:
    assert reason(CLAIM, ok(trace={name: f"00{text.upper()}" for name, text in TRACE.items()})) == ""


@pytest.mark.parametrize("name", ["u", "x", "s", "key"])
@pytest.mark.parametrize("value", ["0", "", "no hex", None, 5])
def test_the_first_value_that_differs_is_told(name: str, value: object) -> None:
    wrong = ok(trace={**TRACE, name: value, "key": value}, signature="x")
    assert reason(CLAIM, wrong).startswith(f"{name} is the first value to differ")


def test_a_trace_must_be_an_object() -> None:
    assert reason(CLAIM, ok(trace="u")) == "trace is not a JSON object"


@pytest.mark.parametrize("name", ["srp_a", "signature", "secret_block", "timestamp"])
def test_each_answer_counts(name: str) -> None:
    assert reason(CLAIM, ok(**{name: "x"})).startswith(f"{name} differs: x for ")
    left = {key: value for key, value in ok()["ok"].items() if key != name}
    assert reason(CLAIM, {"ok": left}) == f"{name} is missing from the answer"


def test_numbers_are_not_truths() -> None:
    case = next(case for case in load(default_directory()).cases if case.expected == {"accepted": True})
    assert reason(case, {"ok": {"accepted": True}}) == ""
    for value in (1, "true", None, False):
        assert reason(case, {"ok": {"accepted": value}}).startswith("accepted differs")


@pytest.mark.parametrize("kind", [None, "fatal", ["peer"], 5])
def test_kinds_of_error(kind: object) -> None:
    assert reason(CLAIM, {"error": {"kind": kind}}).startswith("unknown kind of error")
