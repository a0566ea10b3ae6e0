"""The shell's app."""

from django.apps import AppConfig


class Shell(AppConfig):
    """Templates and words that every face uses."""

    name = "shouxin.web.shell"
    label = "web_shell"
