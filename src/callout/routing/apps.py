from django.apps import AppConfig


class RoutingConfig(AppConfig):
    name = "callout.routing"
    label = "routing"
