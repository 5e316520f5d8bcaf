"""How somebody looks at the orders: filters that are kept, and each one's own view of the list."""

from django.db import models
from django.db.models import Q

from callout.kernel.models import Entity


class SavedFilter(Entity):
    """A filter that is kept: the whole address (view, filter, columns), by a name.

    `query` is written by `OrderFilter.query`, so that it opens for ever: what it names by id may be
    archived since. Shared ones are there for everybody in the office.
    """

    owner = models.ForeignKey("accounts.User", models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    name_sort = models.CharField(max_length=120)
    view = models.CharField(max_length=8)
    query = models.CharField(max_length=4000, blank=True)
    columns = models.CharField(max_length=200, blank=True)  # "": those of whoever looks
    shared = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index("name_sort", "id", name="saved_filter_shared", condition=Q(shared=True)),
            models.Index("owner", "name_sort", "id", name="saved_filter_owner"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="saved_filter_name_once"),
        ]


class OwnView(Entity):
    """What one person chose for the list: the columns, and the filter that it opens with."""

    user = models.OneToOneField("accounts.User", models.PROTECT, related_name="+")
    columns = models.CharField(max_length=200, blank=True)  # "": the usual ones
    opens_with = models.ForeignKey(
        SavedFilter, models.SET_NULL, null=True, blank=True, related_name="+"
    )
