"""Pages asked for by Django's own client, of a lender that stands at noon on 24 November 2026 in Shanghai."""

from __future__ import annotations

from typing import Any

import pytest

from shouxin.site.wiring import set_up_django

set_up_django()

from django.test import Client

from tests.usecases.story import NOON, enrolled


class Visitor(Client):
    """A browser without script: follows nothing by itself, and sends the token of the page it was given."""

    def __init__(self, *, lang: str = "en", csrf: bool = False, **more: Any) -> None:
        super().__init__(enforce_csrf_checks=csrf, SERVER_NAME="127.0.0.1", raise_request_exception=True, **more)
        self.cookies["lang"] = lang

    def as_borrower(self, subject: str) -> Visitor:
        """Signed in as this borrower."""
        return self._as("borrower", login=subject, subject_id=subject)

    def as_contact(self, subject: str) -> Visitor:
        """Signed in as this contact person."""
        return self._as("contact", login=subject, subject_id=subject)

    def as_staff(self, actor: str) -> Visitor:
        """Signed in as this member of staff."""
        return self._as("staff", login=actor, actor=actor)

    def _as(self, kind: str, **what: str) -> Visitor:
        from shouxin.records.access.models import User
        from shouxin.site import serving
        from shouxin.usecases.privacy import sessions

        lender = serving.served()
        user, _ = User.objects.get_or_create(
            login=what["login"], defaults={"id": lender.ids.new(), "kind": kind, **what}
        )
        self.force_login(user)
        session = self.session
        session["sign_in"] = sessions.begin(lender, user)
        session.save()
        return self


@pytest.fixture
def lender(embedded_lender):
    """An embedded lender, at noon, whose pages are asked for."""
    from shouxin.site import serving

    lender = embedded_lender.at(NOON)
    serving.serve(lender)
    return lender


@pytest.fixture
def site(lender):
    """Makes visitors: `site()`, `site(lang="zh")`, `site(csrf=True)`, `site().as_borrower(subject)`."""
    return Visitor


@pytest.fixture
def ai_li(lender) -> str:
    """Ai Li's subject: enrolled today, with consent to the credit decision."""
    return enrolled(lender)
