"""Mistakes in x, tested one a challenge: the names, passwords and salts that a client may have put into it.

After two refusals that nothing else explains, the pool makes B with the g^x of one such mistake. A client that makes
the mistake then gives itself away; it is refused all the same. So a pool that explains may refuse a right password a
few times after two wrong ones: `Options.probe_after` says when this starts, and 0 turns it off.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from hashlib import sha256

from cognito_challenges.pool.errors import Explanation
from cognito_challenges.pool.explaining.explain import explanation, other_names, proof_mistakes
from cognito_challenges.pool.store.attempt import Attempt, SrpChallenge
from cognito_challenges.pool.store.records import User
from cognito_challenges.pool.store.state import State
from cognito_challenges.pool.store.suspicion import Suspicion
from cognito_srp import Verifier, formulas
from cognito_srp.encoding import integer_bytes

REMEMBERED_CHALLENGES = 8
FORGET_SECONDS = 600


def choose_verifier(state: State, attempt: Attempt, verifier: Verifier) -> tuple[Verifier, str]:
    """The verifier to make B with, and the mistake that it tests: the user's own and none but after refusals."""
    suspicion = _suspicion(state, attempt)
    after = state.options.probe_after
    if after and suspicion.refusals >= after:
        for mistake, value in _candidates(state, attempt, verifier):
            if f"{mistake} {value}" not in suspicion.tested:
                suspicion.tested.add(f"{mistake} {value}")
                return Verifier(salt=verifier.salt, value=value), mistake
        # Everything was tested in vain: back to where the user's own verifier counts.
        suspicion.refusals = 0
        suspicion.tested.clear()
    return verifier, ""


def remember_challenge(state: State, attempt: Attempt, srp: SrpChallenge) -> None:
    """Keep a challenge, for a later proof that turns out to be meant for it."""
    suspicion = _suspicion(state, attempt)
    suspicion.challenges = (*suspicion.challenges, srp)[-REMEMBERED_CHALLENGES:]


def explain_refusal(state: State, attempt: Attempt, given: Mapping[str, str]) -> Explanation:
    """Why a proof was refused, as far as this challenge can tell."""
    srp = attempt.srp
    suspicion = _suspicion(state, attempt)
    mistakes = proof_mistakes(attempt, given, suspicion.challenges)
    if mistakes is not None:
        forget(state, attempt)
        probed = frozenset({srp.probes}) if srp is not None and srp.probes else frozenset[str]()
        return explanation(mistakes | probed)
    suspicion.refusals += 1
    return _unexplained(state, attempt, srp, suspicion)


def probe_hit(state: State, attempt: Attempt, mistake: str) -> Explanation:
    """The explanation of a proof that fits the mistake under test, and nothing but it."""
    forget(state, attempt)
    return explanation(frozenset({mistake}))


def forget(state: State, attempt: Attempt) -> None:
    """Start anew with the user: a proof held or was explained."""
    _suspicion(state, attempt).refusals = 0
    _suspicion(state, attempt).tested.clear()


def password_mistake(user: User, given: str) -> Explanation | None:
    """The mistake in a password that was sent in plain text."""
    if not user.passwords:
        return None
    for mistake, password in _passwords(user):
        if password == given:
            return explanation(frozenset({mistake}))
    return None


def _unexplained(state: State, attempt: Attempt, srp: SrpChallenge | None, suspicion: Suspicion) -> Explanation:
    if srp is not None and srp.probes:
        return Explanation("unexplained", f"This challenge tested for {srp.probes}, and it was not that.")
    if srp is not None and srp.device is not None:
        return Explanation("unexplained", "The device password differs, or its name, or its salt.")
    if state.options.probe_after:
        left = sum(1 for _ in _candidates(state, attempt, attempt.user.verifier)) if attempt.user.verifier else 0
        more = max(state.options.probe_after - suspicion.refusals, 0) + left
        return Explanation(
            "unexplained",
            "The password differs, or the names or salt hashed with it. "
            f"Sign in again with the same client, up to {more} times: the challenges will test one mistake each.",
        )
    return Explanation("unexplained", "The password differs, or the names or salt hashed with it.")


def _candidates(state: State, attempt: Attempt, verifier: Verifier | None) -> Iterator[tuple[str, int]]:
    """Each mistake with its g^x, as far as that differs from the right one."""
    user, pool = attempt.user, attempt.pool
    if verifier is None or not user.passwords:
        return
    password, name, right = user.passwords[-1], pool.pool_id.rpartition("_")[2], integer_bytes(verifier.salt)
    wire = state.options.forced_salt or f"{verifier.salt:x}"
    tried: list[tuple[str, bytes, str, str, str]] = [
        *(("login-name", right, name, other, password) for other in other_names(attempt)),
        ("whole-pool-id", right, pool.pool_id, user.username, password),
        *((mistake, salt, name, user.username, password) for mistake, salt in _salts(verifier.salt, wire)),
        *((mistake, right, name, user.username, other) for mistake, other in _passwords(user)),
    ]
    seen = {verifier.value}
    for mistake, salt, group, identity, tried_password in tried:
        inner = sha256(f"{group}{identity}:{tried_password}".encode()).digest()
        value = formulas.password_verifier(int.from_bytes(sha256(salt + inner).digest(), "big"))
        if value not in seen:
            seen.add(value)
            yield mistake, value


def _salts(salt: int, wire: str) -> Iterator[tuple[str, bytes]]:
    digits = wire if len(wire) % 2 == 0 else f"0{wire}"
    yield "salt-padded-as-text", bytes.fromhex(f"00{digits}" if digits[0] in "89abcdefABCDEF" else digits)
    yield "unpadded-salt", salt.to_bytes(max(1, (salt.bit_length() + 7) // 8), "big")
    if salt.bit_length() <= 128:
        yield "fixed-width-salt", salt.to_bytes(16, "big")
    yield "salt-as-text", wire.encode()


def _passwords(user: User) -> Iterator[tuple[str, str]]:
    password = user.passwords[-1]
    yield "nfc-password", unicodedata.normalize("NFC", password)
    yield "nfd-password", unicodedata.normalize("NFD", password)
    for spaced in (f"{password} ", f" {password}", f"{password}\n", f" {password} ", f"{password}\r\n"):
        yield "space-around-password", spaced
    for earlier in reversed(user.passwords[:-1]):
        yield "password-of-another-attempt", earlier


def _suspicion(state: State, attempt: Attempt) -> Suspicion:
    """The record of this user and client; it starts anew after ten quiet minutes."""
    key, now = f"{attempt.client.client_id} {attempt.user.username}", state.clock()
    entry = state.suspicions.get(key)
    suspicion = entry.value if entry else None
    if suspicion is None or now - suspicion.at > FORGET_SECONDS:
        suspicion = Suspicion(at=now)
        state.suspicions.put(key, suspicion, now=now, expires=now + 10 * FORGET_SECONDS)
    suspicion.at = now
    return suspicion
