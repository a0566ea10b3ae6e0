"""Template words of the desk: `{% load desk %}`."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import template

from shouxin.web.desk import words

register = template.Library()


@register.filter
def staff_name(actor: str) -> str:
    """`collector:k31` → `K-31`."""
    return words.name_of(actor)


@register.simple_tag(takes_context=True)
def soon(context: Any, when: datetime) -> str:
    """The time of day if it is today, else day and time."""
    return words.moment(context["request"], when)
