from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    name = "callout.fieldwork"
    label = "fieldwork"
