"""The app of the loan pages."""

from django.apps import AppConfig


class PortalLoan(AppConfig):
    """Pages of a borrower's own loans."""

    name = "shouxin.web.portal.loan"
    label = "portal_loan"
