"""The gateway says that money arrived, or didn't. Its word is taken by its signature, and each payment once.

1. The signature and its time are checked before anything is read.
2. A payment that was noted before is not booked again; a notice that says something else of it is refused.
3. The money is booked as what the person chose; what no longer pays everything off (a day passed meanwhile, or
   another amount came) is an ordinary payment, because money that arrived is never turned away.
4. The arrival is noted. A crash between 3 and 4 loses nothing: the gateway's next notice finds the event by its key.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from django.db import IntegrityError, transaction

from shouxin.core.money import MoneyError, parse_amount
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.outbound.payment import PAID, NotFromGatewayError, Notice
from shouxin.records.loan.models import LoanEvent, PaymentArrival, PaymentOrder
from shouxin.usecases.lender import BadInput, CannotNow, Lender
from shouxin.usecases.loan.pay import Paid, Pay, Settle, pay, settle
from shouxin.usecases.loan.paying import Choice

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""No payment was taken outside: near the ends of the calendar a moment has no date in every time zone."""


@dataclass(frozen=True)
class PaymentArrived:
    """A notice as it came: its bytes, and the header that signs them."""

    body: bytes = field(repr=False)
    signature: str = field(repr=False)


@dataclass(frozen=True)
class Noted:
    """What became of it. `already`: this payment had been noted before; `event` is "" for one that was declined."""

    order: str
    status: str
    event: str
    already: bool


def payment_arrived(lender: Lender, request: PaymentArrived) -> Noted | Refusal:
    """Take a notice. Raises `BadInput` (`signature`, `stale`, `malformed`) for one that isn't the gateway's."""
    if lender.payments is None:
        raise CannotNow("no payment gateway is set up", where="payments", code="no_gateway")
    try:
        notice = lender.payments.read(request.body, request.signature, at=lender.present.now())
    except NotFromGatewayError as error:
        raise BadInput("not a notice of the gateway's", where="notice", code=error.code) from None
    if not EARLIEST <= notice.at < LATEST:
        raise BadInput("a time from 2000 to 2199 is expected", where="at")
    order = PaymentOrder.objects.filter(id=notice.order).select_related("loan").first()
    if order is None:
        return Refusal(Reason.NOT_YOURS, (), "order")
    if notice.currency != order.currency:
        return Refusal(Reason.WRONG_AMOUNT, (), "currency")
    try:
        amount_minor = parse_amount(notice.amount, order.currency, where="amount")
    except MoneyError as error:
        raise BadInput(error.message, where="amount") from None
    return _known(order, notice, amount_minor) or _take(lender, order, notice, amount_minor)


def _known(order: PaymentOrder, notice: Notice, amount_minor: int) -> Noted | Refusal | None:
    row = PaymentArrival.objects.filter(reference=notice.reference).first()
    if row is None:
        return None
    if (row.order_id, row.status, row.amount_minor) != (order.id, notice.status, amount_minor):
        return Refusal(Reason.ALREADY_DONE, (), "reference")
    return Noted(order.id, row.status, row.event, already=True)


def _take(lender: Lender, order: PaymentOrder, notice: Notice, amount_minor: int) -> Noted | Refusal:
    event = ""
    if notice.status == PAID:
        booked = _book(lender, order, notice)
        if isinstance(booked, Refusal):
            return booked
        event = booked.event
    return _note(lender, order, notice, amount_minor=amount_minor, event=event)


def _book(lender: Lender, order: PaymentOrder, notice: Notice) -> Paid | Refusal:
    key = f"pay:{notice.reference}"
    stands = order.loan.events.filter(key=key).first()
    payment = Pay(
        loan=order.loan_id,
        amount=notice.amount,
        currency=order.currency,
        key=key,
        paid_on=stands.on if stands else _paid_on(lender, order, notice),
    )
    whole = Settle(**payment.model_dump())
    if stands is not None:
        return settle(lender, whole) if _settles(stands) else pay(lender, payment)
    if order.choice == Choice.ALL.value:
        try:
            return settle(lender, whole)
        except BadInput as error:
            if error.where != "amount":
                raise
    return pay(lender, payment)


def _settles(event: LoanEvent) -> bool:
    return bool(json.loads(event.body)["type"] == "settle")


def _paid_on(lender: Lender, order: PaymentOrder, notice: Notice) -> date:
    """The day on which the gateway took the money, on our wall: between the order and today."""
    zone = lender.settings.zone
    made, paid = order.made_at.astimezone(zone).date(), notice.at.astimezone(zone).date()
    return min(max(paid, made), lender.today())


def _note(lender: Lender, order: PaymentOrder, notice: Notice, *, amount_minor: int, event: str) -> Noted | Refusal:
    try:
        with transaction.atomic():
            PaymentArrival.objects.create(
                id=lender.ids.new(),
                subject_id=order.subject_id,
                order=order,
                reference=notice.reference,
                status=notice.status,
                amount_minor=amount_minor,
                at=notice.at,
                event=event,
                received_at=lender.clock.now(),
            )
    except IntegrityError:
        known = _known(order, notice, amount_minor)  # the same notice came twice at once
        assert known is not None, "this reference stood a moment ago"
        return known
    return Noted(order.id, notice.status, event, already=False)
