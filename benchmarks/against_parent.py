"""This tree's engine against the previous commit's, in one run: python benchmarks/against_parent.py

Processes of the two take turns and minima are compared. The exit status is 1 when an operation stays slower than
SLOWER times the previous commit's in each of TRIES tries. A previous commit whose engine is called in another way than
this tree's is not compared.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
SLOWER = 1.15
TRIES = 5
TURNS = 4
ROUNDS = 60
OTHER_API = 3
"""Exit status of PROBE in a tree whose engine it cannot call."""

PROBE = """
import json, sys, time

POOL, USER, PASSWORD = "us-east-1_Ab1", "alice", "secret"
best = {}

def timed(name, function):
    start = time.perf_counter()
    result = function()
    best[name] = min(best.get(name, 1e9), time.perf_counter() - start)
    return result

def sign_in():
    client = timed("step 1", lambda: PasswordSession(POOL, username=USER, password=PASSWORD))
    server = timed("server's challenge", lambda: ServerSession.for_user(
        POOL, user_id=USER, verifier=verifier, srp_a=client.srp_a))
    challenge = {"SALT": server.salt, "SRP_B": server.srp_b, "SECRET_BLOCK": "QUJD", "USER_ID_FOR_SRP": USER}
    claim = timed("step 2", lambda: client.prove(challenge))
    timed("server's check", lambda: server.verify(
        secret_block=claim.secret_block, timestamp=claim.timestamp, signature=claim.signature))
    timed("device verifier", lambda: Device.register(key="key", group_key="-group"))

try:
    from cognito_srp import Device, PasswordSession, ServerSession, Verifier, warm
    warm()
    verifier = Verifier.for_user(POOL, user_id=USER, password=PASSWORD)
    sign_in()
except (ImportError, TypeError) as error:
    print(error, file=sys.stderr)
    sys.exit(int(sys.argv[2]))
for _ in range(int(sys.argv[1])):
    sign_in()
print(json.dumps(best))
"""


def git(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=False)


def run(tree: Path, rounds: int) -> subprocess.CompletedProcess[str]:
    """PROBE in a fresh process with the engine of a tree."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    environment |= {"PYTHONPATH": str(tree / "srp"), "PYTHONDONTWRITEBYTECODE": "1"}
    program = [sys.executable, "-c", PROBE, str(rounds), str(OTHER_API)]
    return subprocess.run(program, env=environment, cwd=tree, capture_output=True, text=True, check=False)


def other_api(tree: Path) -> str | None:
    """Why PROBE cannot call the engine of a tree; None when it can."""
    answer = run(tree, 1)
    return answer.stderr.strip() if answer.returncode == OTHER_API else None


def probe(tree: Path) -> dict[str, float]:
    """Seconds of each operation with the engine of a tree."""
    answer = run(tree, ROUNDS)
    answer.check_returncode()
    return json.loads(answer.stdout)


def slower(ours: dict[str, float], theirs: dict[str, float]) -> list[str]:
    """Print both, and return the names of what takes more than SLOWER times as long as before."""
    for name, before in theirs.items():
        print(
            f"{name:24}{before * 1e6:10.1f} us before{ours[name] * 1e6:10.1f} us now{before / ours[name]:8.2f}x as fast"
        )
    return [name for name, before in theirs.items() if ours[name] > before * SLOWER]


def compare(parent: Path, this: Path) -> list[str]:
    """What stays slower in every try."""
    still: set[str] | None = None
    for number in range(1, TRIES + 1):
        print(f"-- try {number}")
        turns = [(probe(this), probe(parent)) for _ in range(TURNS)]
        ours, theirs = ({name: min(t[i][name] for t in turns) for name in turns[0][i]} for i in (0, 1))
        found = set(slower(ours, theirs))
        still = found if still is None else still & found
        if not still:
            return []
    return sorted(still or ())


def main() -> int:
    parent = git("rev-parse", "--verify", "--quiet", "HEAD^").stdout.strip()
    if not parent:
        print("not compared: HEAD has no parent in this clone")
        return 0
    if why := other_api(ROOT):
        print(f"this tree's engine is not called as it should be: {why}")
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch) / "parent"
        made = git("worktree", "add", "--detach", str(tree), parent)
        if made.returncode:
            print(f"the previous commit cannot be checked out: {made.stderr.strip()}")
            return 1
        try:
            if why := other_api(tree):
                print(f"not compared: the previous commit's engine is called in another way: {why}")
                return 0
            still = compare(tree, ROOT)
        except subprocess.CalledProcessError as error:
            print(f"an engine did not run: {error.stderr.strip().splitlines()[-1]}")
            return 1
        finally:
            git("worktree", "remove", "--force", str(tree))
    print(f"slower than the previous commit: {', '.join(still)}" if still else "no slower than the previous commit")
    return 1 if still else 0


if __name__ == "__main__":
    sys.exit(main())
