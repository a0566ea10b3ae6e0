"""The app of "who used my data"; it has templates, words of its own, and no table."""

from django.apps import AppConfig


class DataConfig(AppConfig):
    """A borrower's own history, the files that prove it, and their consents."""

    name = "shouxin.web.portal.data"
    label = "portal_data"
