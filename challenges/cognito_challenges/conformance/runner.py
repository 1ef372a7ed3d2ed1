"""Every case asked and judged, whatever the testee does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from .judge import Outcome, judge
from .process import LostError, Testee
from .report import Report
from .vectors import Case, Vectors

PATIENCE: Final = 10
"""So many lost answers in a row, and the testee is not asked again: what is left has failed."""

END: Final = Case("protocol:end-of-input", "protocol", "ends with status 0", (), {}, "valid", None, None, None)


def run(
    command: Sequence[str],
    vectors: Vectors,
    *,
    timeout: float = 30.0,
    progress: Callable[[Outcome], None] = lambda _: None,
) -> Report:
    """Ask the testee that `command` starts every case, one after the other.

    timeout: seconds for one answer. progress: called with each outcome.
    Raises OSError when the command cannot be started. Whatever else the testee does is an outcome.
    """
    return asyncio.run(_run(Testee(command, timeout), command, vectors, progress))


async def _run(testee: Testee, command: Sequence[str], vectors: Vectors, progress: Callable[[Outcome], None]) -> Report:
    outcomes: list[Outcome] = []
    lost = 0
    try:
        for case in vectors.cases:
            if lost >= PATIENCE:
                outcome = Outcome(case, "failed", f"not asked: {lost} answers in a row were lost")
            else:
                outcome, lost = await _one(testee, case, lost)
            outcomes.append(outcome)
            progress(outcome)
        reason = await testee.end()
        outcomes.append(Outcome(END, "failed" if reason else "passed", reason))
        progress(outcomes[-1])
    finally:
        await testee.kill()
    return Report(tuple(command), vectors, tuple(outcomes))


async def _one(testee: Testee, case: Case, lost: int) -> tuple[Outcome, int]:
    try:
        return judge(case, await testee.ask(case.id, dict(case.request))), 0
    except LostError as error:
        return Outcome(case, "failed", str(error)), lost + 1
