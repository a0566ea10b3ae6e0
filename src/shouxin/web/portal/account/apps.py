"""The app of the account pages."""

from django.apps import AppConfig


class AccountConfig(AppConfig):
    """Django's name for this room."""

    name = "shouxin.web.portal.account"
    label = "portal_account"
