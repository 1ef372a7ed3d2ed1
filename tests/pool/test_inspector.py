"""The inspector in a real browser."""

from __future__ import annotations

import os
import shutil
import subprocess

import pytest

from cognito_challenges.pool import Options
from cognito_srp import PasswordSession

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


@pytest.fixture
def cognito_pool_options():
    return Options(explain=True)


@pytest.fixture
def page(cognito_pool, tmp_path):
    """The text of a page, as a browser has it after loading."""
    if BROWSER is None:
        # .ci/run installs it, so there its absence is a failure.
        lacking = pytest.fail if os.environ.get("COGNITO_SRP_REQUIRE_ALL") else pytest.skip
        lacking("no Chromium here: install the system's package `chromium`")

    def load(path: str) -> str:
        command = [BROWSER, *FLAGS, f"--user-data-dir={tmp_path}", "--dump-dom", f"{cognito_pool.endpoint_url}{path}"]
        return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout

    return load


def sign_in(pool, name: str, stamp: str | None = None) -> None:
    session = PasswordSession(pool.pool_id, username=name, password=pool.password)
    answer = pool.client.initiate_auth(
        ClientId=pool.client_id, AuthFlow="USER_SRP_AUTH", AuthParameters={"USERNAME": name, "SRP_A": session.srp_a}
    )
    responses = session.prove(answer["ChallengeParameters"]).responses()
    responses["TIMESTAMP"] = stamp or responses["TIMESTAMP"]
    pool.client.respond_to_auth_challenge(
        ClientId=pool.client_id, ChallengeName="PASSWORD_VERIFIER", ChallengeResponses={"USERNAME": name, **responses}
    )


def test_the_page_shows_what_happened(cognito_pool, page):
    assert "No sign-in yet" in page("/_inspector")
    pool = cognito_pool
    sign_in(pool, pool.username)
    name = "<script>document.title='owned'</script>"
    for user, stamp in ((pool.username, "2026-03-07T00:00:00Z"), (name, None)):
        with pytest.raises(pool.client.exceptions.ClientError):
            sign_in(pool, user, stamp)
    overview = page("/_inspector")
    assert "<title>Sign-ins</title>" in overview
    assert overview.index(">signed in<") > overview.index("iso-timestamp") > overview.index("UserNotFoundException")
    assert "&lt;script&gt;" in overview
    good, bad = page("/_inspector/1"), page("/_inspector/2")
    for field in ("SRP_A", "SALT", "SRP_B", "SECRET_BLOCK", "USER_ID_FOR_SRP", "TIMESTAMP", "AccessToken"):
        assert f"<dt>{field}</dt>" in good
    assert "TIMESTAMP is an ISO date" in bad
    assert "no longer" in page("/_inspector/999")


def test_secrets_are_masked(cognito_pool, page):
    pool = cognito_pool
    done = pool.client.initiate_auth(
        ClientId=pool.client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": pool.username, "PASSWORD": pool.password},
    )["AuthenticationResult"]
    pages = page("/_inspector") + page("/_inspector/1")
    assert "<dt>PASSWORD</dt><dd>•••• (15 characters)</dd>" in pages
    for secret in (pool.password, done["AccessToken"], done["IdToken"], done["RefreshToken"]):
        assert secret not in pages
        assert secret[:20] not in pages
