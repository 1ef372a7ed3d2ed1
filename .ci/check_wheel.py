"""Build the wheel, look inside, and install it in a fresh environment beside PyPI's srp and pycognito."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = {"cognito_srp", "cognito_challenges"}
NEIGHBOURS = ["srp", "pycognito==2024.5.1"]
BASE_CHECK = """
import importlib.metadata, sys
import cognito_srp, cognito_challenges
cognito_srp.PasswordSession("us-east-1_Ab1", username="alice", password="pw").srp_a
installed = {d.name.lower().replace("_", "-") for d in importlib.metadata.distributions()} - {"pip", "setuptools"}
extra = installed - {"cognito-srp", "gmpy2", "cryptography", "cffi", "pycparser", "typing-extensions"}
sys.exit(f"the base install brings {extra}" if extra else 0)
"""
NEIGHBOUR_CHECK = """
import cognito_srp, cognito_challenges, pycognito, srp
assert srp.User and srp.Verifier, "PyPI's srp is shadowed"
assert pycognito.Cognito
"""


def run(*command: str | Path, fails: bool = False) -> str:
    """Run a command and return what it printed; stop when its status is not the one expected."""
    done = subprocess.run([str(part) for part in command], cwd=ROOT, text=True, capture_output=True, check=False)
    if (done.returncode != 0) != fails:
        sys.exit(f"{' '.join(map(str, command))}\nended with status {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def inspect(wheel: Path) -> None:
    """Exactly the two packages, typed, with a licence and no `srp` package."""
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names}
    packages = {top for top in tops if not top.endswith(".dist-info")}
    if packages != PACKAGES:
        sys.exit(f"the wheel holds {sorted(packages)}, not exactly {sorted(PACKAGES)}")
    for package in PACKAGES:
        if f"{package}/py.typed" not in names:
            sys.exit(f"{package}/py.typed is missing")
    if not any(name.endswith("licenses/LICENSE") for name in names):
        sys.exit("the licence is missing")
    for source_root in ("srp", "challenges"):
        if (ROOT / source_root / "__init__.py").exists():
            sys.exit(f"{source_root}/ is a source root and must hold no __init__.py")


def main() -> None:
    """Build, inspect, install, import."""
    with tempfile.TemporaryDirectory() as scratch:
        run(sys.executable, "-m", "build", "--wheel", "--outdir", scratch, ROOT)
        (wheel,) = Path(scratch).glob("*.whl")
        inspect(wheel)
        home = Path(scratch) / "environment"
        venv.create(home, with_pip=True)
        python = home / "bin" / "python"
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        run(*install, "--constraint", ROOT / "constraints.txt", wheel)
        run(python, "-I", "-c", BASE_CHECK)
        if "cognito-srp[cli]" not in run(home / "bin" / "cognito-srp", "demo", fails=True):
            sys.exit("without the extra [cli] the command does not say what it needs")
        run(*install, *NEIGHBOURS)
        run(python, "-I", "-c", NEIGHBOUR_CHECK)
        print(f"{wheel.name}: {', '.join(sorted(PACKAGES))}; imports alone and beside {', '.join(NEIGHBOURS)}")


if __name__ == "__main__":
    main()
