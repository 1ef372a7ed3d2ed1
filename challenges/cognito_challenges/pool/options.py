"""What a pool may be told: the choices that the service's documents leave open, and the time limits."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEX = re.compile("[0-9a-fA-F]{1,128}")


@dataclass(frozen=True, slots=True)
class Options:
    """How the reference pool behaves where the service is unsettled or a test wants something else.

    session_with_password_verifier: issue a Session with PASSWORD_VERIFIER and DEVICE_PASSWORD_VERIFIER (False). When
        one is issued it has to come back; when none is issued, none may be sent.
    proofs_per_challenge: how many wrong proofs one PASSWORD_VERIFIER challenge answers before it is spent (1).
    clock_window_seconds: how far TIMESTAMP may be from the pool's clock, either way (300).
    challenge_seconds: how long a PASSWORD_VERIFIER challenge may be answered (60).
    session_seconds: how long a Session lasts; None takes the app client's AuthSessionValidity, 3 minutes by default.
    code_seconds: how long a sign-up, reset or verification code lasts (3600); sign-in codes last as their Session.
    code_tries: how many wrong codes one Session answers before it is spent (5).
    lockout_after: how many failed sign-ins lock a user out, for a second at first, then twice as long each time up to
        15 minutes (5, as the developer guide has it; 0 never does). Wrong passwords, proofs and MFA codes count over
        all Sessions; so do wrong sign-up and reset codes, each kind for itself. A pool that explains never does.
    totp_steps: how many 30-second steps before and after the present one a TOTP code may belong to (1).
    totp_single_use: refuse a TOTP code that has already signed the user in (True).
    explain: when a proof is refused, recompute the known mistakes and name the one that fits (False). A pool that
        explains keeps its users' passwords in memory, so this is for test data only.
    probe: after `probe_after` refusals in a row that nothing explains, test the mistakes that one proof cannot show,
        one a challenge (False, 2). Such a challenge is always refused, the right password too. Needs `explain`.
    issuer: the `iss` of tokens without the pool id, an http or https URL; None takes the address that the pool listens
        on, and without a server the service's own for the pool's region.
    webauthn_origins: origins accepted in passkey ceremonies; empty accepts https://<relying party> and, for a relying
        party of "localhost", http://localhost with any port.
    custom_attributes_by_default: whether an app client without ReadAttributes or WriteAttributes may read or write
        custom attributes (False, as the API reference has it; other documents may be read otherwise).
    allowed_hosts: names that requests may give as Host beside loopback ones, the address listened on and the issuer's;
        "*" for any. A name that only the attacker's DNS points here (DNS rebinding) is refused.
    allowed_origins: pages of these origins may call the operations that take no AWS credentials, beside those of a
        loopback host, which may call all. As in https://app.example; "*" for any.
    forced_salt: a salt in hex that every new password gets and that the wire carries exactly as written, leading
        zeros included; None draws 16 random bytes and sends no leading zeros, as the service does.

    Raises ValueError for an issuer, a salt or probing that cannot be.
    """

    session_with_password_verifier: bool = False
    proofs_per_challenge: int = 1
    clock_window_seconds: int = 300
    challenge_seconds: int = 60
    session_seconds: int | None = None
    code_seconds: int = 3600
    code_tries: int = 5
    lockout_after: int = 5
    totp_steps: int = 1
    totp_single_use: bool = True
    explain: bool = False
    probe: bool = False
    probe_after: int = 2
    issuer: str | None = None
    webauthn_origins: tuple[str, ...] = ()
    custom_attributes_by_default: bool = False
    allowed_hosts: tuple[str, ...] = ()
    allowed_origins: tuple[str, ...] = ()
    forced_salt: str | None = None

    def __post_init__(self) -> None:
        if self.issuer is not None and not self.issuer.startswith(("http://", "https://")):
            raise ValueError("issuer must be an http or https URL")
        if self.probe and not self.explain:
            raise ValueError("probe needs explain: a pool that does not explain has nothing to probe with")
        if self.probe_after < 1:
            raise ValueError("probe_after must be at least 1")
        if self.forced_salt is not None and not _HEX.fullmatch(self.forced_salt):
            raise ValueError("forced_salt must be 1 to 128 hexadecimal digits")
