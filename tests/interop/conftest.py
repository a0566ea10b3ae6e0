"""The judge, built once for every test here; and Django, set up before the vault's modules, which hold tables."""

from __future__ import annotations

import os
from collections.abc import Iterator

import django
import pytest

from tests.interop.judge import Judge, running_judge

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shouxin.site.settings")
django.setup()


@pytest.fixture(scope="session")
def judge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """Go's readers, in one process."""
    with running_judge(tmp_path_factory.mktemp("judge")) as process:
        yield process
