"""Rows that are forgotten in time."""

from typing import Any

from django.db.models import QuerySet


def rows_purge(old: QuerySet[Any], at_once: int) -> int:
    """Delete these rows, `at_once` in a transaction so that no lock is held for long; how many.

    Ordered by what an index has: the first portion of what is left is read for each. By a job, in
    no transaction of its own; what was deleted stays deleted when it is killed.
    """
    purged = 0
    while ids := list(old.values_list("pk", flat=True)[:at_once]):
        old.model._default_manager.filter(pk__in=ids).delete()
        purged += len(ids)
    return purged
