"""Correcting what is wrong and completing what is missing (PIPL article 46).

What a person says of themself and may leave out (income, e-mail, …) is corrected at once. Who they are (name, ID
number, card) is checked against a document first: the right value waits sealed, and at the desk it counts only if
whoever saw the document types the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import Field

from shouxin.core.privacy import rights
from shouxin.core.privacy.rights import COMPLIANCE
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.lender import ActorName, BadInput, Lender, Request, Text, check_stated
from shouxin.usecases.privacy import outlook, requests, tries
from shouxin.vault.opening import Receipt

BY_DOCUMENT = ("name", "id_number", "id_valid_until", "bank_card")
"""Fields whose right value stands on a document; the phone has its own way, by a code to each number."""
BY_CODE = "phone"
NOT_THE_SAME = Refusal(Reason.NOT_THE_SAME, ("CN.PIPL.46",), "seen")
"""Also for whoever guesses: after a few tries nothing is compared for a while."""
UNKNOWN = Refusal(Reason.UNKNOWN_FIELD, ("CN.PIPL.46",), "field")


class Correct(Request):
    """One field of one's own, and the value that is right."""

    subject: Text
    field: Text
    value: str = Field(min_length=1, max_length=200, repr=False)


class ConfirmCorrection(Request):
    """What somebody of the desk read on the document, or (`outcome`) why nothing is corrected."""

    request: Text
    actor: ActorName
    seen: str = Field(default="", max_length=200, repr=False)
    outcome: str = rights.DONE


@dataclass(frozen=True)
class Corrected:
    """`at_once`: the value stands now, entry `entry`; otherwise `request` waits at the desk."""

    field: str
    at_once: bool
    entry: int
    request: str = ""


def may_correct(lender: Lender, subject: str) -> tuple[str, ...]:
    """The fields that this person may correct or complete here, in the catalogue's order."""
    history = outlook.living(lender, subject)
    if history is None:
        return ()
    fields = (field for field in lender.policy.catalogue if field.whose == history.kind and field.home == "vault")
    return tuple(f.name for f in fields if f.name != BY_CODE and f.name not in history.facts.restricted)


def correct(lender: Lender, request: Correct) -> Corrected | Refusal:
    """At once, or as a request; refused for a field that isn't theirs to correct here.

    Raises `BadInput` for a stated amount that isn't one in the lender's currency.
    """
    if request.field not in may_correct(lender, request.subject):
        return UNKNOWN
    check_stated({request.field: request.value}, lender.policy.house.currency)
    if request.field in BY_DOCUMENT:
        waits = requests.lodge(lender, request.subject, "correction", about=request.field, proposed=request.value)
        return waits if isinstance(waits, Refusal) else Corrected(request.field, False, waits.entry, waits.id)
    asked = requests.begin(lender, request.subject, "correction")
    if isinstance(asked, Refusal):
        return asked
    stored = lender.vault.store(request.subject, {request.field: request.value})
    outcome = "not_wrong" if isinstance(stored, Refusal) else rights.DONE
    requests.finish(lender, request.subject, asked.entry, outcome)
    return stored if isinstance(stored, Refusal) else Corrected(request.field, True, stored.entry)


def confirm_correction(lender: Lender, request: ConfirmCorrection) -> Receipt | Refusal:
    """Answer at the desk. With `done`, the document must say what the person typed; then entry `corrected`."""
    row = requests.open_at(lender, request.request, COMPLIANCE, request.actor)
    if isinstance(row, Refusal) or row.right != "correction":
        return row if isinstance(row, Refusal) else requests.NOT_YOURS
    if request.outcome not in requests.choices("correction"):
        raise BadInput("not an answer of the list", where="outcome")
    if request.outcome != rights.DONE:
        return requests.answer(lender, row, request.outcome, actor=request.actor)
    if tries.begin(lender, "correction", row.id):
        return NOT_THE_SAME
    typed = (lender.vault.kept("form", row.id, row.proposed) or b"").decode()
    if not _same(lender, row.about, typed, request.seen):
        return NOT_THE_SAME
    stored = lender.vault.store(row.subject_id, {row.about: typed})
    return stored if isinstance(stored, Refusal) else requests.answer(lender, row, rights.DONE, actor=request.actor)


def _same(lender: Lender, name: str, typed: str, seen: str) -> bool:
    """Compared as the vault compares; neither value is shown to whoever typed the other."""
    return bool(typed) and lender.vault.token_of(name, typed) == lender.vault.token_of(name, seen)
