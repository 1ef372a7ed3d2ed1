"""cognito_srp.arithmetic: every path gives int's numbers, says what it is, and falls back as promised."""

import os
import random
import subprocess
import sys
import types
import warnings
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

import gmpy2
import pytest

from cognito_srp import UsageError, arithmetic, fixed_base, warm
from cognito_srp.arithmetic import MAX_EXPONENT_BITS, Arithmetic, load, preferred
from cognito_srp.group import G, K, N

NAMES = ["openssl", "gmpy2", "int"]
RANDOM_EXPONENTS = int(os.environ.get("COGNITO_SRP_RANDOM_EXPONENTS", "200"))

EDGE_BASES = [2, 3, 4, K, (N - 1) // 2, N - 3, N - 2]
EDGE_EXPONENTS = sorted(
    {1, 2, 3}
    | {2**bits + offset for bits in (8, 30, 60, 64, 255, 256, 257, 512, 1023) for offset in (-1, 0, 1)}
    | {2**1024 - 1, 0xFF << 248, 0xFF << 256, int("f0" * 32, 16), int("01" * 32, 16), int("0100" * 16, 16)}
)


@pytest.mark.parametrize("name", NAMES)
def test_power_agrees_with_int_at_edges(name: str) -> None:
    by = load(name)
    for base in EDGE_BASES:
        for exponent in EDGE_EXPONENTS if base == K else EDGE_EXPONENTS[::7]:
            assert by.power(base, exponent) == pow(base, exponent, N)


@pytest.mark.parametrize("name", NAMES)
def test_powers_of_the_generator_agree_with_int_at_edges(name: str) -> None:
    for by in (fresh(name), warmed(name), *([] if name == "int" else [load(name).blinded()])):
        for exponent in EDGE_EXPONENTS:
            expected = pow(G, exponent, N)
            assert by.generator_power(exponent) == expected
            assert by.password_power(exponent) == expected


def mismatches(seed: int) -> list[str]:
    """The paths that differ from int for one random base and one random exponent of a random length."""
    draw = random.Random(seed)
    base, exponent = draw.randrange(2, N - 1), draw.randrange(1, 2 ** draw.randint(1, MAX_EXPONENT_BITS))
    short = draw.randrange(1, 2 ** draw.choice([256, 256, 256, draw.randint(1, 256)]))
    expected, expected_short = pow(base, exponent, N), pow(G, short, N)
    wrong = []
    for name in ("openssl", "gmpy2"):
        by = load(name)
        by.warm()
        if by.power(base, exponent) != expected:
            wrong.append(f"{name}'s power, seed {seed}")
        if by.generator_power(short) != expected_short:
            wrong.append(f"{name}'s table, seed {seed}")
        if by.blinded().password_power(short) != expected_short:
            wrong.append(f"{name}'s blinded walk, seed {seed}")
        if by.password_power(short) != expected_short:
            wrong.append(f"{name}'s password_power, seed {seed}")
    return wrong


def test_every_path_agrees_with_int_at_random() -> None:
    """200 exponents in a run of the tests; COGNITO_SRP_RANDOM_EXPONENTS=10000 takes two minutes."""
    first = random.SystemRandom().randrange(2**32)
    seeds = range(first, first + RANDOM_EXPONENTS)
    if RANDOM_EXPONENTS > 1000:
        with ProcessPoolExecutor(mp_context=get_context("spawn"), initializer=warm) as processes:
            results = list(processes.map(mismatches, seeds, chunksize=16))
    else:
        results = list(map(mismatches, seeds))
    assert [path for wrong in results for path in wrong] == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("base", [-2, 0, 1, N - 1, N, N + 2])
def test_trivial_bases_are_refused(name: str, base: int) -> None:
    with pytest.raises(UsageError) as refused:
        load(name).power(base, 5)
    assert (refused.value.parameter, refused.value.reason) == ("base", "range")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("exponent", [-1, 0, 2**MAX_EXPONENT_BITS])
def test_exponents_out_of_range_are_refused(name: str, exponent: int) -> None:
    by = load(name)
    for power in (lambda e: by.power(3, e), by.generator_power, by.password_power):
        with pytest.raises(UsageError) as refused:
            power(exponent)
        assert (refused.value.parameter, refused.value.reason) == ("exponent", "range")


def test_the_first_choice_is_openssl() -> None:
    assert preferred() is load("openssl")
    assert [load(name).constant_time for name in NAMES] == [True, True, False]


def test_an_unknown_name_is_refused() -> None:
    for name in ("fastest", None, 7, ["openssl"]):
        with pytest.raises(UsageError, match="must be one of openssl, gmpy2, int"):
            load(name)


# What an arithmetic says of itself


def fresh(name: str) -> Arithmetic:
    """An arithmetic that has not been used, of the same kind as load(name)."""
    return Arithmetic(name, load(name).power, constant_time=load(name).constant_time)


def warmed(name: str) -> Arithmetic:
    by = fresh(name)
    by.warm()
    return by


def has_table(by: Arithmetic) -> bool:
    return "table=True" in repr(by)


def test_repr_tells_what_it_runs_on() -> None:
    assert repr(fresh("openssl")) == "Arithmetic(openssl, constant_time=True, table=False, blinded=False)"
    assert repr(warmed("gmpy2")) == "Arithmetic(gmpy2, constant_time=True, table=True, blinded=False)"
    assert repr(load("openssl").blinded()) == "Arithmetic(openssl, constant_time=True, table=True, blinded=True)"
    assert repr(load("int")) == "Arithmetic(int, constant_time=False, table=False, blinded=False)"


def test_warm_returns_what_sign_ins_use() -> None:
    assert warm() is preferred()
    assert has_table(preferred())


def test_int_never_has_a_table() -> None:
    by = warmed("int")
    assert not has_table(by)
    with pytest.raises(UsageError, match="int has no table"):
        by.blinded()


def test_password_exponents_never_use_the_plain_table(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, blinded = warmed("openssl"), load("openssl").blinded()
    walks: list[object] = []
    walk = fixed_base.FixedBase.walk

    def watched(table: fixed_base.FixedBase, exponent: int) -> object:
        walks.append(table)
        return walk(table, exponent)

    monkeypatch.setattr(fixed_base.FixedBase, "walk", watched)
    assert plain.password_power(12345) == blinded.password_power(12345) == pow(G, 12345, N)
    assert len(walks) == 2
    assert fixed_base.shared() not in walks
    plain.generator_power(12345)
    assert walks[2:] == [fixed_base.shared()]


def test_gmpy2_lets_other_threads_run_and_leaves_the_callers_context_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    released = []

    def watched(base: int, exponent: int, modulus: int) -> int:
        released.append(gmpy2.get_context().allow_release_gil)
        return pow(base, exponent, modulus)

    monkeypatch.setattr(gmpy2, "powmod_sec", watched)
    arithmetic._loaded.__wrapped__("gmpy2").power(3, 5)
    assert released == [True, True]  # the self-test is the first
    assert gmpy2.get_context().allow_release_gil is False


# When the table is made


def use(by: Arithmetic, times: int) -> None:
    for exponent in range(1, times + 1):
        assert by.generator_power(exponent) == 1 << exponent


def test_only_warm_makes_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[fixed_base.FixedBase] = []
    monkeypatch.setattr(arithmetic, "shared", lambda: made.append(fixed_base.shared()) or made[-1])
    by = fresh("openssl")
    use(by, 200)
    by.password_power(3)
    by.power(K, 3)
    assert (has_table(by), len(made)) == (False, 0)
    by.warm()
    by.warm()
    assert (has_table(by), len(made)) == (True, 1)
    use(by, 3)


def test_without_gmpy2_warm_makes_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> fixed_base.FixedBase:
        raise ImportError("gmpy2")

    monkeypatch.setattr(arithmetic, "shared", missing)
    by = fresh("openssl")
    by.warm()
    assert not has_table(by)
    use(by, 3)
    with pytest.raises(UsageError) as refused:
        by.blinded()
    assert refused.value.reason == "unavailable"


class WrongTable:
    def power(self, _exponent: int) -> int:
        return 4


def test_a_table_that_disagrees_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arithmetic, "shared", WrongTable)
    by = fresh("openssl")
    with pytest.raises(UsageError, match="disagree"):
        by.warm()
    assert not has_table(by)
    use(by, 3)


# Loading


def test_an_arithmetic_that_computes_wrong_numbers_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong() -> Arithmetic:
        return Arithmetic("openssl", lambda base, exponent: pow(base, exponent, N) ^ 1, constant_time=True)

    monkeypatch.setitem(arithmetic._LOADERS, "openssl", wrong)
    with pytest.raises(UsageError, match="fails its self-test"):
        arithmetic._loaded.__wrapped__("openssl")
    monkeypatch.setattr(arithmetic, "_loaded", arithmetic._loaded.__wrapped__)
    assert preferred.__wrapped__().name == "gmpy2"


def test_int_is_chosen_when_the_packages_are_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gmpy2", None)
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.dh", None)
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.decrepit.asymmetric.dh", None)
    monkeypatch.setattr(arithmetic, "_loaded", arithmetic._loaded.__wrapped__)
    assert preferred.__wrapped__().name == "int"
    with pytest.raises(UsageError) as refused:
        load("gmpy2")
    assert refused.value.reason == "unavailable"


@pytest.mark.parametrize("left", [None, types.ModuleType("dh")], ids=["the module moved", "the names moved"])
def test_openssl_is_found_where_its_names_move_to(left: object, monkeypatch: pytest.MonkeyPatch) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from cryptography.hazmat.primitives.asymmetric.dh import (
            DHParameterNumbers,
            DHPrivateNumbers,
            DHPublicNumbers,
        )

    moved = types.SimpleNamespace(
        DHParameterNumbers=DHParameterNumbers, DHPrivateNumbers=DHPrivateNumbers, DHPublicNumbers=DHPublicNumbers
    )
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.primitives.asymmetric.dh", left)
    monkeypatch.setitem(sys.modules, "cryptography.hazmat.decrepit.asymmetric.dh", moved)
    assert arithmetic._loaded.__wrapped__("openssl").power(3, 5) == 243


def run_python(program: str, *options: str) -> str:
    return subprocess.run(
        [sys.executable, *options, "-c", program], check=True, capture_output=True, text=True
    ).stdout.strip()


SIGN_IN = """
from cognito_srp import PasswordSession
session = PasswordSession("us-east-1_Ab1", username="alice", password="secret")
session.srp_a
session.prove({"SALT": "ab", "SRP_B": "4" * 700, "SECRET_BLOCK": "QUJD", "USER_ID_FOR_SRP": "alice"})
"""


def test_a_sign_in_emits_no_warnings() -> None:
    run_python(SIGN_IN + "import cognito_srp; cognito_srp.warm()", "-W", "error")


def test_threads_that_load_at_once_leave_the_warnings_as_they_were() -> None:
    run_python(
        "import sys, threading, warnings; from cognito_srp.arithmetic import load\n"
        "sys.setswitchinterval(1e-6)\n"
        "before = list(warnings.filters)\n"
        "threads = [threading.Thread(target=load, args=('openssl',)) for _ in range(8)]\n"
        "[thread.start() for thread in threads]; [thread.join() for thread in threads]\n"
        "assert warnings.filters == before, warnings.filters\n"
    )


HEAVY = {"gmpy2", "cryptography", "dataclasses", "inspect", "calendar", "asyncio", "multiprocessing", "concurrent"}


def test_importing_the_package_imports_nothing_heavy() -> None:
    loaded = run_python("import sys, cognito_srp; print(*sys.modules)", "-I")
    assert HEAVY.isdisjoint(loaded.split())


def test_a_sign_in_imports_no_more_than_openssl() -> None:
    loaded = run_python(SIGN_IN + "import sys; print(*sys.modules)", "-I")
    assert (HEAVY - {"cryptography"}).isdisjoint(loaded.split())
