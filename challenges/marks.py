"""Pages whose tables stand between marks and are written from code, or checked against it.

<!-- begin name --> and <!-- end name --> enclose the part that the function of that name returns.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

Parts = Mapping[str, Callable[[], str]]
_PART = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)


def keep(page: Path, parts: Parts, arguments: list[str]) -> int:
    """Write the parts of a page anew, or with --check only compare them; the exit status."""
    current = page.read_text(encoding="utf-8")
    wanted = _PART.sub(lambda found: f"{found[1]}{parts[found[2]]()}\n{found[3]}", current)
    if arguments == ["--check"]:
        return int(current != wanted)
    page.write_text(wanted, encoding="utf-8")
    return 0


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, tuple("---" for _ in head), *rows))


def codes(names: Iterable[str]) -> str:
    """Names set as code, with commas between."""
    return ", ".join(f"`{name}`" for name in names)
