"""What the pool says of a table of broken clients: the exact name for each, and none that is wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from cognito_challenges.pool import Options, PoolService, ServiceError
from support import oracle
from support.broken_clients import (
    FORMER_PASSWORD,
    IN_X,
    PASSWORD,
    PROOFS,
    SATURDAY,
    UNEXPLAINED,
    Broken,
    Challenge,
    Client,
    power,
)
from support.broken_clocks import STAMPS

MOST_ATTEMPTS = 2_000


@dataclass
class Bench:
    """A pool whose users have a name outside ASCII and an alias. Each client signs in as a user of its own."""

    options: Options
    now: float = SATURDAY
    stale: Challenge | None = None
    users: int = 0
    service: PoolService = field(init=False)

    def __post_init__(self) -> None:
        self.service = PoolService(self.options, clock=lambda: self.now)
        made: Any = self.service.call(
            "CreateUserPool", {"PoolName": "clients", "AliasAttributes": ["preferred_username"]}
        )
        self.pool_id = made["UserPool"]["Id"]
        app: Any = self.service.call("CreateUserPoolClient", {"UserPoolId": self.pool_id, "ClientName": "c"})
        self.client_id = app["UserPoolClient"]["ClientId"]

    def user(self) -> str:
        """The alias of a new user."""
        self.users += 1
        self.stale = None
        user = {"UserPoolId": self.pool_id, "Username": f"zoë-{self.users}"}
        alias = f"ally-{self.users}"
        attributes = [{"Name": "preferred_username", "Value": alias}]
        self.service.call("AdminCreateUser", {**user, "MessageAction": "SUPPRESS", "UserAttributes": attributes})
        for password in (FORMER_PASSWORD, PASSWORD):
            self.service.call("AdminSetUserPassword", {**user, "Password": password, "Permanent": True})
        return alias

    def attempt(self, client: Client, alias: str) -> str | None:
        """The explanation of a refusal, "" for tokens, None when the client's mistake did not show and was not sent."""
        a = client.draw()
        srp_a = power(client.g, a, oracle.N)
        parameters = {"USERNAME": alias, "SRP_A": f"{srp_a:x}"}
        asked: Any = self.service.call(
            "InitiateAuth", {"ClientId": self.client_id, "AuthFlow": "USER_SRP_AUTH", "AuthParameters": parameters}
        )
        put = asked["ChallengeParameters"]
        at = Challenge(
            self.pool_id, alias, put["USER_ID_FOR_SRP"], PASSWORD, put["SALT"], int(put["SRP_B"], 16),
            put["SECRET_BLOCK"], self.now, a, srp_a, self.stale,
        )  # fmt: skip
        claim = None if self.stale is None else client.claim(at)
        self.stale = at
        if claim is None:
            return None
        return self.respond({"USERNAME": put["USERNAME"], "PASSWORD_CLAIM_SECRET_BLOCK": put["SECRET_BLOCK"], **claim})

    def respond(self, responses: dict[str, str]) -> str:
        request = {"ClientId": self.client_id, "ChallengeName": "PASSWORD_VERIFIER", "ChallengeResponses": responses}
        try:
            self.service.call("RespondToAuthChallenge", request)
        except ServiceError as error:
            return error.explanation.mistake if error.explanation else "no explanation"
        return ""

    def refusal(self, client: Client, alias: str) -> str:
        """What the first proof that the client sends is refused with."""
        for _ in range(MOST_ATTEMPTS):
            said = self.attempt(client, alias)
            if said is not None:
                return said
        raise AssertionError("the mistake never showed")


@pytest.fixture(scope="module")
def benches() -> dict[tuple[str, bool], Bench]:
    return {}


def bench_for(benches: dict[tuple[str, bool], Bench], salt: str, probe: bool) -> Bench:
    if (salt, probe) not in benches:
        benches[salt, probe] = Bench(Options(explain=True, probe=probe, probe_after=1, forced_salt=salt or None))
    return benches[salt, probe]


@pytest.fixture(scope="module")
def said(benches: dict[tuple[str, bool], Bench]) -> dict[str, str]:
    """What each client was told at its first refusal, by title; filled by the tests."""
    return {}


def test_the_client_without_a_mistake(benches):
    at = bench_for(benches, "", False)
    assert at.refusal(Client(), at.user()) == ""


@pytest.mark.parametrize("broken", PROOFS, ids=lambda broken: broken.title)
def test_first_refused_proof(benches, said, broken: Broken):
    at = bench_for(benches, broken.salt, False)
    said[broken.title] = at.refusal(broken.client, at.user())
    assert said[broken.title] == broken.first


@pytest.mark.parametrize("broken", IN_X, ids=lambda broken: broken.title)
def test_after_probes(benches, said, broken: Broken):
    """A mistake in x, k or g is named by the probe for it, and by no other."""
    at = bench_for(benches, broken.salt, True)
    alias, heard = at.user(), ["probe"]
    assert at.refusal(broken.client, alias) == UNEXPLAINED
    while heard[-1] == "probe":
        assert len(heard) < 100, "the probes do not end"
        heard.append(at.refusal(broken.client, alias))
    said[f"{broken.title}, probed"] = heard[-1]
    assert heard[-1] == broken.probed
    assert at.refusal(Client(), alias) == ""


@pytest.mark.parametrize(("title", "now", "stamp", "name"), STAMPS, ids=[stamp[0] for stamp in STAMPS])
def test_timestamps(benches, said, title, now, stamp, name):
    at = bench_for(benches, "", False)
    at.now = now
    try:
        alias = f"ally-{at.users}" if at.users else at.user()
        client = Client(stamp=stamp, text=lambda text: text.encode())
        said[f"{title} (TIMESTAMP)"] = at.refusal(client, alias)
    finally:
        at.now = SATURDAY
    assert said[f"{title} (TIMESTAMP)"] == name


def test_counts(said, capsys):
    """At least 120 clients, at least 90 of them named without a probe. The tests above say that no name is wrong."""
    first = {title: name for title, name in said.items() if not title.endswith(", probed")}
    named = sum(name != UNEXPLAINED for name in first.values())
    probed = sum(title.endswith(", probed") for title in said)
    with capsys.disabled():
        print(f"\n{len(first)} broken clients: {named} named at the first refusal, {probed} more after probes")
    if len(first) == len(PROOFS) + len(STAMPS):  # not when single tests were picked
        assert len(first) >= 120
        assert named >= 90
