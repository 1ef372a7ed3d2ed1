"""amazon-cognito-identity-js, where node and the packages of tests/interop are there."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import peers

SCRIPT = Path(__file__).with_name("identity_js.mjs")
PACKAGES = SCRIPT.parent.parent / "tests" / "interop" / "node_modules" / "amazon-cognito-identity-js"


def missing() -> str | None:
    """Why it cannot be measured here, or None."""
    if shutil.which("node") is None:
        return "node is not installed"
    if not PACKAGES.exists():
        return "`npm ci` has not been run in tests/interop"
    return None


def steps(rounds: int) -> tuple[float, float]:
    """The least seconds of step 1 and of step 2, key derivation only: the signature's HMAC is not in it."""
    order = {
        "poolName": peers.POOL_ID.partition("_")[2],
        "username": peers.USERNAME,
        "password": peers.PASSWORD,
        "salt": peers.CHALLENGE["SALT"],
        "srpB": peers.CHALLENGE["SRP_B"],
    }
    answer = subprocess.run(
        ["node", SCRIPT, str(rounds)], input=json.dumps(order), capture_output=True, text=True, check=True
    )
    best = json.loads(answer.stdout)
    return best["step1"], best["step2"]
