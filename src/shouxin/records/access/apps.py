"""The app of the access room."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Tables `access_*`."""

    name = "shouxin.records.access"
    label = "access"
