"""The story as a timeline for people: coloured on a terminal, plain elsewhere."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from shouxin.assurance.demo.wrap import padded, wrapped

WIDTH = 100
TIME_CELLS = 14
INDENT = TIME_CELLS + 3
NARROW = 24
"""Cells below which a column of sentences is better put on lines of its own."""
YES, NO = Text("✓", "bold green"), Text("✗", "bold red")


class Page:
    """Where the story is shown while it is told. A silent one shows nothing: somebody wants the document."""

    def __init__(self, *, silent: bool) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            sys.stdout.reconfigure(encoding="utf-8", errors="replace")  # whatever the locale says
        self._console = Console(quiet=silent, highlight=False, markup=False, emoji=False)
        self._width = min(self._console.width, WIDTH) if self._console.is_terminal else WIDTH

    def title(self, text: str, below: str) -> None:
        """The heading."""
        self._print(Text(text, "bold"))
        self._print(Text(below, "dim"))

    def chapter(self, text: str) -> None:
        """A new part begins."""
        self._print(Text())
        line = Text(f"── {text} ", "bold cyan")
        line.append("─" * max(0, self._width - line.cell_len), "cyan dim")
        self._print(line)

    @contextmanager
    def busy(self) -> Iterator[Callable[[str], None]]:
        """Something takes a while; what is handed to the function is shown by a terminal as being done."""
        with self._console.status("") as status:
            yield lambda text: status.update(Text(text, "dim"))

    def act(self, at: str, did: str, outcome: str, *, refused: bool) -> None:
        """One act and what came of it; further lines of the outcome are its sources."""
        first, *more = wrapped(did, self._width - INDENT)
        line = Text(padded(at, TIME_CELLS, right=True), "dim")
        line.append(" ").append_text(NO if refused else YES).append(" ").append(first, "default not dim")
        self._print(line)
        self._below(more, "")
        said, *sources = outcome.split("\n")
        self._below(wrapped(said, self._width - INDENT), "red" if refused else "green")
        for source in sources:
            self._below(wrapped(source, self._width - INDENT), "dim")

    def answer(self, number: int, question: str, detail: str, evidence: str) -> None:
        """One of the six answers: the question and its evidence, in one line if it fits, what there is to say below."""
        line = Text(padded(str(number), TIME_CELLS + 2, right=True), "bold cyan").append(f" {question}", "default bold")
        beside = line.cell_len + 2 + cell_len(evidence) <= self._width
        self._print(line.append(f"  {evidence}", "default not bold dim") if beside else line)
        self._below([] if beside else [evidence], "dim")
        self._below(wrapped(detail, self._width - INDENT), "")

    def rows(self, heading: str, rows: Sequence[Sequence[str]]) -> None:
        """A small table under its heading, unless it is empty; the last column may need lines of its own."""
        if not rows:
            return
        self._print(Text())
        self._below([heading], "bold")
        widths = [max(cell_len(row[at]) for row in rows) for at in range(len(rows[0]) - 1)]
        for row in rows:
            start = "".join(padded(cell, width + 2) for cell, width in zip(row, widths, strict=False))
            before = INDENT + cell_len(start)
            if self._width - before < NARROW:
                self._below([start.rstrip()], "dim")
                self._below([f"    {line}" for line in wrapped(row[-1], self._width - INDENT - 4)], "")
                continue
            first, *more = wrapped(row[-1], self._width - before)
            self._print(Text(" " * INDENT + start, "dim").append(first, "default not dim"))
            self._below([" " * cell_len(start) + line for line in more], "")

    def commands(self, heading: str, rows: Sequence[tuple[str, str]]) -> None:
        """What to run next: what it is for, and the line to copy, unbroken."""
        self.chapter(heading)
        for text, command in rows:
            self._print(Text(f"# {text}", "dim"))
            self._print(Text(command))

    def last(self, text: str, *, good: bool) -> None:
        """The last line."""
        self._print(Text())
        self._print(Text(text, "bold green" if good else "bold red"))

    def _below(self, lines: Sequence[str], style: str) -> None:
        for line in lines:
            self._print(Text(" " * INDENT).append(line, style))

    def _print(self, line: Text) -> None:
        self._console.print(line, soft_wrap=True)
