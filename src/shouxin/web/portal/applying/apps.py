"""The pages of applying, from the first question to the signature."""

from django.apps import AppConfig


class ApplyingConfig(AppConfig):
    """Django's name for this room."""

    name = "shouxin.web.portal.applying"
    label = "portal_applying"
