from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "callout.accounts"
    label = "accounts"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from callout.accounts import signals

        signals.connect()
