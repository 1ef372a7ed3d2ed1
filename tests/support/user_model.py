"""What one user's sign-ins, tokens, codes and devices should be worth: the rules, without any of the pool's code.

A token is good as long as its user is there and enabled, its sign-in is not revoked, nothing has signed the user out
everywhere, its app client exists, and its time has not come. A sign-in under way is good until anything has changed
how the user can be known: `epoch` counts that.
"""

from __future__ import annotations

from dataclasses import dataclass, field

SESSION_SECONDS, ACCESS_SECONDS, REFRESH_SECONDS, CODE_SECONDS = 180, 3600, 30 * 86_400, 3600


@dataclass
class Tokens:
    """What one sign-in or refresh has given."""

    access: str
    refresh: str
    sign_in: int
    client: str
    sub: str
    generation: int
    device_key: str | None
    methods: frozenset[str]
    signed_in: int
    access_end: float
    refresh_end: float


@dataclass
class Waiting:
    """A Session that waits for its answer. code: what answers it, if it is a code; secret: a verified TOTP secret."""

    session: str
    awaits: str
    client: str
    sub: str
    epoch: int
    passed: frozenset[str]
    end: float
    code: str | None = None
    secret: str | None = None
    target: int = 0
    failures: int = 0
    spent: bool = False


@dataclass
class ResetCode:
    digits: str
    sub: str
    epoch: int
    end: float
    spent: bool = False


@dataclass
class Model:
    """The user as the rules see it."""

    sub: str
    password: str
    address: str
    password_set: float
    mode: str = "OPTIONAL"
    temporary: bool = False
    must_reset: bool = False
    enabled: bool = True
    generation: int = 0
    epoch: int = 0
    totp: str | None = None
    totp_on: bool = False
    remembered: dict[str, bool] = field(default_factory=dict)
    forgotten: set[str] = field(default_factory=set)
    revoked: set[int] = field(default_factory=set)
    used_up: set[str] = field(default_factory=set)
    clients: dict[str, bool] = field(default_factory=dict)
    """App clients that exist, and whether they rotate refresh tokens."""
    short_refresh: set[str] = field(default_factory=set)
    """App clients whose access tokens live for a day, and refresh tokens for an hour."""

    def lifetimes(self, client: str) -> tuple[int, int]:
        """Seconds that access and refresh tokens of an app client last."""
        return (86_400, 3600) if client in self.short_refresh else (ACCESS_SECONDS, REFRESH_SECONDS)

    def set_password(self, password: str, now: float, *, temporary: bool = False) -> None:
        self.password, self.password_set = password, now
        self.temporary, self.must_reset = temporary, False
        self.epoch += 1

    def sign_out(self) -> None:
        self.generation += 1
        self.epoch += 1

    def access_is_good(self, tokens: Tokens, now: float) -> bool:
        return self._is_good(tokens) and now < tokens.access_end

    def refresh_is_good(self, tokens: Tokens, now: float, device_key: str | None) -> bool:
        bound = tokens.device_key in self.remembered or tokens.device_key in self.forgotten
        named = device_key == tokens.device_key or (device_key is None and not bound)
        fresh = now < tokens.refresh_end and tokens.refresh not in self.used_up
        return self._is_good(tokens) and fresh and named

    def _is_good(self, tokens: Tokens) -> bool:
        ours = tokens.sub == self.sub and tokens.generation == self.generation and self.enabled
        return ours and tokens.client in self.clients and tokens.sign_in not in self.revoked

    def is_good(self, waiting: Waiting, now: float) -> bool:
        ours = waiting.sub == self.sub and waiting.epoch == self.epoch and waiting.client in self.clients
        return ours and not waiting.spent and now < waiting.end

    def code_is_good(self, code: ResetCode, now: float) -> bool:
        ours = code.sub == self.sub and code.epoch == self.epoch
        return ours and not code.spent and now < code.end and self.can_reset()

    def can_reset(self) -> bool:
        return self.enabled and not self.temporary

    def totp_is_asked_for(self) -> bool:
        return self.totp is not None and (self.mode == "ON" or (self.mode == "OPTIONAL" and self.totp_on))

    def needs_two(self) -> bool:
        return self.mode == "ON" or self.totp_is_asked_for()

    def credit(self, tokens: Tokens) -> frozenset[str]:
        """What an access token still proves of its own sign-in."""
        stale = self.temporary or self.must_reset or int(self.password_set) > tokens.signed_in
        return frozenset() if stale else tokens.methods

    def follows(self, passed: frozenset[str], *, target: int = 0, trusted: bool = False) -> str | None:
        """What comes after these factors: a challenge, "tokens", or None when the sign-in is refused."""
        if not self.enabled or self.must_reset:
            return None
        if self.temporary:
            return "NEW_PASSWORD_REQUIRED" if "PASSWORD" in passed else None
        enough = passed >= {"PASSWORD", "TOTP"}
        if enough or ((not self.needs_two() or trusted) and target < 4):
            return "tokens"
        if "PASSWORD" not in passed:
            return None
        return "SOFTWARE_TOKEN_MFA" if self.totp_is_asked_for() else "MFA_SETUP"
