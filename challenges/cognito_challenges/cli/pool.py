"""`cognito-srp pool`."""

from __future__ import annotations

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
) -> None:
    """Serve the reference user pool over HTTP. The first line printed is its URL; SIGINT or SIGTERM ends it."""
    if issuer is not None and not issuer.startswith(("http://", "https://")):
        raise typer.BadParameter("it must be an http or https URL", param_hint="--issuer")
    need("pool", "cli,pool", "starlette", "uvicorn", "joserfc", "webauthn")
    from cognito_challenges.pool import Options, PoolService, serve

    serve(
        PoolService(Options(explain=explain, issuer=issuer)),
        host=host,
        port=port,
        on_listening=typer.echo,
    )
