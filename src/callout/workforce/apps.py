from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    name = "callout.workforce"
    label = "workforce"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from callout.accounts.selectors import technician_found_by
        from callout.workforce.actor import technician_of

        technician_found_by(technician_of)
