"""Mistakes that pycognito really makes, which our pool refuses, names, and does not see in other clients."""

from __future__ import annotations

import datetime
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError
from pycognito import aws_srp

from cognito_challenges.pool import Options, PoolService, running
from interop import our_client
from interop.devices import pool_with_devices, remembered_by_us, sign_in_with_pycognito
from interop.foreign_clients import AmazonCognitoIdentityJs, pycognito_srp
from interop.user_pools import PASSWORD, Service, UserPool

TRIES = 20


def refused_as(service: PoolService) -> str:
    """The pool's name for the mistake behind the latest refusal. The app clients hide users, so no answer has it."""
    return service.journal.records()[0].exchanges[-1].mistake


def test_salt_with_leading_zeros(amazon_cognito_identity_js: AmazonCognitoIdentityJs) -> None:
    """pycognito hashes the salt's hex text as it came, so a leading 00 goes into the hash."""
    service = PoolService(Options(explain=True, probe=True, forced_salt="00" + "5c" * 15))
    with running(service) as url:
        pool = UserPool.create(Service("pool", url))
        pool.add_user("alice")
        assert our_client.sign_in(pool, "alice", PASSWORD).username == "alice"
        assert amazon_cognito_identity_js.sign_in(pool, "alice", PASSWORD).tokens
        named = []
        while "salt-padded-as-text" not in named:
            assert len(named) < TRIES, named
            with pytest.raises(ClientError):
                pycognito_srp(pool, "alice", PASSWORD).authenticate_user()
            named.append(refused_as(service))
        assert set(named) == {"unexplained", "probe", "salt-padded-as-text"}


class GermanClock(datetime.datetime):
    """Writes the weekday as strftime does under LC_TIME=de_DE.UTF-8, a locale that few test machines have."""

    def strftime(self, form: str) -> str:
        weekday = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")[self.weekday()]
        return super().strftime(form.replace("%a", weekday))


def test_device_timestamp_in_another_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    """pycognito writes the timestamp of a device proof through strftime, and with it through the process's locale."""
    service = PoolService(Options(explain=True))
    with running(service) as url:
        pool = pool_with_devices(Service("pool", url))
        device = remembered_by_us(pool)
        monkeypatch.setattr(aws_srp, "datetime", SimpleNamespace(datetime=GermanClock))
        with pytest.raises(ClientError):
            sign_in_with_pycognito(pool, device)
        assert refused_as(service) == "foreign-locale"
        assert our_client.sign_in(pool, "alice", PASSWORD, device=device).new_device is None
