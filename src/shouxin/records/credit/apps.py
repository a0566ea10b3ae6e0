"""The app of the credit room."""

from django.apps import AppConfig


class CreditConfig(AppConfig):
    """Tables `credit_*`."""

    name = "shouxin.records.credit"
    label = "credit"
