"""The glossary's identifiers are words of the code."""

from __future__ import annotations

import re

import pytest


def identifiers(project):
    page = (project / "GLOSSARY.md").read_text("utf-8")
    rows = [line.split("|") for line in page.splitlines() if line.startswith("| ") and "`" in line]
    return sorted({name for row in rows for name in re.findall(r"`([a-z_]+)`", row[2])})


def test_it_spells_each_word_as_the_code_does(project):
    text = "\n".join(path.read_text("utf-8") for path in (project / "src" / "shouxin").rglob("*.py"))
    words = set(re.findall(r"[a-z_]+", text))
    assert len(identifiers(project)) > 40
    assert [name for name in identifiers(project) if name not in words] == []


@pytest.mark.parametrize("page", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "ARCHITECTURE.md", "SECURITY.md"])
def test_it_links_to_nothing_that_is_not_there(project, page):
    links = re.findall(r"\]\(([^)#:]+)\)", (project / page).read_text("utf-8"))
    assert [link for link in links if not (project / link).exists()] == []
