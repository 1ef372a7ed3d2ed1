"""Every challenge of an Amazon Cognito user pool, answered without I/O.

    app_client = AppClient("us-east-1_Ab1Cd2Ef3", "client id")
    attempt = SignIn(app_client, username="alice", password="...")
    step = drive(attempt, boto3_transport(boto3_client(app_client)))

`SignIn` says what to send (`Call`), what waits for an answer (a class for each challenge) and when it is done
(`SignedIn`). `drive` and `drive_async` run it over one of `cognito_challenges.transports`, or over your own.
"""

from cognito_srp import Device, DeviceVerifier, PeerError, ProofMismatch, SrpError, UsageError

from .answers import NewDevice, SignedIn, Tokens
from .app_client import AppClient
from .catalogue import Challenge
from .catalogue.base import Response
from .catalogue.choices import MfaSetup, SelectChallenge, SelectMfaType
from .catalogue.codes import CodeChallenge, EmailMfa, EmailOtp, SmsMfa, SmsOtp, SoftwareTokenMfa, TotpEnrolment
from .catalogue.others import CustomChallenge, OtherChallenge, WebAuthn
from .catalogue.passwords import AdminNoSrpAuth, NewPasswordRequired, Password, PasswordSrp
from .devices import confirm_device, forget_device, update_device_status, user_must_agree
from .errors import ServiceError, TransportError
from .metadata import AdminContext, RequestMetadata, UserContext
from .refresh import get_tokens_from_refresh_token, read_refreshed, refresh_token_auth, revoke_token
from .requests import AsyncTransport, Call, Transport
from .sign_in.drive import drive, drive_async
from .sign_in.flows import FlowName, StepUp
from .sign_in.machine import SignIn
from .sign_in.state import State, Step

__all__ = [
    "AdminContext",
    "AdminNoSrpAuth",
    "AppClient",
    "AsyncTransport",
    "Call",
    "Challenge",
    "CodeChallenge",
    "CustomChallenge",
    "Device",
    "DeviceVerifier",
    "EmailMfa",
    "EmailOtp",
    "FlowName",
    "MfaSetup",
    "NewDevice",
    "NewPasswordRequired",
    "OtherChallenge",
    "Password",
    "PasswordSrp",
    "PeerError",
    "ProofMismatch",
    "RequestMetadata",
    "Response",
    "SelectChallenge",
    "SelectMfaType",
    "ServiceError",
    "SignIn",
    "SignedIn",
    "SmsMfa",
    "SmsOtp",
    "SoftwareTokenMfa",
    "SrpError",
    "State",
    "Step",
    "StepUp",
    "Tokens",
    "TotpEnrolment",
    "Transport",
    "TransportError",
    "UsageError",
    "UserContext",
    "WebAuthn",
    "confirm_device",
    "drive",
    "drive_async",
    "forget_device",
    "get_tokens_from_refresh_token",
    "read_refreshed",
    "refresh_token_auth",
    "revoke_token",
    "update_device_status",
    "user_must_agree",
]
