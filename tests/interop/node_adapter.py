"""Functions of a JavaScript library, called in a node process that lasts as long as the tests need it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, Self

ADAPTERS = Path(__file__).parent / "adapters"


class JavaScriptError(Exception):
    """The JavaScript function threw. code: the error's name, which is the service's code where the service refused."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code, self.message = code, message


class NodeAdapter:
    """One adapter of `adapters/` in a process of its own, ended with the with block.

    requests: what the last call sent, as in "RespondToAuthChallenge PASSWORD_VERIFIER".
    """

    def __init__(self, node: str, adapter: str) -> None:
        self.requests: list[str] = []
        self._process = subprocess.Popen(
            [node, ADAPTERS / adapter], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self._process.communicate(timeout=10)
        finally:
            self._process.kill()

    def call(self, name: str, *arguments: Any) -> Any:
        """What the function returned. Raises JavaScriptError when it threw."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"call": name, "arguments": arguments}) + "\n")
        line = self._process.stdout.readline()
        assert line, "the node process ended before it answered"
        answer = json.loads(line)
        self.requests = answer["requests"]
        if "error" in answer:
            raise JavaScriptError(**answer["error"])
        return answer["ok"]
