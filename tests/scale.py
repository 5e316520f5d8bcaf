"""How many rounds a random test or a race runs: modest every day, full by `make test-long`."""

import os


def is_full() -> bool:
    """Whether it is `make test-long` that runs."""
    return os.environ.get("CALLOUT_TEST_SCALE") == "full"


def rounds(modest: int, full: int) -> int:
    """`full` when CALLOUT_TEST_SCALE=full, else `modest`."""
    return full if is_full() else modest
