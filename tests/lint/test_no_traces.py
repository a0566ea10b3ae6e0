"""Lines that tell where the project was written, and lines that only look like it."""

from __future__ import annotations

import pytest

from scripts.check_no_traces import main, traces

# Put together here, so that the project's own check does not find them in this file.
BAD = [
    "/" + "work/main/src",
    "see `/" + "root/.cache`",
    'open("/' + 'home/ai/data.csv")',
    "'/" + "Users/ai/shouxin'",
    "as SPEC" + ".md says",
    "left to builder" + " A",
    "written by Clau" + "de",
    "--find-links /opt" + "/wheels",
]

GOOD = [
    "src/shouxin/vault/root/file.py",
    "a root/leaf pair; coursework/loans",
    "https://example.org/" + "work/items",
    "${HOME}/root/x and $d/home/ai/",
    "/usr/lib/postgresql/15/bin and /run/postgresql",
    "the claudication of a debtor",
]


@pytest.mark.parametrize("line", BAD)
def test_it_finds_a_trace(tmp_path, line):
    (tmp_path / "notes.md").write_text(f"fine\n{line}\n", encoding="utf-8")
    assert [found.split(":")[1] for found in traces(tmp_path / "notes.md", "notes.md")] == ["2"]


@pytest.mark.parametrize("line", GOOD)
def test_it_leaves_an_innocent_line_alone(tmp_path, line):
    (tmp_path / "notes.md").write_text(line, encoding="utf-8")
    assert traces(tmp_path / "notes.md", "notes.md") == []


def test_it_looks_at_what_could_be_committed(tmp_path, capsys):
    (tmp_path / ".gitignore").write_text("dist/\n*.pyc\n", encoding="utf-8")
    for place in ("dist", ".git", "docs"):
        (tmp_path / place).mkdir()
        (tmp_path / place / "page.md").write_text(BAD[0], encoding="utf-8")
    (tmp_path / "docs" / "x.pyc").write_text(BAD[0], encoding="utf-8")
    (tmp_path / "docs" / "picture.bin").write_bytes(b"\xff\xfe" + BAD[0].encode())
    assert main([str(tmp_path)]) == 1
    assert [line.split(":")[0] for line in capsys.readouterr().out.splitlines()] == ["docs/page.md"]


def test_it_finds_nothing_in_this_project(capsys):
    assert (main([]), capsys.readouterr().out) == (0, "")
