"""The command line: `cognito-srp`. One file a command."""

from __future__ import annotations

import sys
from importlib.util import find_spec


def main() -> None:
    """Run the command line, or say which extra it needs."""
    if find_spec("typer") is None or find_spec("rich") is None:
        sys.stderr.write("The command line needs an extra: pip install 'cognito-srp[cli]'\n")
        sys.exit(2)
    from .app import app

    app()
