"""`cognito-srp demo`."""

from __future__ import annotations

import typer

from .needs import need


def demo() -> None:
    """Sign a user in to the reference pool on loopback, through boto3: SRP, TOTP, and a remembered device.

    Ends with status 0 only when all that it shows has held.
    """
    need("demo", "boto3,cli,pool", "boto3", "starlette", "uvicorn", "joserfc", "webauthn")
    from rich.console import Console

    from cognito_challenges.pool import PoolService, running

    from .demonstration import Demo, DemoError

    console = Console(highlight=False, soft_wrap=True)
    with running(PoolService()) as url:
        console.print(f"[bold]A reference user pool listens on {url}[/]")
        try:
            Demo(console, url).run()
        except DemoError as failure:
            console.print(f"[bold red]Failed:[/] {failure}")
            raise typer.Exit(1) from None
    console.print("\n[bold green]All of it held.[/]")
