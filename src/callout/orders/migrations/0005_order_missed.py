from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0004_working_hours_only"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="serviceorder",
            index=models.Index(
                models.F("number"),
                condition=models.Q(
                    ("stage", "planned"),
                    ("start__gt", models.F("due_at")),
                    ("technician_status__in", ["planned", "en_route"]),
                ),
                name="order_missed",
            ),
        ),
    ]
