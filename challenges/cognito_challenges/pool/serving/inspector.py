"""The inspector page: the sign-ins as they happen, step by step, with their secrets masked.

Plain HTML from this file only: no script, no build step, nothing fetched. The list renews itself.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from html import escape

from cognito_challenges.pool.service import PoolService
from cognito_challenges.pool.store.journal import Exchange, SignInRecord

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_REFRESH_SECONDS = 2

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2530; --soft: #64707d; --line: #dfe4ea; --card: #fff; --page: #f4f6f8;
  --good: #14713d; --good-back: #e3f4e9; --bad: #a3231f; --bad-back: #fbe9e8; --wait: #7a5200; --wait-back: #fdf1d8; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaef; --soft: #9aa6b2; --line: #2f3842; --card: #1b2229;
  --page: #12171c; --good: #7fd8a2; --good-back: #163324; --bad: #ff9d97; --bad-back: #3d1d1b; --wait: #f0c674;
  --wait-back: #3a2d12; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 68rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { font-size: 1.5rem; margin: 0; } h2 { font-size: 1.05rem; margin: 0; }
a { color: inherit; }
.lead { color: var(--soft); margin: .25rem 0 1.5rem; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; margin-bottom: 1rem; }
.card > header { display: flex; gap: .75rem; align-items: baseline; padding: .75rem 1rem;
  border-bottom: 1px solid var(--line); flex-wrap: wrap; }
.time { color: var(--soft); margin-left: auto; font-variant-numeric: tabular-nums; }
.badge { border-radius: 1rem; padding: .05rem .65rem; font-size: .82rem; font-weight: 600; white-space: nowrap;
  background: var(--wait-back); color: var(--wait); }
.badge.good { background: var(--good-back); color: var(--good); }
.badge.bad { background: var(--bad-back); color: var(--bad); }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: .82rem; }
td, th { padding: .6rem 1rem; border-bottom: 1px solid var(--line); vertical-align: baseline; }
tr:last-child td { border-bottom: 0; }
.steps { color: var(--soft); } .steps strong { color: var(--bad); }
.halves { display: grid; grid-template-columns: 1fr 1fr; }
.halves > div { padding: .75rem 1rem; min-width: 0; }
.halves > div + div { border-left: 1px solid var(--line); }
h3 { font-size: .82rem; margin: 0 0 .4rem; color: var(--soft); font-weight: 600; }
dl { margin: 0; display: grid; grid-template-columns: minmax(7rem, auto) 1fr; gap: .25rem .9rem; font-size: .86rem; }
dt { color: var(--soft); overflow-wrap: anywhere; }
dd { margin: 0; font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.why { margin: 0 1rem 1rem; padding: .7rem .9rem; border-radius: .4rem; background: var(--bad-back); }
.why strong { color: var(--bad); }
.none { padding: 3rem 1rem; text-align: center; color: var(--soft); }
td, h2 { overflow-wrap: anywhere; } td:nth-child(2) { min-width: 8rem; } th, td:last-child { white-space: nowrap; }
@media (max-width: 44rem) { main { padding: 1rem .5rem 2rem; } thead { display: none; }
  tr { display: block; padding: .5rem 0; border-bottom: 1px solid var(--line); }
  td { display: block; border: 0; padding: .1rem 1rem; }
  dl { grid-template-columns: 1fr; } .halves { grid-template-columns: 1fr; }
  .halves > div + div { border-left: 0; border-top: 1px solid var(--line); } }
"""
_BADGES = {"signed in": "good", "refused": "bad"}


def overview(service: PoolService) -> str:
    """All sign-ins, newest first; the page renews itself every two seconds."""
    groups: dict[tuple[str, str], list[SignInRecord]] = {}
    for record in service.journal.records():
        groups.setdefault((record.pool_id, record.client_id), []).append(record)
    table = "".join(_group(*place, records) for place, records in groups.items())
    if not table:
        table = '<section class="card none">No sign-in yet. This page renews itself.</section>'
    lead = "The latest sign-ins by app client, newest first. Secrets are masked."
    if not service.options.explain:
        lead += " Refusals are not explained: the pool was started without it."
    return _page("Sign-ins", f'<h1>Sign-ins</h1><p class="lead">{lead}</p>{table}', refresh=True)


def sign_in(service: PoolService, number: int) -> str | None:
    """One sign-in, exchange by exchange; None when there is no such record."""
    record = service.journal.record(number)
    if record is None:
        return None
    title = f"Sign-in {record.number} of {record.login_name}"
    steps = "".join(_exchange(at, exchange) for at, exchange in enumerate(record.exchanges, 1))
    lead = f"Pool {escape(record.pool_id)} · app client {escape(record.client_id)}"
    lead += ' · <a href="/_inspector">all sign-ins</a>'
    heading = f"<h1>{escape(title)} {_badge(record.outcome)}</h1>"
    return _page(title, f'{heading}<p class="lead">{lead}</p>{steps}', refresh=record.outcome == "under way")


def absent() -> str:
    """The page for a sign-in that is not, or no longer, there."""
    text = 'There is no such sign-in, or no longer. <a href="/_inspector">All sign-ins</a>'
    return _page("Not found", f'<section class="card none">{text}</section>')


def _group(pool_id: str, client_id: str, records: list[SignInRecord]) -> str:
    head = "<tr><th>Sign-in</th><th>User</th><th>Outcome</th><th>Steps</th><th>Started</th></tr>"
    return (
        f'<section class="card"><header><h2>Pool {escape(pool_id)} · app client {escape(client_id)}</h2></header>'
        f"<table><thead>{head}</thead><tbody>{''.join(_row(record) for record in records)}</tbody></table></section>"
    )


def _row(record: SignInRecord) -> str:
    link = f'<a href="/_inspector/{record.number}">{record.number}</a>'
    steps = " → ".join(escape(exchange.outcome) for exchange in record.exchanges)
    why = next((exchange.mistake for exchange in reversed(record.exchanges) if exchange.mistake), "")
    said = f" · <strong>{escape(why)}</strong>" if why else ""
    return (
        f"<tr><td>{link}</td><td>{escape(record.login_name)}</td><td>{_badge(record.outcome)}</td>"
        f'<td class="steps">{steps}{said}</td><td class="steps">{_clock(record.started)}</td></tr>'
    )


def _exchange(number: int, exchange: Exchange) -> str:
    outcome = (
        f'<span class="badge bad">{escape(exchange.outcome)}</span>'
        if exchange.refused
        else (
            f'<span class="badge{" good" if exchange.outcome == "signed in" else ""}">{escape(exchange.outcome)}</span>'
        )
    )
    why = (
        f'<p class="why"><strong>{escape(exchange.mistake)}</strong> · {escape(exchange.sentence)}</p>'
        if exchange.mistake
        else ""
    )
    return (
        f'<section class="card"><header><h2>{number}. {escape(exchange.operation)} · {escape(exchange.step)}</h2>'
        f'{outcome}<span class="time">{_clock(exchange.at)}</span></header><div class="halves">'
        f"<div><h3>Sent by the client</h3>{_fields(exchange.sent)}</div>"
        f"<div><h3>Answered by the pool</h3>{_fields(exchange.received)}</div></div>{why}</section>"
    )


def _fields(fields: Mapping[str, str]) -> str:
    rows = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in fields.items())
    return f"<dl>{rows}</dl>" if rows else "<dl><dt>nothing</dt></dl>"


def _badge(outcome: str) -> str:
    return f'<span class="badge {_BADGES.get(outcome, "")}">{escape(outcome)}</span>'


def _clock(moment: float) -> str:
    return time.strftime("%H:%M:%S UTC", time.gmtime(moment))


def _page(title: str, body: str, *, refresh: bool = False) -> str:
    renew = f'<meta http-equiv="refresh" content="{_REFRESH_SECONDS}">' if refresh else ""
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"{renew}<title>{escape(title)}</title><style>{_STYLE}</style></head><body><main>{body}</main></body></html>"
    )
