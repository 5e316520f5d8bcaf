from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_device_session")]

    operations = [
        migrations.AddField(
            model_name="company",
            name="first_steps_away",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
