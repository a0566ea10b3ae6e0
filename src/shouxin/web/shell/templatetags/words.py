"""Template words: `{% load words %}`."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import template
from django.utils.safestring import SafeString

from shouxin.policy.say import say as say_sentence
from shouxin.web.shell import icons, words

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Any, key: str, *more: str, **params: str | int) -> str:
    """A sentence of the policy in the reader's language; `more` are joined to the key with dots."""
    request = context["request"]
    return say_sentence(request.lender.policy, request.lang, ".".join([key, *map(str, more)]), **params)


@register.simple_tag(takes_context=True)
def law(context: Any, rule_id: str) -> Any:
    """The rule in force today by its id, or None."""
    lender = context["request"].lender
    return lender.policy.rules.get(rule_id, lender.today())


@register.filter
def money(amount: str, currency: str = "CNY") -> str:
    """A decimal string as money."""
    return words.money(str(amount), currency)


@register.simple_tag(takes_context=True)
def day(context: Any, when: date | str) -> str:
    """A date, or one in ISO form."""
    request = context["request"]
    found = date.fromisoformat(when) if isinstance(when, str) else when
    return words.day(found, request.lang, today=request.lender.today())


@register.simple_tag(takes_context=True)
def moment(context: Any, when: datetime | str) -> str:
    """A time, or one in ISO form, on the lender's clock."""
    request = context["request"]
    found = datetime.fromisoformat(when) if isinstance(when, str) else when
    lender = request.lender
    return words.moment(found, request.lang, zone=lender.settings.zone, today=lender.today())


@register.filter
def rate(percent: str) -> str:
    """A percentage with at least two decimals."""
    return words.rate(str(percent))


@register.filter
def drawing(name: str) -> SafeString:
    """What is inside the icon of this name."""
    return SafeString(icons.DRAWINGS.get(name, icons.INFORMATION))


@register.filter
def of(mapping: Any, key: str) -> Any:
    """`{{ rule.title|of:lang }}`."""
    return mapping[key]
