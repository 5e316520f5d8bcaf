"""A town's orders by slot are read from an index alone; it takes the place of the site's own."""

import django.db.models.deletion
from django.db import migrations, models

from callout.kernel.indexing import AddIndexMeanwhile, AlterIndexMeanwhile


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0011_answered"),
    ]

    operations = [
        AddIndexMeanwhile(
            model_name="serviceorder",
            index=models.Index(
                fields=["site", "-start", "-number"],
                name="order_site_start",
                include=["id"],
                condition=models.Q(("start__isnull", False)),
            ),
        ),
        AlterIndexMeanwhile(
            model_name="serviceorder",
            name="site",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to="customers.site",
            ),
        ),
    ]
