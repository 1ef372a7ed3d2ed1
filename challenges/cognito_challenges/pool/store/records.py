"""What a pool keeps: user pools, app clients, users, devices and passkeys, as plain records."""

from __future__ import annotations

from dataclasses import dataclass, field

from cognito_challenges.pool.errors import user_not_found
from cognito_challenges.pool.requests.request import Request
from cognito_srp import Verifier

_UNIT_SECONDS = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86_400}


@dataclass(slots=True)
class Code:
    """A code that was sent out: its digits, its end in Unix seconds, and the wrong guesses so far.

    attribute and destination: where it was sent to, which is all that it proves. epoch: the user's when it was sent.
    """

    digits: str = field(repr=False)
    expires: float
    attribute: str
    destination: str = field(repr=False)
    epoch: int
    failures: int = 0


@dataclass(slots=True)
class Failures:
    """Failed attempts of one kind: when the latest attempt was, how many failed, and until when the next is refused."""

    latest: float
    count: int = 0
    locked_until: float = 0.0


@dataclass(slots=True)
class Device:
    """A confirmed device of a user. `verifier` is None for a device that was confirmed without one."""

    key: str
    name: str
    verifier: Verifier | None = field(repr=False)
    remembered: bool
    created: float
    modified: float
    last_authenticated: float


@dataclass(slots=True)
class Passkey:
    """A registered WebAuthn credential."""

    credential_id: bytes
    public_key: bytes = field(repr=False)
    sign_count: int
    relying_party: str
    attachment: str | None
    transports: list[str]
    created: float


@dataclass(slots=True)
class Mfa:
    """The second factors of a user: which are on, which is preferred, and the TOTP secret that was verified.

    passkey: the user wants a passkey that verifies the user to stand for both factors.
    """

    totp_secret: bytes | None = field(default=None, repr=False)
    totp_unverified: bytes | None = field(default=None, repr=False)
    totp_name: str = ""
    totp_last_step: int = -1
    enabled: list[str] = field(default_factory=list[str])
    preferred: str | None = None
    passkey: bool = False


@dataclass(slots=True)
class Group:
    """A group of users. precedence: None counts as the lowest."""

    name: str
    description: str | None
    role: str | None
    precedence: int | None
    created: float
    modified: float


@dataclass(slots=True)
class TokenSession:
    """A tracked sign-in: its public id, the grant behind it, and when its tokens were made, renewed, and end."""

    session_id: str
    client_id: str
    origin: str
    created: float
    last_active: float
    expires: float


@dataclass(slots=True)
class ClientSecret:
    """One of the secrets of an app client, of which it has at most two."""

    secret_id: str
    value: str = field(repr=False)
    created: float


@dataclass(slots=True)
class User:
    """A user of one pool. `username` is USER_ID_FOR_SRP.

    `generation` numbers what tokens are worth: each global sign-out starts a new one. `epoch` numbers what a sign-in
    under way or a reset code is worth: see `outdate`. `forgotten`: keys of devices that were confirmed and forgotten.
    `names`: the folded login names under which the pool has the user. `signed_in`: the user has had tokens.
    `former`: verifiers of the latest passwords, the present one included, newest last. `password_set`: when that was.
    `unproved`: new addresses and numbers that take effect once their code has been given. `sessions`: by origin.
    """

    username: str
    sub: str
    attributes: dict[str, str]
    status: str
    created: float
    modified: float
    enabled: bool = True
    verifier: Verifier | None = field(default=None, repr=False)
    passwords: list[str] = field(default_factory=list[str], repr=False)
    mfa: Mfa = field(default_factory=Mfa)
    devices: dict[str, Device] = field(default_factory=dict[str, Device])
    passkeys: list[Passkey] = field(default_factory=list[Passkey])
    passkey_challenge: bytes | None = field(default=None, repr=False)
    codes: dict[str, Code] = field(default_factory=dict[str, Code], repr=False)
    generation: int = 0
    epoch: int = 0
    forgotten: set[str] = field(default_factory=set[str])
    failures: dict[str, Failures] = field(default_factory=dict[str, Failures])
    signed_in: bool = False
    names: list[str] = field(default_factory=list[str])
    former: list[Verifier] = field(default_factory=list[Verifier], repr=False)
    password_set: float = 0.0
    unproved: dict[str, str] = field(default_factory=dict[str, str], repr=False)
    groups: list[str] = field(default_factory=list[str])
    sessions: dict[str, TokenSession] = field(default_factory=dict[str, TokenSession])

    def outdate(self) -> None:
        """End the sign-ins under way and void the reset codes: how the user can be known has changed.

        Whatever changes the password, the factors, the addresses or the right to sign in calls this.
        """
        self.epoch += 1


@dataclass(slots=True)
class AppClient:
    """An app client: its settings as CreateUserPoolClient took them, and its secrets, oldest first.

    sso_minutes: what SetUserPoolClientSessionConfiguration stored.
    """

    client_id: str
    pool_id: str
    name: str
    settings: Request
    created: float
    modified: float
    secrets: list[ClientSecret] = field(default_factory=list[ClientSecret], repr=False)
    sso_minutes: int = 60

    @property
    def hides_users(self) -> bool:
        """PreventUserExistenceErrors is ENABLED; the service's default is LEGACY."""
        return self.settings.text("PreventUserExistenceErrors") == "ENABLED"

    @property
    def session_seconds(self) -> int:
        """AuthSessionValidity, 3 minutes when left out."""
        return 60 * self.settings.whole("AuthSessionValidity", 3)

    @property
    def rotates(self) -> bool:
        """RefreshTokenRotation is ENABLED."""
        return self.settings.structure("RefreshTokenRotation").text("Feature") == "ENABLED"

    def token_seconds(self, kind: str) -> int:
        """Lifetime of "AccessToken", "IdToken" (an hour each) or "RefreshToken" (30 days) in seconds."""
        count, unit = (30, "days") if kind == "RefreshToken" else (1, "hours")
        # The service reads a RefreshTokenValidity of 0 as its default.
        count = self.settings.whole(f"{kind}Validity") or count
        return count * _UNIT_SECONDS[self.settings.structure("TokenValidityUnits").text(kind, unit)]


@dataclass(slots=True)
class UserPool:
    """A user pool: its settings as CreateUserPool took them, and its users by username."""

    pool_id: str
    name: str
    settings: Request
    device_group_key: str
    created: float
    modified: float
    schema: dict[str, Request] = field(default_factory=dict[str, Request])
    mfa: Request = field(default_factory=lambda: Request({}))
    users: dict[str, User] = field(default_factory=dict[str, User])
    groups: dict[str, Group] = field(default_factory=dict[str, Group])
    tracks_sessions: bool = False
    sessions_per_user: int = 20
    names: dict[str, User] = field(default_factory=dict[str, User], repr=False)

    @property
    def region(self) -> str:
        """The region in front of the pool id's underscore."""
        return self.pool_id.rpartition("_")[0]

    @property
    def arn(self) -> str:
        """The pool's Amazon Resource Name."""
        return f"arn:aws:cognito-idp:{self.region}:000000000000:userpool/{self.pool_id}"

    @property
    def tier(self) -> str:
        """The feature plan; ESSENTIALS when left out."""
        return self.settings.text("UserPoolTier", "ESSENTIALS")

    @property
    def temporary_password_days(self) -> int:
        """TemporaryPasswordValidityDays, or the setting that it replaced; 7 when both are left out or 0."""
        days = self.settings.structure("Policies").structure("PasswordPolicy").whole("TemporaryPasswordValidityDays")
        return days or self.settings.structure("AdminCreateUserConfig").whole("UnusedAccountValidityDays") or 7

    @property
    def login_attributes(self) -> list[str]:
        """Attributes that stand in for the username when the pool has UsernameAttributes."""
        return self.settings.strings("UsernameAttributes")

    @property
    def alias_attributes(self) -> list[str]:
        """Attributes by which a user can be named beside the username."""
        return self.settings.strings("AliasAttributes")

    @property
    def tracks_devices(self) -> bool:
        """DeviceConfiguration was given."""
        return "DeviceConfiguration" in self.settings

    @property
    def first_factors(self) -> list[str]:
        """AllowedFirstAuthFactors of choice-based sign-in; PASSWORD when left out."""
        policy = self.settings.structure("Policies").structure("SignInPolicy")
        return policy.strings("AllowedFirstAuthFactors") or ["PASSWORD"]

    def folded(self, name: str) -> str:
        """A login name as it is compared: with regard to case unless the pool was told otherwise."""
        sensitive = self.settings.structure("UsernameConfiguration").flag("CaseSensitive", True)
        return name if sensitive else name.casefold()

    def find(self, login_name: str) -> User | None:
        """The user behind a username, an alias, or (in any pool) the sub."""
        return self.names.get(self.folded(login_name))

    def memberships(self, user: User) -> list[Group]:
        """The user's groups, the one that takes precedence first."""
        groups = [self.groups[name] for name in user.groups]
        return sorted(groups, key=lambda group: (group.precedence is None, group.precedence or 0, group.name))

    def user(self, login_name: str) -> User:
        """The user behind a login name. Raises UserNotFoundException."""
        user = self.find(login_name)
        if user is None:
            raise user_not_found()
        return user
