"""Reading a page of the desk: which values of whom it shows, by the marks that its templates carry."""

from __future__ import annotations

import re
from collections import defaultdict
from html.parser import HTMLParser

VOID = {"meta", "link", "input", "br", "img", "hr", "path", "rect", "line", "circle", "use"}


class Shown(HTMLParser):
    """Fields with a text of their own, by the case in whose element they stand ("" outside any)."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.fields: dict[str, set[str]] = defaultdict(set)
        self.texts: dict[str, set[str]] = defaultdict(set)
        self._open: list[tuple[str, str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag in VOID:
            return
        said = dict(attrs)
        case = said.get("data-case") or (self._open[-1][1] if self._open else "")
        field = said.get("data-field") or (self._open[-1][2] if self._open else "")
        self._open.append((tag, case, field))
        if said.get("data-case"):
            self.fields[case]

    def handle_endtag(self, tag):
        if tag in VOID or not any(one[0] == tag for one in self._open):
            return
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data):
        if self._open and data.strip():
            _, case, field = self._open[-1]
            if field:
                self.fields[case].add(field)
                self.texts[field].add(data.strip())


def given_away(html: str, known: dict[str, list[str]]) -> set[str]:
    """The fields of which a known value stands anywhere in the page, marked or not."""
    return {field for field, values in known.items() if any(value in html for value in values)}


def desk_paths() -> list[str]:
    """Every address of the desk, from the urlconf; `{case}` and `{asked}` stand where a token of theirs goes."""
    from shouxin.web.desk.urls import urlpatterns

    return ["/" + re.sub(r"<case:(\w+)>", r"{\1}", str(one.pattern)) for one in urlpatterns]
