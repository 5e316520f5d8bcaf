from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0007_assignment_seen"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(
                condition=models.Q(("is_open", True)),
                fields=["technician", "start"],
                name="assignment_open",
            ),
        ),
    ]
