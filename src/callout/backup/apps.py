from django.apps import AppConfig


class BackupConfig(AppConfig):
    name = "callout.backup"
    label = "backup"
