from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "callout.webhooks"
    label = "webhooks"
