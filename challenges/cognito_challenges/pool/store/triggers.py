"""Lambda triggers as Python callables, and the event documents they get."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from cognito_challenges.pool.errors import ServiceError
from cognito_challenges.pool.store.records import User, UserPool
from cognito_challenges.pool.store.state import State

KINDS = (
    "PreSignUp",
    "CustomMessage",
    "PostConfirmation",
    "PreAuthentication",
    "PostAuthentication",
    "DefineAuthChallenge",
    "CreateAuthChallenge",
    "VerifyAuthChallengeResponse",
    "PreTokenGeneration",
    "UserMigration",
)
"""Names of triggers as LambdaConfig has them."""


def connected(pool: UserPool, kind: str) -> bool:
    """The pool's LambdaConfig names a function for this kind of trigger."""
    return _arn(pool, kind) is not None


def fire(
    state: State,
    pool: UserPool,
    source: str,
    client_id: str,
    username: str,
    request: Mapping[str, object],
    response: Mapping[str, object],
    *,
    version: str = "1",
) -> dict[str, object] | None:
    """Call the trigger of a source such as "PreSignUp_SignUp" and return the response it leaves; None without one.

    request: the event's own part, clientMetadata or validationData included when they belong there. Raises
    UserLambdaValidationException with the trigger's own message when it raises, InvalidLambdaResponseException when it
    returns no event.
    """
    kind = source.partition("_")[0].replace("TokenGeneration", "PreTokenGeneration")
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
        "callerContext": {"awsSdkVersion": "aws-sdk-unknown-unknown", "clientId": client_id},
        "request": dict(request),
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
    return cast("dict[str, object]", answer)


def user_attributes(user: User) -> dict[str, str]:
    """`request.userAttributes` of an event."""
    return {**user.attributes, "cognito:user_status": user.status}


def _arn(pool: UserPool, kind: str) -> str | None:
    config = pool.settings.document("LambdaConfig")
    arn = config.get(kind)
    if arn is None and kind == "PreTokenGeneration":
        arn = cast("dict[str, object]", config.get("PreTokenGenerationConfig") or {}).get("LambdaArn")
    return arn if isinstance(arn, str) else None
