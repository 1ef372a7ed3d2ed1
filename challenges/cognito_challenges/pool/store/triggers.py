"""Lambda triggers as Python callables: which operation calls which, the events they get, and what they may answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from cognito_challenges.pool.errors import ServiceError
from cognito_challenges.pool.requests.shapes import Document, Flag, ListOf, Shape, Structure, Text, checked
from cognito_challenges.pool.store.attempt import Caller
from cognito_challenges.pool.store.records import User, UserPool
from cognito_challenges.pool.store.state import State

_TEXT, _FLAG, _ANY, _NAMES = Text(), Flag(), Document(), ListOf(Text(), most=1_000)
_CLAIMS: Mapping[str, Shape] = {"claimsToAddOrOverride": _ANY, "claimsToSuppress": _NAMES}
_SCOPES: Mapping[str, Shape] = {"scopesToAdd": _NAMES, "scopesToSuppress": _NAMES}
_GROUPS: Mapping[str, Shape] = {
    "groupOverrideDetails": Structure(
        {}, {"groupsToOverride": _NAMES, "iamRolesToOverride": _NAMES, "preferredRole": _TEXT}
    )
}
ANSWERS: Mapping[str, Mapping[str, Shape]] = {
    "PreSignUp": {"autoConfirmUser": _FLAG, "autoVerifyEmail": _FLAG, "autoVerifyPhone": _FLAG},
    "CustomMessage": {"smsMessage": _TEXT, "emailMessage": _TEXT, "emailSubject": _TEXT},
    "PostConfirmation": {},
    "PreAuthentication": {},
    "PostAuthentication": {},
    "DefineAuthChallenge": {"challengeName": _TEXT, "issueTokens": _FLAG, "failAuthentication": _FLAG},
    "CreateAuthChallenge": {
        "publicChallengeParameters": _ANY,
        "privateChallengeParameters": _ANY,
        "challengeMetadata": _TEXT,
    },
    "VerifyAuthChallengeResponse": {"answerCorrect": _FLAG},
    "PreTokenGeneration": {
        "claimsOverrideDetails": Structure({}, {**_CLAIMS, **_GROUPS}),
        "claimsAndScopeOverrideDetails": Structure(
            {},
            {
                "idTokenGeneration": Structure({}, _CLAIMS),
                "accessTokenGeneration": Structure({}, {**_CLAIMS, **_SCOPES}),
                **_GROUPS,
            },
        ),
    },
    "UserMigration": {
        "userAttributes": _ANY,
        "finalUserStatus": _TEXT,
        "messageAction": _TEXT,
        "desiredDeliveryMediums": _NAMES,
        "forceAliasCreation": _FLAG,
    },
}
"""The triggers by their names in LambdaConfig, and the shape of each member of the response; null is always allowed."""

KINDS = tuple(ANSWERS)

CLIENT, VALIDATION, NOT_PASSED = "clientMetadata", "validationData", ""
_MIGRATES = ("PreSignUp", "UserMigration")
_SIGNS_IN = ("CustomMessage", "PostAuthentication", "PreTokenGeneration", "DefineAuthChallenge", "CreateAuthChallenge")
_FIRST: Mapping[str, str] = {
    **dict.fromkeys((*_MIGRATES, "PreAuthentication"), VALIDATION),
    **dict.fromkeys(_SIGNS_IN, NOT_PASSED),
}
_NEXT: Mapping[str, str] = dict.fromkeys((*_MIGRATES, *_SIGNS_IN, "VerifyAuthChallengeResponse"), CLIENT)
_MESSAGE: Mapping[str, str] = {"CustomMessage": CLIENT}
_CONFIRMS: Mapping[str, str] = {"PostConfirmation": CLIENT}
CALLS: Mapping[str, Mapping[str, str]] = {
    "SignUp": {"PreSignUp": CLIENT, "CustomMessage": CLIENT, "PostConfirmation": CLIENT},
    "ConfirmSignUp": _CONFIRMS,
    "ResendConfirmationCode": _MESSAGE,
    "ForgotPassword": dict.fromkeys((*_MIGRATES, "CustomMessage"), CLIENT),
    "ConfirmForgotPassword": _CONFIRMS,
    "UpdateUserAttributes": _MESSAGE,
    "GetUserAttributeVerificationCode": _MESSAGE,
    "AdminCreateUser": {"PreSignUp": CLIENT, "CustomMessage": CLIENT},
    "AdminConfirmSignUp": _CONFIRMS,
    "AdminResetUserPassword": _MESSAGE,
    "AdminUpdateUserAttributes": _MESSAGE,
    "InitiateAuth": _FIRST,
    "AdminInitiateAuth": _FIRST,
    "RespondToAuthChallenge": _NEXT,
    "AdminRespondToAuthChallenge": _NEXT,
    "GetTokensFromRefreshToken": {"PreTokenGeneration": CLIENT},
}
"""The triggers that each operation may call, and as which member of the event each gets the request's ClientMetadata.

The service model says of InitiateAuth and AdminInitiateAuth which triggers get it, and of all other operations that
whichever they call do. Those other triggers that InitiateAuth calls get no metadata.
"""


def connected(pool: UserPool, kind: str) -> bool:
    """The pool's LambdaConfig names a function for this kind of trigger."""
    return _arn(pool, kind) is not None


def fire(
    state: State,
    pool: UserPool,
    caller: Caller,
    source: str,
    username: str,
    request: Mapping[str, object],
    response: Mapping[str, object],
    *,
    version: str = "1",
) -> dict[str, object] | None:
    """Call the trigger of a source such as "PreSignUp_SignUp" and return the response it leaves; None without one.

    request: the event's own part; the caller's metadata is added where `CALLS` says so. Raises
    UserLambdaValidationException with the trigger's own message when it raises, InvalidLambdaResponseException when it
    returns no event or a response whose members have another form than in `ANSWERS`.
    """
    kind = source.partition("_")[0].replace("TokenGeneration", "PreTokenGeneration")
    member = CALLS[caller.operation][kind]
    arn = _arn(pool, kind)
    if arn is None:
        return None
    function = state.triggers.get(arn)
    if function is None:
        raise ServiceError("UnexpectedLambdaException", f"{kind} invocation failed: no function is known by its ARN.")
    event: dict[str, object] = {
        "version": version,
        "triggerSource": source,
        "region": pool.region,
        "userPoolId": pool.pool_id,
        "userName": username,
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": caller.client_id},
        "request": {**request, **({member: dict(caller.metadata)} if member else {})},
        "response": dict(response),
    }
    try:
        returned = function(event)
    except ServiceError:
        raise
    except Exception as error:
        raise ServiceError("UserLambdaValidationException", f"{kind} failed with error {error}.") from error
    answer: object = cast("dict[str, object]", returned).get("response") if isinstance(returned, dict) else None
    if not isinstance(answer, dict):
        raise ServiceError("InvalidLambdaResponseException", "Unrecognizable lambda output")
    try:
        return checked(Structure({}, ANSWERS[kind]), cast("dict[str, object]", answer))
    except ServiceError as error:
        raise ServiceError("InvalidLambdaResponseException", f"{kind} returned a response of another form") from error


def user_attributes(user: User) -> dict[str, str]:
    """`request.userAttributes` of an event."""
    attributes = {} if user.status == "UNKNOWN" else user.attributes
    return {**attributes, "cognito:user_status": user.status}


def _arn(pool: UserPool, kind: str) -> str | None:
    config = pool.settings.structure("LambdaConfig")
    if kind == "PreTokenGeneration" and "PreTokenGenerationConfig" in config:
        return config.structure("PreTokenGenerationConfig").text("LambdaArn")
    return config.text(kind) or None
