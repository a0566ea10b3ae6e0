"""The app of the pictures; it has a template, words of its own, and no table."""

from django.apps import AppConfig


class ChartsConfig(AppConfig):
    """`{% include "charts/picture.html" with picture=… %}`."""

    name = "shouxin.web.charts"
    label = "web_charts"
