"""Why a proof was refused: the known mistakes of clients, recomputed one by one.

What can be told from one proof is every mistake that leaves the verifier as it is: how numbers became bytes, how the
key was derived, what was signed and how the signature was written. A mistake in x (name, pool, password, salt), in k
or in g is not among them: SRP lets whoever plays the server test exactly one g^x a run. The client's key is
(B - k g^x)^(a + u x), and only for the g^x and k that B was made with does the server know that power. `probes` tests
those, one a challenge.
"""

from __future__ import annotations

import hmac
from base64 import b64decode
from binascii import Error as BinasciiError
from collections.abc import Callable, Iterable, Iterator, Mapping
from hashlib import sha256

from cognito_challenges.pool.explaining.keys import Key, Numbers, encoding_keys, other_keys, right_key
from cognito_challenges.pool.explaining.messages import Message, Signed
from cognito_challenges.pool.store.attempt import Attempt, SrpChallenge
from cognito_srp import PeerError, formulas
from cognito_srp.encoding import parse_base64

Digest = tuple[str, bytes]
"""The mistake in how a signature was written, "" for none, and its bytes."""

_OTHER_HASHES = {20: "sha1", 48: "sha384", 64: "sha512"}


def proof_mistakes(
    attempt: Attempt, given: Mapping[str, str], earlier: tuple[SrpChallenge, ...]
) -> frozenset[str] | None:
    """The smallest set of mistakes under which the given proof fits; None when no set does.

    given: PASSWORD_CLAIM_SIGNATURE, PASSWORD_CLAIM_SECRET_BLOCK and TIMESTAMP.
    earlier: the user's other challenges, one of which the proof may have been meant for. In a challenge that tests a
    mistake in x, the empty set means that the client makes that one and no other.
    """
    srp = attempt.srp
    numbers = None if srp is None else Numbers.of(srp)
    if srp is None or numbers is None:
        return None
    digests = list(_digests(given["PASSWORD_CLAIM_SIGNATURE"]))
    signed = Signed(attempt, srp, given["TIMESTAMP"])
    usual, keys = list(signed.usual()), list(encoding_keys(numbers))
    few = [key for key in keys if len(key[0]) <= 1]
    searches: tuple[Callable[[], Iterator[frozenset[str]]], ...] = (
        lambda: _fitting(keys, usual, digests),
        lambda: _fitting(few, signed.unusual(), digests),
        lambda: _fitting(other_keys(numbers), usual, digests),
        lambda: _other_signatures(few, usual, digests),
        lambda: _of_another_attempt(srp, numbers, signed, digests, earlier),
    )
    # A client that makes the mistake under test is not likely to make one of the rarer ones too.
    for search in searches if srp.probe is None else searches[:2]:
        found = min(search(), key=len, default=None)
        if found is not None:
            return found
    return None


def _digests(signature: str) -> Iterator[Digest]:
    """The bytes that a signature may stand for, by the ways in which clients write them."""
    try:
        plain = parse_base64("PASSWORD_CLAIM_SIGNATURE", signature)
    except PeerError:
        return
    yield "", plain
    if len(signature) == 64:
        yield from _unhexed("hex-signature", signature)
    if plain.isascii():
        text = plain.decode()
        yield from _unhexed("base64-of-hex-signature", text)
        try:
            yield "double-base64-signature", b64decode(text, validate=True)
        except (BinasciiError, ValueError):
            return


def _unhexed(mistake: str, text: str) -> Iterator[Digest]:
    try:
        yield mistake, bytes.fromhex(text)
    except ValueError:
        return


def _fitting(keys: Iterable[Key], messages: Iterable[Message], digests: list[Digest]) -> Iterator[frozenset[str]]:
    messages = list(messages)
    wanted = {digest: mistake for mistake, digest in reversed(digests)}
    for mistakes, key in keys:
        for in_message, message in messages:
            written = wanted.get(hmac.digest(key, message, "sha256"))
            if written is not None:
                yield mistakes | in_message | ({written} - {""})


def _other_signatures(
    keys: Iterable[Key], messages: Iterable[Message], digests: list[Digest]
) -> Iterator[frozenset[str]]:
    """Proofs that are no HMAC-SHA256 over the message under the key."""
    messages = list(messages)
    for mistakes, key in keys:
        for in_message, message in messages:
            made = [("no-hmac", sha256(key + message).digest()), ("hmac-swapped", hmac.digest(message, key, "sha256"))]
            made += [("signature-hash", hmac.digest(key, message, name)) for name in _OTHER_HASHES.values()]
            for written, digest in digests:
                yield from (
                    mistakes | in_message | ({how, written} - {""})
                    for how, other in made
                    if hmac.compare_digest(other, digest)
                )


def _of_another_attempt(
    srp: SrpChallenge, numbers: Numbers, signed: Signed, digests: list[Digest], earlier: tuple[SrpChallenge, ...]
) -> Iterator[frozenset[str]]:
    """A proof made with the a, the B or the secret block of an earlier challenge."""
    own_u = formulas.scrambler(numbers.public_a, numbers.public_b)
    for other in earlier:
        theirs = Numbers.of(other)
        if other is srp or theirs is None:
            continue
        block = parse_base64("SECRET_BLOCK", other.secret_block)
        # u is hashed over what the client took for its A and for B, which may be the right ones with a wrong S.
        stale, crossed = numbers.with_a(theirs.public_a), theirs.with_a(numbers.public_a)
        keys = [right_key(numbers), right_key(theirs)]
        keys += [right_key(stale), right_key(stale, own_u), right_key(crossed), right_key(crossed, own_u)]
        for key in keys:
            fits = _fitting(
                [(frozenset(), key)], [(frozenset(), signed.right()), (frozenset(), signed.right(block))], digests
            )
            yield from (frozenset({"another-attempt"}) | mistakes for mistakes in fits)
