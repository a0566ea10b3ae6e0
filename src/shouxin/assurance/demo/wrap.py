"""Breaking text into lines by the cells it takes on a terminal, also where Chinese has no blanks."""

from __future__ import annotations

import re

from rich.cells import cell_len

_WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef\u3000-\u303f"
_OPENS, _CLOSES = "（「“《", "，。；：、）」”》！？"
_UNIT = re.compile(rf"\s+|[0-9]*[{_OPENS}]*[{_WIDE}][{_CLOSES}]*|[^\s{_WIDE}]+[{_CLOSES}]*")
"""What stays together: a word, or one wide sign with a number before it and the punctuation around it."""


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` cells; only a single word may be longer."""
    lines, line = [], ""
    for unit in _UNIT.findall(text):
        if line and cell_len(line + unit.rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += unit if line or not unit.isspace() else ""
    return [*lines, line.rstrip()] if line.strip() or not lines else lines


def padded(text: str, width: int, *, right: bool = False) -> str:
    """The text in a field of `width` cells."""
    blanks = " " * max(0, width - cell_len(text))
    return blanks + text if right else text + blanks
