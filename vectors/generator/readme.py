"""The list of flags in README.md, from the flags themselves."""

from __future__ import annotations

from pathlib import Path

from .flags import FLAGS

MARKS = ("<!-- flags -->\n", "<!-- /flags -->\n")

KINDS = {
    "RareBranch": "Rare branches: bytes(i) is longer or shorter than usual",
    "WireForm": "Forms on the wire: the same value, written otherwise",
    "Identity": "Names: which one is hashed, which one is sent",
    "Text": "Text",
    "Clock": "Clocks",
    "State": "State: sessions, devices, second tries",
    "Hostile": "Hostile or broken: to be refused",
    "Caller": "The caller's mistakes: to be refused",
    "Proof": "Proofs that do not hold",
    "Transcript": "Transcripts",
    "Basic": "Others",
}


def flags_table() -> str:
    """Every flag by kind, with its frequency and the number of the disagreement between clients that it settles."""
    lines: list[str] = []
    for kind, title in KINDS.items():
        lines += [f"### {title}", "", "| flag | what goes wrong | how often |", "|---|---|---|"]
        for name, flag in FLAGS.items():
            if flag.kind == kind:
                description = flag.description.replace("|", "\\|")
                lines.append(f"| `{name}` | {description} | {flag.frequency} |")
        lines.append("")
    return "\n".join(lines)


def inserted(text: str) -> str:
    """The README with the list between its marks."""
    before, mark, rest = text.partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    if not mark or not end:
        raise ValueError("README.md has no marks for the flags")
    return before + mark + flags_table() + end + after


def write(readme: Path) -> None:
    """Write the list into the README."""
    readme.write_text(inserted(readme.read_text(encoding="utf-8")), encoding="utf-8")
