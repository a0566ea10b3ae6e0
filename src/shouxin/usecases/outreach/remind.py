"""Reminds a borrower of a payment by e-mail, at the address that they gave, within the rules.

The message waits in the outbox and is delivered at once if the mail road is open; otherwise
the worker (`send_outbox`) does it later.
"""

from dataclasses import dataclass
from typing import Literal

from django.db import transaction

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.outbound import outbox
from shouxin.records.loan.models import Loan
from shouxin.records.outreach.models import Outbox
from shouxin.usecases.lender import Lender, Request, Text
from shouxin.usecases.loan import found
from shouxin.usecases.outreach import asked_reminder
from shouxin.usecases.outreach.delivering import deliver, rule_on_mail
from shouxin.usecases.outreach.letters import subject_of
from shouxin.usecases.outreach.ruling import refusal_of
from shouxin.vault.opening import Receipt


class Remind(Request):
    """Remind of this loan, in this language."""

    loan: Text
    lang: Literal["zh", "en"] = "zh"


@dataclass(frozen=True)
class Reminded:
    """The message and what became of it so far: `sent`, `queued`, `failed` or `unknown`.

    `entry` is the entry `attempted`, `receipt` that of name and address going to the carrier.
    """

    message: str
    template: str
    state: str
    why: str
    entry: int | None = None
    receipt: Receipt | None = None


def remind(lender: Lender, request: Remind) -> Reminded | Refusal:
    """Put a reminder in line and try to deliver it.

    Refused when nothing is owed, when a rule or the gate says no, and while an earlier reminder
    of the same person still waits.
    """
    loan = found.loan(request.loan)
    if isinstance(loan, Refusal):
        return loan
    about = subject_of(lender, loan, request.lang)
    history = lender.vault.history(loan.subject_id)
    if about is None or history is None:
        return Refusal(Reason.CONTRACT_ENDED, (), "loan")
    ruling = rule_on_mail(lender, history, loan.id, about.dpd)
    if not ruling.allow:
        return refusal_of(ruling, "email")
    message = _enqueue(lender, loan, about.template, request.lang)
    if isinstance(message, Refusal) or lender.mail is None:
        return message if isinstance(message, Refusal) else Reminded(message, about.template, outbox.QUEUED, "no_mail")
    delivery = deliver(lender, lender.mail, message)
    if delivery is None:
        return Reminded(message, about.template, outbox.QUEUED, "worker")
    if delivery.refusal is not None:
        return delivery.refusal
    return Reminded(message, about.template, delivery.state, delivery.why, delivery.entry, delivery.receipt)


def _enqueue(lender: Lender, loan: Loan, template: str, lang: str) -> str | Refusal:
    message = lender.ids.new()
    domain = lender.settings.mail_from.rpartition("@")[2]
    with transaction.atomic():
        waiting = Outbox.objects.filter(subject_id=loan.subject_id, state__in=(outbox.QUEUED, outbox.CLAIMED))
        if waiting.exclude(template__startswith=outbox.TEXTS).exclude(params__contains=asked_reminder.BY).exists():
            return Refusal(Reason.ALREADY_DONE, (), "message")
        outbox.enqueue(
            message=message,
            subject_id=loan.subject_id,
            template=template,
            lang=lang,
            params={"loan": loan.id},
            message_id=f"<{message}@{domain}>",
            at=lender.clock.now(),
        )
    return message
