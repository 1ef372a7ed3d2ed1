"""One user, one device and one challenge for each, with every number from the oracle."""

import base64
from dataclasses import dataclass
from functools import cache

import pytest

from cognito_srp import Claim, Device, DeviceSession, PasswordSession
from support import oracle

NOW = 1772841909
SALT = 0xE5C0FFEE00112233445566778899AABB
A = int.from_bytes(b"client's ephemeral exponent, a..", "big")
B = int.from_bytes(b"server's ephemeral exponent, b..", "big")
BLOCK = b"opaque to everyone but the service" * 20


@cache
def honest(group_name: str, identity: str, password: str) -> tuple[int, str]:
    """Public B, and the one right signature."""
    x = oracle.private_key(SALT, group_name, identity, password)
    public_a, public_b = pow(oracle.g, A, oracle.N), oracle.server_public(x, B)
    u = oracle.scrambler(public_a, public_b)
    key = oracle.session_key(oracle.server_premaster(B, public_a, x, u), u)
    return public_b, oracle.signature(key, group_name, identity, BLOCK, oracle.timestamp(NOW))


@dataclass
class Scene:
    """A client and the honest challenge that it meets: group_name and identity are hashed, the rest is drawn above."""

    group_name: str
    identity: str
    password: str

    def session(self, *, entropy=lambda n: A.to_bytes(n, "big"), clock=lambda: NOW) -> PasswordSession | DeviceSession:
        raise NotImplementedError

    def parameters(self, **changes: object) -> dict[str, object]:
        """The honest challenge, but for the changes: ... leaves a parameter out."""
        honest_ones = {
            "SALT": f"{SALT:x}",
            "SRP_B": f"{honest(self.group_name, self.identity, self.password)[0]:x}",
            "SECRET_BLOCK": base64.b64encode(BLOCK).decode(),
            "USERNAME": self.identity,
        }
        return {name: value for name, value in (honest_ones | changes).items() if value is not ...}

    def accepts(self, claim: Claim) -> bool:
        return claim.signature == honest(self.group_name, self.identity, self.password)[1]


class User(Scene):
    def session(self, *, entropy=lambda n: A.to_bytes(n, "big"), clock=lambda: NOW) -> PasswordSession:
        return PasswordSession(
            f"us-east-1_{self.group_name}", username="login name", password=self.password, entropy=entropy, clock=clock
        )

    def parameters(self, **changes: object) -> dict[str, object]:
        return super().parameters(**{"USER_ID_FOR_SRP": self.identity} | changes)


class RememberedDevice(Scene):
    def session(self, *, entropy=lambda n: A.to_bytes(n, "big"), clock=lambda: NOW) -> DeviceSession:
        return DeviceSession(
            Device(key=self.identity, group_key=self.group_name, password=self.password), entropy=entropy, clock=clock
        )


@pytest.fixture
def user() -> User:
    return User("Ab1Cd2Ef3", "6d7c2a1e-user-id", "pässwörd 🔑")


@pytest.fixture
def device() -> RememberedDevice:
    return RememberedDevice("-group", "us-east-1_device-key", base64.b64encode(bytes(range(40))).decode())


@pytest.fixture(params=["user", "device"])
def scene(request: pytest.FixtureRequest) -> Scene:
    return request.getfixturevalue(request.param)
