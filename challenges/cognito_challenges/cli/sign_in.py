"""`cognito-srp sign-in`."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast, get_args

import typer

from cognito_challenges.answers import SignedIn
from cognito_challenges.app_client import AppClient
from cognito_challenges.devices import confirm_device, update_device_status, user_must_agree
from cognito_challenges.errors import ServiceError, TransportError
from cognito_challenges.requests import Transport
from cognito_challenges.sign_in.drive import drive
from cognito_challenges.sign_in.flows import FLOWS, FlowName
from cognito_challenges.sign_in.machine import SignIn
from cognito_srp import Device, SrpError, UsageError

from .needs import need

if TYPE_CHECKING:
    from .asking import Person

SECRET_VARIABLE = "COGNITO_CLIENT_SECRET"  # noqa: S105 - the name of a variable


def sign_in(
    pool_id: Annotated[str, typer.Option(help="User pool id, such as us-east-1_Ab1Cd2Ef3.")],
    client_id: Annotated[str, typer.Option(help="App client id.")],
    username: Annotated[str, typer.Option(help="Login name.")],
    endpoint_url: Annotated[str | None, typer.Option(help="An emulator or a pool of your own.")] = None,
    secret_client: Annotated[
        bool, typer.Option(help=f"The app client has a secret: asked for, or taken from {SECRET_VARIABLE}.")
    ] = False,
    admin: Annotated[bool, typer.Option(help="Use the Admin operations, with your AWS credentials.")] = False,
    flow: Annotated[str, typer.Option(help=f"One of {', '.join(get_args(FlowName))}.")] = "USER_SRP_AUTH",
    device_file: Annotated[
        Path | None, typer.Option(help="JSON file of the remembered device: read when it is there, else written.")
    ] = None,
) -> None:
    """Sign a user in, and print the tokens as JSON.

    Passwords and codes are asked for on the terminal, never taken from the command line.
    """
    need("sign-in", "boto3,cli", "boto3")
    from rich.console import Console

    from cognito_challenges.transports.boto3 import boto3_client, boto3_transport

    from .asking import Person

    if flow not in FLOWS:
        raise typer.BadParameter(f"must be one of {', '.join(FLOWS)}", param_hint="--flow")
    person = Person(Console(stderr=True), issuer=pool_id)
    try:
        AppClient(pool_id, client_id, admin=admin)  # refused, if it is, before a password is asked for
        secret = (os.environ.get(SECRET_VARIABLE) or person.secret("Client secret")) if secret_client else None
        app_client = AppClient(pool_id, client_id, client_secret=secret, admin=admin)
        attempt = SignIn(
            app_client,
            username=username,
            password=None if flow == "USER_AUTH" else person.secret("Password"),
            device=_read_device(device_file),
            flow=cast("FlowName", flow),
        )
        send = boto3_transport(boto3_client(app_client, endpoint_url=endpoint_url))
        signed_in = _finish(attempt, send, person)
        if attempt.forgotten_device is not None:
            person.say("The pool has forgotten this device.")
        if device_file is not None and signed_in.new_device is not None:
            _try_to_remember(signed_in, send, device_file, person)
    except (ServiceError, SrpError, TransportError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except EOFError:
        typer.echo("an answer was needed, and the input has ended", err=True)
        raise typer.Exit(1) from None
    typer.echo(json.dumps(_document(signed_in), indent=2))


def _finish(attempt: SignIn, send: Transport, person: Person) -> SignedIn:
    """Answer challenges until the user is signed in; a wrong code is asked for again."""
    while True:
        try:
            step = drive(attempt, send)
            if isinstance(step, SignedIn):
                return step
            attempt.answer(person.answer(step))
        except (ServiceError, UsageError) as error:
            if attempt.challenge is None:
                raise
            person.say(str(error))


def _read_device(path: Path | None) -> Device | None:
    return Device.from_json(path.read_text()) if path is not None and path.exists() else None


def _try_to_remember(signed_in: SignedIn, send: Transport, path: Path, person: Person) -> None:
    """Confirm the new device; whatever goes wrong, the tokens are there to be printed."""
    try:
        _remember(signed_in, send, path, person)
    except (ServiceError, SrpError, TransportError, OSError) as error:
        person.say(f"The device is not remembered: {error}")
    except (EOFError, KeyboardInterrupt):
        person.say("The device is not remembered.")


def _remember(signed_in: SignedIn, send: Transport, path: Path, person: Person) -> None:
    """Confirm the new device and keep it in a file that only its owner can read."""
    metadata = signed_in.new_device
    if metadata is None:
        return
    device, verifier = Device.register(key=metadata.key, group_key=metadata.group_key)
    answer = send(confirm_device(signed_in.tokens.access, device, verifier, name="cognito-srp sign-in"))
    if user_must_agree(answer):
        agreed = person.agrees("Remember this device?")
        send(update_device_status(signed_in.tokens.access, device_key=device.key, remembered=agreed))
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(device.to_json())


def _document(signed_in: SignedIn) -> dict[str, object]:
    tokens = signed_in.tokens
    return {
        "AccessToken": tokens.access,
        "IdToken": tokens.id,
        "RefreshToken": tokens.refresh,
        "ExpiresIn": tokens.expires_in,
        "TokenType": tokens.token_type,
    }
