"""What was typed and isn't handed in yet: sealed in this session, for this visitor or this person alone.

Before somebody is enrolled nothing of theirs is stored but this. `request.session` holds the sealed text, no value.
"""

from __future__ import annotations

from typing import Any

from shouxin.usecases.privacy.draft import keep_draft, proven_phone, read_draft
from shouxin.web.portal.applying import way
from shouxin.web.shell.visit import Visit

SLOT = "draft"
ANSWERED, CONSENTS, CONTACTS, KEY = "answered", "consents", "contacts", "key"


class Draft:
    """An application that is being filled in. `key` stays the same until it is handed in."""

    def __init__(self, request: Visit, values: dict[str, Any]) -> None:
        self._request = request
        self._values = {KEY: request.lender.ids.new(), ANSWERED: [], CONSENTS: {}, CONTACTS: []} | values

    @classmethod
    def of(cls, request: Visit) -> Draft:
        """The one that this session holds, or a new one."""
        text = request.session.get(SLOT, "")
        for owner in filter(None, (request.subject, request.session.get("visitor", ""))):
            found = read_draft(request.lender, owner, text) if text else None
            if found is not None and KEY in found:
                return cls(request, found)
        return cls(request, {})

    def save(self, subject: str = "") -> None:
        """Seal it into the session, for `subject` once they have one."""
        owner = subject or self._request.subject or self._request.session["visitor"]
        self._request.session[SLOT] = keep_draft(self._request.lender, owner, self._values)

    def drop(self) -> None:
        """Forget it."""
        self._request.session.pop(SLOT, None)

    def __getitem__(self, name: str) -> Any:
        return self._values.get(name, "")

    @property
    def values(self) -> dict[str, Any]:
        """Everything, by the names of the fields."""
        return dict(self._values)

    @property
    def begun(self) -> bool:
        """Was anything answered?"""
        return bool(self._values[ANSWERED])

    @property
    def enrolled(self) -> bool:
        """Is this somebody who is enrolled already?"""
        return bool(self._request.subject)

    def answer(self, question: str, given: dict[str, Any]) -> None:
        """Keep the answer of one page; an empty value is one that was left out."""
        self._values |= given
        if question not in self._values[ANSWERED]:
            self._values[ANSWERED].append(question)

    def choose(self, purpose: str, choice: str) -> None:
        """Keep that somebody said no here, so that it isn't asked again in this application."""
        self._values[CONSENTS][purpose] = choice

    def open_question(self) -> str:
        """The first page that has no answer yet, "" when there is none."""
        known = self._values[ANSWERED]
        asked = ("amount",) if self._request.subject else way.QUESTIONS
        return next((question for question in asked if question not in known), "")

    def basic_information(self) -> dict[str, Any]:
        """What is handed over at enrolment: the fields that were given, and those who were named."""
        names = (
            "name",
            "id_number",
            "id_valid_until",
            "income",
            "monthly_obligations",
            "employer",
            "bank_card",
            "email",
        )
        given = {name: self._values[name] for name in names if self._values.get(name)}
        return given | {"phone": phone(self._request), "contacts_named": self._values[CONTACTS]}

    def restart(self, unnamed: list[str]) -> None:
        """After enrolment: the amount goes on, everything else is in the vault now. `unnamed`: why a contact person
        could not be named.
        """
        amount = {name: self._values[name] for name in ("amount", "instalments")}
        self._values = {KEY: self._values[KEY], ANSWERED: ["amount"], CONSENTS: {}, CONTACTS: [], "fresh": True}
        self._values["unnamed"] = unnamed
        self._values |= amount


def phone(request: Visit) -> str:
    """The number that this visitor has proved, "" without one."""
    visitor, text = request.session.get("visitor", ""), request.session.get("phone_proven", "")
    return (proven_phone(request.lender, visitor, text) or "") if visitor and text else ""
