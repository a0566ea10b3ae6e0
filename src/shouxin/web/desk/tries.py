"""Two things to write down: how a try ended, and what was promised. The pages show nothing of the person."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.lender import BadInput
from shouxin.usecases.outreach.ask_someone import RecordAnswer, record_answer
from shouxin.usecases.outreach.held_case import HeldCase, held_case
from shouxin.usecases.outreach.record_attempt import Attempted, RecordAttempt, record_attempt
from shouxin.usecases.outreach.record_promise import RecordPromise, record_promise
from shouxin.web.desk import once
from shouxin.web.desk.door import collector, said_no
from shouxin.web.desk.forms import HOW_TO_WRITE, AttemptForm, PromiseForm
from shouxin.web.shell.page import render
from shouxin.web.shell.visit import Visit

PROMISED = {"": "promised", "queued": "promised_reminder", "no_address": "promised_no_address"}
"""What is said about a promise, by what became of the reminder that they asked for."""


@collector
@require_http_methods(["GET", "HEAD", "POST"])
def attempt(request: Visit, case: str) -> HttpResponse:
    """How a try ended; it is written down whatever the rules said, and the page says whether they allowed it."""
    held = held_case(request.lender, HeldCase(case=case, actor=request.actor))
    if isinstance(held, Refusal):
        return said_no(request, held, case=case)
    form = AttemptForm(request, awaits=held.awaits)
    context = {"case": case, "form": form}
    if request.method != "POST":
        return render(request, "desk/attempt.html", context)
    if not form.is_valid():
        return render(request, "desk/attempt.html", context, status=400)
    answer = _recorded(request, case, form)
    if isinstance(answer, Refusal):
        if answer.reason is Reason.ALREADY_DONE:
            form.refuse(None, _("This form was sent before. Look at the history of the case before you send another."))
            return render(request, "desk/attempt.html", context, status=409)
        return said_no(request, answer, case=case)
    return once.back_to(request, case, "tried" if answer.within_rules else "tried_against_rules")


def _recorded(request: Visit, case: str, form: AttemptForm) -> Attempted | Refusal:
    said = form.cleaned_data
    common = {"case": case, "actor": request.actor, "outcome": said["outcome"]}
    if said.get("whom") == "contact_person":
        return record_answer(request.lender, RecordAnswer.read(common))
    return record_attempt(request.lender, RecordAttempt.read(common | {"channel": said["channel"], "key": said["key"]}))


@collector
@require_http_methods(["GET", "HEAD", "POST"])
def promise(request: Visit, case: str) -> HttpResponse:
    """What they promised, in their words."""
    held = held_case(request.lender, HeldCase(case=case, actor=request.actor))
    if isinstance(held, Refusal):
        return said_no(request, held, case=case)
    form = PromiseForm(request)
    if request.method != "POST":
        return _promise_page(request, case, form)
    if not form.is_valid():
        return _promise_page(request, case, form, status=400)
    return _promised(request, case, form)


def _promised(request: Visit, case: str, form: PromiseForm) -> HttpResponse:
    said = form.cleaned_data
    asked = {"case": case, "actor": request.actor, "amount": said["amount"], "by": said["by"].isoformat()}
    wanted = {"reminder": said["reminder"]} if said["reminder"] else {}
    try:
        answer = record_promise(request.lender, RecordPromise.read(asked | {"key": said["key"]} | wanted))
    except BadInput as error:
        wrong = _("That day is over; choose today or a later one") if error.where == "by" else str(HOW_TO_WRITE)
        form.refuse(error.where, wrong)
        return _promise_page(request, case, form, status=400)
    if isinstance(answer, Refusal):
        if answer.reason is Reason.ALREADY_DONE:
            form.refuse(None, _("This form was sent before with other words. Open it anew to record another promise."))
            return _promise_page(request, case, form, status=409)
        return said_no(request, answer, case=case)
    return once.back_to(request, case, PROMISED[answer.reminder])


def _promise_page(request: Visit, case: str, form: PromiseForm, *, status: int = 200) -> HttpResponse:
    return render(request, "desk/promise.html", {"case": case, "form": form}, status=status)
