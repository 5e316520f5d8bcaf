"""How many rounds a random test or a race runs: modest every day, full by `make test-long`."""

import os


def is_full() -> bool:
    """Whether it is `make test-long` that runs."""
    return os.environ.get("CALLOUT_TEST_SCALE") == "full"


def rounds(modest: int, full: int, *, ci: int = 0) -> int:
    """`full` when CALLOUT_TEST_SCALE=full, else `modest`, or `ci` (if any) where CI=true."""
    if is_full():
        return full
    return ci if ci and os.environ.get("CI") == "true" else modest
