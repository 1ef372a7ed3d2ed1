"""A state walk: what users, administrators and thieves can do, held against a small model of the rules.

`Walk` has what anybody can do at any time. Here are the straight ways to what seldom comes about by chance.
COGNITO_SRP_WALK=1000 walks that many times instead of the 300 that make 10,000 steps.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from support.authenticator import Authenticator
from support.walking import ANOTHER_DEVICE, FLOWS, NAME, Walk, bent

WALKS, STEPS = int(os.environ.get("COGNITO_SRP_WALK", "360")), 40
PASSKEYS = {"RelyingPartyId": "example.org", "UserVerification": "preferred"}
BOTH_FACTORS = {"WebAuthnConfiguration": {**PASSKEYS, "FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION"}}
ONE_FACTOR = {"WebAuthnConfiguration": {**PASSKEYS, "FactorConfiguration": "SINGLE_FACTOR"}}
VERIFIES, TOUCHED = 0x05, 0x01
ATTEMPTS = 3
"""The failure that locks a user out, while one Session or code still takes more of them."""


class StraightWalk(Walk):
    """A walk with short cuts."""

    outlived = False

    # Another user, who is there for one step only

    def _add_other(self, **attributes: str) -> dict[str, str]:
        """A user with a password of its own, by the parameters of a sign-in."""
        given = {"USERNAME": self.drawn("other"), "PASSWORD": self.drawn("Password")}
        values = [{"Name": name, "Value": value} for name, value in attributes.items()]
        user = {"UserPoolId": self.pool_id, "Username": given["USERNAME"]}
        self.call("AdminCreateUser", **user, UserAttributes=values, MessageAction="SUPPRESS")
        self.call("AdminSetUserPassword", **user, Password=given["PASSWORD"], Permanent=True)
        return given

    def _begin(self, flow: str, **parameters: str) -> dict[str, Any]:
        return self.call("InitiateAuth", ClientId=self.client(False), AuthFlow=flow, AuthParameters=parameters)

    def _go_on(self, name: str, answer: dict[str, Any], **responses: str) -> dict[str, Any] | None:
        return self.tried(
            "RespondToAuthChallenge",
            ClientId=self.client(False),
            ChallengeName=name,
            Session=answer["Session"],
            ChallengeResponses=responses,
        )

    def _attributes(self, name: str) -> dict[str, str]:
        found = self.call("AdminGetUser", UserPoolId=self.pool_id, Username=name)["UserAttributes"]
        return {entry["Name"]: entry["Value"] for entry in found}

    # Factors

    @rule()
    def set_up_mail(self) -> None:
        """An address that MFA_SETUP is given is the user's once its code is there."""
        mode, other, address = self.model.mode, self._add_other(), self.drawn("mail") + "@example.org"
        name = other["USERNAME"]
        self._set_mode("ON", EmailMfaConfiguration={})
        answer = self._begin("USER_PASSWORD_AUTH", **other)
        asked = self._go_on("MFA_SETUP", answer, USERNAME=name, EMAIL=address)
        assert asked is not None
        assert "email" not in self._attributes(name)
        code = self.service.outbox.code(address)
        assert self._go_on("EMAIL_OTP", asked, USERNAME=name, EMAIL_OTP_CODE=bent(code)) is None
        assert "email" not in self._attributes(name)
        assert self._go_on("EMAIL_OTP", asked, USERNAME=name, EMAIL_OTP_CODE=code) is not None
        assert self._attributes(name)["email"] == address
        self._set_mode(mode)

    @rule()
    def set_up_twice(self) -> None:
        """An older MFA_SETUP does not replace the factor that the user has set up since."""
        self._make_ready("ON")
        self.happen("no TOTP")
        self.sign_in_overtaken("set-up", "another sign-in")

    @rule(both=st.booleans(), verifies=st.booleans(), wanted=st.booleans(), sooner=st.booleans())
    def passkey(self, both: bool, verifies: bool, wanted: bool, sooner: bool) -> None:
        """A passkey stands for both factors where the pool and the user say so and it verifies its user.

        sooner: the sign-in begins while one factor is enough.
        """
        mode, other = self.model.mode, self._add_other()
        name = other["USERNAME"]
        self._set_mode("OFF", **BOTH_FACTORS)
        token = self._begin("USER_PASSWORD_AUTH", **other)["AuthenticationResult"]["AccessToken"]
        authenticator = self._add_passkey(token)
        secret = self.call("AssociateSoftwareToken", AccessToken=token)["SecretCode"]
        self.call("VerifySoftwareToken", AccessToken=token, UserCode=self.totp(secret))
        more = {"WebAuthnMfaSettings": {"Enabled": True}} if wanted else {}
        self.call("SetUserMFAPreference", AccessToken=token, SoftwareTokenMfaSettings={"Enabled": True}, **more)
        if not sooner:
            self._set_mode("ON", **(BOTH_FACTORS if both else ONE_FACTOR))
        answer = self._begin("USER_AUTH", USERNAME=name, PREFERRED_CHALLENGE="WEB_AUTHN")
        self._set_mode("ON", **(BOTH_FACTORS if both else ONE_FACTOR))
        authenticator.flags = VERIFIES if verifies else TOUCHED
        done = None
        if answer["ChallengeName"] == "WEB_AUTHN":
            proof = authenticator.get(answer["ChallengeParameters"]["CREDENTIAL_REQUEST_OPTIONS"])
            done = self._go_on("WEB_AUTHN", answer, USERNAME=name, CREDENTIAL=proof)
        assert (done is not None) == (both and verifies and wanted), (done, answer)
        self._set_mode(mode)

    def _add_passkey(self, token: str) -> Authenticator:
        authenticator = Authenticator()
        options = self.call("StartWebAuthnRegistration", AccessToken=token)["CredentialCreationOptions"]
        self.call("CompleteWebAuthnRegistration", AccessToken=token, Credential=authenticator.create(options))
        return authenticator

    @rule()
    def mail_for_a_temporary_password(self) -> None:
        """Whoever has to replace a temporary password does not get round it by a code."""
        self._make_ready("OFF")
        self.set_password(temporary=True)
        self.sign_in_by_mail(second=False)

    # Addresses

    def _is_still_ours(self) -> None:
        """The address signs in its user."""
        client, passed = self.client(False), frozenset({"PASSWORD"})
        parameters = {"USERNAME": self.model.address, "PASSWORD": self.model.password}
        answer = self.tried("InitiateAuth", ClientId=client, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters)
        self.take(answer, self.model.follows(passed), client, passed)

    @rule()
    def refused_user_wants_the_address(self) -> None:
        """A user who is not created takes no alias from another."""
        wanted = [{"Name": "email", "Value": self.model.address}, {"Name": "email_verified", "Value": "true"}]
        made = self.tried(
            "AdminCreateUser",
            UserPoolId=self.pool_id,
            Username=self.drawn("other"),
            UserAttributes=wanted,
            TemporaryPassword="short",
            ForceAliasCreation=True,
            MessageAction="SUPPRESS",
        )
        assert made is None
        self._is_still_ours()

    @rule()
    def same_address_is_proved(self) -> None:
        """No code makes an address the alias of a second user."""
        mode, address = self.model.mode, self.model.address
        name = self._add_other(email=address)["USERNAME"]
        self._set_mode("OFF")
        answer = self._begin("USER_AUTH", USERNAME=name, PREFERRED_CHALLENGE="EMAIL_OTP")
        done = self._go_on("EMAIL_OTP", answer, USERNAME=name, EMAIL_OTP_CODE=self.service.outbox.code(address))
        assert done is not None
        token = done["AuthenticationResult"]["AccessToken"]
        self.call("GetUserAttributeVerificationCode", AccessToken=token, AttributeName="email")
        code = self.service.outbox.code(address)
        assert self.tried("VerifyUserAttribute", AccessToken=token, AttributeName="email", Code=code) is None
        assert self._attributes(name).get("email_verified") != "true"
        self._set_mode(mode)
        self._is_still_ours()

    # Guessing

    @rule(at=st.sampled_from(["password", "mail", "TOTP", "reset"]))
    def guess(self, at: str) -> None:
        """Wrong answers count over Sessions and codes, and the right one does not help the user who is locked out."""
        state = self.service._state
        options = state.options
        self._make_ready("OFF" if at == "mail" else "OPTIONAL")
        if at == "TOTP" and not self.model.totp_is_asked_for():
            self.sign_in_to_the_end(second=False)
            self.enrol_totp(0)
        state.options = replace(options, lockout_after=ATTEMPTS)
        for _ in range(ATTEMPTS):
            self._guess_once(at)
        assert self._right_answer(at) is None, "not locked out"
        self.now += 1
        state.options = options
        if at == "reset":
            self.reset_password(0, second=False)
        else:
            self.sign_in_to_the_end(second=False)

    @rule()
    def guess_in_one_session(self) -> None:
        """A Session ends with the fifth wrong code."""
        self._make_ready("OFF")
        self.sign_in_by_mail(second=False)
        for _ in range(5):
            self.answer(0, wrong=True)
        self.answer(0, wrong=False)

    def _guess_once(self, at: str) -> None:
        match at:
            case "password":
                self.sign_in(second=False, old=True)
            case "mail":
                self.sign_in_by_mail(second=False)
                self.answer(0, wrong=True)
            case "TOTP":
                self.sign_in(second=False, old=False)
                self.answer(0, wrong=True)
            case _:
                self.forget_password(second=False)
                assert self._reset(bent(self.codes[-1].digits)) is None

    def _right_answer(self, at: str) -> dict[str, Any] | None:
        if at == "reset":
            return self._reset(self.codes[-1].digits)
        if at == "password":
            return self.tried(
                "InitiateAuth",
                ClientId=self.client(False),
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": NAME, "PASSWORD": self.model.password},
            )
        waiting = self.waiting[-1]
        if at == "mail":
            return self.respond(waiting, EMAIL_OTP_CODE=waiting.code or "")
        return self.respond(waiting, SOFTWARE_TOKEN_MFA_CODE=self.totp(self.model.totp or ""))

    def _reset(self, code: str) -> dict[str, Any] | None:
        return self.tried(
            "ConfirmForgotPassword",
            ClientId=self.client(False),
            Username=NAME,
            ConfirmationCode=code,
            Password=self.drawn("Password"),
        )

    # Tokens

    @rule(second=st.booleans(), flows=st.sampled_from([FLOWS, [], ["USER_PASSWORD_AUTH"]]))
    def rotate_for_a_while(self, second: bool, flows: list[str]) -> None:
        """A refresh token that rotation has used up is tried again, then and when there is no rotation any more."""
        client, before = self.client(second), len(self.tokens)
        if self.model.clients[client]:
            self.change_client("rotate", second)
        self.sign_in_to_the_end(second)
        if len(self.tokens) == before:
            return
        self.change_client("rotate", second)
        self.refresh(0, rotating=True)
        self._set_client(client, flows, rotates=True)
        for latest in (1, 0):
            self.refresh(latest, rotating=False)
        self.change_client("rotate", second)
        for rotating in (True, False):
            self.refresh(1, rotating=rotating)

    @precondition(lambda self: len(self.tokens) > 4 and not self.outlived)
    @rule()
    def outlive_the_refresh_token(self) -> None:
        """A revocation counts for access tokens that end after the refresh token, once in a walk."""
        self.outlived = True
        self._make_ready("OPTIONAL")
        second = self.client(True) in self.model.short_refresh
        self.sign_in_to_the_end(second)
        self.revoke(0)
        self.now += 2 * 3600
        self.sign_in_to_the_end(second)
        self.revoke(0)

    # Devices

    @rule(between=st.sampled_from(["forget", "not_remembered", "replace"]))
    def device_overtaken(self, between: str) -> None:
        """Something happens to a device that is about to prove itself instead of a second factor."""
        self._make_ready("OPTIONAL")
        self.sign_in_to_the_end(second=False)
        first = self.tokens[-1]
        self.confirm_device(0)
        self.enrol_totp(0)
        self.sign_in_with_a_device(0, "", between)
        self.tokens.append(first)
        self.confirm_device(0)

    @rule(known=st.booleans())
    def go_on_without_the_device(self, known: bool) -> None:
        """The answer to a challenge does not name the device that the sign-in began with."""
        self._make_ready("OPTIONAL")
        client, key = self.client(second=False), ANOTHER_DEVICE
        if known and self.model.remembered:
            key = list(self.model.remembered)[-1]
        parameters = {"USERNAME": NAME, "DEVICE_KEY": key}
        answer = self.tried("InitiateAuth", ClientId=client, AuthFlow="USER_AUTH", AuthParameters=parameters)
        self.take(answer, "SELECT_CHALLENGE", client, frozenset())
        self.answer(0, wrong=False)


def test_walk() -> None:
    Walk.steps = 0
    run_state_machine_as_test(
        StraightWalk,
        settings=settings(
            max_examples=WALKS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize="COGNITO_SRP_WALK" not in os.environ,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert Walk.steps >= max(10_000, 30 * WALKS), "walks end too early"
