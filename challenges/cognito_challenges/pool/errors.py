"""The service's errors: one exception class, and the wordings that several operations share."""

from __future__ import annotations

from dataclasses import dataclass

from cognito_challenges import errors

WRONG_CREDENTIALS = "Incorrect username or password."


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a proof was refused: the mistake's short name, and one sentence that carries no secret."""

    mistake: str
    sentence: str


class ServiceError(errors.ServiceError):
    """A refusal in the service's own terms, as any client sees it and with what only the pool knows of it.

    code: the exception's name in the service model, as in "NotAuthorizedException"; message: its wording.
    ends_attempt: the session or challenge that was answered is spent, and the sign-in has to start again.
    explanation: the client's mistake, when the pool explains and has found it.
    """

    def __init__(
        self, code: str, message: str, *, ends_attempt: bool = False, explanation: Explanation | None = None
    ) -> None:
        super().__init__(code, message)
        self.ends_attempt = ends_attempt
        self.explanation = explanation


def wrong_credentials(explanation: Explanation | None = None) -> ServiceError:
    """The one answer to every wrong password and proof; it ends the attempt."""
    return ServiceError("NotAuthorizedException", WRONG_CREDENTIALS, ends_attempt=True, explanation=explanation)


def not_authorized(message: str) -> ServiceError:
    """NotAuthorizedException."""
    return ServiceError("NotAuthorizedException", message)


def invalid_parameter(message: str) -> ServiceError:
    """InvalidParameterException."""
    return ServiceError("InvalidParameterException", message)


def not_found(message: str) -> ServiceError:
    """ResourceNotFoundException."""
    return ServiceError("ResourceNotFoundException", message)


def user_not_found() -> ServiceError:
    """UserNotFoundException, in the wording of the service."""
    return ServiceError("UserNotFoundException", "User does not exist.")


def device_not_found() -> ServiceError:
    """ResourceNotFoundException for a device key that the user does not have."""
    return not_found("Device does not exist.")


def code_mismatch() -> ServiceError:
    """CodeMismatchException for a code that was sent to the user."""
    return ServiceError("CodeMismatchException", "Invalid verification code provided, please try again.")


def expired_code() -> ServiceError:
    """ExpiredCodeException for a code that is past its time, was used, or was never asked for."""
    return ServiceError("ExpiredCodeException", "Invalid code provided, please request a code again.")


def needs_essentials(feature: str) -> ServiceError:
    """FeatureUnavailableInTierException for a setting that the feature plan LITE does not have."""
    return ServiceError("FeatureUnavailableInTierException", f"{feature} needs the Essentials or Plus feature plan.")


def missing(parameter: str) -> ServiceError:
    """InvalidParameterException for an AuthParameters or ChallengeResponses entry that has to be there."""
    return invalid_parameter(f"Missing required parameter {parameter}")
