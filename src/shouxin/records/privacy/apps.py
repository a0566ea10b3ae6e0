"""The app of the privacy room."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """Tables `privacy_*`."""

    name = "shouxin.records.privacy"
    label = "privacy"
