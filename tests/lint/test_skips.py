"""The gate for skipped tests, tried on little projects of their own."""

from __future__ import annotations

import pytest

from tests import skips

TESTS = """
import pytest

def test_runs(): pass

@pytest.mark.skip(reason="no printer here")
def test_prints(): pass
"""


@pytest.fixture
def run(pytester, monkeypatch):
    """Runs pytest on `TESTS` with this list of allowed skips; xdist's workers must agree with a plain run."""

    def _run(allowed: str, *options: str, source: str = TESTS):
        pytester.makepyfile(test_office=source)
        (pytester.path / "allowed.txt").write_text(allowed, encoding="utf-8")
        monkeypatch.setattr(skips, "ALLOWED", pytester.path / "allowed.txt")
        return pytester.runpytest_inprocess("-p", "tests.skips", "-p", "no:cacheprovider", *options)

    return _run


@pytest.mark.parametrize("options", [[], ["-n", "1"]])
def test_it_fails_a_skip_that_nobody_listed(run, options):
    result = run("", *options)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["*skipped without a listed reason*", "test_office.py::test_prints: no printer here"])
    assert "1 passed, 1 skipped" in result.outlines[-1]


def test_it_accepts_a_skip_that_is_listed_with_its_reason(run):
    assert run("test_office.py::test_prints | the office has no printer").ret == pytest.ExitCode.OK


def test_it_fails_a_whole_file_that_skips_itself(run):
    source = "import pytest\npytest.skip('not today', allow_module_level=True)"
    assert run("", source=source).ret == pytest.ExitCode.TESTS_FAILED


def test_it_leaves_a_run_without_skips_alone(run):
    result = run("", source="def test_runs(): pass")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.no_fnmatch_line("*listed reason*")


def test_it_leaves_an_expected_failure_alone(run):
    source = "import pytest\n@pytest.mark.xfail\ndef test_x(): assert 0"
    assert run("", source=source).ret == pytest.ExitCode.OK


def test_it_matches_the_brackets_of_a_parametrised_test():
    skipped = [("t.py::test_x[sqlite]", "why"), ("t.py::test_x[pg]", "why")]
    assert skips.unlisted(skipped, ["t.py::test_x[pg]"]) == [("t.py::test_x[sqlite]", "why")]
    assert skips.unlisted(skipped, ["t.py::*"]) == []


def test_it_refuses_a_line_without_a_reason():
    with pytest.raises(skips.BadLine, match="line 2"):
        skips.read_allowed("# the printer\ntests/test_office.py::test_prints\n")
