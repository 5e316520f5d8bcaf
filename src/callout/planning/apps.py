from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "callout.planning"
    label = "planning"
