"""The reference user pool: every operation in one table, behind one method that does no I/O."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from functools import partial
from threading import RLock

from cognito_challenges.pool.errors import ServiceError
from cognito_challenges.pool.operations import (
    account,
    clients,
    exchange,
    groups,
    pools,
    sessions,
    signup,
    tags,
    unserved,
    users,
)
from cognito_challenges.pool.operations.declared import declared
from cognito_challenges.pool.options import Options
from cognito_challenges.pool.requests.members import MEMBERS
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.requests.shapes import checked
from cognito_challenges.pool.sign_in import devices, passkeys, refresh, signin, totp
from cognito_challenges.pool.store.journal import Journal
from cognito_challenges.pool.store.outbox import Outbox
from cognito_challenges.pool.store.state import State, Trigger
from cognito_challenges.pool.store.tokens import key_set, openid_configuration
from cognito_challenges.pool.store.triggers import KINDS
from cognito_srp.unpicklable import Unpicklable

OPERATIONS: Mapping[str, Callable[[State, Request], dict[str, object]]] = {
    **pools.OPERATIONS,
    **clients.OPERATIONS,
    **tags.OPERATIONS,
    **groups.OPERATIONS,
    **users.OPERATIONS,
    **sessions.OPERATIONS,
    **signup.OPERATIONS,
    **account.OPERATIONS,
    **devices.OPERATIONS,
    **passkeys.OPERATIONS,
    **totp.OPERATIONS,
    **refresh.OPERATIONS,
    **exchange.OPERATIONS,
    "InitiateAuth": lambda state, request: signin.initiate(state, "InitiateAuth", request),
    "AdminInitiateAuth": lambda state, request: signin.initiate(state, "AdminInitiateAuth", request),
    "RespondToAuthChallenge": lambda state, request: signin.respond(state, "RespondToAuthChallenge", request),
    "AdminRespondToAuthChallenge": lambda state, request: signin.respond(state, "AdminRespondToAuthChallenge", request),
}


STORED_ONLY = frozenset(
    {
        *tags.OPERATIONS,
        "GetUserPoolClientSessionConfiguration",
        "SetUserPoolClientSessionConfiguration",
    }
)
"""Operations that keep and give back what nothing else here depends on."""


def _in_milliseconds(clock: Callable[[], float]) -> float:
    """The time with three decimals, as the service gives its dates."""
    return int(clock() * 1000) / 1000


class PoolService(Unpicklable):
    """User pools in memory that check every proof, code and token.

    options: see `Options`; clock: Unix seconds; entropy: n bytes of randomness. Calls from several threads wait for
    one another. Nothing is written anywhere: a new object starts empty.
    """

    def __init__(
        self,
        options: Options | None = None,
        *,
        clock: Callable[[], float] = time.time,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._state = State(options or Options(), partial(_in_milliseconds, clock), entropy)
        self._lock = RLock()

    def __repr__(self) -> str:
        return f"PoolService({len(self._state.pools)} pools)"

    @property
    def options(self) -> Options:
        """The options it was made with."""
        return self._state.options

    @property
    def outbox(self) -> Outbox:
        """The SMS and e-mail messages that were sent."""
        return self._state.outbox

    @property
    def journal(self) -> Journal:
        """The sign-ins that happened, with their secrets masked."""
        return self._state.journal

    def call(self, operation: str, request: Mapping[str, object]) -> dict[str, object]:
        """Answer one request as the service would. Times are Unix seconds. Raises ServiceError."""
        if operation in unserved.NOT_SERVED:
            raise unserved.refusal(operation)
        act = OPERATIONS.get(operation)
        if act is None:
            raise ServiceError("UnknownOperationException", f"The operation {operation[:64]} is not known.")
        members = checked(MEMBERS[operation], dict(request))
        with self._lock:
            try:
                return act(self._state, Request(members))
            except ServiceError as error:
                raise declared(operation, error) from error.__cause__

    def connect(self, pool_id: str, kind: str, trigger: Trigger) -> None:
        """Make a Python callable the pool's Lambda trigger of a kind such as "PreSignUp" or "DefineAuthChallenge".

        It takes the event document and returns it with `response` filled in; it may call this service.
        Raises ValueError, with the names that there are, for any other kind.
        """
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}")
        with self._lock:
            pool = self._state.pool(pool_id)
            arn = f"arn:aws:lambda:{pool.region}:000000000000:function:{pool_id}-{kind}"
            config: dict[str, object] = {**pool.settings.document("LambdaConfig"), kind: arn}
            if kind == "PreTokenGeneration" and "PreTokenGenerationConfig" in config:
                versioned = pool.settings.structure("LambdaConfig").document("PreTokenGenerationConfig")
                config["PreTokenGenerationConfig"] = {**versioned, "LambdaArn": arn}
            pool.settings = Request({**pool.settings.members(), "LambdaConfig": config})
            self.register(arn, trigger)

    def register(self, arn: str, trigger: Trigger) -> None:
        """Say which Python callable stands behind the ARN of a Lambda function in a pool's LambdaConfig."""
        self._state.triggers[arn] = trigger

    def listens_at(self, url: str) -> None:
        """Make the URL that a server was started on the issuer of tokens, unless `Options.issuer` names another."""
        self._state.address = url

    def key_set(self, pool_id: str) -> dict[str, object]:
        """The pool's JSON Web Key Set. Raises ServiceError when there is no such pool."""
        self._state.pool(pool_id)
        return key_set()

    def openid_configuration(self, pool_id: str) -> dict[str, object]:
        """The pool's OpenID Connect discovery document. Raises ServiceError when there is no such pool."""
        return openid_configuration(self._state, self._state.pool(pool_id))
