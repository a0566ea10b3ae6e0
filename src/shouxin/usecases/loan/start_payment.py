"""A borrower wants to pay: one order for each form, told to the gateway, which says where it is paid.

1. The amount is computed today, by the core; the form only names the choice.
2. The order is kept. The same form again finds it.
3. The gateway is told its id and amount, nothing of the person; the same order again is the same page there.
Nothing is owed less before the gateway's own notice arrives (`payment_arrived`).
"""

from dataclasses import dataclass

from django.db import IntegrityError, transaction

from shouxin.core.money import format_amount
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.outbound.handed import NotTaken
from shouxin.outbound.payment import Gateway
from shouxin.records.loan.models import Loan, PaymentOrder
from shouxin.usecases.lender import Amount, CannotNow, Lender, Request, Text
from shouxin.usecases.loan import found
from shouxin.usecases.loan.booking import Key
from shouxin.usecases.loan.paying import Choice, Preview
from shouxin.usecases.loan.simulate_pay import previewed


class StartPayment(Request):
    """This person wants to pay this choice towards this loan; `amount` with `other` and only then.

    `seen`, when given, is the amount that the page showed: another one today is refused, never charged.
    """

    subject: Text
    loan: Text
    choice: Choice
    key: Key
    amount: Amount | None = None
    seen: Amount | None = None


class ReopenPayment(Request):
    """This person's order once more, after the gateway couldn't be reached."""

    subject: Text
    order: Text


@dataclass(frozen=True)
class PaymentStarted:
    """The order; `page` is "" when the gateway couldn't be reached, and then asking again helps."""

    order: str
    amount: str
    currency: str
    page: str


def start_payment(lender: Lender, request: StartPayment) -> PaymentStarted | Refusal:
    """Keep the order and tell the gateway. Raises `BadInput` at `amount`, `CannotNow` without a gateway."""
    gateway = _gateway(lender)
    loan = found.own_loan(request.loan, request.subject)
    if isinstance(loan, Refusal):
        return loan
    order = _known(loan, request)
    if order is None:
        wanted = previewed(lender, loan, choice=request.choice, amount=request.amount)
        if isinstance(wanted, Refusal):
            return wanted
        if request.seen is not None and request.seen != format_amount(wanted.amount, loan.currency):
            return Refusal(Reason.WRONG_AMOUNT, (), "seen")
        order = _keep(lender, loan, wanted, request)
    return order if isinstance(order, Refusal) else _opened(lender, gateway, order)


def reopen_payment(lender: Lender, request: ReopenPayment) -> PaymentStarted | Refusal:
    """Tell the gateway again; an order whose page is known is only shown."""
    gateway = _gateway(lender)
    order = found.own_order(request.order, request.subject)
    return order if isinstance(order, Refusal) else _opened(lender, gateway, order)


def _gateway(lender: Lender) -> Gateway:
    if lender.payments is None:
        raise CannotNow("no payment gateway is set up", where="payments", code="no_gateway")
    return lender.payments


def _known(loan: Loan, request: StartPayment) -> PaymentOrder | Refusal | None:
    """The order of this form, if it was sent before; another wish under its key is refused."""
    order = PaymentOrder.objects.filter(subject_id=loan.subject_id, key=request.key).first()
    if order is None:
        return None
    asked = request.amount if request.choice is Choice.OTHER else None
    same_amount = asked is None or _minor(order) == _padded(asked, order)
    same = order.loan_id == loan.id and order.choice == request.choice.value and same_amount
    return order if same else Refusal(Reason.ALREADY_DONE, (), "key")


def _minor(order: PaymentOrder) -> str:
    return format_amount(order.amount_minor, order.currency)


def _padded(asked: str, order: PaymentOrder) -> str:
    """`500` and `500.0` are the amount `500.00`."""
    digits = len(_minor(order).partition(".")[2])
    whole, _, fraction = asked.partition(".")
    return f"{whole}.{fraction.ljust(digits, '0')}" if digits else asked


def _keep(lender: Lender, loan: Loan, wanted: Preview, request: StartPayment) -> PaymentOrder | Refusal:
    """Of two forms with one key that come at once, one makes the order and the other finds it."""
    try:
        with transaction.atomic():
            return PaymentOrder.objects.create(
                id=lender.ids.new(),
                subject_id=loan.subject_id,
                loan=loan,
                currency=loan.currency,
                amount_minor=wanted.amount,
                choice=request.choice.value,
                key=request.key,
                made_at=lender.clock.now(),
            )
    except IntegrityError:
        known = _known(loan, request)
        assert known is not None, "an order with this key stood a moment ago"
        return known


def _opened(lender: Lender, gateway: Gateway, order: PaymentOrder) -> PaymentStarted:
    amount = _minor(order)
    if not order.page:
        try:
            order.page = gateway.start(order=order.id, amount=amount, currency=order.currency, at=lender.present.now())
        except NotTaken:
            return PaymentStarted(order.id, amount, order.currency, "")
        PaymentOrder.objects.filter(id=order.id).update(page=order.page)
    return PaymentStarted(order.id, amount, order.currency, order.page)
