"""Whatever a testee does is an outcome: the runner ends, blames the right case, and goes on."""

import os
import signal
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from cognito_challenges.conformance import Report, Vectors, default_directory, load, run
from cognito_challenges.conformance.runner import PATIENCE

MISBEHAVING = Path(__file__).parent / "misbehaving.py"
OURS = [sys.executable, "-m", "cognito_challenges.conformance.testee"]
ALL = load(default_directory())
# Cheap ones first: four moments and their neighbours.
FEW = replace(ALL, cases=tuple(case for case in ALL.cases if case.op == "timestamp")[:6])


def misbehave(how: str, at: int = 0, vectors: Vectors = FEW, timeout: float = 20.0) -> Report:
    return run([sys.executable, str(MISBEHAVING), how, str(at)], vectors, timeout=timeout)


def failures(report: Report) -> list[tuple[str, str]]:
    return [(outcome.case.id, outcome.reason) for outcome in report.outcomes if outcome.verdict == "failed"]


def test_our_own_testee_passes_every_case() -> None:
    report = run(OURS, ALL)
    assert failures(report) == []
    assert report.count("unsupported") == 0
    assert report.count("passed") == len(ALL.cases) + 1
    assert report.conforms


def test_our_own_testee_in_another_time_zone_and_language() -> None:
    cases = tuple(case for case in ALL.cases if case.op == "timestamp")
    report = run(["env", "TZ=Asia/Kolkata", "LC_ALL=de_DE.UTF-8", *OURS], replace(ALL, cases=cases))
    assert report.conforms


def test_well_behaved_until_the_end() -> None:
    report = misbehave("well")
    assert report.conforms
    assert report.count("passed") == len(FEW.cases) + 1


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("die", "ended with status 3 instead of an answer"),
        ("die after a part", "ended with status 4 instead of an answer"),
        ("rubbish", "wrote a line that is not JSON"),
        ("not text", "wrote a line that is not JSON"),
        ("not an object", "wrote a line that is not a JSON object"),
        ("endless line", "wrote a line of more than 1048576 bytes"),
        ("out of order", "answered another id than it was asked, or out of order"),
    ],
)
def test_a_lost_answer_fails_one_case_and_a_new_process_takes_the_next(how: str, reason: str) -> None:
    report = misbehave(how, at=2)
    # The process is new for the fourth case: it answers two more and misbehaves again.
    assert failures(report) == [(FEW.cases[2].id, reason), (FEW.cases[5].id, reason)]
    assert report.count("passed") == len(FEW.cases) - 2 + 1


def test_a_stalled_testee_is_killed_and_started_again() -> None:
    began = time.monotonic()
    report = misbehave("stall", at=2, timeout=3.0)
    reason = "no answer within 3 seconds"
    assert failures(report) == [(FEW.cases[2].id, reason), (FEW.cases[5].id, reason)]
    assert time.monotonic() - began < 60


def test_one_answer_too_many_is_seen() -> None:
    report = misbehave("twice", at=5)
    assert failures(report) == [("protocol:end-of-input", "wrote more lines than it was asked")]
    report = misbehave("twice", at=2)
    assert failures(report)[0] == (FEW.cases[3].id, "answered another id than it was asked, or out of order")


@pytest.mark.parametrize("how", ["neither", "both"])
def test_an_answer_must_be_one_thing(how: str) -> None:
    assert failures(misbehave(how, at=5)) == [(FEW.cases[5].id, "the answer holds neither ok nor error, or both")]


def test_a_wrong_answer_says_what_differs() -> None:
    ((identifier, reason),) = failures(misbehave("wrong", at=5))
    assert identifier == FEW.cases[5].id
    assert reason.startswith("timestamp differs: ")


def test_it_is_not_asked_for_ever() -> None:
    vectors = replace(ALL, cases=ALL.cases[:30])
    report = misbehave("die", vectors=vectors)
    reasons = [outcome.reason for outcome in report.outcomes[:30]]
    assert reasons[:PATIENCE] == ["ended with status 3 instead of an answer"] * PATIENCE
    assert set(reasons[PATIENCE:]) == {f"not asked: {PATIENCE} answers in a row were lost"}
    assert not report.conforms


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("bad end", "ended with status 5 at the end of its input"),
        ("no end", "still runs 3 seconds after the end of its input"),
        ("last word", "wrote more lines than it was asked"),
    ],
)
def test_the_end_of_input_is_a_case_too(how: str, reason: str) -> None:
    assert failures(misbehave(how, timeout=3.0)) == [("protocol:end-of-input", reason)]


def test_unsupported_is_counted_apart_and_is_no_success() -> None:
    report = misbehave("unsupported")
    assert (report.count("passed"), report.count("failed")) == (1, 0)
    assert report.count("unsupported") == len(FEW.cases)
    assert not report.conforms


def test_hostile_cases_that_are_answered_fail() -> None:
    hostile = tuple(case for case in ALL.cases if case.id.startswith("hostile:") and case.result == "invalid")[:10]
    report = misbehave("accepts", vectors=replace(ALL, cases=hostile))
    assert [reason for _, reason in failures(report)] == ["must be refused, and was answered"] * 10


def test_valid_cases_that_are_refused_fail() -> None:
    assert [reason for _, reason in failures(misbehave("refuses"))] == ["refused as peer, and must be answered: no"] * 6


def test_acceptable_cases_may_be_refused() -> None:
    acceptable = tuple(case for case in ALL.cases if case.result == "acceptable")
    assert len(acceptable) >= 5
    assert misbehave("refuses", vectors=replace(ALL, cases=acceptable)).conforms


def test_the_wrong_kind_of_error_fails() -> None:
    usage = tuple(case for case in ALL.cases if case.kind == "usage")[:3]
    reasons = [reason for _, reason in failures(misbehave("refuses", vectors=replace(ALL, cases=usage)))]
    assert reasons == ["refused as peer, not as usage: no"] * 3


def test_a_command_that_is_not_there() -> None:
    with pytest.raises(FileNotFoundError):
        run(["no-such-command-anywhere"], FEW)


def test_no_process_is_left(tmp_path: Path) -> None:
    script = tmp_path / "testee.py"
    pid = tmp_path / "pid"
    script.write_text(f"import os, time\nopen({str(pid)!r}, 'w').write(str(os.getpid()))\ntime.sleep(600)\n")
    run([sys.executable, str(script)], replace(FEW, cases=FEW.cases[:1]), timeout=3.0)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), signal.SIG_DFL)


def test_pycognito_fails_padded_salts_and_signs_a_b_of_n() -> None:
    testee = default_directory().parent / "testees" / "pycognito" / "testee.py"
    wanted = {"BZero", "LeadingZeroSalt", "LeadingZeroA", "TopBitSalt", "LeadingZeroS"}
    cases = tuple(case for case in ALL.cases if wanted & set(case.flags) and case.op == "password-claim")
    report = run([sys.executable, str(testee)], replace(ALL, cases=cases), timeout=60)
    failed = {frozenset(o.case.flags) for o in report.outcomes if o.verdict == "failed"}
    assert failed == {frozenset({"LeadingZeroSalt", "SaltZeroPadded"}), frozenset({"BZero"})}
    assert report.count("unsupported") == 0
