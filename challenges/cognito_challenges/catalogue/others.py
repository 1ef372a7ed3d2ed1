"""Challenges of their own kind: a passkey, a question of the pool's Lambda triggers, and names not known here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .base import NOTHING, BaseChallenge, Response, credential_text, from_parameter, read_object


@dataclass(frozen=True, slots=True, kw_only=True)
class WebAuthn(BaseChallenge):
    """WEB_AUTHN: a passkey signs `options`, the PublicKeyCredentialRequestOptionsJSON."""

    name = "WEB_AUTHN"
    response_fields = ("CREDENTIAL",)
    options: Mapping[str, Any] = from_parameter(
        "CREDENTIAL_REQUEST_OPTIONS", read_object, default=NOTHING, in_repr=False
    )

    def response(self, credential: str | Mapping[str, Any]) -> Response:
        """Answer with the AuthenticationResponseJSON, as a document or as JSON text."""
        return self._response({"CREDENTIAL": credential_text(credential)})


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomChallenge(BaseChallenge):
    """CUSTOM_CHALLENGE: whatever the pool's Lambda triggers ask; `parameters` holds the question."""

    name = "CUSTOM_CHALLENGE"
    response_fields = ("ANSWER",)

    def response(self, answer: str) -> Response:
        """Answer the question."""
        return self._response({"ANSWER": answer})


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherChallenge(BaseChallenge):
    """A challenge of a name that this version does not know, with all that came with it.

    service_name: its ChallengeName. available: AvailableChallenges.
    """

    name = "*"
    response_fields = ("*",)
    service_name: str = ""
    available: tuple[str, ...] = ()

    @property
    def challenge_name(self) -> str:
        """The ChallengeName that an answer is sent under."""
        return self.service_name

    def response(self, responses: Mapping[str, str]) -> Response:
        """Answer with these ChallengeResponses; USERNAME, SECRET_HASH and DEVICE_KEY are added."""
        return self._response(responses)
