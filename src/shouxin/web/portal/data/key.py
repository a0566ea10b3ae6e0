"""The key to my history once more: a fresh code first, because whoever has the key can read everything."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.privacy import step_up
from shouxin.usecases.privacy.step_up import AskStepUp, StepUp
from shouxin.usecases.privacy.tries import NotProved
from shouxin.web.portal.data.history import PROOF
from shouxin.web.shell import page
from shouxin.web.shell.doors import borrower
from shouxin.web.shell.forms import PageForm
from shouxin.web.shell.proof import why_not
from shouxin.web.shell.visit import Visit

SENT = "key_code"


class AskForm(PageForm):
    """Nothing to fill in: the number is the one that stands in the vault."""


class CodeForm(PageForm):
    """The six digits."""

    typed = forms.CharField(
        label=gettext_lazy("Code from the text message"),
        help_text=gettext_lazy("Six digits, sent to your own number. Nobody of ours asks for it."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "box short"}),
    )


@borrower
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: Visit) -> HttpResponse:
    """What the key is, and a button that sends the code."""
    form = AskForm(request)
    if request.method == "POST":
        asked = AskStepUp(subject=request.subject, about="key", lang=request.lang)
        sent = step_up.ask(request.lender, asked)
        if isinstance(sent, Refusal):
            return page.refused(request, sent, back=reverse("data:history"))
        if not isinstance(sent, NotProved):
            request.session[SENT] = {"code": sent[0].code, "number": sent[1]}
            return HttpResponseRedirect(reverse("data:key_code"))
        form.is_valid()
        form.refuse(None, why_not(request, sent))
    return page.render(request, "data/key.html", {"tab": "data", "form": form})


@borrower
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: Visit) -> HttpResponse:
    """The code comes back; the proof then holds for ten minutes."""
    sent = request.session.get(SENT)
    if not sent:
        return HttpResponseRedirect(reverse("data:key"))
    form = CodeForm(request)
    if request.method == "POST" and form.is_valid():
        typed = str(form.cleaned_data["typed"])
        said = StepUp(subject=request.subject, about="key", code=sent["code"], number=sent["number"], typed=typed)
        proof = step_up.prove(request.lender, said)
        if not isinstance(proof, NotProved):
            request.session[PROOF] = proof
            del request.session[SENT]
            return HttpResponseRedirect(reverse("data:history") + "#ask-key")
        form.refuse("typed", why_not(request, proof))
    return page.render(request, "data/key_code.html", {"tab": "data", "form": form})
