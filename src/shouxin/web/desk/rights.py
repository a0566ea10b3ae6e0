"""What waits at the desks of compliance and of underwriting: the first clock first, and one request at a time.

The list names no person. A correction is compared and not shown; a decision's figures and a relative's copy are opened
by one use each, entered before they are HTML.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_safe

from shouxin.core.privacy.rights import DESKS, DONE, OUTCOMES
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.policy.say import say
from shouxin.usecases.credit.answer_review import AnswerReview, ReviewOf, UnderReview, answer_review, review_of
from shouxin.usecases.oversight.answer_kin import AnswerKin, answer_kin
from shouxin.usecases.privacy.correct import ConfirmCorrection, confirm_correction
from shouxin.usecases.privacy.lodge_kin import LodgeKin, lodge_kin
from shouxin.usecases.privacy.requests import choices
from shouxin.usecases.privacy.rights_inbox import Inbox, RequestAt, RightsInbox, Waiting, request_at, rights_inbox
from shouxin.web.desk.door import answering
from shouxin.web.shell import page
from shouxin.web.shell.forms import PageForm
from shouxin.web.shell.visit import Visit

COMPLIANCE = "compliance"
ANY = ["GET", "HEAD", "POST"]
REVIEW, KIN, CORRECTION = "human_review", "next_of_kin", "correction"
SAID = "desk_rights_said"
CHOOSE = gettext_lazy("Choose an answer")
BY_ITSELF = ("erased_in_part",)
"""What a desk doesn't choose: it turns out so."""
KIN_ANSWERS: dict[str, str | Promise] = {
    "copy_given": gettext_lazy("They do: give a copy, shown once and printed for the relative"),
    "erased": gettext_lazy("They do: delete everything that no duty keeps; this can’t be undone"),
}
ANSWERS = tuple(dict.fromkeys(one for outcomes in OUTCOMES.values() for one in outcomes))
WORDS: dict[str, str | Promise] = {
    "answered": gettext_lazy("Answered. The person reads it in their own history."),
    "lodged": gettext_lazy("The request is taken, and nothing is collected any more. See the papers, then answer."),
    "already": gettext_lazy("It was asked already, and waits below."),
}


class AnswerForm(PageForm):
    """An answer of the closed list for this right."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("Answer"),
        choices=[(one, one) for one in ANSWERS],
        widget=forms.RadioSelect,
        error_messages={"required": CHOOSE, "invalid_choice": CHOOSE},
    )

    def __init__(self, request: Visit, right: str) -> None:
        self.offered = tuple(one for one in choices(right) if one not in BY_ITSELF)
        super().__init__(request)
        outcome: Any = self.fields["outcome"]
        outcome.choices = [(one, self._said(one)) for one in self.offered]

    def leave_out(self, outcome: str) -> None:
        """What can't be done any more isn't offered."""
        field: Any = self.fields["outcome"]
        field.choices = [one for one in field.choices if one[0] != outcome]

    def clean_outcome(self) -> str:
        """One that this right has."""
        given = str(self.cleaned_data["outcome"])
        if given not in self.offered:
            raise forms.ValidationError(CHOOSE)
        return given

    def _said(self, outcome: str) -> str:
        return capfirst(say(self.request.lender.policy, self.request.lang, f"right_outcome.{outcome}"))


class CorrectionForm(AnswerForm):
    """With `done`, what stands on the document, typed by whoever sees it."""

    field_order = ("outcome", "seen")
    seen = forms.CharField(
        label=gettext_lazy("What stands on the document"),
        help_text=gettext_lazy(
            "Only with the first answer: type it from the document. It is compared with what the person typed; "
            "neither is shown."
        ),
        required=False,
    )

    def _said(self, outcome: str) -> str:
        return _("The same: it is corrected") if outcome == DONE else super()._said(outcome)


class KinAnswerForm(AnswerForm):
    """What is done by the answer, said before it is done."""

    def _said(self, outcome: str) -> str:
        return str(KIN_ANSWERS.get(outcome) or super()._said(outcome))


class KinForm(PageForm):
    """The dead person's ID number, from the papers."""

    id_number = forms.CharField(
        label=gettext_lazy("The dead person’s ID number, as it stands on the papers"),
        help_text=gettext_lazy("Looking up is entered in their history; a number that we don’t know, in yours."),
        error_messages={"required": gettext_lazy("Enter the ID number")},
    )


FORMS = {CORRECTION: CorrectionForm, KIN: KinAnswerForm}


@answering(*DESKS)
@require_safe
def inbox(request: Visit) -> HttpResponse:
    """Open requests by the clock, those answered of late, and what the last daily round erased."""
    found = rights_inbox(request.lender, RightsInbox(actor=request.actor))
    if isinstance(found, Refusal):
        return page.refused(request, found)
    said = WORDS.get(request.session.pop(SAID, ""))
    context = {"here": "rights", "inbox": found, "heading": _heading(found), "said": said}
    return page.render(request, "desk/rights.html", context)


@answering(*DESKS)
@require_GET
def one(request: Visit, asked: str) -> HttpResponse:
    """One request. HEAD would open a decision's figures and show nothing: it is refused."""
    found = request_at(request.lender, RequestAt(actor=request.actor, request=asked))
    if isinstance(found, Refusal):
        return page.not_found(request)
    return _page(request, found, _form(request, found))


@answering(*DESKS)
@require_http_methods(ANY)
def answer(request: Visit, asked: str) -> HttpResponse:
    """Enter the answer; what can't be said is told beside the form. Its address alone leads back to the request."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:rights_one", args=[asked]))
    found = request_at(request.lender, RequestAt(actor=request.actor, request=asked))
    if isinstance(found, Refusal):
        return page.not_found(request)
    form = _form(request, found)
    if not form.is_valid():
        return _page(request, found, form, status=400)
    outcome = form.cleaned_data["outcome"]
    if found.right == KIN:
        return _kin_answered(request, asked, outcome)
    done = _answered(request, found, form)
    if isinstance(done, Refusal) and done.reason in (Reason.NOT_THE_SAME, Reason.MALFORMED):
        form.refuse(
            "seen", _("It isn’t the same as what the person typed. Compare once more, or answer that it differs")
        )
        return _page(request, found, form, status=400)
    if isinstance(done, Refusal):
        return page.refused(request, done, back=reverse("desk:rights"))
    return _back(request, "answered")


@answering(COMPLIANCE)
@require_http_methods(ANY)
def kin(request: Visit) -> HttpResponse:
    """A relative is here: found by the number on the papers and by nothing else."""
    form = KinForm(request)
    if request.method == "POST" and form.is_valid():
        done = lodge_kin(request.lender, LodgeKin(actor=request.actor, id_number=form.cleaned_data["id_number"]))
        if not isinstance(done, Refusal):
            return _back(request, "lodged")
        if done.reason is Reason.ALREADY_DONE:
            return _back(request, "already")
        if done.reason is not Reason.NOT_YOURS:
            return page.refused(request, done, back=reverse("desk:rights"))
        form.refuse("id_number", _("Nobody with this number has data here"))
    return page.render(
        request, "desk/rights_kin.html", {"here": "rights", "form": form}, status=400 if form.errors else 200
    )


def _form(request: Visit, found: Waiting) -> AnswerForm:
    return FORMS.get(found.right, AnswerForm)(request, found.right)


def _page(request: Visit, found: Waiting, form: AnswerForm, *, status: int = 200) -> HttpResponse:
    review = (
        review_of(request.lender, ReviewOf(request=found.request, actor=request.actor))
        if found.right == REVIEW
        else None
    )
    if isinstance(review, Refusal) and review.reason is Reason.NOT_YOURS:
        return page.not_found(request)
    shown = review if isinstance(review, UnderReview) else None
    refusal = review if isinstance(review, Refusal) else None
    if shown and shown.signed:
        form.leave_out("decided_again")
    context = {"here": "rights", "one": found, "form": form, "review": shown, "refusal": refusal}
    return page.render(request, "desk/rights_one.html", context, status=status)


def _answered(request: Visit, found: Waiting, form: AnswerForm) -> object:
    said = form.cleaned_data
    common = {"request": found.request, "actor": request.actor, "outcome": said["outcome"]}
    if found.right == REVIEW:
        return answer_review(request.lender, AnswerReview.read(common))
    seen = said["seen"] if said["outcome"] == DONE else ""
    return confirm_correction(request.lender, ConfirmCorrection.read(common | {"seen": seen}))


def _kin_answered(request: Visit, name: str, outcome: str) -> HttpResponse:
    """A copy is shown once, to be printed for the relative; nothing keeps it."""
    asked = AnswerKin.read({"request": name, "actor": request.actor, "outcome": outcome})
    done = answer_kin(request.lender, asked)
    if isinstance(done, Refusal):
        return page.refused(request, done, back=reverse("desk:rights"))
    if outcome != "copy_given":
        return _back(request, "answered")
    return page.render(request, "desk/rights_copy.html", {"here": "rights", "done": done})


def _heading(found: Inbox) -> str:
    if found.late:
        return _("We are late: answer the first one now")
    first = next((one for one in found.waiting if one.days is not None), None)
    if first is None:
        return _("Requests wait, and none has a clock") if found.waiting else _("Nothing waits for an answer")
    if first.days == 0:
        return _("The first clock runs out today")
    return _("The first clock runs out in %(days)s days") % {"days": first.days}


def _back(request: Visit, word: str) -> HttpResponse:
    request.session[SAID] = word
    return HttpResponseRedirect(reverse("desk:rights"))
