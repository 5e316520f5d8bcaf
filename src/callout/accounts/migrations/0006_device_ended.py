from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_mail"),
    ]

    operations = [
        migrations.AddField(
            model_name="device",
            name="ended_at",
            field=models.DateTimeField(null=True),
        ),
    ]
