"""What a payment would repay and save, before anybody makes it."""

from dataclasses import dataclass

from shouxin.core.loan.account import fold
from shouxin.core.loan.statement import to_doc
from shouxin.core.money import MoneyError, format_amount, parse_amount
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.records.loan.models import Loan
from shouxin.records.loan.reading import begun, events_of, terms_of
from shouxin.usecases.lender import Amount, BadInput, Lender, Request, Text
from shouxin.usecases.loan import found, paying
from shouxin.usecases.loan.paying import Choice, Preview


class SimulatePay(Request):
    """This choice of this person for this loan, today; `amount` with `other` and only then."""

    subject: Text
    loan: Text
    choice: Choice
    amount: Amount | None = None


@dataclass(frozen=True)
class RepaidLine:
    """What one instalment would get; amounts are decimal strings."""

    number: int
    due_on: str
    principal: str
    interest: str
    charges: str
    total: str
    left: str


@dataclass(frozen=True)
class PaymentPreview:
    """What the payment would do. `saved` is interest that falls away, `outstanding` all that is left to pay after it,
    `balance` the principal of that; `lines` stand in the order in which the money goes.
    """

    loan: str
    currency: str
    choice: Choice
    amount: str
    lines: tuple[RepaidLine, ...]
    saved: str
    outstanding: str
    balance: str
    account: dict[str, object]


def simulate_pay(lender: Lender, request: SimulatePay) -> PaymentPreview | Refusal:
    """Compute it by the core; refused where the payment itself would be. Raises `BadInput` at `amount`."""
    loan = found.own_loan(request.loan, request.subject)
    if isinstance(loan, Refusal):
        return loan
    made = previewed(lender, loan, choice=request.choice, amount=request.amount)
    if isinstance(made, Refusal):
        return made
    return PaymentPreview(
        loan=loan.id,
        currency=loan.currency,
        choice=made.choice,
        amount=format_amount(made.amount, loan.currency),
        lines=lines_of(made.repaid, loan.currency),
        saved=format_amount(made.saved, loan.currency),
        outstanding=format_amount(made.after.outstanding, loan.currency),
        balance=format_amount(made.after.principal, loan.currency),
        account=to_doc(made.after),
    )


def previewed(lender: Lender, loan: Loan, *, choice: Choice, amount: str | None) -> Preview | Refusal:
    """The payment as it would be booked today."""
    agreed = terms_of(loan)
    events = events_of(loan, agreed)
    if not begun(loan, events):
        return Refusal(Reason.NOT_ALLOWED_BY_TERMS, (), "loan")
    account = fold(agreed, events, as_of=lender.today())
    other = _other(choice, amount, loan.currency)
    minor = paying.amount_of(account, choice, other)
    refusal = paying.not_payable(account, minor)
    return refusal or paying.preview(agreed, events, account, choice=choice, amount=minor)


def _other(choice: Choice, amount: str | None, currency: str) -> int:
    if choice is not Choice.OTHER:
        return 0
    if amount is None:
        raise BadInput("this field is missing", where="amount")
    try:
        return parse_amount(amount, currency, where="amount")
    except MoneyError as error:
        raise BadInput(error.message, where="amount") from None


def lines_of(repaid: tuple[paying.Repaid, ...], currency: str) -> tuple[RepaidLine, ...]:
    """The lines as they are shown."""
    return tuple(
        RepaidLine(
            number=one.number,
            due_on=one.due_on.isoformat(),
            principal=format_amount(one.parts.principal, currency),
            interest=format_amount(one.parts.interest, currency),
            charges=format_amount(one.parts.fees + one.parts.penalties, currency),
            total=format_amount(one.parts.total, currency),
            left=format_amount(one.left, currency),
        )
        for one in repaid
    )
