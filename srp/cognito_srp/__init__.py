"""The SRP maths and bytes of Amazon Cognito user pools, without I/O.

Client role: `PasswordSession` and `DeviceSession` give a `Claim`. Server role: `Verifier` and `ServerSession`.
Devices: `Device.register` makes a `Device` and the `DeviceVerifier` that ConfirmDevice takes. Whatever is refused
raises `UsageError` (the caller's mistake) or `PeerError` (the counterpart's fault), both of them `SrpError`.
"""

from .arithmetic import warm
from .client import Claim, DeviceSession, PasswordSession
from .clock import timestamp
from .device import Device, DeviceVerifier
from .errors import PeerError, SrpError, UsageError
from .formulas import secret_hash
from .server import ServerSession, Verifier

__all__ = [
    "Claim",
    "Device",
    "DeviceSession",
    "DeviceVerifier",
    "PasswordSession",
    "PeerError",
    "ServerSession",
    "SrpError",
    "UsageError",
    "Verifier",
    "secret_hash",
    "timestamp",
    "warm",
]
