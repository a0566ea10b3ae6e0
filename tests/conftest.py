"""What every test may ask for."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from tests import scratch
from tests.postgres import Server, running_server

scratch.choose()

pytest_plugins = ["tests.skips", "tests.lenders", "pytester"]

ROOT = Path(__file__).resolve().parents[1]

# A busy machine is not a slow program: how fast something must be is said by a benchmark or its own test.
hypothesis.settings.register_profile("project", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("project")


@pytest.fixture(scope="session")
def project() -> Path:
    """The folder that holds pyproject.toml."""
    return ROOT


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Public test vectors and loan tapes too large for the repository: `SHOUXIN_SHARED_DATA`, else `../shared/data`."""
    folder = Path(os.environ.get("SHOUXIN_SHARED_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("the shared data folder is not here")
    return folder


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A private PostgreSQL server, one for each worker, started when the first test asks."""
    with running_server() as server:
        yield server


_numbers = itertools.count(1)


@pytest.fixture
def postgres_urls(postgres: Server) -> Iterator[dict[str, str]]:
    """A lender's two databases, new and empty, as the URLs that `shouxin init` takes, by Django's aliases."""
    number = next(_numbers)
    names = {alias: f"{alias}_{number}" for alias in ("default", "vault")}
    for name in names.values():
        postgres.create_database(name)
    yield {alias: f"postgresql://{postgres.user}@/{name}?host={postgres.socket_dir}" for alias, name in names.items()}
    for name in names.values():
        postgres.drop_database(name)


@pytest.fixture(autouse=True)
def umask_restored() -> Iterator[None]:
    """The command line narrows the umask of its process; a test that runs it in this one must not narrow the next."""
    before = os.umask(0o022)
    os.umask(before)
    yield
    os.umask(before)
