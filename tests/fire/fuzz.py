"""Fuzz the targets under atheris, guided by what code an input reaches.

    python tests/fire/fuzz.py [--seconds 60] [--keep] [TARGET ...]

Each target runs in a process of its own for its share of the seconds, from the corpus in tests/fire/corpus/TARGET and
from seeds that are made each time. Findings end the run with status 1: the input is written beside the corpus as
`crash-...`, which `test_corpus.py` then replays. --keep adds inputs that reach new code to the corpus.

atheris and not hypothesis: both run on Python 3.11 to 3.13, but only atheris mutates inputs by the branches and
comparisons that they reach (libFuzzer), and keeps them as files. Its wheels are for Linux on x86-64.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).resolve().parent
CORPUS = HERE / "corpus"
NAMES = ("parsers", "receive", "resume", "http", "pool", "testee")
MOST_BYTES = 4_096


def fuzz(name: str, arguments: list[str]) -> None:
    """Run one target in this process until libFuzzer ends it."""
    import atheris

    sys.path[:0] = [str(HERE.parent), str(HERE)]
    with atheris.instrument_imports(include=["cognito_srp", "cognito_challenges"]):
        import targets
    from support.bending import bent_at_random

    def mutated(data: bytes, most: int, seed: int) -> bytes:
        """Bend the JSON in the input every other time; libFuzzer's own mutations otherwise."""
        draw = random.Random(seed)
        start = data.find(b"{")
        if start >= 0 and draw.random() < 0.5:
            try:
                document, _ = bent_at_random(json.loads(data[start:]), draw, 1)
                made = data[:start] + json.dumps(document).encode()
            except (ValueError, RecursionError):
                made = b""
            if 0 < len(made) <= most:
                return made
        return atheris.Mutate(data, len(data))

    # libFuzzer starts the program anew to merge corpora, by this text.
    itself = f"{sys.executable} {__file__} --one {name}"
    atheris.Setup([itself, *arguments], targets.TARGETS[name], custom_mutator=mutated)
    atheris.Fuzz()


def run(name: str, seconds: int, *, keep: bool) -> tuple[bool, str]:
    """Whether a target held for so many seconds in a process of its own, and libFuzzer's last line."""
    sys.path[:0] = [str(HERE.parent), str(HERE)]
    import targets

    with tempfile.TemporaryDirectory() as scratch:
        for number, seed in enumerate(targets.seeds(name)):
            (Path(scratch) / f"seed-{number}").write_bytes(seed)
        kept = CORPUS / name
        kept.mkdir(parents=True, exist_ok=True)
        found = Path(scratch) / "found"
        found.mkdir()
        command = [sys.executable, __file__, "--one", name, str(found), scratch, str(kept)]
        command += [f"-max_total_time={seconds}", f"-max_len={MOST_BYTES}", "-timeout=20", "-rss_limit_mb=2048"]
        command += [f"-artifact_prefix={kept}/", "-print_final_stats=1"]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
        if keep and done.returncode == 0:
            merge = [sys.executable, __file__, "--one", name, "-merge=1", str(kept), str(found)]
            subprocess.run(merge, capture_output=True, check=True)
    told = dict(line.split(maxsplit=1) for line in done.stderr.splitlines() if line.startswith("stat::"))
    runs, new = told["stat::number_of_executed_units:"].strip(), told["stat::new_units_added:"].strip()
    if done.returncode:
        return False, f"{name} fell after {runs} inputs\n{done.stdout[-3_000:]}{done.stderr[-1_500:]}"
    return True, f"{name}: {runs} inputs in {seconds} s, {new} of them reached new code"


def main() -> int:
    """Fuzz every target that is named, or all."""
    if sys.argv[1:2] == ["--one"]:
        fuzz(sys.argv[2], sys.argv[3:])
        return 0
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, default=600, help="for all targets together")
    parser.add_argument("--keep", action="store_true", help="add what reaches new code to the corpus")
    parser.add_argument("targets", nargs="*", metavar="TARGET", choices=[*NAMES, []], default=[])
    given = parser.parse_args()
    if find_spec("atheris") is None:
        print("atheris is not installed: its wheels are for Linux on x86-64")
        return 1
    names = given.targets or NAMES
    held = True
    for name in names:
        good, told = run(name, max(1, given.seconds // len(names)), keep=given.keep)
        print(told, flush=True)
        held = held and good
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
