"""Ten thousand sign-ins between our own two roles, all different: none fails."""

import os
import random
import unicodedata
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from sign_ins import failures, text

SIGN_INS = 10_000
BATCH = 250


def test_ten_thousand_sign_ins() -> None:
    batches = [range(start, start + BATCH) for start in range(0, SIGN_INS, BATCH)]
    with ProcessPoolExecutor(min(os.cpu_count() or 1, 4), mp_context=get_context("spawn")) as pool:
        failed = [line for lines in pool.map(failures, batches) for line in lines]
    assert failed == []


def test_the_texts_are_as_wild_as_they_claim() -> None:
    drawn = "".join(text(random.Random(seed), 99) for seed in range(200))
    assert {"L", "M", "N", "P", "S"} <= {unicodedata.category(character)[0] for character in drawn}
    assert unicodedata.normalize("NFC", drawn) != drawn
    assert max(drawn) > "\U0001f300"
