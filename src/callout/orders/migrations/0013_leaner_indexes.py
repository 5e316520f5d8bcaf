"""One index for each way of looking: what a longer one serves needs none of its own, and what most
rows have none of is known for the others alone. And a step of an order touches no index of it."""

import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import RemoveIndexConcurrently
from django.db import migrations, models

from callout.kernel.indexing import AddIndexMeanwhile, AlterIndexMeanwhile


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("customers", "0006_by_town"),
        ("orders", "0012_site_by_slot"),
        ("workforce", "0005_default_calendar"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        # Room on each page for an order's next state, which then needs no new place in any index.
        migrations.RunSQL(
            "ALTER TABLE orders_serviceorder SET (fillfactor = 85)",
            "ALTER TABLE orders_serviceorder RESET (fillfactor)",
        ),
        RemoveIndexConcurrently(
            model_name="serviceorder",
            name="order_missed",
        ),
        AddIndexMeanwhile(
            model_name="serviceorder",
            index=models.Index(
                models.F("due_at"),
                models.F("number"),
                condition=models.Q(("stage", "planned"), ("start__gt", models.F("due_at"))),
                name="order_missed",
            ),
        ),
        AddIndexMeanwhile(
            model_name="serviceorder",
            index=models.Index(
                models.F("visit"), condition=models.Q(("visit__isnull", False)), name="order_visit"
            ),
        ),
        AddIndexMeanwhile(
            model_name="serviceorder",
            index=models.Index(
                models.F("contact"),
                condition=models.Q(("contact__isnull", False)),
                name="order_contact",
            ),
        ),
        AddIndexMeanwhile(
            model_name="serviceorder",
            index=models.Index(
                models.F("follow_up_of"),
                condition=models.Q(("follow_up_of__isnull", False)),
                name="order_follow_up_of",
            ),
        ),
        AddIndexMeanwhile(
            model_name="serviceorder",
            index=models.Index(
                models.F("proposed_vehicle"),
                condition=models.Q(("proposed_vehicle__isnull", False)),
                name="order_proposed_vehicle",
            ),
        ),
        AddIndexMeanwhile(
            model_name="serviceorder",
            index=models.Index(
                models.F("checked_by"),
                condition=models.Q(("checked_by__isnull", False)),
                name="order_checked_by",
            ),
        ),
        AddIndexMeanwhile(
            model_name="visit",
            index=models.Index(
                models.F("vehicle"),
                condition=models.Q(("vehicle__isnull", False)),
                name="visit_of_vehicle",
            ),
        ),
        AddIndexMeanwhile(
            model_name="visit",
            index=models.Index(
                models.F("reason"),
                condition=models.Q(("reason__isnull", False)),
                name="visit_of_reason",
            ),
        ),
        AddIndexMeanwhile(
            model_name="visit",
            index=models.Index(
                models.F("promised_by"),
                condition=models.Q(("promised_by__isnull", False)),
                name="visit_of_promised_by",
            ),
        ),
        # Each foreign key has its new index before it loses the one of its own.
        AlterIndexMeanwhile(
            model_name="assignment",
            name="technician",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workforce.technician",
            ),
        ),
        AlterIndexMeanwhile(
            model_name="assignment",
            name="visit",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="assignments",
                to="orders.visit",
            ),
        ),
        AlterIndexMeanwhile(
            model_name="serviceorder",
            name="asset",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to="customers.asset",
            ),
        ),
        AlterIndexMeanwhile(
            model_name="serviceorder",
            name="checked_by",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        AlterIndexMeanwhile(
            model_name="serviceorder",
            name="contact",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="customers.contact",
            ),
        ),
        AlterIndexMeanwhile(
            model_name="serviceorder",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="orders",
                to="customers.customer",
            ),
        ),
        AlterIndexMeanwhile(
            model_name="serviceorder",
            name="follow_up_of",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="follow_ups",
                to="orders.serviceorder",
            ),
        ),
        AlterIndexMeanwhile(
            model_name="serviceorder",
            name="priority",
            field=models.ForeignKey(
                db_index=False,
                default=1,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.priority",
            ),
        ),
        AlterIndexMeanwhile(
            model_name="serviceorder",
            name="proposed_vehicle",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workforce.vehicle",
            ),
        ),
        AlterIndexMeanwhile(
            model_name="serviceorder",
            name="technician",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workforce.technician",
            ),
        ),
        AlterIndexMeanwhile(
            model_name="serviceorder",
            name="visit",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.visit",
            ),
        ),
        AlterIndexMeanwhile(
            model_name="timeentry",
            name="technician",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workforce.technician",
            ),
        ),
        AlterIndexMeanwhile(
            model_name="timelineentry",
            name="actor",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        AlterIndexMeanwhile(
            model_name="timelineentry",
            name="order",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="timeline",
                to="orders.serviceorder",
            ),
        ),
        AlterIndexMeanwhile(
            model_name="timelineentry",
            name="visit",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="timeline",
                to="orders.visit",
            ),
        ),
        AlterIndexMeanwhile(
            model_name="visit",
            name="order",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visits",
                to="orders.serviceorder",
            ),
        ),
        AlterIndexMeanwhile(
            model_name="visit",
            name="promised_by",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        AlterIndexMeanwhile(
            model_name="visit",
            name="reason",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.reason",
            ),
        ),
        AlterIndexMeanwhile(
            model_name="visit",
            name="technician",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="visits",
                to="workforce.technician",
            ),
        ),
        AlterIndexMeanwhile(
            model_name="visit",
            name="vehicle",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="workforce.vehicle",
            ),
        ),
    ]
