"""Three looks at what is shipped: licences of dependencies, known vulnerabilities, a wheel that anybody can rebuild.

    python .ci/audit.py

It ends with status 1 when a dependency's licence is not among those allowed, when a pinned version has a known
vulnerability, or when two builds of the wheel differ. Where the vulnerability service cannot be reached it says so,
and that look counts for nothing; COGNITO_SRP_REQUIRE_AUDIT=1 makes that a failure.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
EXTRAS = ("aio", "boto3", "cli", "httpx", "pool")
ALLOWED = re.compile(
    r"0BSD|Apache Software License|Apache[- ]2\.0|\bBSD\b|\bISC\b|\bMIT\b|MPL[- ]2\.0|Mozilla Public License 2\.0"
    r"|PSF|Python-2\.0|Python Software Foundation|Unlicense"
)
WEAK_COPYLEFT = {
    "gmpy2": "LGPL-3.0-or-later: linked at run time, as the user installs it; nothing of it is in our wheel",
}
"""Dependencies whose licence is taken for a reason of its own."""


def closure(name: str, extras: tuple[str, ...]) -> Iterator[Distribution]:
    """What a distribution needs at run time, with all that this needs in turn."""
    seen: set[str] = set()
    waiting = [(name, extras)]
    while waiting:
        wanted, options = waiting.pop()
        try:
            found = distribution(wanted)
        except PackageNotFoundError:
            continue  # for another platform
        for line in found.requires or []:
            needed = Requirement(line)
            applies = needed.marker is None or any(
                needed.marker.evaluate({"extra": option}) for option in (*options, "")
            )
            if applies and needed.name.lower() not in seen:
                seen.add(needed.name.lower())
                waiting.append((needed.name, tuple(needed.extras)))
                try:
                    yield distribution(needed.name)
                except PackageNotFoundError:
                    continue


def licence_of(package: Distribution) -> str:
    """What the metadata says: the SPDX expression, else the classifiers, else the first line of the free text."""
    metadata = package.metadata
    if metadata.get("License-Expression"):
        return str(metadata["License-Expression"])
    classifiers = [line for line in metadata.get_all("Classifier") or [] if line.startswith("License ::")]
    told = "; ".join(line.rpartition(":: ")[2] for line in classifiers)
    return told or str(metadata.get("License") or "none told").strip().splitlines()[0]


def licences() -> list[str]:
    """Dependencies whose licence is not among the allowed ones."""
    wrong, count = [], 0
    for package in closure("cognito-srp", EXTRAS):
        count += 1
        name, licence = package.metadata["Name"], licence_of(package)
        if not ALLOWED.search(licence) and name.lower() not in WEAK_COPYLEFT:
            wrong.append(f"{name}: {licence}")
    print(f"licences: {count} dependencies, {len(wrong)} not allowed")
    return wrong


def vulnerabilities() -> list[str]:
    """Known vulnerabilities of the versions in constraints.txt, from PyPI's advisories by pip-audit."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(ROOT / "constraints.txt"), "--no-deps"]
    command += ["--disable-pip", "--format", "json", "--progress-spinner", "off", "--timeout", "20"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        packages = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        packages = []
    looked_at = [package for package in packages if "skip_reason" not in package]
    if not looked_at:
        print("vulnerabilities: NOT LOOKED AT, the service cannot be reached from here")
        print("\n".join(done.stderr.strip().splitlines()[-2:]))
        return ["the vulnerability service cannot be reached"] if os.environ.get("COGNITO_SRP_REQUIRE_AUDIT") else []
    found = [
        f"{package['name']} {package['version']}: {', '.join([finding['id'], *finding['aliases']])}"
        for package in looked_at
        for finding in package["vulns"]
    ]
    print(f"vulnerabilities: {len(looked_at)} of {len(packages)} pinned versions looked at, {len(found)} found")
    return found


def wheel() -> list[str]:
    """Whether two builds, from copies in two places and with files of other dates, give the same bytes."""
    digests = []
    for number in (1, 2):
        with tempfile.TemporaryDirectory() as scratch:
            copy = Path(scratch) / f"copy-{number}"
            tracked = subprocess.run(
                ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
            ).stdout.split("\0")
            for name in filter(None, tracked):
                if (ROOT / name).is_file():
                    (copy / name).parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy(ROOT / name, copy / name)
                    os.utime(copy / name, (10**9 * number, 10**9 * number))
            environment = os.environ | {"SOURCE_DATE_EPOCH": "1772841600", "PYTHONHASHSEED": str(number)}
            command = [sys.executable, "-m", "build", "--wheel", "--outdir", scratch, str(copy)]
            subprocess.run(command, env=environment, capture_output=True, check=True)
            (built,) = Path(scratch).glob("*.whl")
            digests.append(hashlib.sha256(built.read_bytes()).hexdigest())
    print(f"wheel: sha256 {digests[0]}, and {'the same' if digests[0] == digests[1] else digests[1]} once more")
    return [] if digests[0] == digests[1] else ["two builds of the wheel differ"]


def main() -> int:
    """All three looks."""
    wrong = [*licences(), *vulnerabilities(), *wheel()]
    for line in wrong:
        print(line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
