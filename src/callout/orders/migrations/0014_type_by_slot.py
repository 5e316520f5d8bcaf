"""The orders of a type in some days are found by one index; by the type alone as well."""

import django.db.models.deletion
from django.db import migrations, models

from callout.kernel.indexing import AddIndexMeanwhile, AlterIndexMeanwhile


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0013_leaner_indexes"),
    ]

    operations = [
        AddIndexMeanwhile(
            model_name="serviceorder",
            index=models.Index(
                models.F("type"),
                models.OrderBy(models.F("start"), descending=True),
                models.OrderBy(models.F("number"), descending=True),
                name="order_type",
            ),
        ),
        AlterIndexMeanwhile(
            model_name="serviceorder",
            name="type",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.interventiontype",
            ),
        ),
    ]
