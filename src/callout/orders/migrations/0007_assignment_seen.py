from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0006_visit_open"),
    ]

    operations = [
        migrations.AddField(
            model_name="assignment",
            name="seen_at",
            field=models.DateTimeField(null=True),
        ),
    ]
