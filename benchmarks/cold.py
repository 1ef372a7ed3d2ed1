"""A whole process from its start to a signature, against a bare interpreter and against pycognito's."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping

import timing

CHALLENGE = {"SALT": "6c4a", "SRP_B": "4" * 760, "SECRET_BLOCK": "QUJD", "USER_ID_FOR_SRP": "alice"}

PROGRAMS = {
    "bare": "pass",
    "ours": f"""
from cognito_srp import PasswordSession
session = PasswordSession("us-east-1_Ab1", username="alice", password="secret")
session.srp_a
session.prove({CHALLENGE})
""",
    "pycognito": f"""
from pycognito.aws_srp import AWSSRP
session = AWSSRP("alice", "secret", "us-east-1_Ab1", "client id", client=object())
session.process_challenge({CHALLENGE}, session.get_auth_params())
""",
}


def minima(rounds: int) -> dict[str, float]:
    """The least seconds that each of PROGRAMS takes. pycognito is spared the making of its boto3 client."""
    with tempfile.TemporaryDirectory() as bytecode:
        # As after an installation, bytecode is there; these variables would keep it away.
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        environment = kept | {"PYTHONPYCACHEPREFIX": bytecode}
        contestants = {name: timing.Contestant(lambda _, p=p: run(p, environment)) for name, p in PROGRAMS.items()}
        for contestant in contestants.values():
            contestant.call(None)
        return timing.minima(contestants, rounds)


def run(program: str, environment: Mapping[str, str]) -> None:
    subprocess.run([sys.executable, "-W", "ignore", "-c", program], env=environment, check=True)
