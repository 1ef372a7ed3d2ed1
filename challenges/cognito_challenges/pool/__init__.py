"""The reference user pool: in memory, strict, and able to say why.

    service = PoolService(Options(explain=True))            # sans-I/O: service.call("InitiateAuth", {...}) -> dict
    serve(service, host="127.0.0.1", port=0, on_listening=print)   # blocks; ends cleanly on SIGINT and SIGTERM
    with running(service) as url: ...                       # in a background thread
    boto3.client("cognito-idp", endpoint_url=url, region_name="us-east-1", aws_access_key_id="x", ...)

`service.outbox` has the codes that were sent, `service.connect(pool_id, "PreSignUp", function)` connects a Lambda
trigger. Nothing is imported until one of these names is used.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cognito_challenges.pool.errors import Explanation, ServiceError
    from cognito_challenges.pool.options import Options
    from cognito_challenges.pool.service import PoolService
    from cognito_challenges.pool.serving.http import application, running, serve

__all__ = ["Explanation", "Options", "PoolService", "ServiceError", "application", "running", "serve"]

_HOMES = {
    "Explanation": ".errors",
    "Options": ".options",
    "PoolService": ".service",
    "ServiceError": ".errors",
    "application": ".serving.http",
    "running": ".serving.http",
    "serve": ".serving.http",
}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name], __name__), name)
