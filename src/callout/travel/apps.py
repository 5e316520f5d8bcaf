from django.apps import AppConfig


class TravelConfig(AppConfig):
    name = "callout.travel"
    label = "travel"
