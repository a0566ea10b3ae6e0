"""One telling of the demo for all tests that only look at what it left; scratch folders lie in the tests' own."""

import os

import pytest

from tests.assurance.telling import demo


@pytest.fixture(scope="session", autouse=True)
def scratch_of_children(tmp_path_factory):
    """Where child processes put their scratch folders."""
    before = os.environ.get("TMPDIR")
    os.environ["TMPDIR"] = str(tmp_path_factory.mktemp("tmp"))
    yield
    del os.environ["TMPDIR"]
    if before is not None:
        os.environ["TMPDIR"] = before


@pytest.fixture(scope="session")
def told(scratch_of_children):
    """The document of `shouxin demo --json`, whose files stay."""
    ran = demo("--json")
    assert ran.code == 0, ran.stdout + ran.stderr
    return ran.document
