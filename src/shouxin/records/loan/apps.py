"""The app of the loan room."""

from django.apps import AppConfig


class LoanConfig(AppConfig):
    """Tables `loan_*`."""

    name = "shouxin.records.loan"
    label = "loan"
