"""The foreign clients and servers, each made ready once."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cognito_challenges.pool import PoolService, running
from interop import custom_auth, servers
from interop.foreign_clients import AmazonCognitoIdentityJs
from interop.node_adapter import NodeAdapter
from interop.user_pools import Service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cognito_challenges.pool.store.outbox import Outbox

FOLDER = Path(__file__).parent


@pytest.fixture(scope="session")
def node() -> str:
    """The path of node; without node these tests are skipped, unless COGNITO_SRP_REQUIRE_ALL=1 forbids it."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return node
    reason = "node and npm are needed for the JavaScript judges, and at least one of them is not installed"
    if os.environ.get("COGNITO_SRP_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def node_modules(node: str) -> Path:
    """The installed packages, as package-lock.json names them."""
    installed = FOLDER / "node_modules" / ".package-lock.json"
    wanted = FOLDER / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime:
        subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=FOLDER, check=True)
    return installed.parent


@pytest.fixture(scope="session")
def amazon_cognito_identity_js(node: str, node_modules: Path) -> Iterator[AmazonCognitoIdentityJs]:
    """One node process for all: it remembers devices by app client, and each test has an app client of its own."""
    with NodeAdapter(node, "amazon-cognito-identity-js.mjs") as adapter:
        yield AmazonCognitoIdentityJs(adapter)


def _adapter(name: str) -> Any:
    """A fixture: the node process of one adapter, which serves all tests."""

    @pytest.fixture(scope="session", name=name.replace("-", "_").removeprefix("amazon_cognito_"))
    def adapter(node: str, node_modules: Path) -> Iterator[NodeAdapter]:
        with NodeAdapter(node, f"{name}.mjs") as running_adapter:
            yield running_adapter

    return adapter


aws_amplify = _adapter("aws-amplify")
cognito_srp_helper = _adapter("cognito-srp-helper")
passwordless_auth = _adapter("amazon-cognito-passwordless-auth")
aws_jwt_verify = _adapter("aws-jwt-verify")
cognito_srp = _adapter("cognito-srp")


@pytest.fixture(scope="session")
def ministack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """ministack: the only emulator to be had that verifies SRP proofs of users."""
    with servers.ministack(tmp_path_factory.mktemp("ministack")) as url:
        yield Service("ministack", url, servers.deploy_to_ministack(url, Path(custom_auth.__file__)))


@pytest.fixture(scope="session")
def pool_service() -> PoolService:
    return PoolService()


@pytest.fixture
def outbox(pool_service: PoolService) -> Outbox:
    """The messages that the reference pool has sent."""
    return pool_service.outbox


@pytest.fixture(scope="session")
def pool(pool_service: PoolService) -> Iterator[Service]:
    """Our reference pool, over HTTP from a thread of this process."""
    function = "arn:aws:lambda:us-east-1:000000000000:function:custom-auth"
    pool_service.register(function, custom_auth.handler)
    with running(pool_service) as url:
        yield Service("pool", url, function)


@pytest.fixture(scope="session", params=["ministack", "pool"])
def any_service(request: pytest.FixtureRequest) -> Service:
    """Each server in turn: a foreign client that one of them judges is itself judged by the other."""
    return request.getfixturevalue(request.param)
