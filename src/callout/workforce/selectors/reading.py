"""What the readings of the team share."""

from typing import TypeVar
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from callout.kernel.errors import NotFound

M = TypeVar("M", bound=models.Model)


def archived_or_not(rows: QuerySet[M], archived: bool) -> QuerySet[M]:
    """Those in the archive, or those that are not."""
    return rows.filter(archived_at__isnull=not archived)


def one_of(rows: QuerySet[M], pk: UUID) -> M:
    """The row of this id among those that the reader may see. NotFound for none."""
    row = rows.filter(pk=pk).first()
    if row is None:
        raise NotFound
    return row
