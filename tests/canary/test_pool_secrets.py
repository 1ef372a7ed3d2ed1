"""The reference pool tells no secret either: not of its users, not of its clients, not of a sign-in that it saw."""

import logging
import pickle
import traceback
from typing import Any

import pytest

from cognito_challenges import AppClient, ServiceError, SignedIn, SignIn, UsageError, drive
from cognito_challenges.pool import Options, PoolService
from cognito_challenges.transports.memory import memory_transport

PASSWORD = "Canary-passw0rd"
WRONG = "Canary-wr0ng-password"


class Scene:
    """A pool with one user and one secret client, and what nobody but them may read."""

    def __init__(self, *, explain: bool) -> None:
        self.service = PoolService(Options(explain=explain))
        pool: Any = self.service.call("CreateUserPool", {"PoolName": "pool"})
        pool_id = pool["UserPool"]["Id"]
        flows = ["ALLOW_USER_SRP_AUTH", "ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
        request = {"UserPoolId": pool_id, "ClientName": "c", "GenerateSecret": True, "ExplicitAuthFlows": flows}
        client: Any = self.service.call("CreateUserPoolClient", request)
        made = client["UserPoolClient"]
        self.client = AppClient(pool_id, made["ClientId"], client_secret=made["ClientSecret"])
        self.service.call(
            "AdminCreateUser", {"UserPoolId": pool_id, "Username": "alice", "TemporaryPassword": WRONG + "1"}
        )
        request = {"UserPoolId": pool_id, "Username": "alice", "Password": PASSWORD, "Permanent": True}
        self.service.call("AdminSetUserPassword", request)
        self.secrets = [PASSWORD, WRONG, made["ClientSecret"]]

    def sign_in(self, password: str, flow: Any = "USER_SRP_AUTH") -> SignedIn:
        attempt = SignIn(self.client, username="alice", password=password, flow=flow)
        step = drive(attempt, memory_transport(self.service.call))
        assert isinstance(step, SignedIn)
        self.secrets += [step.tokens.access, step.tokens.id or "", step.tokens.refresh or ""]
        return step

    def silent(self, *texts: str) -> None:
        for text in texts:
            for secret in self.secrets:
                assert secret not in text


@pytest.fixture(params=[False, True], ids=["plain", "explaining"])
def scene(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Scene:
    caplog.set_level(logging.DEBUG)
    return Scene(explain=request.param)


@pytest.mark.parametrize("flow", ["USER_SRP_AUTH", "USER_PASSWORD_AUTH"])
def test_a_pool_that_saw_a_sign_in_is_silent(scene: Scene, flow: str, caplog: pytest.LogCaptureFixture) -> None:
    scene.sign_in(PASSWORD, flow)
    with pytest.raises(ServiceError) as caught:
        scene.sign_in(WRONG, flow)
    scene.silent("".join(traceback.format_exception(caught.value)), repr(caught.value), repr(caught.value.args))
    state = scene.service._state
    scene.silent(repr(scene.service), repr(state), repr(scene.service.journal), repr(scene.service.outbox))
    for pool in state.pools.values():
        scene.silent(repr(pool), *map(repr, pool.names.values()))
    scene.silent(*map(repr, state.clients.values()))
    scene.silent(*(record.getMessage() for record in caplog.get_records("call")))


def test_the_journal_masks_what_it_keeps(scene: Scene) -> None:
    scene.sign_in(PASSWORD)
    scene.sign_in(PASSWORD, "USER_PASSWORD_AUTH")
    kept = scene.service.journal
    records = [getattr(kept, name) for name in dir(kept) if not name.startswith("__")]
    assert "alice" in repr(records)
    scene.silent(repr(records))


def test_a_pool_is_not_pickled(scene: Scene) -> None:
    scene.sign_in(PASSWORD)
    with pytest.raises(UsageError, match="pickled"):
        pickle.dumps(scene.service)
