"""`cognito-srp pool`."""

from __future__ import annotations

import logging
from typing import Annotated

import typer

from .needs import need


def pool(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on; 0 takes one from the system.")] = 0,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say why a proof was refused: in the log, a header and the inspector.")
    ] = False,
    issuer: Annotated[
        str | None,
        typer.Option(help="The iss of tokens without the pool id, where clients reach the pool by another URL."),
    ] = None,
    probe: Annotated[
        bool,
        typer.Option(
            "--probe",
            help="After two refusals that --explain cannot name, test for mistakes in x, k and g, one a challenge. "
            "Such a challenge is always refused, the right password too. Implies --explain.",
        ),
    ] = False,
    allow_host: Annotated[
        list[str] | None,
        typer.Option(help="A host name to answer to beside localhost; may be repeated. * answers to any."),
    ] = None,
    allow_origin: Annotated[
        list[str] | None,
        typer.Option(help="Where pages may come from that sign users in, beside localhost; may be repeated."),
    ] = None,
) -> None:
    """Serve the reference user pool over HTTP. The first line printed is its URL; SIGINT or SIGTERM ends it."""
    need("pool", "cli,pool", "starlette", "uvicorn", "joserfc", "webauthn")
    from cognito_challenges.pool import Options, PoolService, serve

    _log_refusals()
    try:
        options = Options(
            explain=explain or probe,
            probe=probe,
            issuer=issuer,
            allowed_hosts=tuple(allow_host or ()),
            allowed_origins=tuple(allow_origin or ()),
        )
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    if host not in ("127.0.0.1", "::1", "localhost"):
        typer.echo("Whoever reaches this port can change users and read their codes at /_outbox.", err=True)
    try:
        serve(PoolService(options), host=host, port=port, on_listening=typer.echo)
    except OSError as error:
        typer.echo(f"cannot listen on {host}, port {port}: {error.strerror or error}", err=True)
        raise typer.Exit(1) from None


def _log_refusals() -> None:
    """Explanations and the pool's own defects, to standard error with the time of each."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    logging.getLogger("cognito_challenges.pool").addHandler(handler)
