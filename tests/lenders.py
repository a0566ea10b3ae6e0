"""A lender for a test, on SQLite and on PostgreSQL, made quickly: the tables once a session, a copy for each test.

The log begins at `BEGINNING`, so a test may tell a story on any dates after it (`lender.at(…)`), in rising order.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from shouxin.site.config import Config
    from shouxin.usecases.lender import Lender
    from tests.postgres import Server

BEGINNING = datetime(2026, 1, 1, 9, 0, tzinfo=timezone(timedelta(hours=8)))
_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def embedded_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an untouched embedded lender."""
    folder = tmp_path_factory.mktemp("lender") / "template"
    _make(folder, {"default": "", "vault": ""})
    return folder


@pytest.fixture(scope="session")
def postgres_template(tmp_path_factory: pytest.TempPathFactory, postgres: Server) -> Path:
    """The folder of an untouched lender whose databases serve as templates for those of the tests."""
    names = {alias: f"template_{alias}" for alias in ("default", "vault")}
    for name in names.values():
        postgres.create_database(name)
    folder = tmp_path_factory.mktemp("lender_pg") / "template"
    _make(folder, {alias: _url(postgres, name) for alias, name in names.items()})
    return folder


@pytest.fixture
def data_dir(embedded_template: Path, tmp_path: Path) -> Path:
    """The folder of a fresh embedded lender, not opened in this process: for tests of the command line."""
    return Path(shutil.copytree(embedded_template, tmp_path / "lender"))


@pytest.fixture
def embedded_lender(data_dir: Path) -> Iterator[Lender]:
    """A fresh lender on SQLite files, open."""
    yield from _opened(data_dir)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def lender(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Lender]:
    """A fresh lender, open; the test runs on both kinds of database."""
    if request.param == "sqlite":
        yield from _opened(request.getfixturevalue("data_dir"))
    else:
        yield from _on_postgres(
            request.getfixturevalue("postgres"), request.getfixturevalue("postgres_template"), tmp_path
        )


def _on_postgres(server: Server, template: Path, tmp_path: Path) -> Iterator[Lender]:
    from shouxin.site import config as configuration

    folder = Path(shutil.copytree(template, tmp_path / "lender"))
    config, number = configuration.read(folder), next(_numbers)
    names = {alias: f"{alias}_of_{number}" for alias in config.databases}
    for alias, name in names.items():
        server._client("createdb", "--template", config.databases[alias].name, name)
    databases = {alias: replace(one, name=names[alias]) for alias, one in config.databases.items()}
    (folder / configuration.FILE).write_text(configuration.to_toml(replace(config, databases=databases)), "utf-8")
    # Dropping a database waits for a checkpoint (seconds); the whole server goes at the session's end.
    yield from _opened(folder)


def _make(folder: Path, urls: dict[str, str]) -> Config:
    from shouxin.adapters.chance import SystemChance
    from shouxin.adapters.clock import FixedClock
    from shouxin.site import wiring

    chance = SystemChance()
    config = wiring.with_databases(wiring.default_config(chance=chance), book=urls["default"], vault=urls["vault"])
    return wiring.create_lender(folder, config, clock=FixedClock(BEGINNING), chance=chance)


def _opened(folder: Path) -> Iterator[Lender]:
    from shouxin.site import databases, wiring

    yield wiring.open_lender(folder)
    databases.close()


def _url(server: Server, name: str) -> str:
    return f"postgresql://{server.user}@/{name}?host={server.socket_dir}"
