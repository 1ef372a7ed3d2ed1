"""`cognito-srp conformance -- COMMAND ...`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress
from rich.table import Table

from cognito_challenges.conformance import Report, VectorError, Vectors, default_directory, load, run

_SHOWN = 20


def conformance(
    command: Annotated[list[str], typer.Argument(help="The testee's command and its arguments, after --.")],
    vectors: Annotated[
        Path | None,
        typer.Option(help="Directory of vector files. Default: those that came with the package.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    junit: Annotated[Path | None, typer.Option(help="Write the report as JUnit XML to this file.")] = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds for one answer.")] = 30.0,
) -> None:
    """Run the test vectors against any testee.

    Exit status 0 when every case passed, 1 when one failed, 2 when the vectors or the command cannot be used.
    """
    try:
        loaded = load(vectors or default_directory())
        report = _watched(command, loaded, timeout)
        if junit:
            junit.write_text(report.to_junit(), encoding="utf-8")
    except VectorError as error:
        typer.echo(f"vectors: {error}", err=True)
        raise typer.Exit(2) from None
    except OSError as error:
        typer.echo(f"{error.filename or command[0]}: {error.strerror}", err=True)
        raise typer.Exit(2) from None
    if as_json:
        typer.echo(json.dumps(report.to_json(), indent=2))
    else:
        _show(report)
    raise typer.Exit(0 if report.conforms else 1)


def _watched(command: list[str], vectors: Vectors, timeout: float) -> Report:
    """Run, with a progress bar on a terminal and nowhere else."""
    if not sys.stderr.isatty():
        return run(command, vectors, timeout=timeout)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("cases", total=len(vectors.cases) + 1)
        return run(command, vectors, timeout=timeout, progress=lambda _: bar.advance(task))


def _show(report: Report) -> None:
    console = Console()
    table = Table("flag", title=escape(" ".join(report.command)))
    for heading in ("passed", "failed", "unsupported"):
        table.add_column(heading, justify="right")
    table.add_column("strikes", overflow="fold")
    for flag, counts in report.flags().items():
        failed = counts["failed"]
        numbers = [str(counts[verdict] or "") for verdict in ("passed", "failed", "unsupported")]
        frequency = report.vectors.flags[flag].frequency if failed else ""
        table.add_row(flag, *numbers, frequency, style="red" if failed else None)
    console.print(table)
    failures = [outcome for outcome in report.outcomes if outcome.verdict == "failed"]
    for outcome in failures[:_SHOWN]:
        console.print(escape(f"{outcome.case.id} {outcome.case.comment}: {outcome.reason}"), highlight=False)
    if len(failures) > _SHOWN:
        console.print(f"and {len(failures) - _SHOWN} more; --json names them all")
    console.print(
        f"{report.count('passed')} passed, {report.count('failed')} failed, "
        f"{report.count('unsupported')} unsupported; {sum(report.vectors.undriven.values())} cases of other types "
        "have no operation in the protocol"
    )
    if not report.conforms and not failures:
        console.print("nothing was judged: the testee supports none of the operations")
