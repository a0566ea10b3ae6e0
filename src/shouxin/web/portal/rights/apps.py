"""The app of a borrower's rights; it has templates, words of its own, and no table."""

from django.apps import AppConfig


class RightsConfig(AppConfig):
    """What I can ask about my data, my copy, and the end of my account."""

    name = "shouxin.web.portal.rights"
    label = "portal_rights"
