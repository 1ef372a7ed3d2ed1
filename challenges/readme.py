"""Write the tables and the diagram of README.md from the tables of the code, or check that they are current.

python challenges/readme.py            writes
python challenges/readme.py --check    exits with 1 when README.md differs from what would be written
"""

from __future__ import annotations

import dataclasses
import inspect
import sys
from collections.abc import Callable
from pathlib import Path

from cognito_challenges.catalogue import CHALLENGES, PROOFS
from cognito_challenges.catalogue.base import BaseChallenge
from cognito_challenges.catalogue.choices import SelectChallenge
from cognito_challenges.catalogue.codes import TotpEnrolment
from cognito_challenges.catalogue.others import OtherChallenge
from cognito_challenges.sign_in.flows import FLOWS, AuthFlow, FlowName, StepUp
from cognito_challenges.sign_in.state import ENDS, TRANSITIONS, State
from cognito_challenges.sign_in.steps import CORRECTABLE_ERRORS
from marks import codes, keep, table

README = Path(__file__).with_name("README.md")


def diagram() -> str:
    """The table of transitions as a Mermaid state diagram."""
    arrows = {
        (before.name, after.name, event.value)
        for (before, event), targets in TRANSITIONS.items()
        for after in targets
        if before is not after
    }
    joined: dict[tuple[str, str], list[str]] = {}
    for before, after, event in sorted(arrows):
        joined.setdefault((before, after), []).append(event)
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {State.READY.name}"]
    lines += [f"    {before} --> {after}: {', '.join(events)}" for (before, after), events in joined.items()]
    lines += [f"    {state.name} --> [*]" for state in sorted(ENDS, key=lambda state: state.name)]
    return "\n".join([*lines, "```"])


def transitions() -> str:
    """The table of transitions, a row for each state and event."""
    rows = (
        (f"`{state.name}`", state.value, f"`{event.value}`", codes(sorted(target.name for target in targets)))
        for (state, event), targets in TRANSITIONS.items()
    )
    return table(("state", "which is", "event", "leads to"), rows)


def challenges() -> str:
    """Every challenge that reaches the caller: what comes, what goes, and which class it is."""
    kinds = (*CHALLENGES.values(), TotpEnrolment, OtherChallenge)
    rows = ((_shown_name(kind), _fields_in(kind), codes(kind.response_fields), _methods(kind)) for kind in kinds)
    return table(("ChallengeName", "fields in", "fields out", "class and how it is answered"), rows)


def proofs() -> str:
    """The challenges that the machine answers by itself."""
    rows = ((f"`{name}`", codes(read) or "none", codes(sent)) for name, (read, sent) in PROOFS.items())
    return table(("ChallengeName", "fields in", "fields out"), rows)


def flows() -> str:
    """Every AuthFlow, and the AuthParameters that it sends."""
    rows: list[tuple[str, ...]] = []
    for name, flow in FLOWS.items():
        for words, begun, password in _variants(name):
            srp_a = "SRP_A" if begun.sends_srp_a(password) else None
            sent = begun.auth_parameters("", password, srp_a)
            rows.append((f"`{name}`{words}", codes(sent), "admin only" if flow.admin else ""))
    return table(("flow", "AuthParameters", ""), rows)


def correctable_errors() -> str:
    """The refusals that leave the challenge waiting."""
    rows = ((f"`{operation}`", codes(sorted(errors))) for operation, errors in CORRECTABLE_ERRORS.items())
    return table(("operation", "errors"), rows)


PARTS: dict[str, Callable[[], str]] = {
    part.__name__: part for part in (diagram, transitions, challenges, proofs, flows, correctable_errors)
}


def _variants(name: FlowName) -> list[tuple[str, AuthFlow, str | None]]:
    if name == "CUSTOM_AUTH":
        return [("", AuthFlow(name=name), None), (" with a password", AuthFlow(name=name), "")]
    if name != "USER_AUTH":
        return [("", AuthFlow(name=name), "")]
    step_up = StepUp(target_acr_values=("acr",), max_age=0, access_token="token")  # noqa: S106 - only its name is shown
    preferred = [
        (f", {choice} preferred", AuthFlow(name=name, preferred_challenge=choice), "")
        for choice in ("PASSWORD_SRP", "PASSWORD")
    ]
    others = [
        (", another preferred", AuthFlow(name=name, preferred_challenge="EMAIL_OTP"), None),
        (", step-up", AuthFlow(name=name, step_up=step_up), None),
    ]
    return [("", AuthFlow(name=name), None), *preferred, *others]


def _shown_name(kind: type[BaseChallenge]) -> str:
    if kind is TotpEnrolment:
        return "`MFA_SETUP`, second half"
    return "any other" if kind is OtherChallenge else f"`{kind.name}`"


def _fields_in(kind: type[BaseChallenge]) -> str:
    if kind is TotpEnrolment:
        return "`SecretCode` (`secret_code`)"
    if kind is OtherChallenge:
        return "all of them (`parameters`)"
    read = [
        f"`{field.metadata['parameter']}` (`{field.name}`)"
        for field in dataclasses.fields(kind)
        if "parameter" in field.metadata
    ]
    if kind is SelectChallenge:
        read.append("`AvailableChallenges` (`available`)")
    return "<br>".join(read) or "none of its own (`parameters`)"


def _methods(kind: type[BaseChallenge]) -> str:
    names = [name for name in ("response", "totp", "email") if hasattr(kind, name)]
    calls = [f"`.{name}({', '.join(list(inspect.signature(getattr(kind, name)).parameters)[1:])})`" for name in names]
    return f"`{kind.__name__}`<br>" + "<br>".join(calls)


if __name__ == "__main__":
    sys.exit(keep(README, PARTS, sys.argv[1:]))
