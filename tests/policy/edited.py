"""A lender's copy of the policy with one thing changed in it."""

import shutil
from pathlib import Path

from shouxin.policy import data_files, folder


def edited(below: Path, file: str, old: str, new: str) -> Path:
    """A copy of the policy in `below`, with the first `old` in `file` replaced by `new`."""
    copy = below / "policy"
    for path in data_files(folder()):
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(folder() / path, copy / path)
    text = (copy / file).read_text(encoding="utf-8") if old else ""
    assert old in text
    (copy / file).write_text(text.replace(old, new, 1) if old else new, encoding="utf-8")
    return copy
