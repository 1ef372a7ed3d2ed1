"""The same sign-in by each engine: ours in its settings, pycognito, and pysrp's ctypes build.

An engine is a pair of functions. `begin` draws `a` and gives the session with A computed; `prove` answers CHALLENGE.
Nothing is signed in anywhere: B comes from a verifier made here, and the proof is not sent.
"""

from __future__ import annotations

import warnings
from base64 import b64encode
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from cognito_srp import Device, PasswordSession, Verifier, formulas
from cognito_srp.arithmetic import Arithmetic, load, warm
from cognito_srp.group import G, N

POOL_ID, USERNAME, PASSWORD = "us-east-1_Ab1Cd2Ef3", "alice", "Correct horse, 1 battery"
SALT = 0x6C4A1C2F0E7B39D588A1027F3D5E9C41
VERIFIER = Verifier.for_user(POOL_ID, user_id=USERNAME, password=PASSWORD, salt=SALT)
PUBLIC_B = formulas.server_public_ephemeral(VERIFIER.value, N >> 2816, load("int"))
CHALLENGE = {
    "SALT": f"{SALT:x}",
    "SRP_B": f"{PUBLIC_B:x}",
    "SECRET_BLOCK": b64encode(bytes(range(256)) * 5).decode(),
    "USERNAME": USERNAME,
    "USER_ID_FOR_SRP": USERNAME,
}


@dataclass(frozen=True)
class Engine:
    """name: as the tables and the chart print it."""

    name: str
    begin: Callable[[], Any]
    prove: Callable[[Any], object]


def ours(name: str, arithmetic: Arithmetic) -> Engine:
    return Engine(
        name,
        lambda: PasswordSession(POOL_ID, username=USERNAME, password=PASSWORD, arithmetic=arithmetic),
        lambda session: session.prove(CHALLENGE),
    )


@cache
def default() -> Engine:
    return ours("cognito-srp", warm())


@cache
def blinded() -> Engine:
    return ours("cognito-srp, blinded table", warm().blinded())


@cache
def without_openssl() -> Engine:
    load("gmpy2").warm()
    return ours("cognito-srp without OpenSSL", load("gmpy2"))


@cache
def blinded_without_openssl() -> Engine:
    return ours("cognito-srp without OpenSSL, blinded table", load("gmpy2").blinded())


@cache
def pycognito() -> Engine:
    """Its maths alone: it is given a client, which it never uses here."""
    warnings.filterwarnings("ignore", message=".*utcnow", category=DeprecationWarning)
    from pycognito.aws_srp import AWSSRP

    return Engine(
        "pycognito",
        lambda: AWSSRP(USERNAME, PASSWORD, POOL_ID, "client id", client=object()),
        lambda session: session.process_challenge(CHALLENGE, session.get_auth_params()),
    )


@cache
def pysrp() -> Engine:
    """Generic SRP-6a in the same group with the same hash; its bytes are not Cognito's."""
    from srp import _ctsrp

    salt, public_b = SALT.to_bytes(16, "big"), PUBLIC_B.to_bytes(384, "big")

    def begin() -> Any:
        user = _ctsrp.User(USERNAME, PASSWORD, _ctsrp.SHA256, _ctsrp.NG_CUSTOM, b"%X" % N, b"%X" % G)
        user.start_authentication()
        return user

    return Engine("pysrp (ctypes, OpenSSL)", begin, lambda user: user.process_challenge(salt, public_b))


def sign_in(_number: int = 0) -> str:
    """One whole sign-in of ours, for worker processes."""
    engine = default()
    return engine.prove(engine.begin()).signature


def register_device() -> object:
    return Device.register(key="us-east-1_device", group_key="-group")


def pycognito_registers_device() -> object:
    from pycognito.aws_srp import generate_hash_device

    return generate_hash_device("-group", "us-east-1_device")


FLOOR_EXPONENT = N >> 2560
"""512 bits, as a + u x has next to always; OpenSSL would take an eighth longer over one more."""


def floor() -> None:
    """What step 2 cannot do without: the exponentiation that gives S, and a walk for g**x."""
    by = warm()
    by.power(PUBLIC_B, FLOOR_EXPONENT)
    by.generator_power(SALT << 120 | 1)
