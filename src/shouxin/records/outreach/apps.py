"""The app of the outreach room."""

from django.apps import AppConfig


class OutreachConfig(AppConfig):
    """Tables `outreach_*`."""

    name = "shouxin.records.outreach"
    label = "outreach"
