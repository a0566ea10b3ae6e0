"""The vault's modules hold tables, so Django must be set up before they are imported."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouxin.site.settings")
django.setup()
