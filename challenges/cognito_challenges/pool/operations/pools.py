"""User pools: create, describe, update, list and delete them, their attributes and their second factors."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from cognito_challenges.pool.errors import invalid_parameter, needs_essentials
from cognito_challenges.pool.requests.paging import page
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.requests.settings import ACR_LEVELS, POOL_SETTINGS
from cognito_challenges.pool.store import schema
from cognito_challenges.pool.store.records import UserPool
from cognito_challenges.pool.store.state import State

REGION = "us-east-1"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
MOST_TAGS = 50
_BRIEF = ("Id", "Name", "LambdaConfig", "CreationDate", "LastModifiedDate")


def create_user_pool(state: State, request: Request) -> dict[str, object]:
    """CreateUserPool. The pool's region is us-east-1, whatever region the request was signed for."""
    if request.strings("UsernameAttributes") and request.strings("AliasAttributes"):
        raise invalid_parameter("Only one of the aliasAttributes or usernameAttributes can be set in a user pool.")
    settings = Request({name: value for name, value in request.members().items() if name != "PoolName"})
    mfa = _checked(settings, Request({}))
    attributes = {**schema.standard_schema(), **schema.added(settings.structures("Schema"))}
    now = state.clock()
    pool_id = f"{REGION}_{state.drawn(9, LETTERS)}"
    pool = UserPool(pool_id, request.text("PoolName"), settings, f"-{state.drawn(8, LETTERS)}", now, now)
    pool.schema, pool.mfa = attributes, mfa
    state.pools[pool_id] = pool
    return {"UserPool": described_pool(pool)}


def describe_user_pool(state: State, request: Request) -> dict[str, object]:
    """DescribeUserPool."""
    return {"UserPool": described_pool(state.pool(request.text("UserPoolId")))}


def update_user_pool(state: State, request: Request) -> dict[str, object]:
    """UpdateUserPool: like the service, members that are left out fall back to their defaults."""
    pool = state.pool(request.text("UserPoolId"))
    lasting = {name: value for name, value in pool.settings.members().items() if name not in POOL_SETTINGS}
    changed = {name: value for name, value in request.members().items() if name in POOL_SETTINGS}
    settings = Request({**lasting, **changed})
    pool.mfa = _checked(settings, pool.mfa)
    pool.settings = settings
    pool.name = request.text("PoolName", pool.name)
    pool.modified = state.clock()
    return {}


def delete_user_pool(state: State, request: Request) -> dict[str, object]:
    """DeleteUserPool, with its clients and users."""
    pool = state.pool(request.text("UserPoolId"))
    if pool.settings.text("DeletionProtection") == "ACTIVE":
        raise invalid_parameter("The user pool cannot be deleted because deletion protection is activated.")
    del state.pools[pool.pool_id]
    for client_id in [key for key, client in state.clients.items() if client.pool_id == pool.pool_id]:
        del state.clients[client_id]
    return {}


def list_user_pools(state: State, request: Request) -> dict[str, object]:
    """ListUserPools."""
    pools, rest = page(list(state.pools.values()), request, limit="MaxResults")
    described = [described_pool(pool) for pool in pools]
    return {"UserPools": [{name: pool[name] for name in _BRIEF} for pool in described], **rest}


def add_custom_attributes(state: State, request: Request) -> dict[str, object]:
    """AddCustomAttributes."""
    pool = state.pool(request.text("UserPoolId"))
    added = schema.added(request.structures("CustomAttributes"))
    for name in added:
        if name in schema.STANDARD:
            raise invalid_parameter(f"{name} is a standard attribute.")
        if name in pool.schema:
            raise invalid_parameter(f"{name}: Existing attribute already has name.")
    pool.schema.update(added)
    return {}


def set_mfa_config(state: State, request: Request) -> dict[str, object]:
    """SetUserPoolMfaConfig."""
    pool = state.pool(request.text("UserPoolId"))
    given = {name: value for name, value in request.members().items() if name != "UserPoolId"}
    if "EmailMfaConfiguration" in given and pool.tier == "LITE":
        raise needs_essentials("EmailMfaConfiguration")
    mfa = Request({**given, "MfaConfiguration": request.text("MfaConfiguration", "OFF")})
    if mfa.text("MfaConfiguration") != "OFF" and not _has_factor(mfa):
        raise invalid_parameter("Invalid MFA configuration given, can't turn on MFA without an MFA method.")
    pool.mfa = mfa
    pool.modified = state.clock()
    return pool.mfa.members()


def get_mfa_config(state: State, request: Request) -> dict[str, object]:
    """GetUserPoolMfaConfig."""
    return state.pool(request.text("UserPoolId")).mfa.members()


def described_pool(pool: UserPool) -> dict[str, object]:
    """A pool as DescribeUserPool gives it: every setting, with the defaults of those that were left out."""
    settings = pool.settings
    given = {name: value for name, value in settings.members().items() if name != "Schema"}
    policy = settings.structure("Policies").structure("PasswordPolicy").members()
    kinds = dict.fromkeys(("RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols"), not policy)
    invitation = settings.structure("AdminCreateUserConfig").members()
    acr = {level: {"AcrValue": f"urn:cognito:loa:{number}"} for number, level in enumerate(ACR_LEVELS, 1)}
    return {
        "DeletionProtection": "INACTIVE",
        "LambdaConfig": {},
        "VerificationMessageTemplate": {"DefaultEmailOption": "CONFIRM_WITH_CODE"},
        "UserAttributeUpdateSettings": {"AttributesRequireVerificationBeforeUpdate": []},
        "EmailConfiguration": {"EmailSendingAccount": "COGNITO_DEFAULT"},
        "UserPoolTags": {},
        "KeyConfiguration": {"KeyType": "AWS_OWNED_KEY"},
        "IssuerConfiguration": {"Type": "ORIGINAL"},
        "UsernameConfiguration": {"CaseSensitive": True},
        **given,
        "Policies": {
            "PasswordPolicy": {"MinimumLength": 8, **kinds, "TemporaryPasswordValidityDays": 7, **policy},
            "SignInPolicy": {"AllowedFirstAuthFactors": pool.first_factors},
        },
        "AdminCreateUserConfig": {
            "AllowAdminCreateUserOnly": False,
            "UnusedAccountValidityDays": pool.temporary_password_days,
            **invitation,
        },
        "AcrConfiguration": {**acr, **settings.document("AcrConfiguration")},
        "UserPoolTier": pool.tier,
        "Id": pool.pool_id,
        "Name": pool.name,
        "Arn": pool.arn,
        "CreationDate": pool.created,
        "LastModifiedDate": pool.modified,
        "EstimatedNumberOfUsers": len(pool.users),
        "MfaConfiguration": pool.mfa.text("MfaConfiguration", "OFF"),
        "SchemaAttributes": [{**entry.members(), "Name": name} for name, entry in pool.schema.items()],
    }


def check_tags(tags: Mapping[str, str]) -> None:
    """Refuse tags that are too many or too long."""
    if len(tags) > MOST_TAGS:
        raise invalid_parameter(f"A user pool cannot have more than {MOST_TAGS} tags.")
    for key, value in tags.items():
        if not 1 <= len(key) <= 128 or len(value) > 256:
            raise invalid_parameter("A tag's key has 1 to 128 characters, and its value at most 256.")


def _has_factor(mfa: Request) -> bool:
    software = mfa.structure("SoftwareTokenMfaConfiguration").flag("Enabled")
    return software or "SmsMfaConfiguration" in mfa or "EmailMfaConfiguration" in mfa


def _checked(settings: Request, mfa: Request) -> Request:
    """Refuse settings that do not go together. Returns the MFA configuration that they leave the pool with."""
    for check in (_check_triggers, _check_messages, _check_attributes, _check_recovery, _check_levels, _check_plan):
        check(settings)
    check_tags(settings.texts("UserPoolTags"))
    mode = settings.text("MfaConfiguration", "OFF")
    changed: dict[str, object] = {**mfa.members(), "MfaConfiguration": mode}
    if mode != "OFF" and "SmsConfiguration" in settings:
        changed.setdefault("SmsMfaConfiguration", {"SmsConfiguration": settings.document("SmsConfiguration")})
    if mode != "OFF" and not _has_factor(Request(changed)):
        raise invalid_parameter("SMS configuration is required when MFA is required or optional.")
    return Request(changed)


def _check_triggers(settings: Request) -> None:
    triggers = settings.structure("LambdaConfig")
    versioned = triggers.structure("PreTokenGenerationConfig").text("LambdaArn")
    if "PreTokenGeneration" in triggers and versioned not in ("", triggers.text("PreTokenGeneration")):
        raise invalid_parameter("PreTokenGeneration and the LambdaArn of PreTokenGenerationConfig must be identical.")


def _check_messages(settings: Request) -> None:
    sms = settings.structure("SmsConfiguration")
    if sms.text("SnsCallerArn") and "EumsSms" in sms:
        raise invalid_parameter("SmsConfiguration must not have both SnsCallerArn and EumsSms.")
    policy = settings.structure("Policies").structure("PasswordPolicy")
    legacy = settings.structure("AdminCreateUserConfig")
    if "TemporaryPasswordValidityDays" in policy and "UnusedAccountValidityDays" in legacy:
        days = [legacy.whole("UnusedAccountValidityDays"), policy.whole("TemporaryPasswordValidityDays")]
        if days[0] != days[1]:
            raise invalid_parameter("Please use TemporaryPasswordValidityDays instead of UnusedAccountValidityDays.")


def _check_attributes(settings: Request) -> None:
    before = settings.structure("UserAttributeUpdateSettings").strings("AttributesRequireVerificationBeforeUpdate")
    if not set(before) <= set(settings.strings("AutoVerifiedAttributes")):
        raise invalid_parameter(
            "AttributesRequireVerificationBeforeUpdate must be among the AutoVerifiedAttributes of the user pool."
        )


def _check_recovery(settings: Request) -> None:
    mechanisms = settings.structure("AccountRecoverySetting").structures("RecoveryMechanisms")
    names = [entry.text("Name") for entry in mechanisms]
    if len(set(names)) < len(names) or len({entry.whole("Priority") for entry in mechanisms}) < len(names):
        raise invalid_parameter("Each recovery mechanism needs a name and a priority of its own.")
    if "admin_only" in names and len(names) > 1:
        raise invalid_parameter("The recovery mechanism admin_only cannot be combined with others.")


def _check_levels(settings: Request) -> None:
    named = Request(settings.document("AcrConfiguration"))
    values = [
        named.structure(level).text("AcrValue", f"urn:cognito:loa:{number}")
        for number, level in enumerate(ACR_LEVELS, 1)
    ]
    if len(set(values)) < len(values):
        raise invalid_parameter("Each level in AcrConfiguration needs a name of its own.")


def _check_plan(settings: Request) -> None:
    """Refuse what the feature plan LITE does not have."""
    policies = settings.structure("Policies")
    beyond = {
        "AllowedFirstAuthFactors": policies.structure("SignInPolicy").strings("AllowedFirstAuthFactors")
        not in ([], ["PASSWORD"]),
        "PasswordHistorySize": policies.structure("PasswordPolicy").whole("PasswordHistorySize") > 0,
        "PreTokenGenerationConfig": settings.structure("LambdaConfig")
        .structure("PreTokenGenerationConfig")
        .text("LambdaVersion", "V1_0")
        != "V1_0",
        "AcrConfiguration": bool(settings.document("AcrConfiguration")),
    }
    for name, used in beyond.items():
        if used and settings.text("UserPoolTier") == "LITE":
            raise needs_essentials(name)


Operation = Callable[[State, Request], dict[str, object]]
OPERATIONS: Mapping[str, Operation] = {
    "CreateUserPool": create_user_pool,
    "DescribeUserPool": describe_user_pool,
    "UpdateUserPool": update_user_pool,
    "DeleteUserPool": delete_user_pool,
    "ListUserPools": list_user_pools,
    "AddCustomAttributes": add_custom_attributes,
    "SetUserPoolMfaConfig": set_mfa_config,
    "GetUserPoolMfaConfig": get_mfa_config,
}
