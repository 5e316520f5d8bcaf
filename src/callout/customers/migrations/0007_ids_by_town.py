"""The ids of a town's sites are read from an index alone."""

from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations, models

from callout.kernel.indexing import AddIndexMeanwhile


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("customers", "0006_by_town"),
    ]

    operations = [
        RemoveIndexConcurrently(model_name="site", name="site_by_town"),
        AddIndexMeanwhile(
            model_name="site",
            index=models.Index(fields=["town"], name="site_by_town", include=["id"]),
        ),
    ]
