"""The promises about the engine's outside: its names, its errors, and what it does not do."""

import ast
import inspect
import pickle
import sys
from pathlib import Path
from typing import get_args

import pytest

import cognito_srp

PACKAGE = Path(cognito_srp.__file__).parent
MODULES = sorted(PACKAGE.glob("*.py"))

PROMISED = {
    *("PasswordSession", "DeviceSession", "Claim", "Device", "DeviceVerifier", "Verifier", "ServerSession"),
    *("secret_hash", "timestamp", "parse_timestamp", "warm", "load_arithmetic", "Arithmetic", "Clock", "Entropy"),
    *("SrpError", "UsageError", "PeerError", "ProofMismatch", "Reason"),
}

STANDARD_LIBRARY = {
    *("__future__", "_thread", "binascii", "calendar", "collections", "contextlib", "functools"),
    *(
        "hashlib",
        "hmac",
        "importlib",
        "json",
        "os",
        "re",
        "time",
        "typing",
        "warnings",
    ),
}
"""What the engine may use of it: neither sockets nor files, no processes, no random module."""


def test_the_promised_names_are_public() -> None:
    assert set(cognito_srp.__all__) == PROMISED
    aliases = {"Clock", "Entropy", "Reason"}
    for name in PROMISED - aliases:
        assert getattr(cognito_srp, name).__doc__
    for module in MODULES:
        statements = ast.parse(module.read_text()).body
        for statement, after in zip(statements, [*statements[1:], ast.Pass()], strict=True):
            if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) in aliases:
                aliases.remove(ast.unparse(statement.targets[0]))
                assert isinstance(after, ast.Expr)
                assert isinstance(after.value, ast.Constant)
    assert not aliases


def test_the_source_root_is_not_a_package_and_the_engine_is_typed() -> None:
    assert not (PACKAGE.parent / "__init__.py").exists()
    assert (PACKAGE / "py.typed").exists()


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_the_engine_imports_nothing_that_does_io(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text())):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            names = [node.module or ""]
        for name in names:
            assert name.partition(".")[0] in STANDARD_LIBRARY | {"gmpy2", "cryptography"}
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            assert node.func.id not in {"open", "print", "input", "exec", "eval", "compile", "__import__"}
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "os":
            assert node.attr in {"urandom"}
    assert {"socket", "subprocess", "random", "logging", "asyncio"}.isdisjoint(STANDARD_LIBRARY)


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_modules_stay_readable(module: Path) -> None:
    assert len(module.read_text().splitlines()) <= 350
    assert ast.get_docstring(ast.parse(module.read_text()))


def test_everything_public_is_documented() -> None:
    for name, module in sys.modules.copy().items():
        if not name.startswith("cognito_srp."):
            continue
        for part, value in vars(module).items():
            if part.startswith("_") or getattr(value, "__module__", None) != name:
                continue
            if inspect.isfunction(value) or inspect.isclass(value):
                assert value.__doc__, f"{name}.{part}"


@pytest.mark.parametrize("kind", [cognito_srp.UsageError, cognito_srp.PeerError])
def test_errors_survive_pickling(kind: type[cognito_srp.SrpError]) -> None:
    error = kind("SRP_B", "zero", "is zero modulo N")
    assert isinstance(error, cognito_srp.SrpError)
    assert isinstance(error, ValueError)
    assert str(error) == "SRP_B: is zero modulo N"
    for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
        copy = pickle.loads(pickle.dumps(error, protocol))
        assert (type(copy), str(copy)) == (kind, str(error))
        assert (copy.parameter, copy.reason, copy.detail) == ("SRP_B", "zero", "is zero modulo N")


def test_the_two_kinds_of_errors_are_apart() -> None:
    assert not issubclass(cognito_srp.UsageError, cognito_srp.PeerError)
    assert not issubclass(cognito_srp.PeerError, cognito_srp.UsageError)


def test_every_reason_is_raised_and_no_other_word() -> None:
    """Each word that the engine raises is a Reason, and each Reason is raised."""
    raised = set()
    for module in MODULES:
        for node in ast.walk(ast.parse(module.read_text())):
            if not isinstance(node, ast.Call) or len(node.args) != 3 or not isinstance(node.func, ast.Name):
                continue
            kinds = {"UsageError", "PeerError", "ProofMismatch", "error"}
            if node.func.id in kinds and isinstance(node.args[1], ast.Constant):
                raised.add(node.args[1].value)
    assert set(get_args(cognito_srp.Reason)) == raised
