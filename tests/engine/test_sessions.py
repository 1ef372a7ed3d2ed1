"""The client's sessions: what goes on the wire, one proof each, no copies."""

import copy
import pickle
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from cognito_srp import Claim, PasswordSession, PeerError, UsageError, arithmetic
from support import oracle

A_DAY = 86400


def test_srp_a_is_minimal_lower_case_hex_and_stays(scene) -> None:
    session = scene.session()
    a = int.from_bytes(b"client's ephemeral exponent, a..", "big")
    assert session.srp_a == f"{pow(oracle.g, a, oracle.N):x}"
    assert re.fullmatch("[1-9a-f][0-9a-f]{0,767}", session.srp_a)
    before = session.srp_a
    session.prove(scene.parameters())
    assert session.srp_a == before


def test_each_session_draws_an_exponent_of_256_bits(scene) -> None:
    asked: list[int] = []

    def entropy(size: int) -> bytes:
        asked.append(size)
        return bytes([len(asked)]) * size

    assert scene.session(entropy=entropy).srp_a != scene.session(entropy=entropy).srp_a
    assert asked == [32, 32]


def test_the_default_entropy_never_repeats(user) -> None:
    sessions = [PasswordSession("a_b", username="u", password="p") for _ in range(20)]
    assert len({session.srp_a for session in sessions}) == 20


def test_a_claim_has_the_three_responses_and_no_more(scene) -> None:
    parameters = scene.parameters()
    claim = scene.session().prove(parameters)
    assert scene.accepts(claim)
    assert claim.responses() == {
        "PASSWORD_CLAIM_SIGNATURE": claim.signature,
        "PASSWORD_CLAIM_SECRET_BLOCK": parameters["SECRET_BLOCK"],
        "TIMESTAMP": "Sat Mar 7 00:05:09 UTC 2026",
    }
    assert re.fullmatch("[A-Za-z0-9+/]{43}=", claim.signature)


def test_unknown_parameters_are_left_alone(scene) -> None:
    assert scene.accepts(scene.session().prove(scene.parameters(NEW="anything", DEVICE_KEY=None)))


def test_the_challenge_is_not_changed(scene) -> None:
    parameters = scene.parameters()
    before = dict(parameters)
    scene.session().prove(parameters)
    assert parameters == before


def test_a_session_proves_once(scene) -> None:
    session = scene.session()
    session.prove(scene.parameters())
    for parameters in (scene.parameters(), {}, None):
        with pytest.raises(UsageError) as caught:
            session.prove(parameters)
        assert (caught.value.parameter, caught.value.reason) == ("session", "used")


def test_a_used_session_has_forgotten_its_secrets(scene) -> None:
    session = scene.session()
    session.prove(scene.parameters())
    assert session._a == 0
    assert session._password == b""


def test_many_refusals_change_nothing(scene) -> None:
    session = scene.session()
    for name in ("SALT", "SRP_B", "SECRET_BLOCK"):
        for _ in range(3):
            with pytest.raises(PeerError):
                session.prove(scene.parameters(**{name: "?"}))
    assert scene.accepts(session.prove(scene.parameters()))


def test_the_clock_is_read_when_signing(scene) -> None:
    asked: list[int] = []

    def clock() -> float:
        asked.append(1)
        return 1772841909 + A_DAY

    session = scene.session(clock=clock)
    assert not asked
    assert session.prove(scene.parameters()).timestamp == "Sun Mar 8 00:05:09 UTC 2026"
    assert len(asked) == 1


def test_a_time_given_for_the_proof_is_signed_and_the_clock_is_not_read(scene) -> None:
    def clock() -> float:
        raise AssertionError

    session = scene.session(clock=clock)
    for now in ("1772841909", float("nan")):
        with pytest.raises(UsageError, match=r"^now: "):
            session.prove(scene.parameters(), now=now)
    claim = session.prove(scene.parameters(), now=1772841909)
    assert scene.accepts(claim)
    assert claim.timestamp == "Sat Mar 7 00:05:09 UTC 2026"


@pytest.mark.parametrize("method", [copy.copy, copy.deepcopy, *[lambda s, p=p: pickle.dumps(s, p) for p in range(6)]])
@pytest.mark.parametrize("used", [False, True], ids=["unused", "used"])
def test_a_session_is_neither_copied_nor_pickled(scene, method, used: bool) -> None:
    session = scene.session()
    if used:
        session.prove(scene.parameters())
    with pytest.raises(UsageError) as caught:
        method(session)
    assert (caught.value.parameter, caught.value.reason) == (type(session).__name__, "state")


def test_repr_tells_the_state_and_nothing_else(scene) -> None:
    session = scene.session()
    assert repr(session) == str(session) == f"{session!s}" == f"{type(session).__name__}(unused)"
    session.prove(scene.parameters())
    assert repr(session) == f"{type(session).__name__}(used)"


def test_a_session_takes_no_new_attributes(scene) -> None:
    with pytest.raises(AttributeError):
        scene.session().pasword = "typing error"


def test_auth_parameters_are_the_login_name_and_srp_a(user) -> None:
    session = user.session()
    assert session.username == "login name"
    assert session.auth_parameters() == {"USERNAME": "login name", "SRP_A": session.srp_a}


def test_a_claim_is_a_value() -> None:
    claim = Claim(signature="signature", secret_block="block", timestamp="Sat Mar 7 00:05:09 UTC 2026")
    assert claim == Claim(signature="signature", secret_block="block", timestamp="Sat Mar 7 00:05:09 UTC 2026")
    assert claim != Claim(signature="another", secret_block="block", timestamp="Sat Mar 7 00:05:09 UTC 2026")
    assert pickle.loads(pickle.dumps(claim)) == copy.deepcopy(claim) == claim
    assert repr(claim) == "Claim(timestamp='Sat Mar 7 00:05:09 UTC 2026')"
    with pytest.raises(AttributeError):
        claim.signature = "forged"


@pytest.mark.parametrize("name", arithmetic.PREFERENCE)
def test_any_arithmetic_signs_the_same(user, name: arithmetic.Name) -> None:
    session = PasswordSession(
        "us-east-1_Ab1Cd2Ef3",
        username="u",
        password=user.password,
        entropy=lambda n: b"client's ephemeral exponent, a..",
        clock=lambda: 1772841909,
        arithmetic=arithmetic.load(name),
    )
    assert user.accepts(session.prove(user.parameters()))


@pytest.mark.parametrize("password", ["e\u0301", "\u00e9", " p ", "p\n", "p\0", "\u200b", "P", "p"], ids=ascii)
def test_passwords_that_look_alike_are_different(user, password: str) -> None:
    """No normalisation and no trimming: each has a signature of its own."""
    user.password = password
    claim = user.session().prove(user.parameters())
    assert user.accepts(claim)
    for other in ("e\u0301", "\u00e9", " p ", "p\n", "p\0", "\u200b", "P", "p"):
        user.password = other
        assert user.accepts(claim) is (other == password)


def test_a_session_gives_one_proof_to_many_threads(scene) -> None:
    """While one thread is at its proof, no other gets one; the first is not disturbed."""
    signing, go_on = threading.Event(), threading.Event()

    def clock() -> float:
        signing.set()
        assert go_on.wait(10)
        return 1772841909

    session = scene.session(clock=clock)
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(session.prove, scene.parameters())
        assert signing.wait(10)
        with pytest.raises(UsageError, match=r"^session: "):
            session.prove(scene.parameters())
        go_on.set()
        assert scene.accepts(first.result())
    with pytest.raises(UsageError, match=r"^session: "):
        session.prove(scene.parameters())


def test_an_interrupted_proof_leaves_the_session_unused(scene) -> None:
    answers: list[float] = []

    def clock() -> float:
        if not answers:
            answers.append(1772841909)
            raise KeyboardInterrupt
        return answers[0]

    session = scene.session(clock=clock)
    with pytest.raises(KeyboardInterrupt):
        session.prove(scene.parameters())
    assert scene.accepts(session.prove(scene.parameters()))
