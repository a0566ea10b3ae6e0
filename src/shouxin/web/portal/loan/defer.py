"""I can't pay this one: the one way out that can be had at once, with what it costs, before anybody agrees to it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from shouxin.core.money import format_amount, format_percent, parse_amount, parse_rate, round_ratio
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.loan.own_loans import LoanShown, OwnLoan, own_loan
from shouxin.usecases.loan.simulate_defer import SimulateDefer, simulate_defer
from shouxin.web.portal.loan import pictures
from shouxin.web.portal.loan.home import law
from shouxin.web.shell.doors import borrower
from shouxin.web.shell.page import refused, render
from shouxin.web.shell.visit import Visit

OFFERED = (1, 2, 3)


@borrower
@require_safe
def defer(request: Visit, loan: str) -> HttpResponse:
    """The three lengths; `?by=2` shows what two due dates later would mean. Nothing is agreed here."""
    shown = own_loan(request.lender, OwnLoan(subject=request.subject, loan=loan))
    return refused(request, shown) if isinstance(shown, Refusal) else _page(request, shown)


def _page(request: Visit, loan: LoanShown) -> HttpResponse:
    context: dict[str, Any] = {"tab": "bills", "loan": loan, "law": law(request)}
    if loan.deferred_until:
        context["again"] = loan.deferred_until + timedelta(days=1)
        return render(request, "loan/deferred.html", context)
    plans = {by: _plan(request, loan, by) for by in OFFERED}
    refusal = next((plan for plan in plans.values() if isinstance(plan, Refusal)), None)
    if refusal is not None:
        if refusal.reason is Reason.NOT_ALLOWED_BY_TERMS:
            return render(request, "loan/nothing_to_pay.html", context)
        return refused(request, refusal)
    asked = request.GET.get("by", "")
    chosen = int(asked) if asked in map(str, OFFERED) else 0
    context |= {"plans": list(plans.items()), "by": chosen}
    if chosen:
        context |= _compared(request, loan, plans[chosen], chosen)
    return render(request, "loan/defer.html", context)


def _plan(request: Visit, loan: LoanShown, by: int) -> dict[str, Any] | Refusal:
    return simulate_defer(request.lender, SimulateDefer(subject=request.subject, loan=loan.loan, instalments=by))


def _compared(request: Visit, loan: LoanShown, plan: Any, by: int) -> dict[str, Any]:
    """The chosen plan beside today's."""
    said = ngettext("Put off by %(by)d month", "Put off by %(by)d months", by) % {"by": by}
    return {
        "plan": plan,
        "picture": pictures.months_of(request, plan, loan.currency, (_("As it is"), said)),
        "old_last": max(row["old_due_on"] for row in plan["rows"]),
        "moved": [row for row in plan["rows"] if row["old_due_on"] != row["new_due_on"]],
        "sum": _sum(loan, plan, by),
        "least": _least(loan, plan),
    }


def _least(loan: LoanShown, plan: Any) -> str:
    """Which of the two costs less on top of what was agreed: a fact, not advice."""
    old, new = (parse_amount(one, loan.currency, where="cost") for one in (loan.penalties, plan["extra_cost"]))
    return "old" if old < new else "new" if new < old else ""


def _sum(loan: LoanShown, plan: Any, by: int) -> dict[str, str] | None:
    """The extra interest in one line, where principal × rate a month × months is all there is to it."""
    account: Any = loan.account
    principal = parse_amount(account["balance"], loan.currency, where="balance")
    monthly = parse_rate(loan.annual, where="annual") / 12
    exact = principal * monthly * by
    if format_amount(round_ratio(exact.numerator, exact.denominator), loan.currency) != plan["extra_cost"]:
        return None
    return {"principal": account["balance"], "rate": f"{format_percent(monthly, places=4)}%"}
