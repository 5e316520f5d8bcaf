"""Which days an order ended on that was never planned is read from the index as well: in a month of
long ago there may be none among ten thousand."""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations, models

from callout.kernel.indexing import AddIndexMeanwhile


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0016_never_planned"),
    ]

    operations = [
        RemoveIndexConcurrently(
            model_name="serviceorder",
            name="order_never_planned",
        ),
        AddIndexMeanwhile(
            model_name="serviceorder",
            index=models.Index(
                fields=["number"],
                name="order_never_planned",
                include=["id", "closed_at"],
                condition=models.Q(("stage", "cancelled"), ("start__isnull", True)),
            ),
        ),
    ]
