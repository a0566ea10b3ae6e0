"""Figures without digits that say nothing: `{% load applying_words %}`."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def short(figure: str) -> str:
    """`40.0000%` is 40%, `26.3158%` is 26.3%, `12000.00` is 12000; cents that are there stay."""
    plain, sign = figure.removesuffix("%"), "%" if figure.endswith("%") else ""
    whole, _, decimals = plain.partition(".")
    kept = decimals[:1] if sign else decimals
    return f"{whole}.{kept}{sign}" if kept.strip("0") else f"{whole}{sign}"
