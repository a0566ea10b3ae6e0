"""Figures without digits that say nothing, and cells beside their heads: `{% load applying_words %}`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django import template

register = template.Library()


@register.filter
def short(figure: str) -> str:
    """`40.0000%` is 40%, `26.3158%` is 26.3%, `12000.00` is 12000; cents that are there stay."""
    plain, sign = figure.removesuffix("%"), "%" if figure.endswith("%") else ""
    whole, _, decimals = plain.partition(".")
    kept = decimals[:1] if sign else decimals
    return f"{whole}.{kept}{sign}" if kept.strip("0") else f"{whole}{sign}"


@register.filter
def beside(cells: Sequence[str], heads: Sequence[str]) -> Iterable[tuple[str, str]]:
    """Each head of a table with the cell below it."""
    return zip(heads, cells, strict=True)
