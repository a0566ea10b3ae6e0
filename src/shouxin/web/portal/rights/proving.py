"""A fresh code before data leave or die: asked for on one page, typed on the next, good for ten minutes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from shouxin.core.rules.refusal import Refusal
from shouxin.policy.say import say
from shouxin.usecases.privacy import step_up
from shouxin.usecases.privacy.step_up import AskStepUp, StepUp
from shouxin.usecases.privacy.tries import NotProved
from shouxin.web.shell import page, words
from shouxin.web.shell.forms import PageForm
from shouxin.web.shell.visit import Visit


class AskForm(PageForm):
    """Nothing to fill in: the number is the one that stands in the vault."""


class CodeForm(PageForm):
    """The six digits."""

    typed = forms.CharField(
        label=gettext_lazy("Code from the text message"),
        help_text=gettext_lazy("Six digits, sent to your own number. Nobody of ours asks for it."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "box short"}),
    )


@dataclass(frozen=True)
class Proving:
    """One matter that takes a code: where it is asked for and typed, and the templates of both pages."""

    about: Literal["copy", "erase"]

    def send(self, request: Visit, template: str, context: dict[str, Any]) -> HttpResponse:
        """The page that says what comes, with the button that sends the code."""
        form = AskForm(request)
        if request.method == "POST":
            asked = AskStepUp(subject=request.subject, about=self.about, lang=request.lang)
            sent = step_up.ask(request.lender, asked)
            if isinstance(sent, Refusal):
                return page.refused(request, sent, back=reverse("rights:overview"))
            if not isinstance(sent, NotProved):
                request.session[self._sent] = {"code": sent[0].code, "number": sent[1]}
                return HttpResponseRedirect(reverse(f"rights:{self.about}_code"))
            form.is_valid()
            form.refuse(None, _why(request, sent))
        return page.render(request, template, {"tab": "data", "form": form} | context)

    def take(self, request: Visit, template: str, context: dict[str, Any]) -> HttpResponse | None:
        """The page on which the code is typed; None once it was right."""
        sent = request.session.get(self._sent)
        if not sent:
            return HttpResponseRedirect(reverse(f"rights:{self.about}"))
        form = CodeForm(request)
        if request.method == "POST" and form.is_valid():
            typed = str(form.cleaned_data["typed"])
            said = StepUp(
                subject=request.subject, about=self.about, code=sent["code"], number=sent["number"], typed=typed
            )
            proof = step_up.prove(request.lender, said)
            if not isinstance(proof, NotProved):
                request.session[self._proof] = proof
                del request.session[self._sent]
                return None
            form.refuse("typed", _why(request, proof))
        return page.render(request, template, {"tab": "data", "form": form} | context)

    def proof(self, request: Visit) -> str:
        """What the use case asks for; empty when no code was typed."""
        return str(request.session.get(self._proof, ""))

    def proved(self, request: Visit) -> bool:
        """Does it still hold?"""
        return step_up.holds(request.lender, request.subject, self.about, self.proof(request))

    @property
    def _sent(self) -> str:
        return f"{self.about}_sent"

    @property
    def _proof(self) -> str:
        return f"{self.about}_proof"


def _why(request: Visit, wrong: NotProved) -> str:
    lender, key = request.lender, f"proof.{wrong.why.value}"
    if wrong.until is None:
        return say(lender.policy, request.lang, key)
    at = words.moment(wrong.until, request.lang, zone=lender.settings.zone, today=lender.today())
    return say(lender.policy, request.lang, key, at=at)
