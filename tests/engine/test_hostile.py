"""Hostile or broken values, from the counterpart or the caller: each raises one clear error, and nothing is signed."""

import base64
import hashlib
import traceback

import pytest

from cognito_srp import (
    Device,
    PasswordSession,
    PeerError,
    ProofMismatch,
    ServerSession,
    SrpError,
    UsageError,
    Verifier,
    encoding,
    formulas,
    secret_hash,
)
from support import oracle
from support.oracle import N

HUGE = 10_000_000
VERIFIER = Verifier(salt=1, value=4)


def user_challenge(**changes: object) -> ServerSession:
    return ServerSession.for_user(**{"pool_id": "a_b", "user_id": "u", "verifier": VERIFIER, "srp_a": "2"} | changes)


def device_challenge(**changes: object) -> ServerSession:
    return ServerSession.for_device(**{"group_key": "g", "key": "k", "verifier": VERIFIER, "srp_a": "2"} | changes)


def refused(kind: type[SrpError], name: str, reason: str, call, *values: object) -> SrpError:
    """The error of `call`: of that kind, naming the parameter, silent about each of the values."""
    with pytest.raises(kind) as caught:
        call()
    error = caught.value
    assert (type(error), error.parameter, error.reason) == (kind, name, reason)
    assert str(error).startswith(f"{name}: ")
    assert len(str(error)) < 150
    told = "".join(traceback.format_exception(error)) + repr(error) + repr(error.args) + repr(error.__context__)
    for value in values:
        if isinstance(value, str | bytes) and len(value) > 4:
            assert (value if isinstance(value, str) else repr(value)) not in told
    return error


def refuses_challenge(scene, name: str, reason: str, value: object) -> None:
    session = scene.session()
    srp_a = session.srp_a
    refused(PeerError, name, reason, lambda: session.prove(scene.parameters(**{name: value})), value)
    # Nothing was signed and nothing is lost: the same session answers the honest challenge.
    assert repr(session) == f"{type(session).__name__}(unused)"
    assert session.srp_a == srp_a
    assert scene.accepts(session.prove(scene.parameters()))


BAD_B = {
    "0": ("0", "zero"),
    "-0": ("-0", "zero"),
    "000": ("0" * 768, "zero"),
    "N": (f"{N:x}", "zero"),
    "2N": (f"{2 * N:x}", "zero"),
    "-N": (f"{-N:x}", "zero"),
    "N+1": (f"{N + 1:x}", "range"),
    "N-1 + N": (f"{2 * N - 1:x}", "range"),
    "-1": ("-1", "range"),
    "-f": ("-" + "f" * 768, "range"),
    "1024 digits": ("f" * 1024, "range"),
    "1025 digits": ("f" * 1025, "length"),
    "10 MB": ("f" * HUGE, "length"),
    "10 MB of no hex": ("~" * HUGE, "length"),
    "word": ("not a number at all", "syntax"),
    "0x": ("0x123456789abcdef", "syntax"),
    "underscore": ("1_0000000", "syntax"),
    "space": (" 12345678", "syntax"),
    "newline": ("12345678\n", "syntax"),
    "plus": ("+12345678", "syntax"),
    "full-width digits": ("１２３４５６７８", "syntax"),
    "surrogate": ("12345\ud800", "syntax"),
}


@pytest.mark.parametrize(("value", "reason"), BAD_B.values(), ids=BAD_B)
def test_a_bad_b_is_refused(scene, value: str, reason: str) -> None:
    refuses_challenge(scene, "SRP_B", reason, value)


@pytest.mark.parametrize("base", [0, 1, N - 1], ids=["0", "1", "N-1"])
def test_a_b_that_leaves_a_weak_base_is_refused(user, base: int) -> None:
    """It takes a server that knows the verifier; the shared secret would be 0 or +-1 whatever a is."""
    x = oracle.private_key(int(user.parameters()["SALT"], 16), user.group_name, user.identity, user.password)
    public_b = (oracle.k * pow(2, x, N) + base) % N
    refuses_challenge(user, "SRP_B", "weak", f"{public_b:x}")


BAD_SALT = {name: BAD_B[name] for name in ("1025 digits", "10 MB", "word", "0x", "underscore", "space", "newline")}


@pytest.mark.parametrize(("value", "reason"), BAD_SALT.values(), ids=BAD_SALT)
def test_a_bad_salt_is_refused(scene, value: str, reason: str) -> None:
    refuses_challenge(scene, "SALT", reason, value)


BAD_BLOCK = {
    "not Base64": ("not Base64 at all!", "syntax"),
    "one digit too many": ("AAAAAAAAA", "syntax"),
    "half padded": ("AAAAAA=", "syntax"),
    "both alphabets": ("AAAAAA+_", "syntax"),
    "line break": ("AAAA\nAAAA", "syntax"),
    "long": ("A" * 16_385, "length"),
    "10 MB": ("A" * HUGE, "length"),
}


@pytest.mark.parametrize(("value", "reason"), BAD_BLOCK.values(), ids=BAD_BLOCK)
def test_a_bad_secret_block_is_refused(scene, value: str, reason: str) -> None:
    refuses_challenge(scene, "SECRET_BLOCK", reason, value)


NO_VALUE = {
    "missing": (..., "missing"),
    "None": (None, "missing"),
    "empty": ("", "empty"),
    "int": (12345678, "type"),
    "bytes": (b"12345678", "type"),
    "list": (["12345678"], "type"),
    "bool": (True, "type"),
}


@pytest.mark.parametrize(("value", "reason"), NO_VALUE.values(), ids=NO_VALUE)
@pytest.mark.parametrize("name", ["SALT", "SRP_B", "SECRET_BLOCK"])
def test_a_parameter_that_is_not_a_string_is_refused(scene, name: str, value: object, reason: str) -> None:
    refuses_challenge(scene, name, reason, value)


@pytest.mark.parametrize(
    ("value", "reason"),
    [*NO_VALUE.values(), ("user\ud800", "syntax"), ("u" * 4097, "length"), ("u" * HUGE, "length")],
    ids=[*NO_VALUE, "surrogate", "long", "10 MB"],
)
def test_a_bad_user_id_is_refused(user, value: object, reason: str) -> None:
    refuses_challenge(user, "USER_ID_FOR_SRP", reason, value)


@pytest.mark.parametrize("value", [None, [], "SRP_B", b"", 5, {"SRP_B"}.copy()], ids=repr)
def test_parameters_that_are_not_a_mapping_raise_usage_error(scene, value: object) -> None:
    session = scene.session()
    refused(UsageError, "challenge_parameters", "type", lambda: session.prove(value))
    assert scene.accepts(session.prove(scene.parameters()))


def test_a_scrambler_of_zero_is_refused(scene, monkeypatch: pytest.MonkeyPatch) -> None:
    class ZeroHash:
        def __init__(self, data: bytes) -> None: ...

        def digest(self) -> bytes:
            return bytes(32)

    session = scene.session()
    monkeypatch.setattr(formulas, "sha256", ZeroHash)
    refused(PeerError, "SRP_B", "zero", lambda: session.prove(scene.parameters()))
    monkeypatch.undo()
    assert formulas.sha256 is hashlib.sha256
    assert scene.accepts(session.prove(scene.parameters()))


@pytest.mark.parametrize("name", ["SALT", "SRP_B", "SECRET_BLOCK"])
def test_ten_megabytes_are_refused_by_their_length(scene, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    session = scene.session()
    for pattern in ("_HEX", "_BASE64"):
        monkeypatch.setattr(encoding, pattern, None)  # any look at the characters fails
    monkeypatch.setattr(encoding, "int", None, raising=False)
    for formula in ("scrambler", "private_key", "client_premaster", "session_key", "claim_signature"):
        monkeypatch.setattr(formulas, formula, None)
    # The parameters come in this order; those before the bad one are given as already read.
    real = encoding.parse_hex
    monkeypatch.setattr(
        "cognito_srp.client.parse_hex", lambda name, text: real(name, text) if len(text) == HUGE else 0xABCDEF
    )
    refused(PeerError, name, "length", lambda: session.prove(scene.parameters(**{name: "f" * HUGE})))


@pytest.mark.parametrize(
    ("clock", "reason"),
    [
        (lambda: None, "type"),
        (lambda: "now", "type"),
        (lambda: float("nan"), "range"),
        (lambda: float("inf"), "range"),
        (lambda: float("-inf"), "range"),
        (lambda: 253402300800, "range"),  # the year 10000
        (lambda: 1772841909 * 10**9, "range"),  # nanoseconds
    ],
    ids=["None", "text", "nan", "inf", "-inf", "year 10000", "nanoseconds"],
)
def test_a_broken_clock_signs_nothing(scene, clock, reason: str) -> None:
    session = scene.session(clock=clock)
    for _ in range(2):
        refused(UsageError, "clock", reason, lambda: session.prove(scene.parameters()))
    assert repr(session).endswith("(unused)")


def test_a_clock_that_raises_leaves_the_session_unused(scene) -> None:
    answers = [OSError("no clock"), 1772841909]

    def clock() -> float:
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    session = scene.session(clock=clock)
    with pytest.raises(OSError, match="no clock"):
        session.prove(scene.parameters())
    assert scene.accepts(session.prove(scene.parameters()))


BAD_ENTROPY = {
    "short": (lambda n: b"x" * (n - 1), "type"),
    "long": (lambda n: b"x" * (n + 1), "type"),
    "empty": (lambda n: b"", "type"),
    "text": (lambda n: "x" * n, "type"),
    "bytearray": (lambda n: bytearray(b"x" * n), "type"),
    "list": (lambda n: [1] * n, "type"),
    "int": (lambda n: 7, "type"),
    "None": (lambda n: None, "type"),
    "zeros": (bytes, "zero"),
}


@pytest.mark.parametrize(("entropy", "reason"), BAD_ENTROPY.values(), ids=BAD_ENTROPY)
def test_a_broken_source_of_entropy_is_refused_everywhere(user, device, entropy, reason: str) -> None:
    for make in (
        lambda: user.session(entropy=entropy),
        lambda: device.session(entropy=entropy),
        lambda: Device.register(key="key", group_key="group", entropy=entropy),
        lambda: Verifier.for_user("a_b", user_id="user", password="password", entropy=entropy),
        lambda: user_challenge(entropy=entropy),
        lambda: device_challenge(entropy=entropy),
    ):
        refused(UsageError, "entropy", reason, make)


NO_TEXT = {
    "None": (None, "type"),
    "bytes": (b"a text as bytes", "type"),
    "int": (12345678, "type"),
    "list": (["a text in a list"], "type"),
    "empty": ("", "empty"),
    "surrogate": ("hunter2\ud800", "syntax"),
    "long": ("x" * 4097, "length"),
    "10 MB": ("x" * HUGE, "length"),
}
ARGUMENTS = {
    "username": lambda value: PasswordSession("a_b", username=value, password="p"),
    "password": lambda value: PasswordSession("a_b", username="u", password=value),
    "password ": lambda value: Verifier.for_user("a_b", user_id="u", password=value),
    "user_id": lambda value: Verifier.for_user("a_b", user_id=value, password="p"),
    "user_id ": lambda value: user_challenge(user_id=value),
    "group_key  ": lambda value: device_challenge(group_key=value),
    "key  ": lambda value: device_challenge(key=value),
    "key": lambda value: Device(key=value, group_key="g", password="p"),
    "group_key": lambda value: Device(key="k", group_key=value, password="p"),
    "password  ": lambda value: Device(key="k", group_key="g", password=value),
    "key ": lambda value: Device.register(key=value, group_key="g"),
    "group_key ": lambda value: Device.register(key="k", group_key=value),
    "username ": lambda value: secret_hash(value, client_id="c", client_secret="s"),
    "client_id": lambda value: secret_hash("u", client_id=value, client_secret="s"),
    "client_secret": lambda value: secret_hash("u", client_id="c", client_secret=value),
}


@pytest.mark.parametrize(("value", "reason"), NO_TEXT.values(), ids=NO_TEXT)
@pytest.mark.parametrize(("name", "call"), ARGUMENTS.items(), ids=ARGUMENTS)
def test_a_bad_text_argument_is_named_and_not_quoted(name: str, call, value: object, reason: str) -> None:
    refused(UsageError, name.strip(), reason, lambda: call(value), value)


@pytest.mark.parametrize(
    ("pool_id", "reason"),
    [("us-east-1Ab1", "syntax"), ("us-east-1_Ab1\n", "syntax"), ("", "empty"), (None, "type"), ("a_" * HUGE, "length")],
    ids=["no underscore", "newline", "empty", "None", "20 MB"],
)
def test_a_bad_pool_id_raises_usage_error_everywhere(pool_id, reason: str) -> None:
    for call in (
        lambda: PasswordSession(pool_id, username="u", password="p"),
        lambda: Verifier.for_user(pool_id, user_id="u", password="p"),
        lambda: user_challenge(pool_id=pool_id),
    ):
        refused(UsageError, "pool_id", reason, call, pool_id)


@pytest.mark.parametrize(
    ("value", "reason"),
    [(-1, "range"), (2**128, "range"), ("16e4", "type"), (None, "type"), (1.0, "type"), (b"\x01", "type")],
    ids=repr,
)
def test_a_device_salt_out_of_range_is_refused(value, reason: str) -> None:
    refused(UsageError, "salt", reason, lambda: Device(key="k", group_key="g", password="p").verifier(value))


BAD_A = {name: BAD_B[name] for name in BAD_B} | {
    name: NO_VALUE[name] for name in ("empty", "int", "bytes", "list", "bool")
}


@pytest.mark.parametrize(("value", "reason"), [*BAD_A.values(), (None, "type")], ids=[*BAD_A, "None"])
def test_a_bad_a_is_refused_by_the_server(value, reason: str) -> None:
    for make in (user_challenge, device_challenge):
        refused(PeerError, "SRP_A", reason, lambda make=make: make(srp_a=value), value)


def test_an_oversized_a_is_refused_by_its_length(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_HEX", "int"):
        monkeypatch.setattr(encoding, name, None, raising=False)
    monkeypatch.setattr(formulas, "server_public_ephemeral", None)
    refused(PeerError, "SRP_A", "length", lambda: device_challenge(srp_a="f" * HUGE))


@pytest.mark.parametrize("sign", [1, -1])
def test_an_a_that_leaves_a_weak_base_is_refused(sign: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """u depends on A, so that nobody can send such an A; with a scrambler held fast one can."""
    verifier = Verifier.for_user("a_b", user_id="u", password="p", salt=1)
    monkeypatch.setattr(formulas, "scrambler", lambda a, b: 5)
    session = ServerSession.for_user(
        "a_b", user_id="u", verifier=verifier, srp_a=f"{sign * pow(verifier.value, -5, N) % N:x}"
    )
    refused(PeerError, "SRP_A", "weak", lambda: session.verify(**proof()))


def proof(**changes: object) -> dict:
    return {
        "secret_block": "AAAA",
        "timestamp": "Sat Mar 7 00:05:09 UTC 2026",
        "signature": base64.b64encode(bytes(32)).decode(),
    } | changes


BAD_PROOF = [
    *[("secret_block", "PASSWORD_CLAIM_SECRET_BLOCK", *case) for case in BAD_BLOCK.values()],
    *[("signature", "PASSWORD_CLAIM_SIGNATURE", *case) for case in BAD_BLOCK.values()],
    *[
        (field, name, value, reason)
        for field, name in (("secret_block", "PASSWORD_CLAIM_SECRET_BLOCK"), ("signature", "PASSWORD_CLAIM_SIGNATURE"))
        for value, reason in ((None, "type"), (b"AAAAAAAA", "type"), (7, "type"), ("", "empty"))
    ],
    *[("timestamp", "TIMESTAMP", value, "syntax") for value in (None, "", "Sat Mar 07 00:05:09 UTC 2026", b"x" * 9)],
    ("timestamp", "TIMESTAMP", "x" * HUGE, "syntax"),
]


@pytest.mark.parametrize(
    ("field", "name", "value", "reason"), BAD_PROOF, ids=lambda value: ascii(value)[:30] if value else repr(value)
)
def test_a_malformed_proof_is_refused_before_any_maths(
    field: str, name: str, value: object, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = user_challenge()
    for formula in ("scrambler", "server_premaster", "session_key", "claim_signature"):
        monkeypatch.setattr(formulas, formula, None)
    refused(PeerError, name, reason, lambda: session.verify(**proof(**{field: value})), value)


@pytest.mark.parametrize(
    "signature",
    [base64.b64encode(bytes(n)).decode() for n in (1, 16, 31, 32, 33, 64, 12_000)],
    ids=["1", "16", "31", "32", "33", "64", "12000"],
)
def test_a_wrong_signature_is_a_mismatch_whatever_its_length(signature: str) -> None:
    session = user_challenge()
    refused(
        ProofMismatch,
        "PASSWORD_CLAIM_SIGNATURE",
        "mismatch",
        lambda: session.verify(**proof(signature=signature)),
        signature,
    )


@pytest.mark.parametrize("value", [-4, 0, 1, N - 1, N, 2 * N + 4], ids=["-4", "0", "1", "N-1", "N", "2N+4"])
def test_a_verifier_outside_the_group_is_refused(value: int) -> None:
    text = base64.b64encode(oracle.java_bytes(value)).decode()
    refused(PeerError, "PasswordVerifier", "range", lambda: Verifier(salt=1, value=value))
    refused(
        PeerError, "PasswordVerifier", "range", lambda: Verifier.for_device(salt="AAAA", password_verifier=text), text
    )


@pytest.mark.parametrize("name", ["Salt", "PasswordVerifier"])
@pytest.mark.parametrize(
    ("value", "reason"),
    [*BAD_BLOCK.values(), ("A" * 700, "length"), (None, "type"), (b"AAAAAAAA", "type"), ("", "empty")],
    ids=[*BAD_BLOCK, "525 bytes", "None", "bytes", "empty"],
)
def test_a_malformed_device_verifier_is_refused(name: str, value, reason: str) -> None:
    texts = {"Salt": "AAAA", "PasswordVerifier": "BAQE"} | {name: value}
    refused(
        PeerError,
        name,
        reason,
        lambda: Verifier.for_device(salt=texts["Salt"], password_verifier=texts["PasswordVerifier"]),
        value,
    )
