"""Mistakes in x, k and g, tested one a challenge.

After some refusals that nothing else explains, a pool that probes makes B with the numbers of one such mistake. A
client that makes the mistake then gives itself away. A probe is always refused, a right password too, which is why
`Options.probe` has to be asked for and every answer to a probe says that it was one.
"""

from __future__ import annotations

from collections.abc import Mapping

from cognito_challenges.pool.errors import Explanation
from cognito_challenges.pool.explaining.explain import proof_mistakes
from cognito_challenges.pool.explaining.hypotheses import hypotheses, passwords_mistaken_for
from cognito_challenges.pool.explaining.mistakes import explanation
from cognito_challenges.pool.store.attempt import Attempt, Probe, SrpChallenge
from cognito_challenges.pool.store.records import User
from cognito_challenges.pool.store.state import State
from cognito_challenges.pool.store.suspicion import Suspicion
from cognito_srp import Verifier

REMEMBERED_CHALLENGES = 5
FORGET_SECONDS = 600
_WAS_A_PROBE = "This challenge was a probe, which is always refused: a right password would have been refused too."


def choose_probe(state: State, attempt: Attempt, verifier: Verifier) -> Probe | None:
    """The mistake that the next challenge of this user and client tests; None as long as there is no reason to."""
    suspicion = _suspicion(state, attempt)
    if not state.options.probe or suspicion.refusals < state.options.probe_after:
        return None
    return next(iter(_untested(state, attempt, verifier, suspicion)), None)


def remember_challenge(state: State, attempt: Attempt, srp: SrpChallenge) -> None:
    """Keep a challenge, for a later proof that turns out to be meant for it."""
    suspicion = _suspicion(state, attempt)
    suspicion.challenges = (*suspicion.challenges, srp)[-REMEMBERED_CHALLENGES:]


def explain_refusal(state: State, attempt: Attempt, given: Mapping[str, str]) -> Explanation:
    """Why a proof was refused, as far as this challenge can tell."""
    srp = attempt.srp
    suspicion = _suspicion(state, attempt)
    mistakes = proof_mistakes(attempt, given, suspicion.challenges)
    probe = None if srp is None else srp.probe
    if mistakes is None:
        suspicion.refusals += 1
        if probe is not None:
            suspicion.tested.add(probe)
        return _unexplained(state, attempt, suspicion, probe)
    forget(state, attempt)
    if probe is None:
        return explanation(mistakes)
    return explanation(mistakes | {probe.mistake}, _WAS_A_PROBE)


def forget(state: State, attempt: Attempt) -> None:
    """Start anew with the user: a proof held or was explained."""
    suspicion = _suspicion(state, attempt)
    suspicion.refusals = 0
    suspicion.tested.clear()


def password_mistake(user: User, given: str) -> Explanation | None:
    """The mistake in a password that was sent in plain text."""
    if not user.passwords:
        return None
    for mistake, password in passwords_mistaken_for(user):
        if password == given:
            return explanation({mistake})
    return None


def _unexplained(state: State, attempt: Attempt, suspicion: Suspicion, probe: Probe | None) -> Explanation:
    if attempt.srp is not None and attempt.srp.device is not None:
        return Explanation(
            "unexplained", "No known mistake fits. A device's password, names and salt in x cannot be tested."
        )
    verifier = attempt.user.verifier
    untested = _untested(state, attempt, verifier, suspicion) if state.options.probe and verifier else []
    if probe is not None:
        rest = f"{len(untested)} more to come." if untested else "It was the last one: no known mistake fits."
        return Explanation("probe", f"{_WAS_A_PROBE} It tested for {probe.mistake}, and it was not that. {rest}")
    if not state.options.probe:
        return Explanation(
            "unexplained",
            "No known mistake fits. What is left: another password, another name, pool or salt in x, another k or g, "
            "or a mistake unknown here. A pool that probes can test for those in x, k and g.",
        )
    if not untested:
        return Explanation(
            "unexplained",
            "No known mistake fits, those in x, k and g included: another password, or a mistake unknown here. "
            "No more probes will be made until a proof holds.",
        )
    refusals = max(state.options.probe_after - suspicion.refusals, 0)
    return Explanation(
        "unexplained",
        "No known mistake fits that one proof can show. "
        + (f"After {refusals} more like it" if refusals else "From now on")
        + f" up to {len(untested)} challenges of this user and client will be probes, which are always refused.",
    )


def _untested(state: State, attempt: Attempt, verifier: Verifier, suspicion: Suspicion) -> list[Probe]:
    of = (attempt.login_name, verifier.value)
    if suspicion.candidates_of != of:
        suspicion.candidates_of = of
        suspicion.candidates = tuple(hypotheses(attempt, verifier, state.options.forced_salt))
    return [probe for probe in suspicion.candidates if probe not in suspicion.tested]


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
