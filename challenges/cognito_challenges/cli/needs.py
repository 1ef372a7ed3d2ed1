"""Packages of the extras, imported when a command needs them."""

from __future__ import annotations

from importlib.util import find_spec

import typer


def need(command: str, extras: str, *packages: str) -> None:
    """End with status 2 and one clear line when a package that the command needs is not installed."""
    missing = [package for package in packages if find_spec(package) is None]
    if missing:
        typer.echo(f"cognito-srp {command} needs {', '.join(missing)}: pip install 'cognito-srp[{extras}]'", err=True)
        raise typer.Exit(2)
