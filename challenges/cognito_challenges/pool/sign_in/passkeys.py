"""WEB_AUTHN: passkeys registered by a signed-in user and used as first factor, checked by py_webauthn."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import cast

from cognito_challenges.pool.errors import (
    ServiceError,
    invalid_parameter,
    missing,
    not_authorized,
    not_found,
    wrong_credentials,
)
from cognito_challenges.pool.requests.paging import page
from cognito_challenges.pool.requests.request import Request
from cognito_challenges.pool.requests.shapes import ListOf, Structure, Text, checked
from cognito_challenges.pool.sign_in import means
from cognito_challenges.pool.sign_in.asking import ask
from cognito_challenges.pool.store.attempt import Attempt, Turn
from cognito_challenges.pool.store.records import Passkey, User, UserPool
from cognito_challenges.pool.store.state import State
from cognito_challenges.pool.store.tokens import authorize

CHALLENGE_BYTES = 32
MOST_PASSKEYS = 20
_CREDENTIAL = Structure(
    {},
    {
        "authenticatorAttachment": Text(),
        "response": Structure({}, {"clientDataJSON": Text(), "transports": ListOf(Text())}),
    },
)


def request_options(state: State, pool: UserPool, user: User) -> tuple[bytes, str]:
    """A fresh challenge, and CREDENTIAL_REQUEST_OPTIONS with it for the user's passkeys."""
    challenge = state.entropy(CHALLENGE_BYTES)
    options = {
        "challenge": _text(challenge),
        "timeout": 180_000,
        "rpId": _relying_party(pool),
        "allowCredentials": [
            {"id": _text(passkey.credential_id), "type": "public-key", "transports": passkey.transports}
            for passkey in user.passkeys
        ],
        "userVerification": _verification(pool, user),
    }
    return challenge, json.dumps(options)


def ask_passkey(state: State, attempt: Attempt) -> dict[str, object]:
    """WEB_AUTHN."""
    challenge, options = request_options(state, attempt.pool, attempt.user)
    return ask(
        state,
        replace(attempt, passkey_challenge=challenge),
        "WEB_AUTHN",
        {"CREDENTIAL_REQUEST_OPTIONS": options},
    )


def answer_passkey(state: State, turn: Turn, attempt: Attempt) -> Attempt:
    """Check an assertion: challenge, origin, relying party, user verification, signature and counter."""
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    credential = _document(turn.parameters.get("CREDENTIAL"))
    read = _read(credential)
    identifier = credential.get("rawId") or credential.get("id")
    passkey = next((key for key in attempt.user.passkeys if _text(key.credential_id) == identifier), None)
    if passkey is None or attempt.passkey_challenge is None:
        raise wrong_credentials()
    try:
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=attempt.passkey_challenge,
            expected_rp_id=passkey.relying_party,
            expected_origin=_origins(state, passkey.relying_party, read),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=passkey.sign_count,
            require_user_verification=_verification(attempt.pool, attempt.user) == "required",
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        raise wrong_credentials() from None
    passkey.sign_count = verified.new_sign_count
    passed = {"WEB_AUTHN", "ROAMING" if passkey.attachment == "cross-platform" else "PLATFORM"}
    if verified.user_verified:
        passed.add("VERIFIED_USER")
    return replace(attempt, passkey_challenge=None, passed=attempt.passed | passed)


def start_registration(state: State, request: Request) -> dict[str, object]:
    """StartWebAuthnRegistration: the options for navigator.credentials.create()."""
    from webauthn import generate_registration_options
    from webauthn.helpers import options_to_json_dict
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    pool, user, _ = authorize(state, request.text("AccessToken"))
    relying_party = _relying_party(pool)
    if len(user.passkeys) >= MOST_PASSKEYS:
        raise ServiceError("LimitExceededException", "The user has too many passkeys.")
    user.passkey_challenge = state.entropy(CHALLENGE_BYTES)
    options = generate_registration_options(
        rp_id=relying_party,
        rp_name=relying_party,
        user_id=user.sub.encode(),
        user_name=user.username,
        user_display_name=user.attributes.get("name", user.username),
        challenge=user.passkey_challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            user_verification=UserVerificationRequirement(_verification(pool, user)),
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=passkey.credential_id) for passkey in user.passkeys],
    )
    return {"CredentialCreationOptions": options_to_json_dict(options)}


def complete_registration(state: State, request: Request) -> dict[str, object]:
    """CompleteWebAuthnRegistration: check the new credential and keep its public key."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    pool, user, _ = authorize(state, request.text("AccessToken"))
    relying_party, credential = _relying_party(pool), request.document("Credential")
    read = _read(credential)
    if user.passkey_challenge is None:
        raise ServiceError("WebAuthnChallengeNotFoundException", "Challenge not found.")
    try:
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=user.passkey_challenge,
            expected_rp_id=relying_party,
            expected_origin=_origins(state, relying_party, read),
            require_user_verification=_verification(pool, user) == "required",
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise _registration_error(error) from None
    user.passkeys.append(
        Passkey(
            verified.credential_id,
            verified.credential_public_key,
            verified.sign_count,
            relying_party,
            read.text("authenticatorAttachment") or None,
            read.structure("response").strings("transports"),
            state.clock(),
        )
    )
    user.passkey_challenge = None
    return {}


def list_passkeys(state: State, request: Request) -> dict[str, object]:
    """ListWebAuthnCredentials."""
    _, user, _ = authorize(state, request.text("AccessToken"))
    passkeys, rest = page(user.passkeys, request, limit="MaxResults")
    return {
        "Credentials": [
            {
                "CredentialId": _text(passkey.credential_id),
                "FriendlyCredentialName": "",
                "RelyingPartyId": passkey.relying_party,
                "AuthenticatorTransports": passkey.transports,
                "CreatedAt": passkey.created,
                **({"AuthenticatorAttachment": passkey.attachment} if passkey.attachment else {}),
            }
            for passkey in passkeys
        ],
        **rest,
    }


def delete_passkey(state: State, request: Request) -> dict[str, object]:
    """DeleteWebAuthnCredential."""
    _, user, _ = authorize(state, request.text("AccessToken"))
    left = [passkey for passkey in user.passkeys if _text(passkey.credential_id) != request.text("CredentialId")]
    if len(left) == len(user.passkeys):
        raise not_found("Credential does not exist.")
    user.passkeys = left
    user.outdate()
    return {}


def _relying_party(pool: UserPool) -> str:
    if "WEB_AUTHN" not in pool.first_factors:
        raise ServiceError("WebAuthnNotEnabledException", "WebAuthn is not enabled for this user pool.")
    relying_party = pool.mfa.structure("WebAuthnConfiguration").text("RelyingPartyId")
    if not relying_party:
        raise ServiceError("WebAuthnConfigurationMissingException", "Relying party is not configured.")
    return relying_party


def _verification(pool: UserPool, user: User) -> str:
    """Whether authenticators have to verify their user: always where a passkey stands for both factors."""
    if means.passkey_is_both(pool, user):
        return "required"
    return pool.mfa.structure("WebAuthnConfiguration").text("UserVerification", "preferred")


def _origins(state: State, relying_party: str, read: Request) -> list[str]:
    """The origins that may take part. A page on localhost may be served from any port."""
    if state.options.webauthn_origins:
        return list(state.options.webauthn_origins)
    origins = [f"https://{relying_party}"]
    if relying_party == "localhost":
        data = read.structure("response").text("clientDataJSON")
        origin = str(_document(urlsafe_b64decode(data + "=" * (-len(data) % 4)).decode()).get("origin"))
        host, _, port = origin.removeprefix("http://").partition(":")
        if host == "localhost" and (not port or port.isdigit()):
            origins.append(origin)
    return origins


def _registration_error(error: Exception) -> ServiceError:
    text = str(error)
    if "origin" in text:
        return ServiceError("WebAuthnOriginNotAllowedException", "Origin is not allowed.")
    if "RP ID" in text:
        return ServiceError("WebAuthnRelyingPartyMismatchException", "Relying party does not match.")
    if "challenge" in text:
        return ServiceError("WebAuthnChallengeNotFoundException", "Challenge not found.")
    return not_authorized("Invalid credential.") if "verif" in text else invalid_parameter("Invalid credential.")


def _document(text: str | None) -> dict[str, object]:
    if not text:
        raise missing("CREDENTIAL")
    try:
        document: object = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    if not isinstance(document, dict):
        raise invalid_parameter("CREDENTIAL is not a JSON object.")
    return cast("dict[str, object]", document)


def _read(credential: Mapping[str, object]) -> Request:
    """The members that are read beside the library's own, whatever else there is. Raises InvalidParameterException."""
    try:
        return Request(checked(_CREDENTIAL, credential))
    except ServiceError:
        raise invalid_parameter("Invalid credential.") from None


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


OPERATIONS: dict[str, Callable[[State, Request], dict[str, object]]] = {
    "StartWebAuthnRegistration": start_registration,
    "CompleteWebAuthnRegistration": complete_registration,
    "ListWebAuthnCredentials": list_passkeys,
    "DeleteWebAuthnCredential": delete_passkey,
}
