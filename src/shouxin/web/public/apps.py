"""The app of the public pages."""

from django.apps import AppConfig


class Public(AppConfig):
    """Pages that show nothing of anybody's."""

    name = "shouxin.web.public"
    label = "web_public"
