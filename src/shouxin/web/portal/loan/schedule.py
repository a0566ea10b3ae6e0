"""The schedule of one loan: what is due when, what was paid, and the arithmetic of any row."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.loan.contract_of import has_words
from shouxin.usecases.loan.own_loans import LoanShown, OwnLoan, OwnLoans, own_loan, own_loans
from shouxin.usecases.loan.own_row import OwnRow, RowExplained, own_row
from shouxin.web.portal.loan import pictures
from shouxin.web.shell import words
from shouxin.web.shell.doors import borrower
from shouxin.web.shell.page import refused, render
from shouxin.web.shell.visit import Visit

_LONGEST = 4
"""Digits of an instalment's number."""


@borrower
@require_safe
def schedules(request: Visit) -> HttpResponse:
    """The only loan's schedule, or the list of loans."""
    loans = own_loans(request.lender, OwnLoans(subject=request.subject))
    if len(loans) == 1:
        return HttpResponseRedirect(reverse("loan:schedule", args=[loans[0].loan]))
    return render(request, "loan/schedules.html", {"tab": "bills", "loans": loans})


@borrower
@require_safe
def schedule(request: Visit, loan: str) -> HttpResponse:
    """`?row=5` shows how instalment 5 was computed."""
    shown = own_loan(request.lender, OwnLoan(subject=request.subject, loan=loan))
    if isinstance(shown, Refusal):
        return refused(request, shown)
    row = _row(request, loan)
    if isinstance(row, Refusal):
        return refused(request, row, back=reverse("loan:schedule", args=[loan]))
    context: dict[str, Any] = {"tab": "bills", "loan": shown, "row": row, "heading": _heading(shown)}
    context["words"] = has_words(loan)
    if shown.account:
        context |= {"account": shown.account, "picture": pictures.balance_of(request, shown)}
    return render(request, "loan/schedule.html", context)


def _row(request: Visit, loan: str) -> RowExplained | Refusal | None:
    """The row that was asked for; what is no number asks for none."""
    asked = request.GET.get("row", "")
    if not (asked.isascii() and asked.isdecimal() and 0 < len(asked) <= _LONGEST and 1 <= int(asked) <= 2400):
        return None
    return own_row(request.lender, OwnRow(subject=request.subject, loan=loan, number=int(asked)))


def _heading(loan: LoanShown) -> str:
    if not loan.account:
        return _("Signed; the money is on its way")
    account: Any = loan.account
    left = sum(1 for row in account["instalments"] if row["settled_on"] is None)
    if not left:
        return _("All paid back. Thank you")
    outstanding = words.money(account["totals"]["outstanding"], loan.currency)
    said = ngettext("One more instalment, %(amount)s", "%(count)d more instalments, %(amount)s in all", left)
    return said % {"count": left, "amount": outstanding}
