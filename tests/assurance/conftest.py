"""One telling of the demo for all tests that only look at what it left."""

import pytest

from tests.assurance.telling import demo


@pytest.fixture(scope="session")
def told():
    """The document of `shouxin demo --json`, whose files stay."""
    ran = demo("--json")
    assert ran.code == 0, ran.stdout + ran.stderr
    return ran.document
