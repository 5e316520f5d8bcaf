"""Spans of time in whole seconds: what is left of them, and when none is met. Pure."""

from collections.abc import Iterable, Sequence

from callout.routing.engine.problem import Window


def clear(spans: Iterable[Window], begin: int, length: int) -> int:
    """The first moment from then on at which so much meets none of them."""
    for start, end in sorted(spans):
        if begin < end and begin + length > start:
            begin = end
    return begin


def less(spans: Iterable[Window], holes: Sequence[Window]) -> list[Window]:
    """The spans without the holes."""
    left = [one for one in spans if one[0] < one[1]]
    for begin, end in holes:
        cut_up = []
        for a, b in left:
            if end <= a or begin >= b:
                cut_up.append((a, b))
            else:
                cut_up += [(c, d) for c, d in ((a, begin), (end, b)) if c < d]
        left = cut_up
    return left
