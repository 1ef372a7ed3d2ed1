"""Who may reach the pool over HTTP: the hosts it answers to and the pages that may call it.

A pool hands out codes and deletes users without asking for credentials, so a page of somebody else's must not drive it
through the browser of whoever runs it. A page elsewhere gives itself away by its Origin, and a page whose name an
attacker's DNS points at this machine (DNS rebinding) by its Host.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import urlsplit

from cognito_challenges.pool.errors import ServiceError
from cognito_challenges.pool.options import Options
from cognito_challenges.pool.requests.members import UNSIGNED
from cognito_challenges.pool.serving.wire import EXPLANATION, TARGET

ANY = "*"
_PUBLIC_PATH = re.compile(r"/[^/]+/\.well-known/[^/]+")
_PREFLIGHT = {
    "access-control-allow-methods": "POST, GET, OPTIONS",
    "access-control-allow-headers": "*, authorization",
    "access-control-allow-private-network": "true",
    "access-control-max-age": "600",
}
_EXPOSED = f"x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date,{EXPLANATION}"


def refusal(
    options: Options, listening: str, method: str, path: str, headers: Mapping[str, str]
) -> ServiceError | None:
    """Why a request is refused before anything else looks at it; None for one that may pass.

    listening: the host that the server listens on, which its clients may name. headers: names in lower case.
    """
    if not _known_host(options, listening, headers.get("host", "")):
        return _forbidden("This pool does not answer to that Host. Allow its name with allowed_hosts or --allow-host.")
    origin = headers.get("origin")
    if origin is None:
        embedded = headers.get("sec-fetch-mode", "navigate") != "navigate"
        if headers.get("sec-fetch-site") == "cross-site" and embedded:
            return _forbidden("A page from elsewhere may not read this.")
        return None
    if _is_local(origin):
        return None
    if ANY not in options.allowed_origins and origin not in options.allowed_origins:
        return _forbidden("That Origin may not call this pool. Allow it with allowed_origins or --allow-origin.")
    operation = headers.get("x-amz-target", "").removeprefix(TARGET)
    if method == "OPTIONS" or _PUBLIC_PATH.fullmatch(path) or (path == "/" and operation in UNSIGNED):
        return None
    return _forbidden("Pages from elsewhere may call only operations that take no AWS credentials.")


def cors(method: str, headers: Mapping[str, str]) -> dict[str, str]:
    """The headers that let the page read the answer to a request that may pass."""
    origin = headers.get("origin")
    if origin is None:
        return {"vary": "origin"}
    allowed = {"vary": "origin", "access-control-allow-origin": origin, "access-control-expose-headers": _EXPOSED}
    return {**allowed, **_PREFLIGHT} if method == "OPTIONS" else allowed


def _known_host(options: Options, listening: str, host: str) -> bool:
    name = _name(host)
    return bool(name) and (
        ANY in options.allowed_hosts
        or _is_loopback(name)
        or (name == listening.lower() and name not in ("0.0.0.0", "::"))  # noqa: S104 - compared, not listened on
        or name in (allowed.lower() for allowed in options.allowed_hosts)
        # Whoever sets the issuer says under which name the pool is reached.
        or name == _name(urlsplit(options.issuer or "").netloc)
    )


def _is_local(origin: str) -> bool:
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and not parts.path and _is_loopback(_name(parts.netloc))


def _name(host: str) -> str:
    """The name or address in a Host header, without its port; "" for what is none."""
    found = re.fullmatch(r"(?:\[([0-9a-fA-F:.]+)\]|([\w.-]+))(?::\d{1,5})?", host, re.ASCII)
    return (found[1] or found[2]).lower().rstrip(".") if found else ""


def _is_loopback(name: str) -> bool:
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _forbidden(message: str) -> ServiceError:
    return ServiceError("ForbiddenException", message)
