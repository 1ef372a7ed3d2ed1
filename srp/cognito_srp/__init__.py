"""The SRP maths and bytes of Amazon Cognito user pools, without I/O.

Client role: `PasswordSession` and `DeviceSession` give a `Claim`. Server role: `Verifier` and `ServerSession`.
Devices: `Device.register` makes a `Device` and the `DeviceVerifier` that ConfirmDevice takes. Every refusal is a
`UsageError` (the caller's mistake) or a `PeerError` (the counterpart's fault), both of them `SrpError`.
"""

from .arithmetic import Arithmetic, warm
from .arithmetic import load as load_arithmetic
from .client import Claim, DeviceSession, PasswordSession
from .device import Device, DeviceVerifier
from .encoding import Entropy
from .errors import PeerError, ProofMismatch, Reason, SrpError, UsageError
from .formulas import secret_hash
from .server import ServerSession, Verifier
from .timestamps import Clock, parse_timestamp, timestamp

__all__ = [
    "Arithmetic",
    "Claim",
    "Clock",
    "Device",
    "DeviceSession",
    "DeviceVerifier",
    "Entropy",
    "PasswordSession",
    "PeerError",
    "ProofMismatch",
    "Reason",
    "ServerSession",
    "SrpError",
    "UsageError",
    "Verifier",
    "load_arithmetic",
    "parse_timestamp",
    "secret_hash",
    "timestamp",
    "warm",
]
