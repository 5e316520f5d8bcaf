"""When somebody was first at the customer's, on the order itself: by it *late* is looked for. And
indexes for that, and for the past of a customer or a site by day."""

from django.db import migrations, models

# As services/settle.py has it.
ANSWERED = """
UPDATE orders_serviceorder o SET answered_at = v.at
FROM (
    SELECT order_id, min(least(
        arrived_at, work_started_at,
        CASE WHEN outcome IN ('done', 'customer_absent') THEN closed_at END
    )) AS at
    FROM orders_visit
    WHERE NOT (entered_afterwards AND outcome IS NOT DISTINCT FROM 'unplanned')
    GROUP BY order_id
) v
WHERE v.order_id = o.id AND v.at IS NOT NULL
"""


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0010_views"),
    ]

    operations = [
        migrations.AddField(
            model_name="serviceorder",
            name="answered_at",
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.RunSQL(ANSWERED, migrations.RunSQL.noop),
        # The constraints that the rows wait for are checked before an index is made anew.
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RemoveIndex(model_name="serviceorder", name="order_missed"),
        migrations.AddIndex(
            model_name="serviceorder",
            index=models.Index(
                models.F("due_at"),
                models.F("number"),
                condition=models.Q(
                    ("stage", "planned"),
                    ("start__gt", models.F("due_at")),
                    ("technician_status__in", ["planned", "en_route"]),
                ),
                name="order_missed",
            ),
        ),
        *(
            migrations.AddIndex(
                model_name="serviceorder",
                index=models.Index(
                    models.F(of),
                    models.OrderBy(models.F("closed_at"), descending=True),
                    models.OrderBy(models.F("number"), descending=True),
                    condition=models.Q(("closed_at__isnull", False)),
                    name=f"order_{of}_past",
                ),
            )
            for of in ("customer", "site")
        ),
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(
                models.F("promise_to"),
                condition=models.Q(("is_open", True), ("promise_to__isnull", False)),
                name="visit_promise",
            ),
        ),
    ]
