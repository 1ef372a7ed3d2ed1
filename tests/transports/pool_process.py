"""The reference pool in a process of its own: prints one line of JSON once it listens, and serves until it is ended."""

from __future__ import annotations

import json

from cognito_challenges.pool import PoolService, serve

PASSWORD = "Correct horse, 1 battery"


def main() -> None:
    service = PoolService()
    pool_id = service.call("CreateUserPool", {"PoolName": "load"})["UserPool"]["Id"]
    alice = {"UserPoolId": pool_id, "Username": "alice"}
    service.call("AdminCreateUser", {**alice, "MessageAction": "SUPPRESS"})
    service.call("AdminSetUserPassword", {**alice, "Password": PASSWORD, "Permanent": True})
    wanted = {"UserPoolId": pool_id, "ClientName": "load", "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]}
    client_id = service.call("CreateUserPoolClient", wanted)["UserPoolClient"]["ClientId"]

    def listening(url: str) -> None:
        print(json.dumps({"url": url, "pool_id": pool_id, "client_id": client_id}), flush=True)

    serve(service, on_listening=listening)


if __name__ == "__main__":
    main()
