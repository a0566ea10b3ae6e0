"""Who used my data: the answer, the seal that only the reader's device can light, and each entry in a sentence.

Reading one's own history writes no entry.  The page says of nothing that it is verified.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from shouxin.core.rules.refusal import Refusal
from shouxin.usecases.oversight.entry_words import VERBS
from shouxin.usecases.oversight.history_of import HistoryOf, HistoryTold, WeekOf, history_of
from shouxin.usecases.privacy.step_up import holds
from shouxin.verify.verdict import CANNOT_PROVE
from shouxin.web.charts import weeks as chart
from shouxin.web.charts.svg import Picture
from shouxin.web.shell import page, words
from shouxin.web.shell.doors import borrower
from shouxin.web.shell.visit import Visit

COMMAND = "shouxin verify bundle.json --trust trust.json --person person.key"
PROOF = "key_proof"


@borrower
@require_safe
def history(request: Visit) -> HttpResponse:
    """`?verb=` shows one verb only, `?all=1` the whole history."""
    told = read(request)
    if isinstance(told, Refusal):
        return page.refused(request, told)
    return page.render(request, "data/history.html", shown(request, told))


def read(request: Visit, *, everything: bool = False) -> HistoryTold | Refusal:
    """The history as this page was asked for."""
    verb = request.GET.get("verb", "")
    asked = {
        "subject": request.subject,
        "lang": request.lang,
        "verb": verb if verb in VERBS else "",
        "everything": everything or request.GET.get("all") == "1",
    }
    return history_of(request.lender, HistoryOf.model_validate(asked))


def shown(request: Visit, told: HistoryTold) -> dict[str, Any]:
    """The context of the page and of the file that works offline."""
    verb = request.GET.get("verb", "")
    proof = request.session.get(PROOF, "")
    return {
        "tab": "data",
        "told": told,
        "verb": verb if verb in VERBS else "",
        "verbs": VERBS,
        "everything": request.GET.get("all") == "1",
        "whole_list": not verb and not told.older,
        "weeks": picture(request, told.weeks),
        "may_issue": holds(request.lender, request.subject, "key", proof),
        "cannot_prove": CANNOT_PROVE,
        "command": COMMAND,
        "as_of": request.lender.clock.now(),
    }


def picture(request: Visit, weeks: tuple[WeekOf, ...]) -> Picture:
    """Dots by week, stacked by verb; a month's name stands below its first week."""
    found, month = [], 0
    for week in weeks:
        begins = _month(request, week) if week.monday.month != month else ""
        month = week.monday.month
        row = (words.day(week.monday, request.lang, today=request.lender.today()), *map(str, _figures(week)))
        found.append(chart.Week(begins=begins, counts=tuple(zip(chart.Verb, _figures(week), strict=True)), row=row))
    return chart.draw(
        chart.Weeks(
            label=_label(weeks),
            weeks=tuple(found),
            head=(_("Week from"), _("used"), _("left"), _("refused")),
        )
    )


def _figures(week: WeekOf) -> tuple[int, int, int]:
    return week.used, week.left, week.refused


def _month(request: Visit, week: WeekOf) -> str:
    return f"{week.monday.month}月" if request.lang == "zh" else f"{week.monday:%b}"


def _label(weeks: tuple[WeekOf, ...]) -> str:
    used, left, refused = (sum(column) for column in zip(*map(_figures, weeks), strict=True))
    said = ngettext("In %(weeks)d week", "In %(weeks)d weeks", len(weeks)) % {"weeks": len(weeks)}
    return _("%(said)s: %(used)d used, %(left)d left, %(refused)d refused.") % {
        "said": said,
        "used": used,
        "left": left,
        "refused": refused,
    }
