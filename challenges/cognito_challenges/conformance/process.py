"""A testee's process: started when it is asked, ended by its own process id, started again when it is lost."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from typing import Any, Final, cast

MAX_ANSWER_BYTES: Final = 1 << 20


class LostError(Exception):
    """The testee gave no usable answer, and its process is gone. str(): what happened."""


class Testee:
    """One command that speaks the testee protocol. `timeout`: seconds for one answer, the start included."""

    __test__ = False  # not a test class, whatever its name

    def __init__(self, command: Sequence[str], timeout: float) -> None:
        self._command = tuple(command)
        self._timeout = timeout
        self._process: Process | None = None

    async def ask(self, identifier: str, request: dict[str, Any]) -> dict[str, Any]:
        """The answer to one request. Raises LostError, and OSError when the command cannot be started at all."""
        line = json.dumps({"id": identifier, **request}).encode() + b"\n"
        process = self._process or await self._start()
        try:
            async with asyncio.timeout(self._timeout):
                return self._decode(identifier, await self._exchange(process, line))
        except TimeoutError:
            await self.kill()
            raise LostError(f"no answer within {self._timeout:g} seconds") from None
        except LostError:
            await self.kill()
            raise

    async def end(self) -> str:
        """End its input; empty when it then ends with status 0, else what happened."""
        process, self._process = self._process, None
        if process is None:
            return ""
        stdin, stdout = _pipes(process)
        stdin.close()
        try:
            async with asyncio.timeout(self._timeout):
                rest = await stdout.read(1)
                status = await process.wait()
        except TimeoutError:
            self._process = process
            await self.kill()
            return f"still runs {self._timeout:g} seconds after the end of its input"
        if rest:
            return "wrote more lines than it was asked"
        return "" if status == 0 else f"ended with status {status} at the end of its input"

    async def kill(self) -> None:
        """End the process, and those it started, by its own process id."""
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            if sys.platform == "win32":
                process.kill()
            else:
                os.killpg(process.pid, signal.SIGKILL)  # its own process group
        await process.wait()

    async def _start(self) -> Process:
        self._process = await asyncio.create_subprocess_exec(
            *self._command, stdin=PIPE, stdout=PIPE, limit=MAX_ANSWER_BYTES, start_new_session=True
        )
        return self._process

    async def _exchange(self, process: Process, line: bytes) -> bytes:
        stdin, stdout = _pipes(process)
        try:
            stdin.write(line)
            await stdin.drain()
            answer = await stdout.readline()
        except ConnectionError:
            answer = b""
        except ValueError:
            raise LostError(f"wrote a line of more than {MAX_ANSWER_BYTES} bytes") from None
        if not answer.endswith(b"\n"):
            await self._reap(process)
            raise LostError(f"ended with status {process.returncode} instead of an answer")
        return answer

    async def _reap(self, process: Process) -> None:
        """Wait for a process that closed its output, so that its exit status is known."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                await process.wait()

    def _decode(self, identifier: str, line: bytes) -> dict[str, Any]:
        try:
            answer: object = json.loads(line)
        except (ValueError, RecursionError):
            raise LostError("wrote a line that is not JSON") from None
        if not isinstance(answer, dict):
            raise LostError("wrote a line that is not a JSON object")
        fields = cast("dict[str, Any]", answer)
        if fields.get("id") != identifier:
            raise LostError("answered another id than it was asked, or out of order")
        return fields


def _pipes(process: Process) -> tuple[asyncio.StreamWriter, asyncio.StreamReader]:
    if process.stdin is None or process.stdout is None:
        raise RuntimeError("the testee was started without pipes")
    return process.stdin, process.stdout
