from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    name = "callout.fieldwork"
    label = "fieldwork"

    def ready(self) -> None:
        # Each says which commands of a phone it carries out.
        from callout.fieldwork import hooks
        from callout.fieldwork.sync import record_commands, step_commands  # noqa: F401

        hooks.register()
