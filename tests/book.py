"""A book on a real SQLite file, without a vault: for tests of rooms that only need tables."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


def open_book(folder: Path) -> None:
    """Point Django at two new databases in `folder` and make the book's tables."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "shouxin.site.settings"
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()
    from django.core.management import call_command

    from shouxin.site import config, databases

    databases.point({alias: config.sqlite(alias) for alias in config.ALIASES}, folder)
    call_command("migrate", database="default", verbosity=0, interactive=False)


@pytest.fixture
def book(tmp_path: Path) -> Iterator[Path]:
    """The folder of a new book; the databases are closed afterwards."""
    open_book(tmp_path)
    yield tmp_path
    from shouxin.site import databases

    databases.close()
