"""InitiateAuth, RespondToAuthChallenge and their admin forms: one table of flows and one of challenges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from cognito_challenges.pool.errors import (
    WRONG_CREDENTIALS,
    ServiceError,
    invalid_parameter,
    missing,
    not_authorized,
    user_not_found,
)
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.sign_in import (
    choice,
    custom,
    devices,
    factors,
    passkeys,
    passwords,
    refresh,
    signup_sessions,
)
from cognito_challenges.pool.sign_in.progress import check_user, proceed
from cognito_challenges.pool.sign_in.secrethash import check_secret_hash
from cognito_challenges.pool.sign_in.sessions import INVALID, find_attempt
from cognito_challenges.pool.store import lockout, strangers
from cognito_challenges.pool.store.attempt import Attempt, Caller, Turn
from cognito_challenges.pool.store.enrolment import migrate
from cognito_challenges.pool.store.expiring import Entry
from cognito_challenges.pool.store.records import AppClient, User, UserPool
from cognito_challenges.pool.store.state import State
from cognito_challenges.pool.store.triggers import fire, user_attributes

Handler = Callable[[State, Turn, Attempt], "Attempt | dict[str, object]"]
"""Takes one step of a sign-in. Returns the answer to send, or the attempt with one more factor passed."""


@dataclass(frozen=True, slots=True)
class Flow:
    """How an AuthFlow starts, which ExplicitAuthFlows allow it, and by which of the two operations it may come."""

    start: Handler
    allowed_by: frozenset[str]
    public: bool = True
    admin: bool = True


_ADMIN_PASSWORD = Flow(
    passwords.answer_password, frozenset({"ALLOW_ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH"}), public=False
)
FLOWS: Mapping[str, Flow] = {
    "USER_SRP_AUTH": Flow(passwords.start_srp, frozenset({"ALLOW_USER_SRP_AUTH"})),
    "USER_PASSWORD_AUTH": Flow(
        passwords.answer_password, frozenset({"ALLOW_USER_PASSWORD_AUTH", "USER_PASSWORD_AUTH"}), admin=False
    ),
    "ADMIN_USER_PASSWORD_AUTH": _ADMIN_PASSWORD,
    "ADMIN_NO_SRP_AUTH": _ADMIN_PASSWORD,
    "CUSTOM_AUTH": Flow(custom.start_custom, frozenset({"ALLOW_CUSTOM_AUTH", "CUSTOM_AUTH_FLOW_ONLY"})),
    "USER_AUTH": Flow(choice.start_choice, frozenset({"ALLOW_USER_AUTH"})),
}
CHALLENGES: Mapping[str, Handler] = {
    "PASSWORD_VERIFIER": passwords.answer_password_verifier,
    "PASSWORD": passwords.answer_password,
    "PASSWORD_SRP": passwords.start_srp,
    "NEW_PASSWORD_REQUIRED": passwords.answer_new_password,
    "SMS_MFA": factors.answer_code,
    "SMS_OTP": factors.answer_code,
    "EMAIL_OTP": factors.answer_code,
    "SOFTWARE_TOKEN_MFA": factors.answer_totp,
    "SELECT_MFA_TYPE": factors.answer_choice,
    "MFA_SETUP": factors.answer_setup,
    "DEVICE_SRP_AUTH": devices.answer_device_srp,
    "DEVICE_PASSWORD_VERIFIER": devices.answer_device_verifier,
    "CUSTOM_CHALLENGE": custom.answer_custom,
    "SELECT_CHALLENGE": choice.answer_selection,
    "WEB_AUTHN": passkeys.answer_passkey,
}
LAMBDA_ERRORS = ("UserLambdaValidationException", "UnexpectedLambdaException", "InvalidLambdaResponseException")
PROOFS = ("PASSWORD_VERIFIER", "DEVICE_PASSWORD_VERIFIER")
REFRESHES = ("REFRESH_TOKEN_AUTH", "REFRESH_TOKEN")
_PLAIN_FLOWS = ("USER_PASSWORD_AUTH", "ADMIN_USER_PASSWORD_AUTH", "ADMIN_NO_SRP_AUTH", "USER_AUTH")
_LEGACY = ("ADMIN_NO_SRP_AUTH", "CUSTOM_AUTH_FLOW_ONLY", "USER_PASSWORD_AUTH")


def initiate(state: State, operation: str, request: Request) -> dict[str, object]:
    """InitiateAuth and AdminInitiateAuth."""
    client, pool = _client(state, request)
    name, parameters = request.text("AuthFlow"), request.texts("AuthParameters")
    admin = operation.startswith("Admin")
    flow = FLOWS.get(name)
    if flow is not None and not (flow.admin if admin else flow.public):
        raise invalid_parameter("Initiate Auth method not supported.")
    if not allows(client, flow.allowed_by if flow else frozenset({"ALLOW_REFRESH_TOKEN_AUTH"})):
        raise invalid_parameter(f"{name} flow not enabled for this client")
    caller, session = Caller(operation, client.client_id, request.texts("ClientMetadata")), request.text("Session")
    if flow is None and session:
        raise invalid_parameter(f"{name} does not take a Session.")
    if flow is None:
        return refresh.refresh_auth(state, client, parameters, caller)
    login_name = parameters.get("USERNAME")
    if not login_name:
        raise missing("USERNAME")
    if len(login_name) > 128:
        raise invalid_parameter("USERNAME must not have more than 128 characters.")
    number = state.journal.open(login_name, pool.pool_id, client.client_id, state.clock())
    turn = Turn(parameters, caller)

    def begin() -> dict[str, object]:
        user = pool.find(login_name)
        check_secret_hash(state, client, parameters.get("SECRET_HASH"), [login_name], user)
        # Made for users who exist as well: its time would tell them apart.
        nobody = strangers.stranger(state, pool, login_name)
        user = user or _migrated(state, turn, pool, login_name, name) or _hidden(client, nobody)
        attempt = Attempt(
            number,
            pool,
            client,
            user,
            login_name,
            name,
            epoch=user.epoch,
            device_key=parameters.get("DEVICE_KEY"),
        )
        if session:
            attempt = signup_sessions.start(state, session, attempt)
        _before_authentication(state, turn, attempt)
        return _advance(state, turn, attempt, flow.start)

    return _noted(state, number, operation, name, parameters, client.hides_users, begin)


def respond(state: State, operation: str, request: Request) -> dict[str, object]:
    """RespondToAuthChallenge and AdminRespondToAuthChallenge."""
    client, pool = _client(state, request)
    name, responses = request.text("ChallengeName"), request.texts("ChallengeResponses")
    handler = CHALLENGES.get(name)
    if handler is None:
        raise invalid_parameter(f"{name} is not a challenge that can be answered.")
    username = responses.get("USERNAME")
    if not username:
        raise missing("USERNAME")
    try:
        entry, attempt = _find(state, client, pool, name, username, request)
    except ServiceError as error:
        stray = state.journal.open(username, pool.pool_id, client.client_id, state.clock())
        state.journal.note(stray, operation, name, responses, error, state.clock())
        raise
    turn = Turn(responses, Caller(operation, client.client_id, request.texts("ClientMetadata")))
    if "DEVICE" not in attempt.passed and not name.startswith("DEVICE_"):
        # The latest answer names the device, so that a client whose device is refused can go on without it.
        attempt = replace(attempt, device_key=responses.get("DEVICE_KEY"))

    def go_on() -> dict[str, object]:
        check_secret_hash(state, client, responses.get("SECRET_HASH"), [username], attempt.user)
        # Nobody else can answer meanwhile, a trigger that is called on the way included.
        asked = entry.take()
        try:
            return _advance(state, turn, attempt, handler)
        except ServiceError as error:
            if _may_answer_again(state, entry, attempt, error):
                entry.value = asked
            raise

    return _noted(state, attempt.number, operation, name, responses, client.hides_users, go_on)


def allows(client: AppClient, names: frozenset[str]) -> bool:
    """One of the names is among the client's ExplicitAuthFlows, or implied by the names of before ALLOW_.

    A client that rotates refresh tokens has them renewed by GetTokensFromRefreshToken only.
    """
    enabled = client.settings.strings("ExplicitAuthFlows")
    if not enabled:
        enabled = ["ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    elif all(name in _LEGACY for name in enabled):
        srp = [] if "CUSTOM_AUTH_FLOW_ONLY" in enabled else ["ALLOW_USER_SRP_AUTH"]
        enabled = [*enabled, *srp, "ALLOW_CUSTOM_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    if client.rotates:
        enabled = [name for name in enabled if name != "ALLOW_REFRESH_TOKEN_AUTH"]
    return not names.isdisjoint(enabled)


def _advance(state: State, turn: Turn, attempt: Attempt, handler: Handler) -> dict[str, object]:
    # Custom challenges are judged by triggers, which do their own counting.
    locks = attempt.flow != "CUSTOM_AUTH" or attempt.awaits not in ("", custom.CHALLENGE)
    if locks:
        lockout.check(state, attempt.user, lockout.SIGN_IN)
    try:
        result = handler(state, turn, attempt)
        return proceed(state, turn, result) if isinstance(result, Attempt) else result
    except ServiceError as error:
        if locks and (error.code == "CodeMismatchException" or error.message == WRONG_CREDENTIALS):
            lockout.failed(state, attempt.user, lockout.SIGN_IN)
        raise


def _client(state: State, request: Request) -> tuple[AppClient, UserPool]:
    pool_id = request.text("UserPoolId") or None
    if pool_id is not None:
        state.pool(pool_id)
    client = state.client(request.text("ClientId"), pool_id)
    return client, state.pool(client.pool_id)


def _migrated(state: State, turn: Turn, pool: UserPool, login_name: str, flow: str) -> User | None:
    password = turn.parameters.get("PASSWORD")
    return migrate(state, turn.caller, pool, login_name, password) if password and flow in _PLAIN_FLOWS else None


def _hidden(client: AppClient, nobody: User) -> User:
    """Nobody, in the place of a user who does not exist, where the client must not see that."""
    if not client.hides_users:
        raise user_not_found()
    return nobody


def _before_authentication(state: State, turn: Turn, attempt: Attempt) -> None:
    if attempt.flow == "CUSTOM_AUTH" and not attempt.client.hides_users:
        check_user(attempt)
    fire(
        state,
        attempt.pool,
        turn.caller,
        "PreAuthentication_Authentication",
        attempt.user.username,
        {"userAttributes": user_attributes(attempt.user), "userNotFound": attempt.user.status == "UNKNOWN"},
        {},
    )


def _find(
    state: State, client: AppClient, pool: UserPool, name: str, username: str, request: Request
) -> tuple[Entry[Attempt], Attempt]:
    """The attempt that a response belongs to: same client, same user, same challenge."""
    responses, session = request.texts("ChallengeResponses"), request.text("Session") or None
    if name in PROOFS:
        key = responses.get("PASSWORD_CLAIM_SECRET_BLOCK")
        if not key:
            raise missing("PASSWORD_CLAIM_SECRET_BLOCK")
    elif session is None and name == "DEVICE_SRP_AUTH":
        user = pool.find(username)
        place = devices.waiting_key(client.client_id, user.username if user else "", responses.get("DEVICE_KEY", ""))
        waiting = state.device_sessions.get(place)
        key = (waiting.value if waiting and state.clock() < waiting.expires else None) or ""
    else:
        key = session
    if not key:
        raise invalid_parameter("Missing required parameter Session")
    entry, attempt = find_attempt(state, key)
    issued = attempt.srp.session if name in PROOFS and attempt.srp else key
    named = pool.folded(username) in (pool.folded(attempt.user.username), pool.folded(attempt.login_name))
    fits = attempt.client is client and attempt.awaits == name and named
    if not fits or (name in PROOFS and session != issued):
        raise not_authorized(INVALID)
    return entry, attempt


def _may_answer_again(state: State, entry: Entry[Attempt], attempt: Attempt, error: ServiceError) -> bool:
    """Whether a refused answer leaves its challenge open: it was malformed, or not yet wrong too often.

    What a trigger refused is over, since the proof or code before it held.
    """
    if error.code in LAMBDA_ERRORS:
        return False
    if error.code == "CodeMismatchException":
        limit = state.options.code_tries
    elif error.ends_attempt:
        limit = state.options.proofs_per_challenge if attempt.awaits in PROOFS else 1
    else:
        return True
    entry.failures += 1
    return entry.failures < limit


def _noted(
    state: State,
    number: int,
    operation: str,
    step: str,
    sent: Mapping[str, str],
    hides: bool,
    act: Callable[[], dict[str, object]],
) -> dict[str, object]:
    try:
        answer = act()
    except ServiceError as error:
        state.journal.note(number, operation, step, sent, error, state.clock())
        if hides:
            # It would tell whether there is such a user. The log and the inspector have it.
            error.explanation = None
        raise
    state.journal.note(number, operation, step, sent, answer, state.clock())
    return answer
