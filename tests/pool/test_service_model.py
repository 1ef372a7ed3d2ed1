"""The pool against the service's published model: every operation is answered, and a new one is noticed."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import pytest

import service_model
from cognito_challenges.pool import PoolService, ServiceError
from cognito_challenges.pool.operations.unserved import NOT_SERVED
from cognito_challenges.pool.requests.members import MEMBERS
from cognito_challenges.pool.service import OPERATIONS, STORED_ONLY
from service_model import CLIENT_MEMBERS, KNOWN_GAPS, differences, installed_model

MODEL: Any = installed_model()
CLIENT = Path(service_model.__file__).parent / "cognito_challenges"


def test_every_operation_of_the_model_is_served_or_says_that_it_is_not():
    assert set(OPERATIONS) == set(MEMBERS)
    assert not set(OPERATIONS) & set(NOT_SERVED)
    assert set(OPERATIONS) > STORED_ONLY
    assert set(MODEL["operations"]) <= {*OPERATIONS, *NOT_SERVED}
    assert set(differences(MODEL)) <= set(KNOWN_GAPS)


@pytest.mark.parametrize("operation", NOT_SERVED)
def test_what_is_not_served_says_so(operation):
    with pytest.raises(ServiceError) as caught:
        PoolService().call(operation, {"anything": 1})
    assert caught.value.code == "InvalidParameterException"
    assert caught.value.message == f"{operation} is not served by this pool: it has no {NOT_SERVED[operation]}."
    if operation in MODEL["operations"]:
        assert caught.value.code in {error["shape"] for error in MODEL["operations"][operation]["errors"]}


def test_what_the_service_does_not_have_is_unknown():
    with pytest.raises(ServiceError) as caught:
        PoolService().call("CreateUserPool2", {})
    assert caught.value.code == "UnknownOperationException"


def changed(change) -> list[str]:
    model = copy.deepcopy(MODEL)
    change(model)
    return [name for name in differences(model) if name not in KNOWN_GAPS]


def shapes(model, name: str, **members: str) -> None:
    for member, target in members.items():
        model["shapes"][name]["members"][member] = {"shape": target}


@pytest.mark.parametrize(
    ("change", "noticed"),
    [
        (lambda model: model["operations"].update(NewThing={}), "operation NewThing"),
        (lambda model: shapes(model, "SignUpRequest", New="StringType"), "member SignUp: New"),
        (
            lambda model: shapes(model, "PasswordPolicyType", New="BooleanType"),
            "member UpdateUserPool: Policies.PasswordPolicy.New",
        ),
        (
            lambda model: shapes(model, "SchemaAttributeType", New="BooleanType"),
            "member AddCustomAttributes: CustomAttributes.New",
        ),
        (
            lambda model: model["shapes"]["AuthFactorType"]["enum"].append("NEW"),
            "value CreateUserPool: Policies.SignInPolicy.AllowedFirstAuthFactors=NEW",
        ),
        (
            lambda model: model["shapes"]["GroupNameType"].update(max=256),
            "limits of CreateGroup: GroupName",
        ),
        (
            lambda model: model["shapes"]["PasswordPolicyMinLengthType"].update(min=8),
            "limits of UpdateUserPool: Policies.PasswordPolicy.MinimumLength",
        ),
        (
            lambda model: model["shapes"]["RefreshTokenRotationType"].update(required=[]),
            "limits of UpdateUserPoolClient: RefreshTokenRotation",
        ),
        (lambda model: shapes(model, "GroupType", New="StringType"), "answer member GroupType.New"),
        (lambda model: shapes(model, "DeleteGroupRequest", New="StringType"), "member DeleteGroup: New"),
        (
            lambda model: model["shapes"]["SignUpRequest"]["required"].append("Password"),
            "members that SignUp requires",
        ),
        (lambda model: model["shapes"]["AuthFlowType"]["enum"].append("NEW_AUTH"), "client: flow NEW_AUTH"),
        (lambda model: model["shapes"]["AuthFlowType"]["enum"].append("NEW"), "value InitiateAuth: AuthFlow=NEW"),
        (lambda model: model["shapes"]["ChallengeNameType"]["enum"].append("NEW"), "client: challenge NEW"),
        (
            lambda model: shapes(model, "AuthenticationResultType", New="StringType"),
            "client: member AuthenticationResultType.New",
        ),
    ],
)
def test_what_is_new_is_noticed(change, noticed):
    assert noticed in changed(change)


def test_nothing_is_new_in_the_model_itself():
    assert changed(lambda model: None) == []


def test_the_check_fails_on_what_is_new_and_on_what_is_known_no_more(monkeypatch, capsys):
    assert service_model.main([]) == 0
    monkeypatch.setattr(service_model, "KNOWN_GAPS", {})
    assert service_model.main([]) == 1
    assert "not known: client: member AssociateSoftwareTokenRequest.AccessToken" in capsys.readouterr().out
    monkeypatch.setattr(service_model, "KNOWN_GAPS", {**KNOWN_GAPS, "operation Gone": "it was new"})
    monkeypatch.setattr(service_model, "newest_model", lambda: ("0", MODEL))
    assert service_model.main(["--newest"]) == 1
    assert "take it out of KNOWN_GAPS: operation Gone" in capsys.readouterr().out


def test_the_members_that_the_client_is_said_to_know_are_in_its_code():
    code = "".join(
        file.read_text(encoding="utf-8")
        for file in CLIENT.rglob("*.py")
        if not {"pool", "cli", "conformance"} & set(file.relative_to(CLIENT).parts)
    )
    known = {name for names in CLIENT_MEMBERS.values() for name in names}
    assert {name for name in known if f'"{name}"' not in code} == set()
