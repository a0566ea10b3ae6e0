"""Delivers one waiting message. What a crash at each step means stands in `outbound.outbox`.

1. Claim it. 2. Is there still something to say, and may it be said now? 3. The vault opens name and address for this
one purpose, after its entry, which names the carrier as who receives them. 4. Render, in memory. 5. The history says
that an attempt is made. 6. Mark the hand-over. 7. Hand over. 8. Ledger and outcome.
"""

import json
from dataclasses import dataclass

from django.db import transaction

from shouxin.core.privacy.entry import Record
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.core.rules.ruling import Ruling
from shouxin.outbound import ledger, outbox
from shouxin.outbound.handed import MayHaveLeft, NotTaken
from shouxin.outbound.letter import Letter, Road
from shouxin.outbound.render import Text, render, short_checkpoint
from shouxin.records.loan.models import Loan
from shouxin.records.outreach.models import Attempt, Outbox
from shouxin.usecases.lender import Lender
from shouxin.usecases.loan.entering import always
from shouxin.usecases.loan.opening import open_fields
from shouxin.usecases.outreach import asked_reminder
from shouxin.usecases.outreach.cases import pause_of, point_of
from shouxin.usecases.outreach.letters import FIELDS, Subject, subject_of
from shouxin.usecases.outreach.ruling import DEBTOR, NOT_TAKEN, refusal_of, rule_on
from shouxin.vault.opening import History, Opened, Receipt, UseRequest

PURPOSE = "reminder"
PROGRAM = "system:reminder"


@dataclass(frozen=True)
class Delivery:
    """How it ended: `sent`, `queued` (again), `failed`, `refused` or `unknown`, and why.

    `entry` is the entry `attempted`, `receipt` that of the disclosure to the carrier before it.
    """

    message: str
    state: str
    why: str = ""
    refusal: Refusal | None = None
    entry: int | None = None
    receipt: Receipt | None = None


def deliver(lender: Lender, road: Road, message: str) -> Delivery | None:
    """Deliver a waiting message; None when another worker has it."""
    row = outbox.claim(message, lender.clock.now())
    if row is None:
        return None
    work = _work(lender, row)
    if isinstance(work, Refusal):
        return _refused(row, work)
    ruling = rule_on_mail(lender, work.history, work.loan, work.about.dpd, asked_for=asked_reminder.asked_for(row))
    if not ruling.allow:
        return _not_now(row, ruling)
    wanted = UseRequest(row.subject_id, PROGRAM, PURPOSE, FIELDS[work.about.template], recipient=road.party)
    opened = open_fields(lender, wanted)
    if isinstance(opened, Refusal):
        return _refused(row, opened)
    text = _text(lender, work, opened)
    entry = _attempt(lender, work, ruling)
    if isinstance(entry, Refusal):
        return _refused(row, entry)
    if not _handing_over(lender, work, ruling, entry):
        return None
    letter = Letter(opened.values["email"], text.subject, text.body, row.message_id, lender.clock.now())
    return _hand_over(lender, road, row, letter, entry=entry, receipt=opened.receipt)


def rule_on_mail(lender: Lender, history: History, loan: str, dpd: int, *, asked_for: bool = False) -> Ruling:
    """The ruling on an e-mail to the borrower now; it counts in their open case, else with the loan."""
    case = next(iter(history.facts.cases.values()), loan)
    return rule_on(
        lender,
        subject=history.subject,
        case=case,
        channel="email",
        point=point_of(history, "email"),
        dpd=dpd,
        pause=pause_of(history, case),
        asked_for=asked_for,
    )


def settle_lost(lender: Lender, road: Road) -> list[Delivery]:
    """Messages over which a worker died: nobody knows, so the ledger says that, and none is sent again."""
    lost = []
    for row in outbox.settle_lost(lender.clock.now()):
        attempt = Attempt.objects.filter(message_id=row.id).order_by("-at").first()
        entry = attempt.entry if attempt else 0
        _write(lender, road, row, size=0, outcome=outbox.UNKNOWN, entry=entry)
        lost.append(Delivery(row.id, outbox.UNKNOWN, "worker_lost", entry=entry))
    return lost


@dataclass(frozen=True)
class _Work:
    row: Outbox
    loan: str
    about: Subject
    history: History


def _work(lender: Lender, row: Outbox) -> _Work | Refusal:
    """What the message is about today, or why there is nothing left to say."""
    loan = Loan.objects.get(id=json.loads(row.params)["loan"])
    about = subject_of(lender, loan, row.lang)
    history = lender.vault.history(row.subject_id)
    if about is None or history is None:
        return Refusal(Reason.CONTRACT_ENDED, (), "loan")
    if not asked_reminder.still_wanted(lender, row, loan):
        return Refusal(Reason.ALREADY_DONE, (), "promise")
    return _Work(row, loan.id, about, history)


def _refused(row: Outbox, refusal: Refusal) -> Delivery:
    outbox.finish(row, outbox.REFUSED, why=refusal.reason.value)
    return Delivery(row.id, outbox.REFUSED, refusal.reason.value, refusal)


def _not_now(row: Outbox, ruling: Ruling) -> Delivery:
    """Wait for the next permitted moment; where time alone brings none, it is refused."""
    refusal = refusal_of(ruling, "email")
    if ruling.next_permitted is None:
        return _refused(row, refusal)
    outbox.wait_until(row, ruling.next_permitted, why=refusal.reason.value)
    return Delivery(row.id, outbox.QUEUED, refusal.reason.value, refusal)


def _text(lender: Lender, work: _Work, opened: Opened) -> Text:
    message = lender.policy.messages[work.about.template][work.row.lang]
    values = {
        **work.about.figures,
        "lender": lender.settings.name[work.row.lang],
        "name": opened.values["name"],
        "entry": str(opened.receipt.entry),
        "checkpoint": short_checkpoint(lender.vault.checkpoint()),
    }
    return render(message.subject, message.body, values)


def _attempt(lender: Lender, work: _Work, ruling: Ruling) -> int | Refusal:
    """Enter that an attempt is made, before anything leaves."""
    body: Record = {
        "kind": "attempted",
        "channel": "email",
        "outcome": outbox.HANDING_OVER,
        "actor": PROGRAM,
        "rules": [item.rule_id for item in ruling.applied],
        "message": work.row.id,
    }
    case = next(iter(work.history.facts.cases), 0)
    receipt = lender.vault.record(work.row.subject_id, always(body | ({"case": case} if case else {})))
    return receipt if isinstance(receipt, Refusal) else receipt.entry


def _handing_over(lender: Lender, work: _Work, ruling: Ruling, entry: int) -> bool:
    """Mark the hand-over and count the attempt, both or neither; False when the claim had run out."""
    row, now = work.row, lender.clock.now()
    with transaction.atomic():
        if not outbox.begin_hand_over(row, now):
            return False
        row.template = work.about.template
        row.save(update_fields=["template"])
        Attempt.objects.create(
            id=lender.ids.new(),
            subject_id=row.subject_id,
            person_id=row.subject_id,
            case_id=next(iter(work.history.facts.cases.values()), work.loan),
            actor=PROGRAM,
            party=DEBTOR,
            point=point_of(work.history, "email"),
            channel="email",
            outcome="",
            at=now,
            rules=json.dumps([item.rule_id for item in ruling.applied]),
            entry=entry,
            message_id=row.id,
        )
    return True


def _hand_over(lender: Lender, road: Road, row: Outbox, letter: Letter, *, entry: int, receipt: Receipt) -> Delivery:
    try:
        size = road.send(letter)
    except NotTaken as error:
        return _not_taken(lender, row, error, entry=entry, receipt=receipt)
    except MayHaveLeft:
        state, why, size = outbox.UNKNOWN, "line_lost", 0
    else:
        state, why = outbox.SENT, ""
    with transaction.atomic():
        outbox.finish(row, state, why=why)
        _write(lender, road, row, size=size, outcome=state, entry=entry)
    return Delivery(row.id, state, why, entry=entry, receipt=receipt)


def _not_taken(lender: Lender, row: Outbox, error: NotTaken, *, entry: int, receipt: Receipt) -> Delivery:
    """Nothing left, so the attempt counts against no cap, and a temporary no is tried again later."""
    with transaction.atomic():
        Attempt.objects.filter(message_id=row.id, outcome="").update(outcome=NOT_TAKEN)
        if error.permanent:
            state = outbox.FAILED
            outbox.finish(row, state, why=error.code)
        else:
            state = outbox.put_back(row, lender.clock.now(), why=error.code)
    return Delivery(row.id, state, error.code, entry=entry, receipt=receipt)


def _write(lender: Lender, road: Road, row: Outbox, *, size: int, outcome: str, entry: int) -> None:
    ledger.write(
        line=lender.ids.new(),
        message=row,
        road=road,
        size=size,
        at=lender.clock.now(),
        outcome=outcome,
        entry=entry,
    )
