"""Signing: the whole on one page, the text and its hash, a code that names amount and cost, and the receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.credit.take_up import AskToSign, TakenUp, TakeUp, ask_to_sign, pay_out, ready, take_up, taken_up
from shouxin.usecases.loan.contract_of import ContractOf, contract_of
from shouxin.usecases.loan.contract_text import ContractText
from shouxin.usecases.loan.offer_of import OPEN, PAID_OUT, OfferOf, OwnOffer, offer_of
from shouxin.usecases.privacy.tries import NotProved
from shouxin.web.portal.applying import first_key, way
from shouxin.web.portal.applying.costing import over
from shouxin.web.portal.applying.door import borrower
from shouxin.web.portal.applying.typed import LineField
from shouxin.web.shell.forms import PageForm
from shouxin.web.shell.page import not_found, refused, render
from shouxin.web.shell.proof import why_not
from shouxin.web.shell.visit import Visit

SLOT = "signing"
"""In the session: the code's id and the sealed number that it went to, by offer and terms."""


class CodeForm(PageForm):
    """The code from the message, and the fingerprints of the terms and of the words that this page shows."""

    terms_hash = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    text_hash = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)
    typed = LineField(
        label=_("Code from the text message"), max_length=40, required=False,
        help_text=_("The message names the amount and the whole cost. If a figure is wrong, don’t enter the code."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )  # fmt: skip


@borrower
@require_http_methods(["GET", "HEAD", "POST"])
def sign(request: Visit, offer: str) -> HttpResponse:
    """Summary, text and code. A POST with `send` asks for a code, one without brings it back and signs."""
    found = ready(request.lender, OfferOf(subject=request.subject, offer=offer))
    if isinstance(found, Refusal):
        return _not_ready(request, offer, found)
    shown = Shown.of(request, found)
    form = CodeForm(request, initial=shown.hashes)
    if request.method != "POST" or not form.is_valid():
        return _page(request, shown, form)
    if {name: form.cleaned_data[name] for name in shown.hashes} != shown.hashes:
        return _changed(request, found)
    return _send(request, shown, form) if "send" in request.POST else _sign(request, shown, form)


@dataclass(frozen=True)
class Shown:
    """What the page shows and a code signs: the offer with its terms, and the words in the reader's language."""

    offer: OwnOffer
    text: ContractText

    @classmethod
    def of(cls, request: Visit, offer: OwnOffer) -> Shown:
        """Of an offer that is ready."""
        found = contract_of(request.lender, ContractOf(subject=request.subject, offer=offer.offer, lang=request.lang))
        assert not isinstance(found, Refusal), "an offer that is ready has its contract"
        return cls(offer, found.text)

    @property
    def hashes(self) -> dict[str, str]:
        """The fingerprints, as the form carries them."""
        assert self.offer.frozen is not None, "an offer that is ready has its terms"
        return {"terms_hash": self.offer.frozen.terms_hash, "text_hash": self.text.fingerprint}


@borrower
@require_safe
def terms(request: Visit, offer: str) -> HttpResponse:
    """The text whose hash is signed, byte for byte."""
    found = offer_of(request.lender, OfferOf(subject=request.subject, offer=offer))
    if isinstance(found, Refusal) or found.frozen is None:
        return not_found(request)
    answer = HttpResponse(found.frozen.text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="terms.json"'
    return answer


@borrower
@require_http_methods(["GET", "HEAD", "POST"])
def done(request: Visit, offer: str) -> HttpResponse:
    """The receipt; POST pays out a loan that couldn't be paid out when it was signed."""
    act = pay_out if request.method == "POST" else taken_up
    found = act(request.lender, OfferOf(subject=request.subject, offer=offer))
    if isinstance(found, Refusal):
        return not_found(request) if found.reason is Reason.NOT_YOURS else HttpResponseRedirect(f"/sign/{offer}")
    return HttpResponseRedirect(request.path) if _paid_by(request, found) else _receipt(request, found)


def _paid_by(request: Visit, found: TakenUp) -> bool:
    """Did this very request bring the money on its way? What it couldn't do is told at once, with the reason."""
    return request.method == "POST" and found.unpaid is None


def _receipt(request: Visit, found: TakenUp) -> HttpResponse:
    assert found.offer.frozen is not None, "what was signed has its terms"
    context = {
        "stand": way.stand(5),
        "taken": found,
        "unpaid": found.offer.state != PAID_OUT,
        "offer": found.offer,
        "sheet": found.offer.frozen.sheet,
        "rows": found.offer.frozen.schedule["instalments"],
        "key_waits": first_key.waits(request),
    }
    return render(request, "applying/done.html", context)


def _send(request: Visit, shown: Shown, form: CodeForm) -> HttpResponse:
    name = shown.offer.offer
    asked = AskToSign(subject=request.subject, offer=name, lang=request.lang, **shown.hashes)
    sent = ask_to_sign(request.lender, asked)
    if isinstance(sent, Refusal):
        return refused(request, sent, back=f"/cost/{name}")
    if isinstance(sent, NotProved):
        form.refuse("typed", why_not(request, sent))
        return _page(request, shown, form)
    request.session[SLOT] = {"for": shown.hashes, "code": sent[0].code, "number": sent[1]}
    return HttpResponseRedirect(f"/sign/{name}")


def _sign(request: Visit, shown: Shown, form: CodeForm) -> HttpResponse:
    sent, name = _sent(request, shown), shown.offer.offer
    if not sent or not form.cleaned_data["typed"]:
        missing = _("Please write the six digits of the message") if sent else _("Please ask for the code first")
        form.refuse("typed", str(missing))
        return _page(request, shown, form)
    result = take_up(
        request.lender,
        TakeUp(
            subject=request.subject,
            offer=name,
            lang=request.lang,
            **shown.hashes,
            code=sent["code"],
            number=sent["number"],
            typed=form.cleaned_data["typed"],
        ),
    )
    if isinstance(result, NotProved):
        form.refuse("typed", why_not(request, result))
        return _page(request, shown, form)
    if isinstance(result, Refusal):
        return _not_ready(request, name, result)
    request.session.pop(SLOT, None)
    return _receipt(request, result) if result.unpaid else HttpResponseRedirect(f"/sign/{name}/done")


def _not_ready(request: Visit, name: str, refusal: Refusal) -> HttpResponse:
    """Signed already: the receipt. Not shown today, not understood yet: back to where that is done."""
    found = offer_of(request.lender, OfferOf(subject=request.subject, offer=name))
    if isinstance(found, Refusal):
        return refused(request, found)
    if found.state != OPEN:
        return over(request, found)
    if refusal.reason is not Reason.NO_COST_SHEET:
        return refused(request, refusal, back=f"/decision/{found.application}")
    if refusal.where == "quiz":
        return HttpResponseRedirect(f"/quiz/{name}/1")
    return _changed(request, found)


def _changed(request: Visit, offer: OwnOffer) -> HttpResponse:
    """The terms aren't those of the page that was sent: nothing was signed, look again."""
    return render(request, "applying/changed.html", {"stand": way.stand(5), "offer": offer}, status=409)


def _sent(request: Visit, shown: Shown) -> dict[str, Any]:
    """The code that was sent for these very terms and words, if one was."""
    sent: dict[str, Any] = request.session.get(SLOT) or {}
    return sent if sent.get("for") == shown.hashes else {}


def _page(request: Visit, shown: Shown, form: CodeForm) -> HttpResponse:
    offer = shown.offer
    assert offer.frozen is not None, "an offer that is ready has its terms"
    context = {
        "stand": way.stand(5),
        "offer": offer,
        "text": shown.text,
        "terms_hash": offer.frozen.terms_hash,
        "sheet": offer.frozen.sheet,
        "rows": offer.frozen.schedule["instalments"],
        "form": form,
        "sent": bool(_sent(request, shown)),
    }
    return render(request, "applying/sign.html", context)
