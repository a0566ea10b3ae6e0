"""The first page: the question that people have, its answer, and why they needn't believe it."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from shouxin.usecases.oversight.example_history import example_history
from shouxin.usecases.oversight.price_list import Example, default_example
from shouxin.web.charts import stacked
from shouxin.web.charts.stacked import Bar, Kind, Segment, Stacked
from shouxin.web.charts.svg import Picture
from shouxin.web.public.showing import show
from shouxin.web.shell.doors import public
from shouxin.web.shell.visit import Visit
from shouxin.web.shell.words import money

LIMITS = ("screenshots_and_memory", "a_collectors_own_phone", "other_lenders")
"""Those of the limits that most people ask about; all of them stand on the page that explains the check."""


@public
@require_safe
def home(request: Visit) -> HttpResponse:
    """Nothing here is about a reader, signed in or not."""
    example = default_example(request.lender)
    shown = {"example": example_history(), "price": example, "picture": get_and_repay(example), "limits": LIMITS}
    return show(request, "home", shown)


def get_and_repay(example: Example) -> Picture:
    """What is got against what is given back, on one scale."""
    sheet, currency = example.sheet, example.product.currency
    got, back, cost = (money(str(sheet[key]), currency) for key in ("borrow", "repay", "cost"))
    principal = Segment(kind=Kind.INK, name=_("Principal"), value=_minor(sheet["borrow"]), said=got)
    interest = Segment(kind=Kind.DUE, name=_("Interest"), value=_minor(sheet["cost"]), said=cost)
    return stacked.draw(
        Stacked(
            label=_("You get %(got)s and give back %(back)s, of which %(cost)s is interest.")
            % {"got": got, "back": back, "cost": cost},
            bars=(
                Bar(title=_("You get %(got)s") % {"got": got}, segments=(principal,)),
                Bar(
                    title=_("You give back %(back)s") % {"back": back},
                    segments=(principal, interest),
                    aside=_("interest %(cost)s") % {"cost": cost},
                    aside_due=True,
                ),
            ),
            head=(_("Bar"), _("Part"), _("Amount")),
        )
    )


def _minor(amount: object) -> int:
    return int(str(amount).replace(".", ""))
