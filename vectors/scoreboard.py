"""Install the clients people use, run the vectors against each, and write what came of it.

Writes SCOREBOARD.md here, and in the repository's README.md what stands between the lines <!-- scoreboard --> and
<!-- /scoreboard -->. Needs the network for pip and npm, and node.
"""

from __future__ import annotations

import argparse
import datetime
import json
import subprocess
import sys
import venv
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cognito_challenges.conformance import Report, load, run

HERE = Path(__file__).parent
TESTEES = HERE / "testees"
MARKS = ("<!-- scoreboard -->\n", "<!-- /scoreboard -->\n")
REFUSALS = frozenset({"Hostile", "Caller", "Proof"})
RUNTIME = {
    "node": ["node", "--version"],
    "Python": [sys.executable, "-c", "import platform; print(platform.python_version())"],
}


@dataclass(frozen=True)
class Client:
    """install: make it runnable and return the command of its testee; version: of what was installed."""

    name: str
    language: str
    install: Callable[[], list[str]]
    version: Callable[[], str]


def main() -> int:
    """Run them all; exit status 1 only when our own testee fails a case."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--readme", type=Path, default=HERE.parent / "README.md")
    parser.add_argument("--timeout", type=float, default=60)
    arguments = parser.parse_args()
    vectors = load(HERE / "cases")
    kinds = {flag: note["kind"] for path in (HERE / "cases").glob("*.json") for flag, note in notes(path)}
    rows: list[tuple[Client, Report]] = []
    for client in CLIENTS:
        report = run(client.install(), vectors, timeout=arguments.timeout)
        counts = [f"{report.count(verdict)} {verdict}" for verdict in ("passed", "failed", "unsupported")]
        print(f"{client.name} {client.version()}: {', '.join(counts)}", flush=True)
        rows.append((client, report))
    (HERE / "SCOREBOARD.md").write_text(scoreboard(rows, kinds), encoding="utf-8")
    insert(arguments.readme, summary(rows, kinds))
    return 0 if rows[0][1].conforms else 1


def notes(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """The flags that a file defines."""
    yield from json.loads(path.read_text(encoding="ascii"))["notes"].items()


def pip(name: str) -> list[str]:
    """A virtual environment of its own, for requirements.txt."""
    folder = TESTEES / name
    environment = folder / ".venv"
    venv.create(environment, with_pip=True, clear=True)
    python = environment / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", folder / "requirements.txt"], check=True)
    return [str(python), str(folder / "testee.py")]


def pip_version(name: str) -> str:
    """What pip has installed."""
    python = TESTEES / name / ".venv" / "bin" / "python"
    code = f"import importlib.metadata; print(importlib.metadata.version({name!r}))"
    return output([str(python), "-c", code])


def npm(name: str) -> list[str]:
    """node_modules of package-lock.json."""
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--silent"], cwd=TESTEES / name, check=True)
    return ["node", str(TESTEES / name / "testee.mjs")]


def npm_version(name: str) -> str:
    """What npm has installed."""
    package = TESTEES / name / "node_modules" / name / "package.json"
    return str(json.loads(package.read_text(encoding="utf-8"))["version"])


def output(command: list[str]) -> str:
    """What a command prints."""
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def of_pip(name: str) -> Client:
    """A client from the Python package index."""
    return Client(name, "Python", lambda: pip(name), lambda: pip_version(name))


def of_npm(name: str) -> Client:
    """A client from npm."""
    return Client(name, "node", lambda: npm(name), lambda: npm_version(name))


def our_version() -> str:
    """The version of this distribution."""
    return output([sys.executable, "-c", "import importlib.metadata; print(importlib.metadata.version('cognito-srp'))"])


CLIENTS = [
    Client(
        "cognito-srp", "Python", lambda: [sys.executable, "-m", "cognito_challenges.conformance.testee"], our_version
    ),
    of_pip("pycognito"),
    of_npm("amazon-cognito-identity-js"),
    of_npm("cognito-srp-helper"),
]

Rows = list[tuple[Client, Report]]


def summary(rows: Rows, kinds: dict[str, str]) -> str:
    """The table for the README: a client a row."""
    lines = [
        "| client | passed | failed | not supported | gets wrong, of what a service may send "
        "| signs, of what a broken service or caller may give |",
        "|---|--:|--:|--:|---|---|",
    ]
    for client, report in rows:
        wrong, refused = failing(report, kinds)
        counts = " | ".join(str(report.count(verdict)) for verdict in ("passed", "failed", "unsupported"))
        strikes = [f"{flag} ({report.vectors.flags[flag].frequency})" for flag in wrong]
        cells = [", ".join(flags) or "nothing" for flags in (strikes, refused)]
        lines.append(f"| {client.name} {client.version()} | {counts} | {cells[0]} | {cells[1]} |")
    link = "What each flag means: [SCOREBOARD.md](vectors/SCOREBOARD.md)."
    return "\n".join([*lines, "", f"{conditions()} {link}", ""])


def failing(report: Report, kinds: dict[str, str]) -> tuple[list[str], list[str]]:
    """(flags of values that are right, flags of values to be refused) that a case fails by.

    A flag that only goes along with another one is left out: a flag is blamed where it fails by itself, or fails
    always.
    """
    alone: set[str] = set()
    for outcome in report.outcomes:
        if outcome.verdict == "failed" and len(outcome.case.flags) == 1:
            alone |= set(outcome.case.flags)
    for outcome in report.outcomes:
        if outcome.verdict == "failed" and not alone & set(outcome.case.flags):
            alone |= {flag for flag in outcome.case.flags if report.flags()[flag]["passed"] == 0} or set(
                outcome.case.flags
            )
    wrong = sorted(flag for flag in alone if kinds[flag] not in REFUSALS)
    return wrong, sorted(flag for flag in alone if kinds[flag] in REFUSALS)


def scoreboard(rows: Rows, kinds: dict[str, str]) -> str:
    """SCOREBOARD.md: every flag that anybody fails."""
    names = [f"{client.name} {client.version()}" for client, _ in rows]
    lines = [
        "# Scoreboard",
        "",
        "Written by `vectors/scoreboard.py`. Each client runs its own code behind the testee protocol, with the random",
        "exponent and the clock handed to it; the testees are in `vectors/testees/`. An operation that a client does",
        "not have counts as not supported, not as failed. A case counts for each of its flags, so a flag may fail in",
        "company only.",
        "",
        conditions(),
        "",
        "| | " + " | ".join(names) + " |",
        "|---|" + "--:|" * len(rows),
    ]
    for verdict, title in (("passed", "passed"), ("failed", "failed"), ("unsupported", "not supported")):
        lines.append(f"| {title} | " + " | ".join(str(report.count(verdict)) for _, report in rows) + " |")
    for title, wanted in (
        ("Values that a service may send, answered wrongly or refused", False),
        ("Values that must be refused, and were signed", True),
    ):
        lines += ["", f"## {title}", "", "Failed of judged cases; – where no case was judged.", ""]
        lines += ["| flag | " + " | ".join(names) + " | strikes |", "|---|" + "--:|" * len(rows) + "---|"]
        for flag in sorted(flag for flag in kinds if (kinds[flag] in REFUSALS) == wanted):
            lines += flag_row(flag, rows)
    lines += ["", "## The flags", ""]
    vectors = rows[0][1].vectors
    failed = {flag for _, report in rows for flag, counts in report.flags().items() if counts["failed"]}
    lines += [f"- **{flag}**: {vectors.flags[flag].description}" for flag in sorted(failed)]
    return "\n".join([*lines, ""])


def flag_row(flag: str, rows: Rows) -> list[str]:
    """One row when any client fails the flag, else none."""
    cells = []
    for _, report in rows:
        counts = report.flags().get(flag)
        judged = counts["passed"] + counts["failed"] if counts else 0
        cells.append((counts["failed"], judged) if counts and judged else None)
    if not any(cell and cell[0] for cell in cells):
        return []
    texts = [f"{cell[0]} of {cell[1]}" if cell and cell[0] else "0" if cell else "–" for cell in cells]
    return [f"| {flag} | " + " | ".join(texts) + f" | {rows[0][1].vectors.flags[flag].frequency} |"]


def conditions() -> str:
    """When and with what."""
    versions = ", ".join(f"{name} {output(command).lstrip('v')}" for name, command in RUNTIME.items())
    return f"Run on {datetime.datetime.now(datetime.UTC):%Y-%m-%d} with {versions}."


def insert(readme: Path, table: str) -> None:
    """Put the table between the marks, when the README has them."""
    text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    before, mark, rest = text.partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    if not mark or not end:
        print(f"{readme.name} has no lines {MARKS[0].strip()} and {MARKS[1].strip()}: left as it is")
        return
    readme.write_text(before + mark + table + end + after, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
