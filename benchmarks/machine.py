"""What the numbers were measured on: one line for tables and the chart."""

from __future__ import annotations

import os
import platform
import warnings
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("cognito-srp", "gmpy2", "cryptography", "pycognito", "srp")


def processor() -> str:
    """The processor's name, where the system gives it."""
    information = Path("/proc/cpuinfo")
    lines = information.read_text().splitlines() if information.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def openssl() -> str:
    """The OpenSSL inside cryptography, which is not Python's own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from cryptography.hazmat.backends.openssl import backend
    return backend.openssl_version_text().removeprefix("OpenSSL ").partition(" ")[0]


def description() -> str:
    versions = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    return (
        f"{os.cpu_count()} cores of {processor()}, {platform.system()}; "
        f"{platform.python_implementation()} {platform.python_version()}, {versions}, OpenSSL {openssl()}"
    )
