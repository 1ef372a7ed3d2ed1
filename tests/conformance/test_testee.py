"""Our testee keeps the protocol whatever it is sent."""

import io
import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cognito_challenges.conformance.testee import MAX_LINE_CHARACTERS, answer, serve

MODULE = [sys.executable, "-m", "cognito_challenges.conformance.testee"]
CLAIM = {
    "op": "password-claim",
    "pool_id": "us-east-1_Ab1",
    "user_id": "alice",
    "password": "canary-password",
    "a": "5",
    "salt": "0f",
    "srp_b": "1234567",
    "secret_block": "AAAA",
    "now": 0,
}
SERVER = {
    "op": "server-verify",
    "pool_id": "us-east-1_Ab1",
    "user_id": "alice",
    "password": "canary-password",
    "salt": "0f",
    "b": "5",
    "srp_a": "20",
    "secret_block": "AAAA",
    "timestamp": "Thu Jan 1 00:00:00 UTC 1970",
    "signature": "AAAA",
}


def served(text: str) -> list[dict[str, Any]]:
    out = io.StringIO()
    serve(io.StringIO(text), out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def without(request: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in request.items() if key != name}


def error(request: object) -> tuple[str, str]:
    made = answer(request)
    assert made.keys() == {"id", "error"}
    assert made["error"].keys() == {"kind", "reason"}
    return made["error"]["kind"], made["error"]["reason"]


def test_claim_and_verification_agree() -> None:
    b = answer({**without(SERVER, "op"), "op": "server-challenge"})
    assert b["error"]["kind"] == "usage"  # fields of another operation are refused
    server = {key: SERVER[key] for key in ("pool_id", "user_id", "password", "salt", "b")}
    claimed = answer({**CLAIM, "id": 7})
    srp_b = answer({"op": "server-challenge", **server, "srp_a": claimed["ok"]["srp_a"]})["ok"]["srp_b"]
    claimed = answer({**CLAIM, "srp_b": srp_b, "id": 7})
    assert claimed["id"] == 7
    proof = {key: claimed["ok"][key] for key in ("srp_a", "secret_block", "timestamp", "signature")}
    assert answer({"op": "server-verify", **server, **proof})["ok"] == {"accepted": True}
    assert answer({"op": "server-verify", **server, **proof, "password": "x"})["ok"] == {"accepted": False}


@pytest.mark.parametrize("identifier", [None, 0, -1, "", "a", "\ud800", 10**30])
def test_the_id_is_echoed(identifier: object) -> None:
    assert answer({"id": identifier, "op": "timestamp", "now": 0})["id"] == identifier
    assert answer({"id": identifier, "op": "nothing"})["id"] == identifier


@pytest.mark.parametrize("identifier", [True, 1.5, [], {}])
def test_an_id_of_another_type_is_one_error(identifier: object) -> None:
    made = answer({"id": identifier, "op": "timestamp", "now": 0})
    assert made == {"id": None, "error": {"kind": "usage", "reason": "id: must be a string or an integer"}}


@pytest.mark.parametrize("request_", [None, [], "x", 5])
def test_what_is_no_object(request_: object) -> None:
    assert error(request_) == ("usage", "request: is not a JSON object")


def test_operations() -> None:
    assert error({}) == ("usage", "op: must be a string")
    assert error({"op": 5}) == ("usage", "op: must be a string")
    assert error({"op": "nothing"})[0] == "unsupported"


@pytest.mark.parametrize("name", ["pool_id", "password", "a", "now"])
def test_the_caller_s_fields(name: str) -> None:
    assert error(without(CLAIM, name)) == ("usage", f"{name}: is missing from password-claim")
    for value in (None, True, [], {}, "x" if name == "now" else 5):
        assert error({**CLAIM, name: value})[0] == "usage"


@pytest.mark.parametrize("name", ["salt", "srp_b", "secret_block", "user_id"])
def test_the_peer_s_fields(name: str) -> None:
    wire = {"salt": "SALT", "srp_b": "SRP_B", "secret_block": "SECRET_BLOCK", "user_id": "USER_ID_FOR_SRP"}[name]
    assert error(without(CLAIM, name)) == ("peer", f"{wire}: is missing from the challenge parameters")
    for value in (None, True, 5, [], {}, ""):
        kind, reason = error({**CLAIM, name: value})
        assert (kind, reason.partition(":")[0]) == ("peer", wire)


@pytest.mark.parametrize("name", ["srp_a", "secret_block", "timestamp", "signature"])
def test_the_peer_s_fields_on_the_server(name: str) -> None:
    assert error(without(SERVER, name))[0] == "peer"
    for value in (None, True, 5, [], {}, ""):
        assert error({**SERVER, name: value})[0] == "peer"


@pytest.mark.parametrize("a", ["0", "-5", "", "zz", "0x5", f"{1 << 256:x}"])
def test_ephemerals(a: str) -> None:
    kind, reason = error({**CLAIM, "a": a})
    assert (kind, reason.partition(":")[0]) == ("usage", "a")
    assert error({**SERVER, "b": a})[0] == "usage"
    assert "ok" in answer({**CLAIM, "a": f"{(1 << 256) - 1:x}"})


def test_unknown_fields() -> None:
    kind, reason = error({**CLAIM, "canary": 1})
    assert kind == "usage"
    assert "1 unknown fields" in reason
    assert "canary" not in reason


def test_lines() -> None:
    good = '{"id": 2, "op": "timestamp", "now": 0}'
    long = json.dumps({"id": 1, "op": "timestamp", "now": "9" * (3 * MAX_LINE_CHARACTERS)})
    deep = "[" * 100_000
    answers = served("\n".join(["", "{", deep, '{"now": NaN}', '{"now": 1e999}', "9" * 5000, long, good]))
    assert [made["id"] for made in answers] == [None] * 7 + [2]
    assert all(made["error"]["kind"] == "usage" for made in answers[:7])
    assert answers[6]["error"]["reason"] == f"request: has more than {MAX_LINE_CHARACTERS} characters"


def test_a_long_line_without_an_end() -> None:
    assert len(served("x" * (MAX_LINE_CHARACTERS + 5))) == 1


def test_the_process_ends_with_status_0_and_survives_bytes_that_are_no_text() -> None:
    lines = b'{"id": "\xff", "op": "timestamp", "now": 0}\r\n\xff\xfe\n{"id": 3, "op": "timestamp", "now": 0}'
    done = subprocess.run(MODULE, input=lines, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [made["id"] for made in answers] == ["\udcff", None, 3]
    assert subprocess.run(MODULE, input=b"", capture_output=True, check=False).returncode == 0


def test_it_starts_without_the_command_line_s_packages() -> None:
    code = (
        "import sys, cognito_challenges.conformance.testee\n"
        "print(sys.modules.keys() & {'typer', 'rich', 'boto3', 'gmpy2'})"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from([CLAIM, SERVER]), st.data())
def test_no_request_makes_it_fall(request_: dict[str, Any], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(request_)))
    made = answer({**request_, "id": 1, name: data.draw(json_values | st.text())})
    assert made["id"] == 1
    assert ("ok" in made) != ("error" in made)
    if name != "password":
        assert "canary-password" not in json.dumps(made)
    json.dumps(made)
