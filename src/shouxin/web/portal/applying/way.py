"""The way through an application: its questions in order, and where a page stands in it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

QUESTIONS = ("amount", "identity", "income", "obligations", "employer", "card", "email", "contacts")
"""One page each."""
ABOUT_YOU = QUESTIONS[1:7]
PARTS: tuple[Promise, ...] = (
    _("How much"),
    _("About you"),
    _("Check and agree"),
    _("Result and cost"),
    _("Signing"),
)


@dataclass(frozen=True)
class Stand:
    """Part `number` of `of`, its title, and the page within it where it has several (else 0)."""

    number: int
    of: int
    title: Promise
    page: int = 0
    pages: int = 0

    @property
    def dots(self) -> tuple[bool, ...]:
        """One for each part: is it done, or being done?"""
        return tuple(part <= self.number for part in range(1, self.of + 1))


def stand(part: int, page: int = 0, pages: int = 0) -> Stand:
    """Where a page of this part stands."""
    return Stand(part, len(PARTS), PARTS[part - 1], page, pages)


def stand_of(question: str) -> Stand:
    """Where a question stands."""
    if question in ABOUT_YOU:
        return stand(2, ABOUT_YOU.index(question) + 1, len(ABOUT_YOU))
    return stand(1 if question == "amount" else 3)


def before(question: str) -> str:
    """The question before this one, "" before the first."""
    place = QUESTIONS.index(question)
    return QUESTIONS[place - 1] if place else ""
