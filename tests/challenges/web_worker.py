"""A web worker: reads saved sign-ins, goes on with each in this process alone, and says how they ended.

Standard input holds JSON: the service's URL, and one entry for each sign-in, of the path at which the service plays it
and the saved document. Each further challenge is saved, and resumed from its JSON, before it is answered.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import httpx

from cognito_challenges import Device, SignedIn, SignIn, drive
from cognito_challenges.transports.httpx import httpx_transport
from support.right_answers import PASSWORD, response_to
from support.scripted import app_client


def finish(http: httpx.Client, url: str, saved: dict[str, Any], device: Device | None) -> SignedIn:
    client = app_client(secret=True)
    send = httpx_transport(client, http, url=url)
    while True:
        attempt = SignIn.resume(client, json.loads(json.dumps(saved)), password=PASSWORD, device=device)
        assert attempt.challenge is not None
        attempt.answer(response_to(attempt.challenge))
        step = drive(attempt, send)
        if isinstance(step, SignedIn):
            return step
        saved = attempt.save()


def main() -> None:
    work = json.load(sys.stdin)
    device = Device.from_json(work["device"])
    ended: dict[str, Any] = {}
    with httpx.Client(trust_env=False) as http:
        for path, saved in work["saved"].items():
            known = device if saved["device_key"] else None
            signed_in = finish(http, work["url"] + path, saved, known)
            ended[path] = {"username": signed_in.username, "forgotten": signed_in.forgotten_device}
    json.dump(ended, sys.stdout)


if __name__ == "__main__":
    main()
