"""The app of the lender's desk."""

from django.apps import AppConfig


class Desk(AppConfig):
    """Pages for staff."""

    name = "shouxin.web.desk"
    label = "web_desk"
