"""Server processes: started on a loopback port that the system chose, waited for, ended by their process id."""

from __future__ import annotations

import contextlib
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import httpx

from interop.user_pools import boto3_arguments

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parent
MINISTACK_REQUIREMENTS = FOLDER / "ministack" / "requirements.txt"
MINISTACK_ENVIRONMENT = FOLDER / "ministack" / ".venv"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_up(url: str, process: subprocess.Popen[bytes], *, seconds: float = 30) -> None:
    """Poll `url` until it answers; an exception when the process ends first or the time is over."""
    deadline = time.monotonic() + seconds
    while True:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with status {process.returncode} before it answered")
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url, trust_env=False).is_success:
                return
        if time.monotonic() > deadline:
            raise RuntimeError(f"the server did not answer within {seconds} seconds")
        time.sleep(0.05)


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def ministack_python() -> Path:
    """The Python of ministack's own virtual environment, made anew whenever its requirements change.

    An environment of its own, because ministack pins botocore.
    """
    python = MINISTACK_ENVIRONMENT / "bin" / "python"
    made_from = MINISTACK_ENVIRONMENT / "requirements.txt"
    wanted = MINISTACK_REQUIREMENTS.read_text()
    if not python.exists() or not made_from.exists() or made_from.read_text() != wanted:
        shutil.rmtree(MINISTACK_ENVIRONMENT, ignore_errors=True)
        subprocess.run([sys.executable, "-m", "venv", MINISTACK_ENVIRONMENT], check=True)
        subprocess.run(
            [python, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", MINISTACK_REQUIREMENTS],
            check=True,
        )
        made_from.write_text(wanted)
    return python


@contextlib.contextmanager
def ministack(scratch: Path) -> Iterator[str]:
    """A running ministack that checks signatures and secret hashes; yields its URL."""
    port = free_port()
    process = subprocess.Popen(
        [ministack_python(), "-m", "ministack"],
        env={
            "PATH": os.defpath,
            "TMPDIR": str(scratch),
            "AUTH": "true",
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(port),
            "LOG_LEVEL": "WARNING",
            "SERVICES": "cognito-idp,iam,lambda",
            "STATE_DIR": str(scratch),
        },
        cwd=scratch,
    )
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_up(f"{url}/_ministack/health", process)
        yield url
    finally:
        end(process)


def deploy_to_ministack(url: str, module: Path) -> str:
    """The ARN of a new Lambda function that runs `handler` of a module."""
    arguments = boto3_arguments(url)
    trust = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
        ],
    }
    role = boto3.client("iam", **arguments).create_role(RoleName="lambda", AssumeRolePolicyDocument=json.dumps(trust))
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.write(module, module.name)
    function = boto3.client("lambda", **arguments).create_function(
        FunctionName=module.stem,
        Runtime="python3.13",
        Role=role["Role"]["Arn"],
        Handler=f"{module.stem}.handler",
        Code={"ZipFile": code.getvalue()},
    )
    return function["FunctionArn"]
