from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "callout.notify"
    label = "notify"
