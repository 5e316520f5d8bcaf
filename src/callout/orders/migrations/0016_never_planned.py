"""The cancelled orders without a slot, with which a list by slot may begin, have an index."""

from django.db import migrations, models

from callout.kernel.indexing import AddIndexMeanwhile


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("orders", "0015_guards_again"),
    ]

    operations = [
        AddIndexMeanwhile(
            model_name="serviceorder",
            index=models.Index(
                models.F("number"),
                condition=models.Q(("stage", "cancelled"), ("start__isnull", True)),
                name="order_never_planned",
            ),
        ),
    ]
