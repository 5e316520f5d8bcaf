from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "callout.web"
    label = "web"
