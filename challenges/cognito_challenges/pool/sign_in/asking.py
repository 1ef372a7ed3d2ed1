"""How a challenge is put: under a fresh Session, or as an SRP challenge that its secret block finds again."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace

from cognito_challenges.pool.errors import invalid_parameter
from cognito_challenges.pool.explaining.probes import remember_challenge
from cognito_challenges.pool.store.attempt import Attempt, Probe, SrpChallenge
from cognito_challenges.pool.store.records import Device
from cognito_challenges.pool.store.state import State
from cognito_srp import PeerError, ServerSession, Verifier
from cognito_srp.encoding import integer_hex

SESSION_BYTES = 96
SECRET_BLOCK_BYTES = 96


def ask(state: State, attempt: Attempt, challenge: str, parameters: Mapping[str, str]) -> dict[str, object]:
    """The answer that puts a challenge, and the attempt kept under a fresh Session of 128 characters.

    After a sign-in by alias it names the user: later requests take the user name, not the alias.
    """
    session = state.token(SESSION_BYTES)
    remember(state, session, replace(attempt, awaits=challenge))
    by_alias = attempt.login_name != attempt.user.username
    named = {"USER_ID_FOR_SRP": attempt.user.username} if by_alias and "USERNAME" not in parameters else {}
    return {"ChallengeName": challenge, "ChallengeParameters": {**named, **parameters}, "Session": session}


def remember(state: State, session: str, attempt: Attempt) -> None:
    """Keep an attempt under a Session for as long as the app client's sessions last."""
    now = state.clock()
    lifetime = state.options.session_seconds or attempt.client.session_seconds
    state.sessions.put(session, attempt, now=now, expires=now + lifetime)


def ask_srp(
    state: State,
    attempt: Attempt,
    challenge: str,
    verifier: Verifier,
    start: Callable[[Callable[[int], bytes]], ServerSession],
    srp_a: str,
    parameters: Mapping[str, str],
    device: Device | None = None,
    probe: Probe | None = None,
) -> dict[str, object]:
    """The answer that puts an SRP challenge with SALT, SRP_B and SECRET_BLOCK beside the given parameters.

    verifier: what the user or device has; start: makes the server's session from a source of entropy; probe: a mistake
    that the challenge tests. Raises InvalidParameterException for an SRP_A that the engine refuses.
    """
    drawn: list[bytes] = []

    def entropy(size: int) -> bytes:
        drawn.append(state.entropy(size))
        return drawn[-1]

    try:
        server = start(entropy)
    except PeerError as error:
        raise invalid_parameter(f"Invalid SRP_A: it {error.detail}.") from None
    # A forced salt is a user's: a device's is whatever its owner registered.
    salt = server.salt if state.options.forced_salt is None or device is not None else state.options.forced_salt
    options = state.options
    session = state.token(SESSION_BYTES) if options.session_with_password_verifier else None
    srp = SrpChallenge(
        server,
        srp_a,
        salt,
        server.srp_b if probe is None else integer_hex(probe.srp_b(int.from_bytes(drawn[-1], "big"))),
        b64encode(state.entropy(SECRET_BLOCK_BYTES)).decode(),
        device,
        session,
        drawn[-1] if options.explain else None,
        verifier if options.explain else None,
        probe,
    )
    if options.explain:
        remember_challenge(state, attempt, srp)
    now = state.clock()
    state.sessions.put(
        srp.secret_block, replace(attempt, awaits=challenge, srp=srp), now=now, expires=now + options.challenge_seconds
    )
    answer: dict[str, object] = {
        "ChallengeName": challenge,
        "ChallengeParameters": {
            "SALT": salt,
            "SRP_B": srp.srp_b,
            "SECRET_BLOCK": srp.secret_block,
            **parameters,
        },
    }
    return answer if session is None else {**answer, "Session": session}
