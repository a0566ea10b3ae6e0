"""Which model lives in which database: the vault's in `vault`, every other in `default`, and never the other way."""

from typing import Any


class TwoDatabases:
    """Django's router protocol; a model can't reach the wrong database even when a query names it by mistake."""

    def _home(self, app_label: str) -> str:
        return "vault" if app_label == "vault" else "default"

    def db_for_read(self, model: Any, **hints: object) -> str:
        """The one database that holds this model."""
        return self._home(model._meta.app_label)

    def db_for_write(self, model: Any, **hints: object) -> str:
        """The same one."""
        return self._home(model._meta.app_label)

    def allow_relation(self, first: Any, second: Any, **hints: object) -> bool:
        """No relation crosses between the two."""
        return self._home(first._meta.app_label) == self._home(second._meta.app_label)

    def allow_migrate(self, db: str, app_label: str, **hints: object) -> bool:
        """Tables are made only where their model lives."""
        return db == self._home(app_label)
