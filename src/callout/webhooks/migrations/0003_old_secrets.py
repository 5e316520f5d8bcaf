from django.db import migrations, models

# One that was renewed within the last day goes on signing with both.
KEPT = """
UPDATE webhooks_webhook SET old_secrets = jsonb_build_array(
    jsonb_build_object('kept', encode(old_secret, 'base64'), 'until', to_jsonb(old_until))
) WHERE old_secret IS NOT NULL AND old_until > now()
"""


class Migration(migrations.Migration):
    dependencies = [("webhooks", "0002_untaken")]

    operations = [
        migrations.AddField("webhook", "old_secrets", models.JSONField(default=list)),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.RemoveField("webhook", "old_secret"),
    ]
