"""One case: what may be done now, and why not the rest. Opening it is an entry, and so is each number and each no."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from shouxin.core.outreach.next_step import Act
from shouxin.core.rules.refusal import Reason, Refusal
from shouxin.usecases.outreach.ask_someone import AskSomeone, ask_someone
from shouxin.usecases.outreach.case_view import CasePaused, CaseSeen, CaseView, case_view
from shouxin.usecases.outreach.open_number import OpenNumber, open_number
from shouxin.usecases.outreach.remind_in_case import RemindInCase, remind_in_case
from shouxin.web.desk import once, pictures, words
from shouxin.web.desk.door import collector, said_no
from shouxin.web.desk.forms import KeyForm, ReminderForm
from shouxin.web.shell.page import bad_input, render
from shouxin.web.shell.visit import Visit

CALL = "call"
FIRST = {Act.CALL: CALL, Act.MESSAGE: "remind"}
"""The act that stands first, by what is next."""


PAST = {"attempted": "contact_history", "promise": "promise", "paused": "pause", "resumed": "pause"}
"""The field of which a line of the history tells; that the case was opened is the case itself."""


@collector
@require_GET
def case(request: Visit, case: str) -> HttpResponse:
    """The case page; a case that rests says so and opens nothing."""
    seen = case_view(request.lender, CaseView(case=case, actor=request.actor))
    if isinstance(seen, Refusal):
        return said_no(request, seen, case=case)
    if isinstance(seen, CasePaused):
        return _resting(request, seen)
    return render(request, "desk/case.html", _context(request, seen))


def _resting(request: Visit, paused: CasePaused) -> HttpResponse:
    context = {"paused": paused, "rule": request.lender.policy.rules.get("HOUSE.PAUSE", request.lender.today())}
    return render(request, "desk/paused.html", context, status=403)


def _context(request: Visit, seen: CaseSeen) -> dict[str, Any]:
    primary = FIRST.get(seen.step.act, "")
    narrow, wide = pictures.day(request, seen.opens, seen.closes, seen.tries, calls=_calls_today(request, seen))
    return {
        "case": seen,
        "act": words.ACTS[seen.step.act],
        "why": words.WHYS[seen.step.why],
        "caps": [
            (name, pictures.boxes(one.made, one.most), words.of(one.made, one.most))
            for name, one in words.caps(seen.tallies)
        ],
        "narrow": narrow,
        "wide": wide,
        "may": sorted(seen.may, key=lambda one: one.name != primary),
        "primary": primary,
        "may_call": any(one.name == CALL for one in seen.may),
        "reminder": ReminderForm(request),
        "key": request.lender.ids.new(),
        "me": words.name_of(request.actor),
        "said": once.to_say(request),
        "past": [(line, PAST.get(line.kind, "")) for line in seen.past],
    }


def _calls_today(request: Visit, seen: CaseSeen) -> bool:
    """May somebody be called on this day at all? The hour doesn't count: the picture shows it."""
    no = next((one for one in seen.may_not if one.name == CALL), None)
    if no is None or no.reason is Reason.OUTSIDE_HOURS:
        return True
    zone = request.lender.settings.zone
    return no.next_permitted is not None and no.next_permitted.astimezone(zone).date() == request.lender.today()


@collector
@require_POST
def number(request: Visit, case: str) -> HttpResponse:
    """The number for a call that is made now: one more entry, and none of it while the rules forbid a call."""
    opened = open_number(request.lender, OpenNumber(case=case, actor=request.actor))
    if isinstance(opened, Refusal):
        return said_no(request, opened, case=case)
    return render(request, "desk/number.html", {"opened": opened, "me": words.name_of(request.actor)})


@collector
@require_POST
def reminder(request: Visit, case: str) -> HttpResponse:
    """Send the reminder, and say what became of it."""
    form = ReminderForm(request)
    if not form.is_valid():
        return bad_input(request, "lang", "zh, en")
    if once.done_before(request, form.cleaned_data["key"]):
        return once.back_again(request, case, form.cleaned_data["key"])
    asked = RemindInCase(case=case, actor=request.actor, lang=form.cleaned_data["lang"])
    answer = remind_in_case(request.lender, asked)
    if isinstance(answer, Refusal):
        if answer.reason is Reason.ALREADY_DONE:  # an equal one, sent at the same moment, waits already
            return once.back_to(request, case, "queued", key=form.cleaned_data["key"])
        return said_no(request, answer, case=case)
    return once.back_to(request, case, answer.state, key=form.cleaned_data["key"])


@collector
@require_POST
def contact_person(request: Visit, case: str) -> HttpResponse:
    """Ask a contact person; as a rule the answer is no, with the rules that say so."""
    form = KeyForm(request)
    key = form.cleaned_data["key"] if form.is_valid() else ""
    if once.done_before(request, key):
        return once.back_again(request, case, key)
    answer = ask_someone(request.lender, AskSomeone(case=case, actor=request.actor))
    if isinstance(answer, Refusal):
        return said_no(request, answer, case=case)
    return once.back_to(request, case, f"asked:{answer.mark}", key=key)
