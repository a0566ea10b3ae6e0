"""The one letter that goes while a promise runs: a reminder that the borrower asked for, on the day that they named.

It is a reminder like any other, but for its day and for the mark of that day, by which the rules know that it was
asked for. Once the promise is kept or taken back, or its day is over, it isn't wanted any more.
"""

import json
from datetime import date, time

from django.db import transaction

from shouxin.core.loan.promise import Word, promised
from shouxin.core.outreach.local_day import moment_of
from shouxin.core.outreach.windows import hours
from shouxin.outbound import outbox
from shouxin.records.loan.models import Loan
from shouxin.records.loan.reading import events_of, terms_of
from shouxin.records.outreach.models import Outbox
from shouxin.usecases.lender import Lender
from shouxin.usecases.outreach.letters import NOT_RECEIVED
from shouxin.usecases.outreach.ruling import rules_of

BY = "promised_by"
"""The parameter of a message that was asked for: the last day of the promise."""


def queue(lender: Lender, loan: Loan, *, message: str, by: date, lang: str) -> None:
    """Put it in line for the hour at which the day `by` opens; once for each `message` (the id of the promise)."""
    rules, now = rules_of(lender, by), lender.clock.now()
    opens, _ = hours(rules, outbox.EMAIL) or (time.min, time.max)
    with transaction.atomic():
        if Outbox.objects.filter(id=message).exists():
            return
        row = outbox.enqueue(
            message=message,
            subject_id=loan.subject_id,
            template=NOT_RECEIVED,
            lang=lang,
            params={"loan": loan.id, BY: by.isoformat()},
            message_id=f"<{message}@{lender.settings.mail_from.rpartition('@')[2]}>",
            at=now,
        )
        row.not_before = max(now, moment_of(by, opens, lender.settings.zone))
        row.save(update_fields=["not_before"])


def asked_for(row: Outbox) -> bool:
    """Did the borrower ask for this message?"""
    return BY in json.loads(row.params)


def still_wanted(lender: Lender, row: Outbox, loan: Loan) -> bool:
    """Is it still the day of that very promise, and is the promise still open? True of what nobody asked for."""
    by = json.loads(row.params).get(BY)
    if by is None:
        return True
    stands = promised(events_of(loan, terms_of(loan)), as_of=lender.today())
    return stands is not None and stands.word is Word.OPEN and stands.by.isoformat() == by
