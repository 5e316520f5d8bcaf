from django.apps import AppConfig
from django.db.models.signals import post_migrate


class KernelConfig(AppConfig):
    name = "callout.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Every migration ends with the app's role having its rights."""
        from callout.kernel.rights import grant_after_migrating

        post_migrate.connect(grant_after_migrating, sender=self)
