"""How the C library keeps what it has been given back."""

import ctypes
from contextlib import suppress

# The numbers of malloc.h of the GNU C library.
TRIM_THRESHOLD = -1
ARENA_MAX = -8

KEPT_BYTES = 128 * 1024


def heap_bounded() -> None:
    """One heap for all threads of this process and those forked from it, and what is free at its
    end goes back.

    The GNU C library gives threads heaps of their own, so that they need not wait for each other;
    ours wait for Python's lock anyway, and each such heap keeps what its busiest moment took. It
    also raises by itself, up to 64 MB, what it keeps at a heap's end: a value that is set stays.
    Elsewhere (macOS, musl) there is nothing to be set.
    """
    with suppress(AttributeError):  # no such function: another C library
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(ARENA_MAX, 1)
        mallopt(TRIM_THRESHOLD, KEPT_BYTES)
