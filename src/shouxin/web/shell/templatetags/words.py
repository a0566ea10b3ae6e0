"""Template words: `{% load words %}`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString

from shouxin.policy.say import say as say_sentence
from shouxin.web.shell import icons, words

register = template.Library()
_CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef][\u3000-\u303f\u3400-\u9fff\uff00-\uffef0-9]*")


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
def spoken(pieces: Iterable[Any]) -> SafeString:
    """A sentence in pieces (`usecases.oversight.entry_words`): what is strong of it in bold."""
    said = (f"<strong>{escape(one.text)}</strong>" if one.strong else escape(one.text) for one in pieces)
    return SafeString("".join(said))


@register.simple_tag
def icon(name: str, *, tone: str = "", big: bool = False) -> SafeString:
    """The icon of this name; `tone` is a class that colours it."""
    return icons.icon(name, tone=tone, big=big)


@register.simple_tag
def mark(verb: str) -> SafeString:
    """The shape of one of the four verbs."""
    return icons.mark(verb)


@register.filter
def of(mapping: Any, key: str) -> Any:
    """`{{ rule.title|of:lang }}`."""
    return mapping[key]


@register.filter
def foreign(text: str, lang: str) -> SafeString:
    """Chinese names in an English text, marked as Chinese, so that they are read aloud and set as such."""
    safe = escape(text)
    marked = _CHINESE.sub(lambda run: f'<span lang="zh-Hans">{run[0]}</span>', safe) if lang == "en" else safe
    return SafeString(marked)
