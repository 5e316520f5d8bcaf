"""When it truly happened, by a table and for any clocks."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callout.fieldwork.sync.true_time import APART, OLDEST, true_time

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)
HOUR = 3_600_000  # ms


def settled(at: float | None, **given: Any) -> tuple[float, bool]:
    """Hours from noon, of hours from noon; received at 18:00."""
    facts: dict[str, Any] = {
        "skew_ms": None, "skew_age_s": None, "offset_ms": 0, "received": NOON + timedelta(hours=6),
        "not_before": None, **given,
    }  # fmt: skip
    when = None if at is None else NOON + timedelta(hours=at)
    found = true_time(when, **facts)
    return (found.at - NOON) / timedelta(hours=1), found.uncertain


TABLE: list[tuple[str, float | None, dict[str, Any], tuple[float, bool]]] = [
    ("a right clock", 1, {"skew_ms": 0, "skew_age_s": 60}, (1, False)),
    ("never measured: the offset at sending", 1, {"offset_ms": HOUR}, (2, False)),
    (
        "an hour slow, measured",
        1,
        {"skew_ms": HOUR, "skew_age_s": 9, "offset_ms": HOUR},
        (2, False),
    ),
    (
        "a minute apart",
        1,
        {"skew_ms": HOUR, "skew_age_s": 9, "offset_ms": HOUR + 60_000},
        (2, False),
    ),
    (
        "set anew since",
        1,
        {"skew_ms": 0, "skew_age_s": 9, "offset_ms": 48 * HOUR},
        (1, True),
    ),
    (
        "measured too long ago",
        1,
        {"skew_ms": HOUR, "skew_age_s": 86_400, "offset_ms": 0},
        (1, True),
    ),
    ("a day ahead", 25, {}, (6, False)),
    ("no clock at all", None, {}, (6, True)),
    ("nothing known of its clock", 1, {"offset_ms": None}, (6, True)),
    ("before the entry before", 1, {"not_before": NOON + timedelta(hours=3)}, (3, False)),
    ("the entry before came later", 1, {"not_before": NOON + timedelta(hours=9)}, (6, False)),
    ("four hundred days ago", -400 * 24 + 6, {}, (-400 * 24 + 6, False)),
    ("longer than any phone keeps an entry", -400 * 24 + 5, {}, (6, True)),
    ("beyond all calendars", 1, {"offset_ms": 2**53}, (6, True)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "at", "given_", "wanted"), TABLE, ids=[row[0] for row in TABLE])
def test_the_table(
    name: str, at: float | None, given_: dict[str, Any], wanted: tuple[float, bool]
) -> None:
    assert settled(at, **given_) == wanted


moments = st.datetimes(
    datetime(1900, 1, 2),  # noqa: DTZ001
    datetime(2199, 12, 30),  # noqa: DTZ001
    timezones=st.just(UTC),
)
shifts = st.none() | st.integers(-(2**53), 2**53) | st.integers(-3 * HOUR, 3 * HOUR)


@given(
    at=st.none() | moments, skew_ms=shifts, skew_age_s=st.none() | st.integers(0, 2**53),
    offset_ms=shifts, received=moments, not_before=st.none() | moments,
)  # fmt: skip
def test_never_after_receipt_never_before_the_entry_before(
    at: datetime | None, skew_ms: int | None, skew_age_s: int | None, offset_ms: int | None,
    received: datetime, not_before: datetime | None,
) -> None:  # fmt: skip
    found = true_time(
        at, skew_ms=skew_ms, skew_age_s=skew_age_s, offset_ms=offset_ms,
        received=received, not_before=not_before,
    )  # fmt: skip
    assert found.at <= received
    if not_before is not None:
        assert found.at >= min(not_before, received)
    if at is not None and at >= received - OLDEST and skew_ms == offset_ms == 0:
        assert not found.uncertain


@given(st.integers(-10 * HOUR, 10 * HOUR), st.integers(0, 86_399))
def test_a_clock_wrong_by_a_constant_is_put_right(wrong: int, age: int) -> None:
    """Whatever the phone's clock shows, a steady one gives the true time, and no doubt."""
    shown = NOON - timedelta(milliseconds=wrong)
    found = true_time(
        shown, skew_ms=wrong, skew_age_s=age, offset_ms=wrong,
        received=NOON + timedelta(hours=1), not_before=None,
    )  # fmt: skip
    assert (found.at, found.uncertain) == (NOON, False)
    assert timedelta(0) < APART
