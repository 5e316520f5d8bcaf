"""Columns as one value: what the database packs is what is read, whatever it is."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db.models import (
    BooleanField,
    DateTimeField,
    FloatField,
    IntegerField,
    SmallIntegerField,
    TextField,
    UUIDField,
    Value,
)
from django.db.models.functions import Cast

from callout.accounts.models import User
from callout.kernel.packed import Packed, Sent, moment, readers_of, unpacked
from callout.kernel.prepared import Prepared, together

pytestmark = pytest.mark.django_db
VALUES: list[tuple[Any, Any, Any]] = [
    (UUID("01a21e09-a98c-7c98-8ae4-5bd48eade0ee"), UUID, UUIDField()),
    (datetime(2026, 11, 24, 8, 0, 0, 500_000, tzinfo=UTC), datetime, DateTimeField()),
    (datetime(1999, 12, 31, 23, 59, 59, 1, tzinfo=UTC), datetime, DateTimeField()),
    ('Käse, %s and "so on"\n', str, TextField()),
    ("", str, TextField()),
    (-5, int, IntegerField()),
    (4711, int, SmallIntegerField()),
    (True, bool, BooleanField()),
    (False, bool, BooleanField()),
    (-3.25, float, FloatField()),
    (None, float | None, FloatField()),
    (None, datetime | None, DateTimeField()),
    (51.5, float | None, FloatField()),
]


def packed(*values: Any) -> bytes:
    columns = [
        Cast(Value(value), field) for value, (_, _, field) in zip(values, VALUES, strict=False)
    ]
    made: Prepared[Any] = Prepared(
        lambda: User.objects.order_by().values_list(Packed(*columns)), binary=True
    )
    ((value,),) = made.all()
    assert isinstance(value, bytes)
    return value


@pytest.fixture(autouse=True)
def _one_row() -> None:
    User.objects.create(email="one@example.com", name="One")


def test_each_value_is_read_as_it_was_and_what_is_null_as_none() -> None:
    values = [value for value, _, _ in VALUES]
    readers = readers_of([kind for _, kind, _ in VALUES])
    assert unpacked(packed(*values), readers) == values


def test_the_same_values_are_the_same_bytes_and_others_are_others() -> None:
    values = [value for value, _, _ in VALUES]
    assert packed(*values) == packed(*values)
    assert packed(*values) != packed(*values[:3], "", *values[4:])


def test_ids_and_moments_are_sent_so_that_they_are_sorted_as_they_are() -> None:
    at = datetime(2026, 11, 24, 8, tzinfo=UTC)
    later = datetime(2026, 11, 24, 8, 0, 0, 1, tzinfo=UTC)
    made: Prepared[Any] = Prepared(
        lambda: User.objects.values_list(
            *(Sent(Cast(Value(one), DateTimeField()), kind="timestamptz") for one in (at, later)),
            Sent("id", kind="uuid"),
            "name",
        ),
        binary=True,
    )
    (row,), plain = together(made.ask(), Prepared(lambda: User.objects.values_list("id")).ask())
    assert (moment(row[0]), moment(row[1])) == (at, later)
    assert row[0] < row[1]
    assert (row[2], row[3]) == (plain[0][0].bytes, "One")
