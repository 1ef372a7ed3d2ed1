"""Every challenge of an Amazon Cognito user pool, answered without I/O.

    client = AppClient("us-east-1_Ab1", "client id")
    attempt = SignIn(client, username="alice", password="...")
    step = drive(attempt, attempt.start(), boto3_transport(boto3_client(client)))

`SignIn` says what to send (`Call`), what a person must answer (a class for each challenge) and when it is done
(`SignedIn`). `drive` and `drive_async` run it over one of `cognito_challenges.transports`, or over your own.
"""

from cognito_srp import Device, DeviceVerifier, PeerError, SrpError, UsageError

from .app_client import AdminContext, AppClient, RequestParts, UserContext
from .catalogue import (
    AdminNoSrpAuth,
    CustomChallenge,
    EmailMfa,
    EmailOtp,
    MfaSetup,
    NewPasswordRequired,
    OtherChallenge,
    Password,
    PasswordSrp,
    PersonChallenge,
    SelectChallenge,
    SelectMfaType,
    SmsMfa,
    SmsOtp,
    SoftwareTokenMfa,
    TotpEnrolment,
    WebAuthn,
)
from .challenge import Response
from .devices import confirm_device, forget_device, update_device_status, user_must_agree
from .drive import AsyncTransport, Transport, drive, drive_async
from .errors import ServiceError
from .flows import StepUp
from .machine import SignIn
from .moves import Step
from .refresh import get_tokens_from_refresh_token, read_refreshed, refresh_token_auth, revoke_token
from .requests import Call
from .results import NewDevice, SignedIn, Tokens
from .transitions import State

__all__ = [
    "AdminContext",
    "AdminNoSrpAuth",
    "AppClient",
    "AsyncTransport",
    "Call",
    "CustomChallenge",
    "Device",
    "DeviceVerifier",
    "EmailMfa",
    "EmailOtp",
    "MfaSetup",
    "NewDevice",
    "NewPasswordRequired",
    "OtherChallenge",
    "Password",
    "PasswordSrp",
    "PeerError",
    "PersonChallenge",
    "RequestParts",
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
