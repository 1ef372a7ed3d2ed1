"""Many sign-ins or device verifiers at once, over processes or threads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import TypeVar

from .arithmetic import warm

Item = TypeVar("Item")
Result = TypeVar("Result")


def run(
    function: Callable[[Item], Result],
    items: Iterable[Item],
    *,
    workers: int | None = None,
    threads: bool = False,
    progress: Callable[[int], object] | None = None,
) -> list[Result]:
    """function(item) for each of the items, in their order, on several processors at a time.

    workers: how many processes or threads; as many as there are processors when left out.
    threads: False starts processes, each of them warm; function, items and results then have to be picklable, which
        sessions and devices are not: take texts and give texts. True starts threads, which only run side by side
        in an arithmetic that lets go of the interpreter: hand `load("gmpy2")` to the sessions or devices.
    progress: called in the calling thread after each result with the number of results so far.

    The first exception that function raises ends the run and is raised here. Started processes import the caller's
    main module, so a script calls this under `if __name__ == "__main__"`.
    """
    work = list(items)
    workers = workers or os.cpu_count() or 1
    executor: Executor
    if threads:
        warm()
        executor = ThreadPoolExecutor(workers)
    else:
        executor = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=warm)
    results: list[Result] = []
    with executor:
        # Chunks spare the processes a message for each item; the last ones must not leave a processor idle for long.
        for result in executor.map(function, work, chunksize=max(1, min(16, len(work) // (8 * workers)))):
            results.append(result)
            if progress is not None:
                progress(len(results))
    return results
