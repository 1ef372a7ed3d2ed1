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
) -> None:
    """Serve the reference user pool over HTTP. The first line printed is its URL; SIGINT or SIGTERM ends it."""
    need("pool", "cli,pool", "starlette", "uvicorn", "joserfc", "webauthn")
    from cognito_challenges.pool import Options, PoolService, serve

    serve(
        PoolService(Options(explain=explain)),
        host=host,
        port=port,
        on_listening=typer.echo,
    )
