"""One visit as a view sees it: Django's request, with what the middleware and the doors have put on it."""

from __future__ import annotations

from typing import Literal

from django.http import HttpRequest

from shouxin.usecases.lender import Lender

Lang = Literal["zh", "en"]


class Visit(HttpRequest):
    """`lender` and `lang` stand on every request; `subject` behind the doors of a person, `actor` behind the staff's.

    Django builds its own request class; this one only says what is on it.
    """

    lender: Lender
    lang: Lang
    theme: str
    size: str
    subject: str
    actor: str
