"""The engine against the files that the testee protocol has no operation for."""

from typing import Any

import pytest
from generator.accumulated import digests

from cognito_srp import PeerError, UsageError, formulas
from cognito_srp.encoding import integer_bytes, parse_base64, parse_hex, pool_name
from cognito_srp.group import K
from vectors.fields import documents

MADE = documents()


def cases_of(file: str, kind: str) -> list[dict[str, Any]]:
    return [test for group in MADE[f"{file}.json"]["testGroups"] if group["type"] == kind for test in group["tests"]]


@pytest.mark.parametrize(
    ("kind", "field", "answer", "parse"),
    [
        ("wire-hex", "text", "integer", lambda text: f"{parse_hex('text', text):x}"),
        ("wire-base64", "text", "bytes", lambda text: parse_base64("text", text).hex()),
        ("pool-name", "pool_id", "pool_name", pool_name),
        ("integer-bytes", "integer", "bytes", lambda text: integer_bytes(int(text, 16)).hex()),
    ],
)
def test_encodings(kind: str, field: str, answer: str, parse) -> None:
    cases = cases_of("encoding", kind)
    assert cases
    for test in cases:
        given = test["input"][field]
        if test["result"] == "valid":
            assert parse(given) == test["expected"][answer], test["tcId"]
        else:
            with pytest.raises({"peer": PeerError, "usage": UsageError}[test["error"]["kind"]]):
                parse(given)


def numbers(test: dict[str, Any]) -> dict[str, int]:
    return {name: int(text, 16) for name, text in test["input"].items()}


def test_formulas() -> None:
    assert cases_of("formula", "multiplier")[0]["expected"]["k"] == f"{K:x}"
    by_numbers = {
        "public-ephemeral": ("A", lambda n: formulas.public_ephemeral(n["a"])),
        "scrambler": ("u", lambda n: formulas.scrambler(n["A"], n["B"])),
        "verifier": ("v", lambda n: formulas.password_verifier(n["x"])),
        "server-public-ephemeral": ("B", lambda n: formulas.server_public_ephemeral(n["v"], n["b"])),
        "client-premaster": (
            "S",
            lambda n: formulas.client_premaster(n["a"], n["B"], formulas.password_verifier(n["x"]), n["x"], n["u"]),
        ),
        "server-premaster": ("S", lambda n: formulas.server_premaster(n["b"], n["A"], n["v"], n["u"])),
    }
    for kind, (answer, compute) in by_numbers.items():
        assert cases_of("formula", kind)
        for test in cases_of("formula", kind):
            assert f"{compute(numbers(test)):x}" == test["expected"][answer], (kind, test["tcId"])
    for test in cases_of("formula", "session-key"):
        n = numbers(test)
        assert formulas.session_key(n["S"], n["u"]).hex() == test["expected"]["key"]
    for test in cases_of("formula", "private-key"):
        given = test["input"]
        x = formulas.private_key(
            int(given["salt"], 16),
            group_name=given["group"].encode(),
            identity=given["identity"].encode(),
            password=given["password"].encode(),
        )
        assert f"{x:x}" == test["expected"]["x"]
    for test in cases_of("formula", "signature"):
        given = test["input"]
        block = parse_base64("block", given["secret_block"])
        made = formulas.claim_signature(
            bytes.fromhex(given["key"]),
            group_name=given["group"].encode(),
            identity=given["identity"].encode(),
            secret_block=block,
            timestamp=given["timestamp"].encode(),
        )
        assert made == test["expected"]["signature"]


def test_the_first_hundred_accumulated_sign_ins() -> None:
    wanted = {test["input"]["count"]: test["expected"]["sha256"] for test in cases_of("accumulated", "accumulated")}
    assert digests((1, 10, 100)) == {count: wanted[count] for count in (1, 10, 100)}
