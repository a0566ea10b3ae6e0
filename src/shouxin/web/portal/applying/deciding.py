"""What was decided, why, what would change it, and what it wasn't based on."""

from __future__ import annotations

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.credit.decision_of import DecisionOf, decision_of
from shouxin.web.portal.applying import pictures, way
from shouxin.web.portal.applying.door import borrower
from shouxin.web.shell.page import refused, render
from shouxin.web.shell.visit import Visit


@borrower
@require_safe
def decision(request: Visit, application: str) -> HttpResponse:
    """The same page for every outcome, without a colour of shame."""
    told = decision_of(request.lender, DecisionOf(subject=request.subject, application=application))
    if isinstance(told, Refusal):
        return refused(request, told)
    context = {
        "stand": way.stand(4),
        "told": told,
        "figures": told.figures,
        "picture": pictures.month(told),
        "contact": request.lender.policy.house.contact[request.lang],
        "offer": told.offer,
    }
    return render(request, "applying/decision.html", context)
