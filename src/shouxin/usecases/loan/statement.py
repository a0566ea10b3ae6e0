"""A borrower's own statement: the whole account of one loan, on a day."""

from datetime import date

from shouxin.core.loan import statement as core
from shouxin.core.loan.event import EventError
from shouxin.core.rules.refusal import Refusal
from shouxin.records.loan.reading import account_of
from shouxin.usecases.lender import BadInput, Date, Lender, Request, Text
from shouxin.usecases.loan import found


class Statement(Request):
    """This loan, as seen by this person. `as_of` defaults to today and may lie ahead."""

    loan: Text
    subject: Text
    as_of: Date | None = None


def statement(lender: Lender, request: Statement) -> dict[str, object] | Refusal:
    """The document of `shouxin account` with the loan's id and currency.

    Someone else's loan and a loan that doesn't exist get the same refusal. The person's own look
    at their own loan is no use by anybody else, so it leaves no entry.
    """
    loan = found.own_loan(request.loan, request.subject)
    if isinstance(loan, Refusal):
        return loan
    as_of: date = request.as_of or lender.today()
    try:
        account = account_of(loan, as_of=as_of)
    except EventError:
        raise BadInput("lies before the loan was paid out", where="as_of") from None
    return {"loan": loan.id, "currency": loan.currency, **core.to_doc(account)}
