"""`{% load sums %}`: whether an amount is anything, and nothing written as money."""

from __future__ import annotations

from typing import Any

from django import template

from shouxin.core.money import format_amount
from shouxin.web.shell import words

register = template.Library()


@register.filter
def some(amount: object) -> bool:
    """Is this decimal string another amount than nothing?"""
    return any(sign in "123456789" for sign in str(amount))


@register.filter
def nothing(currency: object) -> str:
    """`¥0.00`."""
    code = str(currency)
    return words.money(format_amount(0, code), code)


@register.simple_tag(takes_context=True)
def gap(context: Any) -> str:
    """What stands between two sentences: nothing after a Chinese full stop."""
    return "" if context["request"].lang == "zh" else " "
