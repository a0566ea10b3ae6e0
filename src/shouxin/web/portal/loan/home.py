"""Home: what do I owe, and when. The heading is the answer; the page never says that anything was verified."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shouxin.core.rules.refusal import Refusal
from shouxin.core.rules.rule import Rule
from shouxin.usecases.credit.own_applications import OwnApplications, WaitingOffer, waiting_offer
from shouxin.usecases.loan.cooling import ChangeOfMind, change_of_mind
from shouxin.usecases.loan.own_loans import LoanShown, OwnLoans, Standing, own_loans
from shouxin.usecases.oversight.lately import Lately, lately
from shouxin.web.portal.loan import pictures
from shouxin.web.portal.loan.spoken import in_words, month
from shouxin.web.shell import words
from shouxin.web.shell.doors import borrower
from shouxin.web.shell.page import refused, render
from shouxin.web.shell.visit import Visit

OWING = (Standing.LATE, Standing.TODAY, Standing.SOON, Standing.COMING)
RULES = ("CN.GBT45251.TARGET", "CN.GBT45251.CONTACT", "CN.GBT45251.HOURS", "CN.GBT45251.FREQ", "HOUSE.PAUSE")


@borrower
@require_safe
def home(request: Visit) -> HttpResponse:
    """The most pressing loan in full, the others below it."""
    counted = lately(request.lender, Lately(subject=request.subject))
    if isinstance(counted, Refusal):
        return refused(request, counted)
    loans = own_loans(request.lender, OwnLoans(subject=request.subject))
    shown = [_card(request, loan, first=n == 0) for n, loan in enumerate(loans)]
    offer = waiting_offer(request.lender, OwnApplications(subject=request.subject))
    late = bool(loans) and loans[0].standing is Standing.LATE
    context = {
        "tab": "home",
        "today": request.lender.today(),
        "heading": heading(request, loans[0]) if loans else _without(offer),
        "cards": shown,
        "late": late,
        "lately": counted,
        "law": law(request) if late else {},
        "offer": offer,
    }
    return render(request, "loan/home.html", context)


def heading(request: Visit, loan: LoanShown) -> str:
    """The answer in one sentence."""
    amount = words.money(loan.amount, loan.currency)
    if loan.standing is Standing.LATE:
        return _late(request, loan)
    if loan.standing is Standing.TODAY:
        return _("%(amount)s is due today") % {"amount": amount}
    if loan.standing is Standing.SOON and loan.days == 1:
        return _("%(amount)s is due tomorrow") % {"amount": amount}
    if loan.standing is Standing.SOON:
        return _("%(amount)s is due in %(days)d days") % {"amount": amount, "days": loan.days}
    if loan.standing is Standing.COMING:
        return _("Nothing is due now")
    return _("Signed; the money is on its way") if loan.standing is Standing.WAITING else _("All paid back. Thank you")


def _without(offer: WaitingOffer | None) -> str:
    """The answer for who has no loan."""
    if offer is None:
        return _("You have no loan here")
    return _("You may borrow %(limit)s. It waits for you.") % {"limit": words.money(offer.limit, offer.currency)}


def _late(request: Visit, loan: LoanShown) -> str:
    late = [row for row in loan.rows if row.due_on < request.lender.today()]
    if len(late) > 1:
        return _("%(count)d instalments have not been received yet") % {"count": len(late)}
    return _("The %(month)s instalment has not been received yet") % {"month": month(late[0].due_on, request.lang)}


def _card(request: Visit, loan: LoanShown, *, first: bool) -> dict[str, Any]:
    card: dict[str, Any] = {"loan": loan, "owing": loan.standing in OWING, "first": first}
    card["mind"] = _mind(request, loan)
    if loan.account:
        card["strip"] = pictures.strip_of(request, loan)
        card["paid"] = loan.account["totals"]["paid"]  # type: ignore[index]
        card["spelt"] = in_words(loan.amount) if request.lang == "zh" and loan.currency == "CNY" else ""
    return card


def _mind(request: Visit, loan: LoanShown) -> ChangeOfMind | None:
    """Until when the contract may still be given back, as long as that day isn't over."""
    found = change_of_mind(request.lender, loan.opened_on)
    return found if found and request.lender.today() <= found.until else None


def law(request: Visit) -> dict[str, Rule | None]:
    """The rules that the page cites, by the last part of their names; None for one that isn't in force here."""
    rules, today = request.lender.policy.rules, request.lender.today()
    return {name.rpartition(".")[2].lower(): rules.get(name, today) for name in RULES}
