"""Write every file under cases/, or with --check tell which of them differ from what the generator makes."""

import argparse
import sys
from pathlib import Path

from generator import catalogue, document

CASES = Path(__file__).parent / "cases"


def main() -> int:
    """Exit status 1 when --check finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    parser.add_argument("names", nargs="*", help="files to make, such as password_claim; all when none is given")
    arguments = parser.parse_args()
    different = []
    total = 0
    for name, make in catalogue.FILES.items():
        if arguments.names and name not in arguments.names:
            continue
        made = document.finished(name, make())
        total += made["numberOfTests"]
        path, text = CASES / f"{name}.json", document.canonical(made)
        if arguments.check:
            if not path.is_file() or path.read_text(encoding="ascii") != text:
                different.append(path.name)
        else:
            path.write_text(text, encoding="ascii")
        print(f"{made['numberOfTests']:5} {path.name}")
    print(f"{total:5} cases")
    if not arguments.check:
        document.write_sums(CASES)
    for file_name in different:
        print(f"differs: {file_name}", file=sys.stderr)
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
