"""Every challenge of the service: what comes, what goes back, and the class that stands for it.

A challenge is a small frozen dataclass. Its fields name the challenge parameters that they are read from, and its
`response(...)` makes the ChallengeResponses. USERNAME, SECRET_HASH, DEVICE_KEY and Session are added by the machine:
they follow the same rules for every challenge.

To add one: write its class in the file of its kind, and put it in the union `Challenge`. The tests name whatever else
it needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, get_args

from .base import read_fields
from .choices import MfaSetup, SelectChallenge, SelectMfaType
from .codes import EmailMfa, EmailOtp, SmsMfa, SmsOtp, SoftwareTokenMfa, TotpEnrolment
from .others import CustomChallenge, OtherChallenge, WebAuthn
from .passwords import AdminNoSrpAuth, NewPasswordRequired, Password, PasswordSrp

Challenge = (
    SmsMfa
    | EmailMfa
    | EmailOtp
    | SmsOtp
    | SoftwareTokenMfa
    | SelectMfaType
    | MfaSetup
    | TotpEnrolment
    | NewPasswordRequired
    | CustomChallenge
    | SelectChallenge
    | Password
    | AdminNoSrpAuth
    | PasswordSrp
    | WebAuthn
    | OtherChallenge
)
"""Every challenge that can reach the caller: a `match` over its classes can be checked for completeness."""

CHALLENGES: Final[Mapping[str, type[Challenge]]] = {
    kind.name: kind for kind in get_args(Challenge) if kind not in (TotpEnrolment, OtherChallenge)
}
"""ChallengeName to class, for all that the service names and the caller may answer."""


class ProofFields(NamedTuple):
    """A challenge that the machine answers by itself: the parameters that it reads, the responses that it sends."""

    parameters: tuple[str, ...]
    responses: tuple[str, ...]


PROOFS: Final[Mapping[str, ProofFields]] = {
    "PASSWORD_VERIFIER": ProofFields(
        ("SALT", "SRP_B", "SECRET_BLOCK", "USER_ID_FOR_SRP"),
        ("PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"),
    ),
    "DEVICE_SRP_AUTH": ProofFields((), ("SRP_A",)),
    "DEVICE_PASSWORD_VERIFIER": ProofFields(
        ("SALT", "SRP_B", "SECRET_BLOCK"),
        ("PASSWORD_CLAIM_SIGNATURE", "PASSWORD_CLAIM_SECRET_BLOCK", "TIMESTAMP"),
    ),
}
"""ChallengeName to fields, for the proofs that the machine gives; USERNAME and DEVICE_KEY go with each."""


def read_challenge(name: str, parameters: Mapping[str, str], available: Sequence[str]) -> Challenge:
    """The challenge of that name, its fields read from its parameters. Raises PeerError for a malformed one."""
    kind = CHALLENGES.get(name, OtherChallenge)
    fields = read_fields(kind, parameters)
    if kind is OtherChallenge:
        fields["service_name"] = name
    if kind is OtherChallenge or kind is SelectChallenge:
        fields["available"] = tuple(available)
    return kind(**fields)
