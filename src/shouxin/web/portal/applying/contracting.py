"""The contract in words: a page to read and print before signing and afterwards, and the same words as a file."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.loan.contract_of import ContractOf, OwnContract, contract_of
from shouxin.usecases.loan.offer_of import OfferOf, offer_of
from shouxin.web.portal.applying.costing import over
from shouxin.web.portal.applying.door import borrower
from shouxin.web.shell.page import not_found, refused, render
from shouxin.web.shell.visit import Visit


@borrower
@require_safe
def contract(request: Visit, offer: str) -> HttpResponse:
    """The words in the reader's language, with their fingerprint and whether the history names it."""
    found = _found(request, offer)
    if isinstance(found, Refusal):
        return _no_words(request, offer, found)
    context = {"tab": "bills", "offer": found, "text": found.text, "signed": found.signed}
    return render(request, "applying/contract.html", context | {"terms_hash": found.terms_hash})


@borrower
@require_safe
def text(request: Visit, offer: str) -> HttpResponse:
    """The plain lines that the fingerprint is taken of, byte for byte."""
    found = _found(request, offer)
    if isinstance(found, Refusal):
        return not_found(request)
    answer = HttpResponse(found.text.plain, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="contract-{found.text.lang}.txt"'
    return answer


def _found(request: Visit, offer: str) -> OwnContract | Refusal:
    return contract_of(request.lender, ContractOf(subject=request.subject, offer=offer, lang=request.lang))


def _no_words(request: Visit, name: str, refusal: Refusal) -> HttpResponse:
    """Not shown yet: to the cost sheet. Lapsed: to the page that says so."""
    offer = offer_of(request.lender, OfferOf(subject=request.subject, offer=name))
    if isinstance(offer, Refusal) or refusal.reason is Reason.ALREADY_SIGNED:
        return not_found(request)
    if refusal.reason is Reason.NO_COST_SHEET:
        return HttpResponseRedirect(f"/cost/{name}")
    return over(request, offer) if refusal.reason is Reason.EXPIRED else refused(request, refusal)
