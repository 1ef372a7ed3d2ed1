"""The pool that the soak attacks, in a process of its own. A line on standard input is answered with what it holds.

The first line out is its URL; each later one a JSON object: live and kept Sessions, users, memory and descriptors.
"""

from __future__ import annotations

import gc
import json
import sys
import threading
import time
from pathlib import Path

import psutil

from cognito_challenges.pool import Options, PoolService, serve

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "interop"))

import custom_auth

# Short lives, so that what is abandoned ends within the run; codes of an app may be used by each sign-in.
OPTIONS = Options(challenge_seconds=30, session_seconds=30, totp_single_use=False)
KINDS = ("DefineAuthChallenge", "CreateAuthChallenge", "VerifyAuthChallengeResponse")


def held(service: PoolService, process: psutil.Process) -> dict[str, int]:
    """What the process holds now."""
    state, now = service._state, time.time()
    with service._lock:
        entries = [*state.sessions._entries.values(), *state.device_sessions._entries.values()]
        gc.collect()
        return {
            "live": sum(entry.value is not None and entry.expires > now for entry in entries),
            "kept": len(entries),
            "users": sum(len(pool.names) for pool in state.pools.values()),
            "memory": process.memory_info().rss,
            "descriptors": process.num_fds(),
            "threads": process.num_threads(),
        }


def main() -> None:
    """Serve until standard input ends."""
    service, process = PoolService(OPTIONS), psutil.Process()

    def tell() -> None:
        for line in sys.stdin:
            if line.startswith("connect"):
                for kind in KINDS:
                    service.connect(line.split()[1], kind, custom_auth.handler)
            print(json.dumps(held(service, process)), flush=True)

    threading.Thread(target=tell, daemon=True).start()
    serve(service, on_listening=lambda url: print(url, flush=True))


if __name__ == "__main__":
    main()
