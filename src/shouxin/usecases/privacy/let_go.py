"""After the last file was handed over: the keys are destroyed, and the book's rows about that person go too.

What stays of a loan are figures of the house's own accounts, under a name that opens nothing and leads to nobody.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import transaction

from shouxin.core.rules.refusal import Refusal
from shouxin.records.access.models import ContactPass, OneTimeCode, User
from shouxin.records.credit.models import Application, Understood
from shouxin.records.outreach.models import Attempt, Outbox
from shouxin.records.privacy.models import RightsRequest
from shouxin.usecases.lender import Lender, Request, Text

_ROWS = (Application, Understood, Attempt, Outbox, OneTimeCode, RightsRequest, User)
"""Tables whose rows about a person have no use once nobody can tell whom they are about."""


class LetGo(Request):
    """Whose history was closed. `sweep`: remove older copies from the database's files now, not with the next round."""

    subject: Text
    sweep: bool = False


@dataclass(frozen=True)
class Gone:
    """Nothing opens any more; `swept` says whether older copies are out of the database's files already."""

    swept: bool


def let_go(lender: Lender, request: LetGo) -> Gone | Refusal:
    """Destroy what could open a closed history; refused for one that lives and for one that never was."""
    refused = lender.vault.destroy(request.subject)
    if refused:
        return refused
    with transaction.atomic():
        for table in _ROWS:
            table.objects.filter(subject_id=request.subject).delete()
        ContactPass.objects.filter(contact_id=request.subject).delete()
    return Gone(swept=request.sweep and lender.vault.sweep())
