"""A skipped test that nobody has given a reason for fails the run: what is not run shows nothing.

`tests/allowed_skips.txt` lists the skips that are right, one a line: a test (`*` stands for anything), ` | `, and why.
The plugin only adds a section to the summary and sets the exit status; pytest's closing line stays its own.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterable

ALLOWED = Path(__file__).parent / "allowed_skips.txt"


class BadLine(Exception):
    """A line of the list that does not say both which test and why."""


def read_allowed(text: str) -> dict[str, str]:
    """Pattern → reason. `#` begins a comment line; a line without a reason raises `BadLine`."""
    allowed = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        test, _, reason = (part.strip() for part in line.partition(" | "))
        if not test or not reason:
            raise BadLine(f"line {number}: write `test | reason`")
        allowed[test] = reason
    return allowed


def unlisted(skipped: Iterable[tuple[str, str]], allowed: Iterable[str]) -> list[tuple[str, str]]:
    """Of the skipped tests (name, why pytest says), those that no pattern of the list names."""
    patterns = tuple(allowed)
    return [(test, why) for test, why in skipped if not any(_matches(test, pattern) for pattern in patterns)]


def _matches(test: str, pattern: str) -> bool:
    # A parametrised test has brackets in its name, which fnmatch would read as a set of letters.
    return fnmatchcase(test, pattern.replace("[", "[[]"))


class SkipGate:
    """Collects skips as reports arrive (also those of xdist's workers) and judges them at the end."""

    def __init__(self, allowed: dict[str, str]) -> None:
        self.allowed = allowed
        self.skipped: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped and not hasattr(report, "wasxfail"):
            self.skipped[report.nodeid] = _why(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.skipped:
            self.skipped[report.nodeid] = _why(report)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED) and self.faults():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if faults := self.faults():
            terminalreporter.section("skipped without a listed reason", red=True, bold=True)
            for test, why in faults:
                terminalreporter.write_line(f"{test}: {why}")
            terminalreporter.write_line(f"run them, or list each with its reason in tests/{ALLOWED.name}")

    def faults(self) -> list[tuple[str, str]]:
        """The skips that nobody listed, in the order they came."""
        return unlisted(self.skipped.items(), self.allowed)


def _why(report: pytest.TestReport | pytest.CollectReport) -> str:
    if isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return str(report.longrepr)


def pytest_configure(config: pytest.Config) -> None:
    """Only where the results come together: an xdist worker leaves the judgement to its controller."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(SkipGate(read_allowed(ALLOWED.read_text(encoding="utf-8"))), "skip_gate")
