"""Every sentence of the pages' furniture is written in Chinese too, and compiled as written."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from scripts.messages import LOCALE, OPTIONS, WEB

FOLDERS = sorted(WEB.rglob("locale"))


def gettext(*command, cwd):
    done = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stderr.strip()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.parent.relative_to(WEB).as_posix())
def test_it_leaves_nothing_unsaid_in_chinese(folder, tmp_path):
    """Collected anew in a copy, so that a sentence which nobody collected counts as missing."""
    app = Path(shutil.copytree(folder.parent, tmp_path / folder.parent.name))
    messages = Path("locale") / LOCALE / "LC_MESSAGES"
    gettext(Path(sys.executable).with_name("django-admin"), "makemessages", "-l", LOCALE, *OPTIONS, cwd=app)
    said = gettext("msgfmt", "--check", "--statistics", "-o", tmp_path / "fresh.mo", messages / "django.po", cwd=app)
    assert "untranslated" not in said and "fuzzy" not in said, said
    gettext("msgfmt", "-o", tmp_path / "again.mo", folder.parent / messages / "django.po", cwd=app)
    assert (folder.parent / messages / "django.mo").read_bytes() == (tmp_path / "again.mo").read_bytes(), (
        "make messages"
    )


def test_it_finds_a_folder_for_each_face():
    assert len(FOLDERS) >= 6
