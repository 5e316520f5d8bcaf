from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "callout.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Importing the module registers its check."""
        from callout.kernel import restore  # noqa: F401
