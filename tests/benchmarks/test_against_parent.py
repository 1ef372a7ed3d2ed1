"""The comparison with the previous commit: an engine that is called in another way is told from one that fails."""

from pathlib import Path

import pytest

import against_parent


def engine(tree: Path, source: str) -> Path:
    package = tree / "srp" / "cognito_srp"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text(source)
    return tree


def test_this_trees_engine_is_called_as_it_should_be() -> None:
    assert against_parent.other_api(against_parent.ROOT) is None


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("Device = PasswordSession = ServerSession = warm = None", "cannot import name 'Verifier'"),
        (
            "def warm(): ...\nclass Verifier:\n    def for_user(pool_id, user_id_only): ...\n"
            "Device = PasswordSession = ServerSession = None",
            "unexpected keyword argument",
        ),
    ],
    ids=["other names", "other arguments"],
)
def test_another_api_is_named(source: str, why: str, tmp_path: Path) -> None:
    assert why in (against_parent.other_api(engine(tmp_path, source)) or "")


def test_an_engine_that_fails_is_not_taken_for_another_api(tmp_path: Path) -> None:
    tree = engine(tmp_path, "raise RuntimeError('broken')")
    assert against_parent.other_api(tree) is None
    assert "broken" in against_parent.run(tree, 1).stderr
