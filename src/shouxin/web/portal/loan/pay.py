"""Paying: three amounts side by side, each with what it repays; then one order and what became of it."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.lender import BadInput
from shouxin.usecases.loan.own_loans import LoanShown, OwnLoan, own_loan
from shouxin.usecases.loan.own_payment import (
    Outcome,
    OwnPayment,
    PaymentShown,
    PendingPayments,
    own_payment,
    pending_payments,
)
from shouxin.usecases.loan.paying import Choice
from shouxin.usecases.loan.simulate_pay import PaymentPreview, SimulatePay, simulate_pay
from shouxin.usecases.loan.start_payment import ReopenPayment, StartPayment, reopen_payment, start_payment
from shouxin.web.portal.loan.forms import PayForm
from shouxin.web.shell import words
from shouxin.web.shell.doors import borrower
from shouxin.web.shell.page import refused, render
from shouxin.web.shell.visit import Visit

_OWED = (Reason.CONTRACT_ENDED, Reason.NOT_ALLOWED_BY_TERMS)
"""Why nothing can be paid: it is all paid back, or the money isn't out yet."""


@borrower
@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: Visit, loan: str) -> HttpResponse:
    """GET shows the three; POST looks at another amount, or makes the order and goes to its page."""
    shown = own_loan(request.lender, OwnLoan(subject=request.subject, loan=loan))
    if isinstance(shown, Refusal):
        return refused(request, shown)
    form = PayForm(request)
    if request.method != "POST":
        return _page(request, shown, form)
    if not form.is_valid():
        return _page(request, shown, form, status=400)
    return _posted(request, shown, form)


def _posted(request: Visit, loan: LoanShown, form: PayForm) -> HttpResponse:
    said = form.cleaned_data
    choice, amount = Choice(said["choice"]), said["amount"] or None
    if choice is Choice.OTHER and amount is None:
        form.refuse("amount", _("Write the amount in figures, for example 500 or 500.50"))
        return _page(request, loan, form, status=400)
    try:
        answer = _look(request, loan, choice, amount) if said["act"] == "look" else _start(request, loan, form)
    except BadInput as error:
        if error.where != "amount":
            raise
        form.refuse("amount", _("Write the amount in figures, for example 500 or 500.50"))
        return _page(request, loan, form, status=400)
    if isinstance(answer, Refusal):
        return _not(request, loan, form, answer)
    return _page(request, loan, form, other=answer) if isinstance(answer, PaymentPreview) else answer


def _look(request: Visit, loan: LoanShown, choice: Choice, amount: str | None) -> PaymentPreview | Refusal:
    wish = SimulatePay(subject=request.subject, loan=loan.loan, choice=choice, amount=amount)
    return simulate_pay(request.lender, wish)


def _start(request: Visit, loan: LoanShown, form: PayForm) -> HttpResponse | Refusal:
    said = form.cleaned_data
    choice = Choice(said["choice"])
    wish: dict[str, Any] = {"subject": request.subject, "loan": loan.loan, "choice": choice.value, "key": said["key"]}
    if choice is Choice.OTHER:
        wish["amount"] = said["amount"]
    elif said["seen"]:
        wish["seen"] = said["seen"]
    started = start_payment(request.lender, StartPayment.read(wish))
    if isinstance(started, Refusal):
        return started
    return HttpResponseRedirect(reverse("loan:payment", args=[started.order]))


def _not(request: Visit, loan: LoanShown, form: PayForm, refusal: Refusal) -> HttpResponse:
    """A refusal that a form can say is said there; any other has a page of its own."""
    if refusal.reason is Reason.WRONG_AMOUNT and refusal.where == "amount":
        most = words.money(_settle(loan), loan.currency)
        form.refuse("amount", _("From 0.01 up to %(most)s, which pays everything off") % {"most": most})
        return _page(request, loan, form, status=400)
    if refusal.reason is Reason.WRONG_AMOUNT and refusal.where == "seen":
        form.refuse(None, _("The amount changed since this page was made. It is right below now; nothing was paid."))
        return _page(request, loan, form, status=409)
    return refused(request, refusal, back=reverse("loan:pay", args=[loan.loan]))


def _page(
    request: Visit, loan: LoanShown, form: PayForm, *, other: PaymentPreview | None = None, status: int = 200
) -> HttpResponse:
    due = _look(request, loan, Choice.DUE, None)
    if isinstance(due, Refusal):
        if due.reason in _OWED:
            return render(request, "loan/nothing_to_pay.html", {"tab": "bills", "loan": loan})
        return refused(request, due)
    waiting = pending_payments(request.lender, PendingPayments(subject=request.subject, loan=loan.loan))
    context = {
        "tab": "bills",
        "loan": loan,
        "form": form,
        "due": due,
        "all": _look(request, loan, Choice.ALL, None),
        "other": other,
        "ahead": other is not None and other.lines[-1].due_on > request.lender.today().isoformat(),
        "keys": [request.lender.ids.new() for _each in range(2)],
        "waiting": [] if isinstance(waiting, Refusal) else waiting,
        "open": request.lender.payments is not None,
    }
    return render(request, "loan/pay.html", context, status=status)


@borrower
@require_http_methods(["GET", "HEAD", "POST"])
def payment(request: Visit, order: str) -> HttpResponse:
    """What became of one order; POST asks the gateway again for its page."""
    if request.method == "POST":
        opened = reopen_payment(request.lender, ReopenPayment(subject=request.subject, order=order))
        if isinstance(opened, Refusal):
            return refused(request, opened)
        return HttpResponseRedirect(reverse("loan:payment", args=[opened.order]))
    shown = own_payment(request.lender, OwnPayment(subject=request.subject, order=order))
    if isinstance(shown, Refusal):
        return refused(request, shown)
    context = {"tab": "bills", "payment": shown, "heading": _outcome(shown)}
    return render(request, "loan/payment.html", context)


def _outcome(payment: PaymentShown) -> str:
    asked = words.money(payment.amount, payment.currency)
    if payment.outcome is Outcome.PAID:
        return _("%(amount)s received. Thank you") % {"amount": asked}
    if payment.outcome is Outcome.OTHER_AMOUNT:
        came = words.money(payment.arrivals[0].amount, payment.currency)
        return _("%(came)s received, not %(asked)s") % {"came": came, "asked": asked}
    if payment.outcome is Outcome.TWICE:
        return _("This was paid twice; both payments are counted")
    if payment.outcome is Outcome.DECLINED:
        return _("Not paid, and nothing was taken")
    if payment.outcome is Outcome.UNOPENED:
        return _("The payment page can’t be opened just now")
    return _("%(amount)s is waiting for you to pay") % {"amount": asked}


def _settle(loan: LoanShown) -> str:
    account: Any = loan.account
    return str(account["settle"]["amount"])
