"""No secret is compared by == or `in`: their time tells how much of it was right."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    path
    for root in ("srp/cognito_srp", "challenges/cognito_challenges")
    for path in (ROOT / root).rglob("*.py")
    if "cli" not in path.parts and "conformance" not in path.parts
)
SECRET = re.compile(
    r"(signature|mac|hmac|digest|hashed|secret|secret_hash|client_secret|code|digits|password|proof|premaster|key)$"
)
COMPARES_IN_CONSTANT_TIME = {
    "srp/cognito_srp/server.py": 1,
    "challenges/cognito_challenges/pool/sign_in/secrethash.py": 4,
    "challenges/cognito_challenges/pool/sign_in/factors.py": 1,
    "challenges/cognito_challenges/pool/sign_in/totp.py": 1,
    "challenges/cognito_challenges/pool/store/directory.py": 1,
    "challenges/cognito_challenges/pool/store/messages.py": 1,
    "challenges/cognito_challenges/pool/explaining/explain.py": 1,
}
"""How often each module calls hmac.compare_digest: a comparison that goes missing is noticed."""

NO_SECRET = {
    "error.code": "the service's name of an error",
    "self.code": "the service's name of an error",
    "refusal.code": "the service's name of an error",
    "client.secret": "only whether there is one",
    "key": "a name in a mapping, or a device key, which is a name",
    "device.key": "a device key is a name",
    "device_key": "a device key is a name",
    "attempt.device_key": "a device key is a name",
    "grant.device_key": "a device key is a name",
}
"""Names that look like secrets and are none, or of which only None is asked."""

ALLOWED = {
    "password == given": "a pool that explains, for test data only, looks among the passwords that it keeps",
    "device_key != grant.device_key": "a device key is a name",
    "password != password.strip()": "one password with itself",
    "digits != text": "Base64's own padding",
}
"""Comparisons that tell nothing of a secret."""


def name_of(node: ast.expr) -> str:
    """`a.b` of an attribute, `a` of a name; empty for other expressions."""
    return ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else ""


def suspicious(tree: ast.AST) -> list[str]:
    """Comparisons by ==, != or `in` of what is named like a secret, literals aside."""
    found = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Compare):
            continue
        sides = [node.left, *node.comparators]
        if not any(isinstance(op, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for op in node.ops):
            continue
        if any(isinstance(side, ast.Constant | ast.Set | ast.Tuple) for side in sides):
            continue
        names = [name for side in sides if (name := name_of(side)) and name not in NO_SECRET]
        if any(SECRET.search(name) for name in names) and ast.unparse(node) not in ALLOWED:
            found.append(f"line {node.lineno}: {ast.unparse(node)}")
    return found


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_secret_is_compared_by_its_time(path: Path) -> None:
    tree = ast.parse(path.read_text())
    assert suspicious(tree) == []
    calls = sum(
        isinstance(node, ast.Call) and ast.unparse(node.func) == "hmac.compare_digest" for node in ast.walk(tree)
    )
    assert calls == COMPARES_IN_CONSTANT_TIME.get(str(path.relative_to(ROOT)), 0)


@pytest.mark.parametrize(
    "code",
    ["given == expected_signature", "code.digits != given", "password in user.passwords", "a.secret_hash == given"],
)
def test_the_rule_sees_a_comparison(code: str) -> None:
    assert suspicious(ast.parse(code))
