"""The Django app of the vault."""

from django.apps import AppConfig


class VaultConfig(AppConfig):
    """Label `vault`; its tables live in the database alias of the same name."""

    name = "shouxin.vault"
    label = "vault"
    default_auto_field = "django.db.models.BigAutoField"
