"""Write the tables of the pool's OPERATIONS.md from the tables of the code, or check that they are current.

python challenges/pool_tables.py            writes
python challenges/pool_tables.py --check    exits with 1 when OPERATIONS.md differs from what would be written
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from cognito_challenges.pool.operations.unserved import NOT_SERVED
from cognito_challenges.pool.requests.members import MEMBERS
from cognito_challenges.pool.requests.settings import STORED
from cognito_challenges.pool.requests.shapes import ListOf, MapOf, NotServed, Shape, Structure, Text, walk
from cognito_challenges.pool.service import OPERATIONS, STORED_ONLY
from cognito_challenges.pool.store.triggers import CALLS, KINDS
from marks import codes, keep, table
from service_model import KNOWN_GAPS

PAGE = Path(__file__).with_name("cognito_challenges") / "pool" / "OPERATIONS.md"


def operations() -> str:
    """Every operation that the pool knows, and whether it is served."""
    names = sorted({*OPERATIONS, *NOT_SERVED})
    count = (
        f"{len(OPERATIONS) - len(STORED_ONLY)} served, {len(STORED_ONLY)} stored only, {len(NOT_SERVED)} not served."
    )
    return f"{count}\n\n{table(('operation', ''), ((f'`{name}`', _state(name)) for name in names))}"


def settings() -> str:
    """Every setting of a pool and of an app client, and what becomes of it."""
    rows: list[tuple[str, ...]] = []
    for create, update in (("CreateUserPool", "UpdateUserPool"), ("CreateUserPoolClient", "UpdateUserPoolClient")):
        changeable = dict(walk(MEMBERS[update]))
        for path, shape in _leaves(MEMBERS[create]):
            if path != "UserPoolId":
                rows.append((f"`{path}`", fate(path, shape), "" if path in changeable else f"`{create}` only"))
    return table(("setting", "", ""), rows)


def fate(path: str, shape: Shape) -> str:
    """What becomes of one setting: honoured, stored, refused, or refused for some values."""
    if isinstance(shape, NotServed):
        return "refused"
    kept = "stored" if path.partition(".")[0] in STORED else "honoured"
    return f"{kept}; refused: {codes(shape.not_served)}" if isinstance(shape, Text) and shape.not_served else kept


def triggers() -> str:
    """Which operation may call which trigger, and as what the trigger gets ClientMetadata."""
    head = ("", *(f"`{kind}`" for kind in KINDS))
    rows = ((f"`{operation}`", *(_cell(called.get(kind)) for kind in KINDS)) for operation, called in CALLS.items())
    return table(head, rows)


def known_gaps() -> str:
    """What the service model has and one of the two sides leaves out on purpose."""
    return table(("difference", "why"), ((f"`{name}`", why) for name, why in KNOWN_GAPS.items()))


PARTS: dict[str, Callable[[], str]] = {part.__name__: part for part in (operations, settings, triggers, known_gaps)}


def _state(operation: str) -> str:
    if operation in NOT_SERVED:
        return f"not served: no {NOT_SERVED[operation]}"
    return "stored only" if operation in STORED_ONLY else "served"


def _leaves(shape: Structure) -> Iterator[tuple[str, Shape]]:
    for path, member in walk(shape):
        if not isinstance(member, (Structure, MapOf, ListOf)):
            yield path, member


def _cell(passed: str | None) -> str:
    if passed is None:
        return ""
    return f"called, `{passed}`" if passed else "called"


if __name__ == "__main__":
    sys.exit(keep(PAGE, PARTS, sys.argv[1:]))
