"""A person at a terminal, answering challenges."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.prompt import Prompt

from cognito_challenges import (
    AdminNoSrpAuth,
    Challenge,
    CustomChallenge,
    EmailMfa,
    EmailOtp,
    MfaSetup,
    NewPasswordRequired,
    OtherChallenge,
    Password,
    PasswordSrp,
    Response,
    SelectChallenge,
    SelectMfaType,
    SmsMfa,
    SmsOtp,
    SoftwareTokenMfa,
    TotpEnrolment,
    WebAuthn,
)
from cognito_challenges.errors import MAX_MESSAGE_CHARACTERS, printable


def plain(text: str) -> str:
    """A text of the service's, fit for a terminal: no control characters, no markup, at most 2,000 characters."""
    return escape(printable(text, MAX_MESSAGE_CHARACTERS))


class Person:
    """Asks on the terminal. What is secret is not echoed, and nothing is taken from the command line."""

    def __init__(self, console: Console, issuer: str) -> None:
        self.console = console
        self._issuer = issuer

    def say(self, text: str) -> None:
        """Print a line that may hold the service's words."""
        self.console.print(plain(text), soft_wrap=True)

    def text(self, question: str) -> str:
        """Ask until something is typed."""
        while not (answer := Prompt.ask(question, console=self.console)):
            pass
        return answer

    def secret(self, question: str) -> str:
        """Ask without echo until something is typed."""
        while not (answer := Prompt.ask(question, console=self.console, password=True)):
            pass
        return answer

    def choice(self, question: str, choices: tuple[str, ...]) -> str:
        """Ask for one of the choices, or for any text when there are none."""
        return Prompt.ask(question, console=self.console, choices=list(choices)) if choices else self.text(question)

    def agrees(self, question: str) -> bool:
        """Ask for a yes or a no."""
        answers = ["y", "yes", "n", "no"]
        typed = Prompt.ask(f"{question} (y/n)", console=self.console, choices=answers, show_choices=False)
        return typed.startswith("y")

    def answer(self, challenge: Challenge) -> Response:
        """Put the challenge's question to the person, and make the response of what was typed."""
        match challenge:
            case SmsMfa() | EmailMfa() | EmailOtp() | SmsOtp():
                return challenge.response(self.text(f"Code sent to {plain(challenge.destination or 'you')}"))
            case SoftwareTokenMfa():
                return challenge.response(self.text("Code of your authenticator app"))
            case SelectMfaType():
                return challenge.response(self.choice("Second factor", challenge.choices))
            case MfaSetup():
                kind = self.choice("Second factor to set up", challenge.can_setup or ("SOFTWARE_TOKEN_MFA",))
                if kind == "SOFTWARE_TOKEN_MFA":
                    return challenge.totp()
                return challenge.email(self.text("E-mail address"))
            case TotpEnrolment():
                self.console.print("Add this to your authenticator app:")
                self.console.out(challenge.uri(self._issuer), highlight=False)
                return challenge.response(self.text("Code that the app shows"))
            case NewPasswordRequired():
                password = self.secret("New password")
                missing = [name for name in challenge.required_attributes if not challenge.user_attributes.get(name)]
                return challenge.response(password, {name: self.text(plain(name)) for name in missing})
            case SelectChallenge():
                choice = self.choice("Sign in with", challenge.available)
                known = self.secret("Password") if choice in ("PASSWORD", "PASSWORD_SRP") else None
                return challenge.response(choice, password=known)
            case Password() | AdminNoSrpAuth() | PasswordSrp():
                return challenge.response(self.secret("Password"))
            case WebAuthn():
                self.console.print_json(data=dict(challenge.options))
                return challenge.response(self.text("AuthenticationResponseJSON of your passkey"))
            case CustomChallenge():
                self.console.print_json(data=dict(challenge.parameters))
                return challenge.response(self.secret("Answer"))
            case OtherChallenge():
                self.console.print(f"The service asks {plain(challenge.challenge_name)}:")
                self.console.print_json(data=dict(challenge.parameters))
                return challenge.response({self.text("Name of the response field"): self.secret("Its value")})
