"""Ten thousand sign-ins between our own two roles, all different: none fails."""

import os
import random
import unicodedata
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from support.sign_ins import failures, text

SIGN_INS = 10_000
BATCH = 250


def test_ten_thousand_random_sign_ins_succeed() -> None:
    batches = [range(start, start + BATCH) for start in range(0, SIGN_INS, BATCH)]
    with ProcessPoolExecutor(min(os.cpu_count() or 1, 4), mp_context=get_context("spawn")) as pool:
        failed = [line for lines in pool.map(failures, batches) for line in lines]
    assert failed == []


def test_the_random_texts_hold_many_kinds_of_characters() -> None:
    drawn = "".join(text(random.Random(seed), 99) for seed in range(200))
    assert {"L", "M", "N", "P", "S"} <= {unicodedata.category(character)[0] for character in drawn}
    assert unicodedata.normalize("NFC", drawn) != drawn
    assert max(drawn) > "\U0001f300"
