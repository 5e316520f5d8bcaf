from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("fieldwork", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="checklistanswer",
            name="asked",
            field=models.CharField(default="", max_length=200),
            preserve_default=False,
        ),
    ]
