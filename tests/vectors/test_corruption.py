"""One byte of each field goes wrong, and the lint or the second implementation sees it.

COGNITO_SRP_ALL_FIELDS=1 does it to every value of every case; else each field of each type once.
"""

import json
import os
import re
import subprocess

import lint
import pytest

from cognito_srp.encoding import parse_base64
from vectors.fields import VECTORS, Field, alone, corrupted, documents, fields, value_at

# What neither arithmetic nor schema can tell, since it may be anything: prose, what a hostile case gets wrong and
# what goes along with it, and answers of a service that nothing is computed from. SHA256SUMS covers them.
FREE = re.compile(
    r"""
    \S+ [ ] \S+ [ ] (valid|invalid|acceptable):comment
    | \S+ [ ] \S+ [ ] source\.(name|version)
    | hostile.json [ ] \S+ [ ] parameters\.\S+
    | \S+ [ ] \S+ [ ] invalid:(input\.\S+|expected\.accepted)
    | \S+ [ ] server-verify [ ] invalid:trace\.\S+
    | \S+ [ ] server-challenge [ ] (valid|acceptable):input\.srp_a
    | \S+ [ ] transcript [ ] \S+:steps\.\*\.(answer|request|given)\.\S+
    | \S+ [ ] transcript [ ] \S+:input\.(device\.\S+|username|password|client_id|client_secret)
    """,
    re.VERBOSE,
)


@pytest.fixture(scope="module")
def made() -> dict:
    return documents()


def chosen(made: dict) -> list[Field]:
    every = list(fields(made))
    if os.environ.get("COGNITO_SRP_ALL_FIELDS"):
        return every
    first: dict[tuple[str, ...], Field] = {}
    for field in every:
        first.setdefault((field.file, field.type, field.result, field.pattern), field)
    return list(first.values())


def key(field: Field) -> str:
    where = field.pattern if field.test is None else f"{field.result}:{field.pattern}"
    return f"{field.file} {field.type} {where}"


def indifferent(made: dict, field: Field) -> bool:
    """Whether nothing follows from this one value, though something does from others of its kind."""
    if field.type == "accumulated":
        return original(made, field, ("input", "count")) > 101  # the verifier is asked for 101 sign-ins at most
    if field.type == "wire-base64":
        text = original(made, field)
        return parse_base64("text", text) == parse_base64("text", changed(made, field))  # bits that mean nothing
    if field.type != "transcript":
        return False
    proofs = [
        step for step in original(made, field, ("steps",)) if "SALT" in step["answer"].get("ChallengeParameters", {})
    ]
    return field.pattern in ("input.now", "input.pool_id") and not proofs


def original(made: dict, field: Field, path: tuple | None = None):
    group = made[field.file]["testGroups"][field.group]
    return value_at(group if field.test is None else group["tests"][field.test], path or field.path)


def changed(made: dict, field: Field):
    return corrupted(original(made, field), last=field.path[-1] == "pool_id")


def noticed_by_lint(made: dict, field: Field) -> bool:
    return any(lint.file_faults(field.file, alone(made[field.file], field, changed(made, field))))


def noticed_by_verifier(node: str, made: dict, wrong: list[Field]) -> list[bool]:
    lines = [
        json.dumps(
            {
                "file": field.file,
                "group": field.group,
                "test": field.test,
                "path": field.path,
                "value": changed(made, field),
            }
        )
        for field in wrong
    ]
    answers = subprocess.run(
        [node, VECTORS / "verify.mjs", "--variants", "--accumulated", "101"],
        input="\n".join(lines),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert len(answers) == len(wrong)
    return [answer == "noticed" for answer in answers]


def test_each_field_matters(node: str, made: dict) -> None:
    every = chosen(made)
    assert len(every) > 400
    left = [field for field in every if not noticed_by_lint(made, field)]
    unnoticed = [
        field for field, noticed in zip(left, noticed_by_verifier(node, made, left), strict=True) if not noticed
    ]
    missed = [field for field in unnoticed if not FREE.fullmatch(key(field)) and not indifferent(made, field)]
    assert missed == []


def test_the_verifier_alone_notices_every_derived_value(node: str, made: dict) -> None:
    derived = [field for field in chosen(made) if field.path[0] in ("expected", "trace") and field.result == "valid"]
    assert len(derived) > 70
    noticed = noticed_by_verifier(node, made, derived)
    missed = [field for field, seen in zip(derived, noticed, strict=True) if not seen]
    assert [field for field in missed if not indifferent(made, field)] == []


def test_the_digests_notice_any_byte(made: dict) -> None:
    texts = {name: lint.document.canonical(document) for name, document in made.items()}
    sums = lint.document.sums_of(texts)
    for name, text in texts.items():
        wrong = {**texts, name: text.replace("e", "f", 1)}
        assert lint.document.sums_of(wrong) != sums
