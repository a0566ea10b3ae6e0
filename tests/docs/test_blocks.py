"""The pages that a newcomer reads do what they say."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests.docs.blocks import BadPage, Block, blocks, run

ROOT = Path(__file__).resolve().parents[2]
BIN = Path(sys.executable).parent
PAGES = [
    path
    for folder in ("README*.md", "docs/stories/*.md", "docs/guide/*.md")
    for path in sorted(ROOT.glob(folder))
    if "<!-- run -->" in path.read_text()
]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_it_runs_what_the_page_says(page, tmp_path):
    """In a copy of the examples, which the commands name as a reader in the project's folder would."""
    if (ROOT / "examples").is_dir():
        shutil.copytree(ROOT / "examples", tmp_path / "examples")
    done = run(page, folder=tmp_path, path=str(BIN))
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"


PAGE = """# A page

<!-- run -->
```sh
word=trust
```

```sh
exit 9
```

Then:

<!-- run -->

```sh
echo "$word" > kept
test "$HOME" = "$PWD/home"
```
"""


def test_it_takes_the_marked_blocks_only():
    assert [block.line for block in blocks(PAGE)] == [5, 17]
    assert blocks(PAGE)[0] == Block(5, "word=trust\n")


def test_it_runs_all_blocks_of_a_page_in_one_shell(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE, encoding="utf-8")
    assert run(page, folder=tmp_path, path="").returncode == 0
    assert (tmp_path / "kept").read_text() == "trust\n"


def test_it_stops_at_the_first_failure_and_says_where(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(PAGE.replace("word=trust", "false | true"), encoding="utf-8")
    done = run(page, folder=tmp_path, path="")
    assert (done.returncode, done.stderr) == (1, "page.md:5\n")
    assert not (tmp_path / "kept").exists()


@pytest.mark.parametrize("after", ["```python\nx = 1\n```", "Some words.", ""])
def test_it_refuses_a_mark_without_a_shell_block(after):
    with pytest.raises(BadPage, match="right before"):
        blocks(f"<!-- run -->\n{after}\n")
