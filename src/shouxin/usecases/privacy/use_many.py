"""Use data of many people at once, as a list does: an entry in each one's history, all of them durable, then opened."""

from __future__ import annotations

from collections.abc import Sequence

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.lender import CannotNow, Lender
from shouxin.usecases.privacy import book
from shouxin.usecases.privacy.use import Use, Used
from shouxin.vault.use import Opened, Refused, Unreadable, UseRequest


def use_many(lender: Lender, requests: Sequence[Use]) -> list[Used | Refusal | None]:
    """What `use` gives for each, in the same order.

    None for a person whose value doesn't open, or whose loans can't be added up: the others are shown all the same.
    """
    countable = [one for one in requests if _adds_up(one.subject)]
    asked = [UseRequest(**one.model_dump()) for one in countable]
    answers = zip(countable, lender.vault.use_many(asked), strict=True) if asked else ()
    found = {id(one): _used(lender, one, answer) for one, answer in answers}
    return [found.get(id(one)) for one in requests]


def _adds_up(subject: str) -> bool:
    try:
        book.check(subject)
    except CannotNow:
        return False
    return True


def _used(lender: Lender, request: Use, answer: Opened | Refused | Unreadable) -> Used | Refusal | None:
    if isinstance(answer, Refused):
        return answer.refusal
    if isinstance(answer, Unreadable):
        return None
    computed = sorted(answer.forms.keys() - answer.values.keys())
    values = answer.values | (book.fields(lender, request.subject, computed) if computed else {})
    return Used({name: values[name] for name in request.fields}, answer.receipt)
