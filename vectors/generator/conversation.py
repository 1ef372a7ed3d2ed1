"""One attempt to sign in, written down: requests as the protocol wants them, answers as a pool would give them."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass, field
from typing import Any

from cognito_srp import Device, formulas, secret_hash, timestamp
from cognito_srp.group import K, N

from .claims import NOW, POOL_ID, POOL_NAME, Identity, Numbers
from .drbg import draw, integer
from .texts import CLIENT_ID, CLIENT_SECRET

SUB = "7d1f2c3a-54be-4c0f-9a4e-0b1c2d3e4f50"
TOKENS = {
    "AccessToken": "eyJhbGciOiJSUzI1NiJ9.access.example",
    "ExpiresIn": 3600,
    "TokenType": "Bearer",
    "RefreshToken": "eyJjdHkiOiJKV1QifQ.refresh.example",
    "IdToken": "eyJhbGciOiJSUzI1NiJ9.id.example",
}
Parameters = dict[str, Any]


@dataclass
class Conversation:
    """Requests follow from what is known so far: names, secret, device, and the Session of the last answer.

    login: what the user types; name: ChallengeParameters.USERNAME, absent when None; user_id: USER_ID_FOR_SRP.
    """

    label: str
    secret: bool = False
    login: str = "alice"
    name: str | None = "alice"
    user_id: str = "alice"
    password: str = "Tr0ub4dor&3"
    device: Device | None = None
    sessions: bool = True
    admin: bool = False
    now: int = NOW
    extra: Parameters = field(default_factory=dict)
    steps: list[dict[str, Any]] = field(default_factory=list)
    ephemerals: list[int] = field(default_factory=list)
    session: str | None = None
    names_user: bool = False

    def sign_in(self) -> Parameters:
        """`input`: what an implementation is given. `a` in the order of use."""
        device = self.device and {
            "key": self.device.key,
            "group_key": self.device.group_key,
            "password": self.device.password,
        }
        return {
            "pool_id": POOL_ID,
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET if self.secret else None,
            "username": self.login,
            "password": self.password,
            "device": device,
            "a": [f"{a:x}" for a in self.ephemerals],
            "now": self.now,
        }

    def exchange(
        self, operation: str, request: Parameters, answer: Parameters, given: Parameters | None = None
    ) -> None:
        """One request and its answer; `given` is what a person or the caller adds before it."""
        step: dict[str, Any] = {"given": given} if given else {}
        self.steps.append({**step, "request": {"operation": operation, "parameters": request}, "answer": answer})
        self.session = answer.get("Session")

    def error(self, code: str, message: str) -> Parameters:
        """An answer that is an error."""
        return {"__type": code, "message": message}

    def initiate(self, flow: str, parameters: Parameters, answer: Parameters, given: Parameters | None = None) -> None:
        """InitiateAuth or AdminInitiateAuth; SECRET_HASH over the login name."""
        sent = {"USERNAME": self.login, **parameters}
        if self.secret:
            sent["SECRET_HASH"] = secret_hash(self.login, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
        if self.device:
            sent["DEVICE_KEY"] = self.device.key
        request: Parameters = {"ClientId": CLIENT_ID, "AuthFlow": flow, "AuthParameters": sent, **self.extra}
        if self.admin:
            request = {"UserPoolId": POOL_ID, **request}
        self.exchange("AdminInitiateAuth" if self.admin else "InitiateAuth", request, answer, given)

    def respond(
        self, challenge: str, responses: Parameters, answer: Parameters, given: Parameters | None = None
    ) -> None:
        """RespondToAuthChallenge; SECRET_HASH over the USERNAME that goes with it, Session when there was one.

        USERNAME is the challenge's own, else its USER_ID_FOR_SRP, else the login name.
        """
        named = self.user_id if self.name is None else self.name
        username = named if self.names_user else self.login
        sent = {"USERNAME": username, **responses}
        if self.secret:
            sent["SECRET_HASH"] = secret_hash(username, client_id=CLIENT_ID, client_secret=CLIENT_SECRET)
        if self.device:
            sent["DEVICE_KEY"] = self.device.key
        request: Parameters = {
            "ClientId": CLIENT_ID,
            "ChallengeName": challenge,
            "ChallengeResponses": sent,
            **self.extra,
        }
        if self.session is not None:
            request["Session"] = self.session
        if self.admin:
            request = {"UserPoolId": POOL_ID, **request}
        self.exchange("AdminRespondToAuthChallenge" if self.admin else "RespondToAuthChallenge", request, answer, given)

    def challenge(self, name: str, parameters: Parameters | None = None, **beside: Any) -> Parameters:
        """An answer that is a challenge, with a fresh Session where this pool sends one."""
        made: Parameters = {"ChallengeName": name, "ChallengeParameters": parameters or {}, **beside}
        if self.sessions:
            made["Session"] = b64encode(draw(f"{self.label} session {len(self.steps)}", 48)).decode()
        return made

    def signed_in(self, **metadata: Any) -> Parameters:
        """An answer that carries tokens."""
        return {"AuthenticationResult": {**TOKENS, **metadata}, "ChallengeParameters": {}}

    def ephemeral(self) -> str:
        """A fresh a; returns SRP_A."""
        self.ephemerals.append(integer(f"{self.label} a {len(self.ephemerals)}"))
        return f"{formulas.public_ephemeral(self.ephemerals[-1]):x}"

    def password_verifier(self, *, negative_salt: bool = False) -> tuple[Parameters, Parameters]:
        """(the challenge PASSWORD_VERIFIER, its right responses)."""
        self.names_user = True
        who = Identity(POOL_NAME, self.user_id, self.password)
        parameters, responses = self._proof(who, negative_salt=negative_salt)
        if self.name is not None:
            parameters["USERNAME"] = self.name
        parameters["USER_ID_FOR_SRP"] = self.user_id
        return self.challenge("PASSWORD_VERIFIER", parameters), responses

    def device_verifier(self) -> tuple[Parameters, Parameters]:
        """(the challenge DEVICE_PASSWORD_VERIFIER, its right responses)."""
        assert self.device
        who = Identity(self.device.group_key, self.device.key, self.device.password)
        parameters, responses = self._proof(who)
        parameters |= {"DEVICE_KEY": self.device.key, "USERNAME": self.name or self.login}
        return self.challenge("DEVICE_PASSWORD_VERIFIER", parameters), responses

    def _proof(self, who: Identity, *, negative_salt: bool = False) -> tuple[Parameters, Parameters]:
        label = f"{self.label} {len(self.steps)}"
        salt = integer(f"{label} salt", 16) * (-1 if negative_salt else 1)
        b = integer(f"{label} b")
        public_b = (K * formulas.password_verifier(who.x(salt)) + formulas.public_ephemeral(b)) % N
        numbers = Numbers.of(who, salt, self.ephemerals[-1], public_b, b)
        block = draw(f"{label} block", 48)
        text, moment = b64encode(block).decode(), timestamp(self.now)
        parameters = {"SALT": f"{salt:x}", "SRP_B": f"{public_b:x}", "SECRET_BLOCK": text}
        return parameters, {
            "PASSWORD_CLAIM_SIGNATURE": formulas.claim_signature(
                numbers.key,
                group_name=who.group.encode(),
                identity=who.identity.encode(),
                secret_block=block,
                timestamp=moment.encode(),
            ),
            "PASSWORD_CLAIM_SECRET_BLOCK": text,
            "TIMESTAMP": moment,
        }

    def srp(self, answer: Parameters) -> None:
        """USER_SRP_AUTH and PASSWORD_VERIFIER, ending in `answer`."""
        a = self.ephemeral()
        challenge, responses = self.password_verifier()
        self.initiate("USER_SRP_AUTH", {"SRP_A": a}, challenge)
        self.respond("PASSWORD_VERIFIER", responses, answer)

    def device_srp(self, answer: Parameters) -> None:
        """DEVICE_SRP_AUTH and DEVICE_PASSWORD_VERIFIER, ending in `answer`."""
        a = self.ephemeral()
        challenge, responses = self.device_verifier()
        self.respond("DEVICE_SRP_AUTH", {"SRP_A": a}, challenge)
        self.respond("DEVICE_PASSWORD_VERIFIER", responses, answer)
