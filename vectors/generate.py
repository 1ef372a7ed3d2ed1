"""Write every file under cases/, or with --check tell which of them differ from what the generator makes."""

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from generator import catalogue, document, readme

CASES = Path(__file__).parent / "cases"


def made(name: str) -> tuple[int, str]:
    """How many cases a file has, and its text."""
    document_made = document.finished(name, catalogue.FILES[name]())
    return document_made["numberOfTests"], document.canonical(document_made)


def main() -> int:
    """Exit status 1 when --check finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    parser.add_argument("names", nargs="*", help="files to make, such as password_claim; all when none is given")
    arguments = parser.parse_args()
    names = arguments.names or list(catalogue.FILES)
    different = []
    total = 0
    with ProcessPoolExecutor() as pool:
        for name, (count, text) in zip(names, pool.map(made, names), strict=True):
            path = CASES / f"{name}.json"
            if not arguments.check:
                path.write_text(text, encoding="ascii")
            elif not path.is_file() or path.read_text(encoding="ascii") != text:
                different.append(path.name)
            total += count
            print(f"{count:5} {path.name}", flush=True)
    print(f"{total:5} cases")
    if not arguments.check:
        document.write_sums(CASES)
        readme.write(CASES.parent / "README.md")
    for file_name in different:
        print(f"differs: {file_name}", file=sys.stderr)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
