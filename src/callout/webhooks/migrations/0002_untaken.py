from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                models.F("webhook"),
                models.F("state"),
                models.OrderBy(models.F("id"), descending=True),
                condition=models.Q(("state__in", ["waiting", "given_up"])),
                name="delivery_untaken",
            ),
        )
    ]
