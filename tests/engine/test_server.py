"""The server's role: challenges on the wire, and who gets in."""

import base64
import copy
import pickle

import pytest

from cognito_srp import (
    Device,
    DeviceSession,
    PasswordSession,
    PeerError,
    ProofMismatch,
    ServerSession,
    UsageError,
    Verifier,
    formulas,
)
from support import oracle

BLOCK = base64.b64encode(b"secret block").decode()
NOW = 1772841909


def sign_in(password: str = "right", given: str = "right", user_id: str = "id", signed_for: str = "id"):
    """A server session, and the proof that a client with the given password makes for it."""
    verifier = Verifier.for_user("us-east-1_Ab1", user_id=user_id, password=password)
    client = PasswordSession("us-east-1_Ab1", username="login", password=given, clock=lambda: NOW)
    server = ServerSession.for_user("us-east-1_Ab1", user_id=user_id, verifier=verifier, srp_a=client.srp_a)
    claim = client.prove(
        {"SALT": server.salt, "SRP_B": server.srp_b, "SECRET_BLOCK": BLOCK, "USER_ID_FOR_SRP": signed_for}
    )
    return server, {"secret_block": claim.secret_block, "timestamp": claim.timestamp, "signature": claim.signature}


def mismatch(server: ServerSession, proof: dict[str, str]) -> None:
    with pytest.raises(ProofMismatch) as caught:
        server.verify(**proof)
    assert (caught.value.parameter, caught.value.reason) == ("PASSWORD_CLAIM_SIGNATURE", "mismatch")
    assert str(caught.value) == "PASSWORD_CLAIM_SIGNATURE: does not prove the password"


def test_the_right_password_is_accepted() -> None:
    server, proof = sign_in()
    assert server.verify(**proof) is None
    assert server.verify(**proof) is None  # how many proofs a challenge takes is the pool's rule


@pytest.mark.parametrize("given", ["wrong", "Right", "right ", "righ", "rightx"])
def test_a_wrong_password_is_refused(given: str) -> None:
    server, proof = sign_in(given=given)
    mismatch(server, proof)


def test_another_users_proof_is_refused() -> None:
    mismatch(*sign_in(signed_for="ID"))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("timestamp", "Sat Mar 7 00:05:10 UTC 2026"),
        ("secret_block", base64.b64encode(b"another block").decode()),
        ("signature", base64.b64encode(bytes(32)).decode()),
    ],
)
def test_each_part_of_a_proof_is_signed(field: str, value: str) -> None:
    server, proof = sign_in()
    mismatch(server, proof | {field: value})
    server.verify(**proof)


def test_every_bit_of_the_signature_counts() -> None:
    server, proof = sign_in()
    right = base64.b64decode(proof["signature"])
    for bit in (0, 1, 7, 8, 127, 128, 254, 255):
        wrong = (int.from_bytes(right, "big") ^ 1 << bit).to_bytes(32, "big")
        mismatch(server, proof | {"signature": base64.b64encode(wrong).decode()})
    for wrong in (right[:-1], right[1:], right + b"\0", b"\0" + right, right[:1], right * 2):
        mismatch(server, proof | {"signature": base64.b64encode(wrong).decode()})


def test_a_proof_fits_its_own_challenge_only() -> None:
    (first, first_proof), (second, second_proof) = sign_in(), sign_in()
    mismatch(first, second_proof)
    mismatch(second, first_proof)


def test_signatures_are_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    server, proof = sign_in()
    compared: list[tuple[bytes, bytes]] = []

    def compare_digest(a: bytes, b: bytes) -> bool:
        compared.append((a, b))
        return False

    monkeypatch.setattr("cognito_srp.server.hmac.compare_digest", compare_digest)
    mismatch(server, proof)
    assert len(compared) == 1
    assert compared[0][0] == compared[0][1]


def test_a_challenge_is_sent_as_minimal_lower_case_hex() -> None:
    verifier = Verifier.for_user("us-east-1_Ab1", user_id="id", password="p", salt=0x00ABC)
    server = ServerSession.for_user(
        "us-east-1_Ab1", user_id="id", verifier=verifier, srp_a="2", entropy=lambda n: b"\x01" * n
    )
    x = oracle.private_key(0xABC, "Ab1", "id", "p")
    assert verifier.value == oracle.verifier(x)
    assert server.salt == "abc"
    assert server.srp_b == f"{oracle.server_public(x, int('01' * 32, 16)):x}"
    negative = Verifier(salt=-0x16E4, value=4)
    assert ServerSession.for_user("a_b", user_id="id", verifier=negative, srp_a="2").salt == "-16e4"


def test_a_salt_has_16_random_bytes() -> None:
    asked: list[int] = []
    verifier = Verifier.for_user("a_b", user_id="id", password="p", entropy=lambda n: (asked.append(n), b"\xfe" * n)[1])
    assert asked == [16]
    assert verifier.salt == int("fe" * 16, 16)
    drawn = [Verifier.for_user("a_b", user_id="id", password="p").salt for _ in range(2)]
    assert drawn[0] != drawn[1]


def test_each_challenge_draws_a_b_of_256_bits() -> None:
    asked: list[int] = []
    given = {"user_id": "id", "verifier": Verifier(salt=1, value=4), "srp_a": "2"}
    ServerSession.for_user("a_b", **given, entropy=lambda n: (asked.append(n), b"\xfe" * n)[1])
    assert asked == [32]
    assert len({ServerSession.for_user("a_b", **given).srp_b for _ in range(20)}) == 20


def test_a_device_is_verified_by_what_confirm_device_sent() -> None:
    device, registration = Device.register(key="us-east-1_key", group_key="-group")
    config = registration.config()
    verifier = Verifier.for_device(salt=config["Salt"], password_verifier=config["PasswordVerifier"])
    for signed_by, holds in (
        (device, True),
        (Device(key="us-east-1_key", group_key="-group", password="another"), False),
    ):
        client = DeviceSession(signed_by, clock=lambda: NOW)
        server = ServerSession.for_device(
            group_key="-group", key="us-east-1_key", verifier=verifier, srp_a=client.srp_a
        )
        claim = client.prove({"SALT": server.salt, "SRP_B": server.srp_b, "SECRET_BLOCK": BLOCK})
        proof = {"secret_block": claim.secret_block, "timestamp": claim.timestamp, "signature": claim.signature}
        if holds:
            server.verify(**proof)
        else:
            mismatch(server, proof)


@pytest.mark.parametrize("salt", [0, 1, 0x80, 2**127, 2**128 - 1], ids=hex)
def test_a_device_verifier_comes_through_base64_unchanged(salt: int) -> None:
    config = oracle.device_config("-group", "key", "password", salt)
    verifier = Verifier.for_device(salt=config["Salt"], password_verifier=config["PasswordVerifier"])
    assert verifier.salt == salt
    assert verifier.value == oracle.verifier(oracle.private_key(salt, "-group", "key", "password"))


def test_no_maths_is_done_for_a_refused_a(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formulas, "server_public_ephemeral", None)
    for srp_a in ("0", f"{oracle.N:x}", "x", "f" * 10_000):
        with pytest.raises(PeerError):
            ServerSession.for_user("a_b", user_id="id", verifier=Verifier(salt=1, value=4), srp_a=srp_a)


@pytest.mark.parametrize("method", [copy.copy, copy.deepcopy, *[lambda s, p=p: pickle.dumps(s, p) for p in range(6)]])
def test_verifiers_and_challenges_are_neither_copied_nor_pickled(method) -> None:
    verifier = Verifier(salt=1, value=4)
    for holder in (verifier, ServerSession.for_user("a_b", user_id="id", verifier=verifier, srp_a="2")):
        with pytest.raises(UsageError) as caught:
            method(holder)
        assert caught.value.reason == "state"


def test_reprs_show_no_secret() -> None:
    verifier = Verifier(salt=123456789, value=987654321)
    assert repr(verifier) == str(verifier) == "Verifier()"
    assert repr(ServerSession.for_user("a_b", user_id="id", verifier=verifier, srp_a="2")) == "ServerSession()"


def test_a_verifier_is_a_value() -> None:
    verifier = Verifier(salt=1, value=4)
    assert verifier == Verifier(salt=1, value=4)
    assert verifier not in (Verifier(salt=2, value=4), Verifier(salt=1, value=5))
    with pytest.raises(AttributeError):
        verifier.value = 5
