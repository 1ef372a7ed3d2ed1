"""Amplify 6 at one user pool: what its front end calls, and which step it says comes next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from interop.node_adapter import JavaScriptError

if TYPE_CHECKING:
    from interop.node_adapter import NodeAdapter
    from interop.user_pools import UserPool

DONE = "DONE"


@dataclass(frozen=True)
class Amplify:
    """The library, configured for a pool. Raises node_adapter.JavaScriptError when it throws."""

    adapter: NodeAdapter
    pool: UserPool

    def __post_init__(self) -> None:
        self.adapter.call("configure", self.pool.service.endpoint_url, self.pool.pool_id, self.pool.client_id)

    @property
    def requests(self) -> list[str]:
        """What the last call sent."""
        return self.adapter.requests

    def call(self, name: str, **given: Any) -> Any:
        return self.adapter.call(name, given)

    def sign_in(self, username: str, password: str | None = None, **options: Any) -> str:
        """The step that comes next, after signing out whoever is signed in."""
        self.call("signOut")
        given = {"username": username, "options": options}
        return self.step("signIn", **given if password is None else {**given, "password": password})

    def answer(self, response: str, **options: Any) -> str:
        """Answer a challenge; the step that comes next."""
        return self.step("confirmSignIn", challengeResponse=response, options=options)

    def step(self, name: str, **given: Any) -> str:
        step = self.call(name, **given)["nextStep"]
        return step.get("signInStep") or step["signUpStep"]

    def username(self) -> str:
        """Whom the access token is of, as the pool's server tells."""
        return self.pool.client.get_user(AccessToken=self.tokens()["access"])["Username"]

    def tokens(self, **options: Any) -> dict[str, str]:
        """The tokens that the library holds; refreshed with `forceRefresh=True`."""
        return self.adapter.call("tokens", options)


def refusal(amplify: Amplify, name: str, *given: Any, **options: Any) -> tuple[str, str]:
    """Code and message of the error that a method of Amplify ends in."""
    with pytest.raises(JavaScriptError) as caught:
        getattr(amplify, name)(*given, **options)
    return caught.value.code, caught.value.message
