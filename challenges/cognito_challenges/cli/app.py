"""The commands of `cognito-srp`, and what they print when something they need is missing."""

from __future__ import annotations

import typer

from .conformance import conformance
from .demo import demo
from .pool import pool
from .sign_in import sign_in
from .testee import testee

app = typer.Typer(
    name="cognito-srp",
    help="SRP and every challenge of Amazon Cognito user pools.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.command()(demo)
app.command("sign-in")(sign_in)
app.command()(pool)
app.command()(testee)
app.command()(conformance)
