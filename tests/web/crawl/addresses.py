"""Every address with its door, and what each audience gets there.

`WRITE_ADDRESSES=1 pytest tests/web/crawl` writes docs/reference/addresses.md anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PAGE = Path(__file__).resolve().parents[3] / "docs" / "reference" / "addresses.md"
HEAD = """# Every address, its door, and what each audience gets

Written by the tests (`tests/web/crawl`), which ask for each address as each of these: a visitor, the borrower whose
loan, case and entries they are, another borrower, a contact person, the collector who holds the case, one who
doesn't, a marketer, and the two desks that answer requests about data. 200 is a page, 302 the way to sign in, 404 stands for "missing" and "not yours" alike, 405
says that a form is sent there and nothing is read.

| address | door | {audiences} |
|---|---|{rule}
"""
_PART = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Address:
    """One pattern of the site, `/loan/<loan>/pay`, and the view behind it."""

    pattern: str
    view: Any

    @property
    def door(self) -> str:
        """Whom the view lets in, as its door says; "" when it has none."""
        roles = getattr(self.view, "roles", ())
        return getattr(self.view, "audience", "") + (f": {', '.join(roles)}" if roles else "")

    def at(self, sample: Mapping[str, str]) -> str:
        """The path with the sample's names in it."""
        return _PART.sub(lambda part: sample[part[1]], self.pattern)


def addresses() -> list[Address]:
    """All of them, by pattern."""
    from django.urls import get_resolver

    return sorted(_below(get_resolver(), "/"), key=lambda one: one.pattern)


def _below(resolver: Any, prefix: str) -> Iterator[Address]:
    from django.urls import URLResolver

    for one in resolver.url_patterns:
        here = prefix + _PART.sub(r"<\1>", str(one.pattern))
        if isinstance(one, URLResolver):
            yield from _below(one, here)
        else:
            yield Address(here, one.callback)


def page(rows: Mapping[str, tuple[str, Mapping[str, int]]]) -> str:
    """The whole page: pattern → (door, audience → status)."""
    audiences = list(next(iter(rows.values()))[1])
    head = HEAD.format(audiences=" | ".join(audiences), rule="---|" * len(audiences))
    lines = (
        f"| `{pattern}` | {door} | {' | '.join(str(status) for status in got.values())} |"
        for pattern, (door, got) in rows.items()
    )
    return head + "\n".join(lines) + "\n"
