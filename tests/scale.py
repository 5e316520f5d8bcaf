"""How many rounds a random test or a race runs: modest every day, full by `make test-long`.

A test of random cases has a few of them in the fast tier; the wide one runs it again with all.
"""

import os

from hypothesis import HealthCheck, settings

FEW = 12


def is_full() -> bool:
    """Whether it is `make test-long` that runs."""
    return os.environ.get("CALLOUT_TEST_SCALE") == "full"


def rounds(modest: int, full: int, *, ci: int = 0) -> int:
    """`full` when CALLOUT_TEST_SCALE=full, else `modest`, or `ci` (if any) where CI=true."""
    if is_full():
        return full
    return ci if ci and os.environ.get("CI") == "true" else modest


def examples(modest: int, full: int) -> int:
    """As `rounds`, and in the fast tier no more random cases than its tests have."""
    return rounds(min(modest, settings().max_examples), full)


def random_cases(*, few: bool) -> None:
    """From now on so many for each test that names no number. None judges by the clock: a busy
    machine is no failure."""
    quiet = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.register_profile("callout", quiet, max_examples=FEW if few else quiet.max_examples)
    settings.load_profile("callout")
