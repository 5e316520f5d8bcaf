from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "callout.kernel"
    label = "kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Importing the module registers its check."""
        from django.db.backends.signals import connection_created

        from callout.kernel import restore  # noqa: F401
        from callout.kernel.prepared import cursors_set

        connection_created.connect(cursors_set)
