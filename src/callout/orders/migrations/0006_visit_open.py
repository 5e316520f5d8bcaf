from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0005_order_missed"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="visit",
            index=models.Index(
                models.F("start"),
                condition=models.Q(("is_open", True)),
                name="visit_open",
            ),
        ),
    ]
