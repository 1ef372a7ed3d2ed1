"""What users, administrators and thieves can do in a walk through a pool, held against `user_model`."""

from __future__ import annotations

import base64
from dataclasses import replace
from typing import Any

import jwt
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from cognito_challenges.pool import Options, PoolService
from cognito_challenges.pool.errors import ServiceError
from cognito_srp import Device, DeviceSession
from support.user_model import (
    CODE_SECONDS,
    SESSION_SECONDS,
    Model,
    ResetCode,
    Tokens,
    Waiting,
)

NAME = "alice"
FLOWS = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_USER_AUTH"]
POOL = {
    "AliasAttributes": ["email"],
    "Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "EMAIL_OTP", "WEB_AUTHN"]}},
    "DeviceConfiguration": {"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False},
}
ROTATES = {"RefreshTokenRotation": {"Feature": "ENABLED", "RetryGracePeriodSeconds": 0}}
SHORT_REFRESH = {
    "RefreshTokenValidity": 1,
    "AccessTokenValidity": 1,
    "TokenValidityUnits": {"RefreshToken": "hours", "AccessToken": "days"},
}
"""Settings of an app client whose access tokens live on after its refresh tokens."""
ANOTHER_DEVICE = "us-east-1_00000000-0000-4000-8000-000000000000"
LEVEL_FOUR = "urn:cognito:loa:4"
METHODS = {"pwd": "PASSWORD", "otp": "TOTP", "email_otp": "EMAIL_OTP"}
LATEST = st.sampled_from([0, 0, 0, 0, 1, 1, 2, 3, 5, 8])
"""Which of the latest tokens, Sessions or codes: 0 is the newest."""
EVENTS = [
    "nothing", "password", "temporary password", "reset", "sign out", "disable", "disable and enable", "enable",
    "enable", "enable", "address", "no TOTP", "again", "MFA for all", "another sign-in",
]  # fmt: skip


class Walk(RuleBasedStateMachine):
    """One pool, one user, two app clients."""

    steps = 0
    issued = 0

    def __init__(self) -> None:
        super().__init__()
        self.now = 1_772_842_800.0
        self.service = PoolService(Options(lockout_after=0, totp_single_use=False), clock=lambda: self.now)
        self.pool_id = self.call("CreateUserPool", PoolName="p", **POOL)["UserPool"]["Id"]
        self.user = {"UserPoolId": self.pool_id, "Username": NAME}
        self.count = 0
        self.tokens: list[Tokens] = []
        self.waiting: list[Waiting] = []
        self.codes: list[ResetCode] = []
        self.devices: dict[str, Device] = {}
        self.former = "never-a-password"
        self.model = Model("", "", "", self.now)
        self._set_mode("OPTIONAL")
        self._add_user()
        self._add_client(short=False)
        self._add_client(short=True)

    # What a step is made of

    def call(self, operation: str, **members: Any) -> dict[str, Any]:
        return self.service.call(operation, members)

    def tried(self, operation: str, **members: Any) -> dict[str, Any] | None:
        try:
            return self.call(operation, **members)
        except ServiceError:
            return None

    def drawn(self, what: str) -> str:
        self.count += 1
        return f"{what}-{self.count}"

    def client(self, second: bool) -> str:
        return list(self.model.clients)[second]

    def _add_client(self, *, short: bool) -> None:
        made = self.call(
            "CreateUserPoolClient",
            UserPoolId=self.pool_id,
            ClientName="c",
            ExplicitAuthFlows=[*FLOWS, "ALLOW_REFRESH_TOKEN_AUTH"],
            **(SHORT_REFRESH if short else {}),
        )
        client = made["UserPoolClient"]["ClientId"]
        self.model.clients[client] = False
        if short:
            self.model.short_refresh.add(client)

    def _add_user(self) -> None:
        old, password, address = self.model, self.drawn("Password"), self.drawn("mail") + "@example.org"
        attributes = [{"Name": "email", "Value": address}, {"Name": "email_verified", "Value": "true"}]
        made = self.call("AdminCreateUser", **self.user, UserAttributes=attributes, MessageAction="SUPPRESS")
        self.call("AdminSetUserPassword", **self.user, Password=password, Permanent=True)
        sub = next(entry["Value"] for entry in made["User"]["Attributes"] if entry["Name"] == "sub")
        self.model = Model(sub, password, address, self.now, old.mode)
        self.model.clients, self.model.used_up, self.model.revoked = old.clients, old.used_up, old.revoked
        self.model.short_refresh = old.short_refresh

    def _make_ready(self, mode: str) -> None:
        """Nothing is in the way of a sign-in."""
        if not self.model.enabled:
            self.happen("enable")
        if self.model.temporary or self.model.must_reset:
            self.set_password(temporary=False)
        if self.model.mode != mode:
            self._set_mode(mode)

    def _set_mode(self, mode: str, **more: Any) -> None:
        software = {"SoftwareTokenMfaConfiguration": {"Enabled": True}}
        self.call("SetUserPoolMfaConfig", UserPoolId=self.pool_id, MfaConfiguration=mode, **software, **more)
        self.model.mode = mode

    def totp(self, secret: str) -> str:
        return TOTP(base64.b32decode(secret), 6, SHA1(), 30).generate(int(self.now)).decode()

    def take(
        self,
        answer: dict[str, Any] | None,
        expected: str | None,
        client: str,
        passed: frozenset[str],
        target: int = 0,
    ) -> None:
        """Hold an answer of a sign-in against what should come, and keep what it gives."""
        found = None if answer is None else answer.get("ChallengeName", "tokens")
        assert found == expected, (found, expected)
        if answer is None:
            return
        if found == "tokens":
            self._keep(answer["AuthenticationResult"], client, passed)
            return
        code = self.service.outbox.code(self.model.address) if found == "EMAIL_OTP" else None
        self.waiting.append(
            Waiting(
                answer["Session"],
                str(found),
                client,
                self.model.sub,
                self.model.epoch,
                passed,
                self.now + SESSION_SECONDS,
                code,
                target=target,
            )
        )

    def _keep(self, result: dict[str, Any], client: str, passed: frozenset[str]) -> None:
        claims = jwt.decode(result["AccessToken"], options={"verify_signature": False})
        told = frozenset(METHODS[method] for method in claims["amr"] if method != "mfa")
        assert told == passed, (told, passed)
        assert not self.model.needs_two() or passed >= {"PASSWORD", "TOTP"} or self.trusting, "one factor is not enough"
        Walk.issued += 1
        access_seconds, refresh_seconds = self.model.lifetimes(client)
        self.tokens.append(
            Tokens(
                result["AccessToken"],
                result["RefreshToken"],
                Walk.issued,
                client,
                self.model.sub,
                self.model.generation,
                claims.get("device_key"),
                passed,
                int(self.now),
                self.now + access_seconds,
                int(self.now) + refresh_seconds,
            )
        )

    trusting = False

    def respond(self, waiting: Waiting, **responses: str) -> dict[str, Any] | None:
        return self.tried(
            "RespondToAuthChallenge",
            ClientId=waiting.client,
            ChallengeName=waiting.awaits,
            Session=waiting.session,
            ChallengeResponses={"USERNAME": NAME, **responses},
        )

    @invariant()
    def latest_tokens(self) -> None:
        """Who may hold a valid token after all that has happened."""
        Walk.steps += 1
        for tokens in self.tokens[-3:]:
            good = self.tried("GetUser", AccessToken=tokens.access) is not None
            assert good == self.model.access_is_good(tokens, self.now), (good, tokens, self.model)

    # Signing in

    @rule(second=st.booleans(), old=st.sampled_from([False, False, False, True]))
    def sign_in(self, second: bool, old: bool) -> None:
        client, password = self.client(second), self.former if old else self.model.password
        answer = self.tried(
            "InitiateAuth",
            ClientId=client,
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": NAME, "PASSWORD": password},
        )
        passed = frozenset({"PASSWORD"})
        self.take(answer, None if old else self.model.follows(passed), client, passed)

    @rule(second=st.booleans())
    def sign_in_by_mail(self, second: bool) -> None:
        client, parameters = self.client(second), {"USERNAME": NAME, "PREFERRED_CHALLENGE": "EMAIL_OTP"}
        sent = len(self.service.outbox)
        answer = self.tried("InitiateAuth", ClientId=client, AuthFlow="USER_AUTH", AuthParameters=parameters)
        if self.model.needs_two():
            self.take(answer, "SELECT_CHALLENGE", client, frozenset())
        elif self.model.temporary:
            assert answer is not None
            assert len(self.service.outbox) == sent
        else:
            self.take(answer, "EMAIL_OTP", client, frozenset())

    @precondition(lambda self: self.waiting)
    @rule(latest=LATEST, wrong=st.sampled_from([False, False, False, True]))
    def answer(self, latest: int, wrong: bool) -> None:
        waiting = self.waiting[-1 - latest % len(self.waiting)]
        model, good = self.model, self.model.is_good(waiting, self.now)
        passed = waiting.passed
        expected: str | None = None
        match waiting.awaits:
            case "SELECT_CHALLENGE":
                given = {"ANSWER": "PASSWORD", "PASSWORD": self.former if wrong else model.password}
                passed |= {"PASSWORD"}
            case "SOFTWARE_TOKEN_MFA":
                code = self.totp(model.totp) if model.totp else "000000"
                given = {"SOFTWARE_TOKEN_MFA_CODE": bent(code) if wrong else code}
                passed |= {"TOTP"}
            case "EMAIL_OTP":
                given = {"EMAIL_OTP_CODE": bent(waiting.code or "") if wrong else (waiting.code or "")}
                passed |= {"EMAIL_OTP"}
            case "NEW_PASSWORD_REQUIRED":
                password = self.drawn("Password")
                given = {"NEW_PASSWORD": "short" if wrong else password}
                if good and not wrong:
                    self.former = model.password
                    model.set_password(password, self.now)
            case _:
                given = {}
                wrong = wrong or waiting.secret is None
                if good and not wrong:
                    model.totp, model.totp_on = waiting.secret, True
                    model.epoch += 1
                passed |= {"TOTP"}
        if good and not wrong:
            expected = model.follows(passed, target=waiting.target)
        answer = self.respond(waiting, **given)
        if good and (not wrong or waiting.awaits == "SELECT_CHALLENGE"):
            waiting.spent = True
        elif good and waiting.awaits in ("SOFTWARE_TOKEN_MFA", "EMAIL_OTP"):
            waiting.failures += 1
            waiting.spent = waiting.failures >= 5
        self.take(answer, expected, waiting.client, passed, waiting.target)

    @precondition(lambda self: any(waiting.awaits == "MFA_SETUP" for waiting in self.waiting))
    @rule(latest=LATEST)
    def set_up_totp(self, latest: int) -> None:
        setups = [waiting for waiting in self.waiting if waiting.awaits == "MFA_SETUP"]
        waiting = setups[-1 - latest % len(setups)]
        made = self.tried("AssociateSoftwareToken", Session=waiting.session)
        assert (made is not None) == self.model.is_good(waiting, self.now)
        if made is None:
            return
        waiting.spent = True
        secret = made["SecretCode"]
        done = self.call("VerifySoftwareToken", Session=made["Session"], UserCode=self.totp(secret))
        self.waiting.append(
            Waiting(
                done["Session"],
                "MFA_SETUP",
                waiting.client,
                waiting.sub,
                waiting.epoch,
                waiting.passed,
                self.now + SESSION_SECONDS,
                secret=secret,
            )
        )

    @precondition(lambda self: self.tokens)
    @rule(latest=LATEST)
    def enrol_totp(self, latest: int) -> None:
        tokens, model = self.tokens[-1 - latest % len(self.tokens)], self.model
        made = self.tried("AssociateSoftwareToken", AccessToken=tokens.access)
        assert (made is not None) == model.access_is_good(tokens, self.now)
        if made is None:
            return
        secret = made["SecretCode"]
        self.call("VerifySoftwareToken", AccessToken=tokens.access, UserCode=self.totp(secret))
        self.call("SetUserMFAPreference", AccessToken=tokens.access, SoftwareTokenMfaSettings={"Enabled": True})
        model.totp, model.totp_on = secret, True
        model.epoch += 2

    @rule(second=st.booleans())
    def sign_in_to_the_end(self, second: bool) -> None:
        """With right answers only, as far as they lead."""
        before = len(self.waiting)
        self.sign_in(second, old=False)
        while len(self.waiting) > before:
            before = len(self.waiting)
            if self.waiting[-1].awaits == "MFA_SETUP":
                self.set_up_totp(0)
            self.answer(0, wrong=False)

    # Tokens

    @precondition(lambda self: self.tokens)
    @rule(latest=LATEST, rotating=st.booleans(), device=st.sampled_from(["its own", "its own", "none", "another"]))
    def refresh(self, latest: int, rotating: bool, device: str = "its own") -> None:
        tokens = self.tokens[-1 - latest % len(self.tokens)]
        key = {"its own": tokens.device_key, "another": ANOTHER_DEVICE}.get(device)
        good = self.model.refresh_is_good(tokens, self.now, key)
        rotates = self.model.clients.get(tokens.client, False)
        if rotating:
            extra = {"DeviceKey": key} if key else {}
            answer = self.tried(
                "GetTokensFromRefreshToken", ClientId=tokens.client, RefreshToken=tokens.refresh, **extra
            )
            assert (answer is not None) == good, (good, tokens, self.model)
        else:
            parameters = {"REFRESH_TOKEN": tokens.refresh, **({"DEVICE_KEY": key} if key else {})}
            answer = self.tried(
                "InitiateAuth", ClientId=tokens.client, AuthFlow="REFRESH_TOKEN_AUTH", AuthParameters=parameters
            )
            assert (answer is not None) == (good and not rotates), (good, rotates, tokens, self.model)
        if answer is None:
            return
        result = answer["AuthenticationResult"]
        assert ("RefreshToken" in result) == rotates
        if rotates:
            self.model.used_up.add(tokens.refresh)
        self.tokens.append(
            Tokens(
                **{
                    **vars(tokens),
                    "access": result["AccessToken"],
                    "refresh": result.get("RefreshToken", tokens.refresh),
                    "access_end": self.now + self.model.lifetimes(tokens.client)[0],
                }
            )
        )

    @precondition(lambda self: self.tokens)
    @rule(latest=LATEST)
    def revoke(self, latest: int) -> None:
        tokens = self.tokens[-1 - latest % len(self.tokens)]
        if self.tried("RevokeToken", ClientId=tokens.client, Token=tokens.refresh) is not None and self.model._is_good(
            tokens
        ):
            self.model.revoked.add(tokens.sign_in)

    @precondition(lambda self: self.tokens)
    @rule(latest=LATEST, other=st.booleans())
    def step_up(self, latest: int, other: bool) -> None:
        tokens = self.tokens[-1 - latest % len(self.tokens)]
        client = next((name for name in self.model.clients if (name != tokens.client) == other), self.client(False))
        parameters = {"USERNAME": NAME, "TARGET_ACR_VALUES": LEVEL_FOUR, "ACCESS_TOKEN": tokens.access}
        answer = self.tried("InitiateAuth", ClientId=client, AuthFlow="USER_AUTH", AuthParameters=parameters)
        good = self.model.access_is_good(tokens, self.now) and client == tokens.client
        credit, expected = self.model.credit(tokens), None
        if good and self.model.totp_is_asked_for() and not credit >= {"PASSWORD", "TOTP"}:
            expected = self.model.follows(credit, target=4) if "PASSWORD" in credit else "SELECT_CHALLENGE"
        self.take(answer, expected, client, credit, 4)

    # Devices

    @precondition(lambda self: self.tokens)
    @rule(latest=LATEST)
    def confirm_device(self, latest: int) -> None:
        tokens, model = self.tokens[-1 - latest % len(self.tokens)], self.model
        key = tokens.device_key or ""
        if not key:
            return
        device, verifier = Device.register(key=key, group_key=self._group_key())
        answer = self.tried(
            "ConfirmDevice", AccessToken=tokens.access, DeviceKey=key, DeviceSecretVerifierConfig=verifier.config()
        )
        new = key not in model.remembered and key not in model.forgotten
        assert (answer is not None) == (model.access_is_good(tokens, self.now) and new)
        if answer is not None:
            model.remembered[key] = True
            self.devices[key] = device

    def _group_key(self) -> str:
        return self.service._state.pools[self.pool_id].device_group_key

    @precondition(lambda self: self.model.remembered)
    @rule(
        latest=LATEST,
        before=st.sampled_from(["", "", "", "forget", "not_remembered"]),
        between=st.sampled_from(["", "", "forget", "not_remembered"]),
    )
    def sign_in_with_a_device(self, latest: int, before: str, between: str) -> None:
        model, client = self.model, self.client(False)
        keys = list(model.remembered)
        key = keys[-1 - latest % len(keys)]
        self._change_device(key, before)
        parameters = {"USERNAME": NAME, "PASSWORD": model.password, "DEVICE_KEY": key}
        answer = self.tried("InitiateAuth", ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
        passed = frozenset({"PASSWORD"})
        if model.follows(passed) in (None, "NEW_PASSWORD_REQUIRED"):
            self.take(answer, model.follows(passed), client, passed)
            return
        if key not in model.remembered:
            assert answer is None, "a forgotten device"
            return
        if not model.remembered[key]:
            self._take_with(key, answer, client, passed, trusted=False)
            return
        assert answer is not None
        assert answer["ChallengeName"] == "DEVICE_SRP_AUTH"
        session = DeviceSession(self.devices[key], clock=lambda: self.now)
        named = {"USERNAME": NAME, "DEVICE_KEY": key}
        challenge = self.call(
            "RespondToAuthChallenge",
            ClientId=client,
            ChallengeName="DEVICE_SRP_AUTH",
            Session=answer["Session"],
            ChallengeResponses={**named, "SRP_A": session.srp_a},
        )
        self._change_device(key, between)
        proof = session.prove(challenge["ChallengeParameters"]).responses()
        done = self.tried(
            "RespondToAuthChallenge",
            ClientId=client,
            ChallengeName="DEVICE_PASSWORD_VERIFIER",
            ChallengeResponses={**named, **proof},
        )
        if key not in model.remembered or between == "replace":
            assert done is None, "a proof of a device that is there no more"
            return
        self._take_with(key, done, client, passed, trusted=model.remembered[key])

    def _take_with(
        self, key: str, answer: dict[str, Any] | None, client: str, passed: frozenset[str], *, trusted: bool
    ) -> None:
        self.trusting = trusted
        self.take(answer, self.model.follows(passed, trusted=trusted), client, passed)
        self.trusting = False

    def _change_device(self, key: str, change: str) -> None:
        if change == "forget" and self.tried("AdminForgetDevice", **self.user, DeviceKey=key) is not None:
            del self.model.remembered[key]
            self.model.forgotten.add(key)
        if change == "not_remembered" and key in self.model.remembered:
            self.call("AdminUpdateDeviceStatus", **self.user, DeviceKey=key, DeviceRememberedStatus="not_remembered")
            self.model.remembered[key] = False
        if change == "replace":
            devices = self.service._state.pools[self.pool_id].users[NAME].devices
            devices[key] = replace(devices[key])

    # Codes

    @rule(second=st.booleans())
    def forget_password(self, second: bool) -> None:
        answer = self.tried("ForgotPassword", ClientId=self.client(second), Username=NAME)
        assert (answer is not None) == self.model.can_reset()
        if answer is not None:
            self._sent()

    def _sent(self) -> None:
        for code in self.codes:
            code.spent = True
        digits = self.service.outbox.code(self.model.address)
        self.codes.append(ResetCode(digits, self.model.sub, self.model.epoch, self.now + CODE_SECONDS))

    @precondition(lambda self: self.codes)
    @rule(latest=st.integers(0, 2), second=st.booleans())
    def reset_password(self, latest: int, second: bool) -> None:
        code = self.codes[-1 - latest % len(self.codes)]
        live = any(other is not code and self.model.code_is_good(other, self.now) for other in self.codes)
        password, good = self.drawn("Password"), self.model.code_is_good(code, self.now)
        if live and not good:
            return  # a wrong guess at the live one, which may end it
        answer = self.tried(
            "ConfirmForgotPassword",
            ClientId=self.client(second),
            Username=NAME,
            ConfirmationCode=code.digits,
            Password=password,
        )
        assert (answer is not None) == good, (code, self.model)
        if good:
            code.spent, self.former = True, self.model.password
            self.model.set_password(password, self.now)

    # What changes the user

    @rule(temporary=st.booleans())
    def set_password(self, temporary: bool) -> None:
        password = self.drawn("Password")
        self.call("AdminSetUserPassword", **self.user, Password=password, Permanent=not temporary)
        self.former = self.model.password
        self.model.set_password(password, self.now, temporary=temporary)

    @precondition(lambda self: self.tokens)
    @rule(latest=LATEST)
    def change_password(self, latest: int) -> None:
        tokens, password = self.tokens[-1 - latest % len(self.tokens)], self.drawn("Password")
        given = {"PreviousPassword": self.model.password, "ProposedPassword": password}
        answer = self.tried("ChangePassword", AccessToken=tokens.access, **given)
        assert (answer is not None) == self.model.access_is_good(tokens, self.now)
        if answer is not None:
            temporary, must_reset = self.model.temporary, self.model.must_reset
            self.former = self.model.password
            self.model.set_password(password, self.now, temporary=temporary)
            self.model.must_reset = must_reset

    @rule(by=st.sampled_from(EVENTS))
    def happen(self, by: str) -> None:
        model = self.model
        match by:
            case "password":
                self.set_password(temporary=False)
            case "temporary password":
                self.set_password(temporary=True)
            case "reset":
                self.call("AdminResetUserPassword", **self.user)
                model.epoch += 1
                model.must_reset, model.temporary = True, False
                self._sent()
            case "sign out":
                self.call("AdminUserGlobalSignOut", **self.user)
                model.sign_out()
            case "disable" | "disable and enable":
                self.call("AdminDisableUser", **self.user)
                model.sign_out()
                model.enabled = by != "disable"
                if model.enabled:
                    self.call("AdminEnableUser", **self.user)
            case "enable":
                self.call("AdminEnableUser", **self.user)
                model.enabled = True
            case "address":
                model.address = self.drawn("mail") + "@example.org"
                values = [{"Name": "email", "Value": model.address}, {"Name": "email_verified", "Value": "true"}]
                self.call("AdminUpdateUserAttributes", **self.user, UserAttributes=values)
                model.epoch += 1
            case "no TOTP":
                if self.tried("AdminDeleteSoftwareToken", **self.user) is not None:
                    model.totp, model.totp_on = None, False
                    model.epoch += 1
            case "again":
                self.call("AdminDeleteUser", **self.user)
                self._add_user()
            case "MFA for all":
                self._set_mode("ON")
            case "another sign-in":
                self.sign_in_to_the_end(second=False)
            case _:
                return

    @rule(by=st.sampled_from(EVENTS))
    def mail_overtaken(self, by: str) -> None:
        """As the next rule, with an e-mail code as the only factor and nothing in its way before."""
        self._make_ready("OFF")
        self.sign_in_overtaken("mail", by)

    @rule(start=st.sampled_from(["password", "mail", "set-up", "step-up"]), by=st.sampled_from(EVENTS))
    def sign_in_overtaken(self, start: str, by: str) -> None:
        """Something happens while a sign-in waits for its answer."""
        before = len(self.waiting)
        match start:
            case "mail":
                self.sign_in_by_mail(second=False)
            case "step-up":
                self.sign_in_to_the_end(second=False)
                if not self.tokens:
                    return
                self.step_up(0, other=False)
            case "set-up":
                self._set_mode("ON")
                self.sign_in(second=False, old=False)
            case _:
                self.sign_in(second=False, old=False)
        if len(self.waiting) == before:
            return
        if self.waiting[-1].awaits == "MFA_SETUP":
            self.set_up_totp(0)
        waiting = self.waiting[-1]
        self.happen(by)
        self.waiting.append(waiting)
        self.answer(0, wrong=False)

    @rule(by=st.sampled_from(EVENTS))
    def reset_overtaken(self, by: str) -> None:
        """Something happens while a reset code waits to be used."""
        before = len(self.codes)
        self.forget_password(second=False)
        if len(self.codes) > before:
            self.happen(by)
            self.reset_password(len(self.codes) - 1 - before, second=False)

    @rule(on=st.booleans())
    def prefer(self, on: bool) -> None:
        if self.model.totp is None:
            return
        self.call("AdminSetUserMFAPreference", **self.user, SoftwareTokenMfaSettings={"Enabled": on})
        self.model.totp_on = on
        self.model.epoch += 1

    @rule(mode=st.sampled_from(["ON", "OPTIONAL", "OPTIONAL", "OPTIONAL", "OFF"]))
    def set_mode(self, mode: str) -> None:
        self._set_mode(mode)

    @rule(by=st.sampled_from(["rotate", "rotate", "delete"]), second=st.booleans())
    def change_client(self, by: str, second: bool) -> None:
        client = self.client(second)
        if by == "delete":
            self.call("DeleteUserPoolClient", UserPoolId=self.pool_id, ClientId=client)
            del self.model.clients[client]
            self._add_client(short=client in self.model.short_refresh)
            return
        rotates = not self.model.clients[client]
        self._set_client(client, FLOWS if rotates else [*FLOWS, "ALLOW_REFRESH_TOKEN_AUTH"], rotates=rotates)

    def _set_client(self, client: str, flows: list[str], *, rotates: bool) -> None:
        more = {**(ROTATES if rotates else {}), **(SHORT_REFRESH if client in self.model.short_refresh else {})}
        ids = {"UserPoolId": self.pool_id, "ClientId": client}
        self.call("UpdateUserPoolClient", **ids, ExplicitAuthFlows=flows, **more)
        self.model.clients[client] = rotates

    @rule(seconds=st.sampled_from([1, 1, 30, 181, 3600, 86_400]))
    def wait(self, seconds: int) -> None:
        self.now += seconds


def bent(code: str) -> str:
    """Another code of the same length."""
    return f"{(int(code or 0) + 1) % 10 ** max(len(code), 1):0{len(code)}}"
