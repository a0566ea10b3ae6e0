"""The pictures of a decision and of a cost sheet: what the month carries, what is repaid, what paying early saves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from shouxin.core.money import parse_amount
from shouxin.usecases.credit.decision_of import OwnDecision
from shouxin.web.charts import stacked
from shouxin.web.charts.stacked import Bar, Kind, Limit, Segment, Stacked
from shouxin.web.charts.svg import Picture
from shouxin.web.shell.words import money

EARLY = 4
"""So many lines of paying early, the last of them the planned end."""


def month(decision: OwnDecision) -> Picture | None:
    """Obligations and this loan's instalment on one scale with the most that the month carries."""
    if decision.figures is None:
        return None
    said = _Money(decision.currency)
    facts = decision.figures.shown["month"]
    before = said.segment(Kind.BEFORE, _("Payments you have"), facts["obligations"])
    bars = [
        Bar(
            title=_("%(amount)s: %(instalment)s a month")
            % {"amount": said.short(one.amount), "instalment": said(one.instalment)},
            segments=tuple(said.loan(before, one.instalment, one.over)),
            aside=_("%(over)s over") % {"over": said(one.over)} if said.minor(one.over) else "",
            aside_due=True,
        )
        for one in decision.figures.loadings
    ]
    if not bars:
        bars = [Bar(title=_("Payments that you have already"), segments=(before,))]
    ceiling = said(facts["ceiling"])
    legend = ((Kind.BEFORE, _("you pay already")), (Kind.ACT, _("this loan")))
    return stacked.draw(
        Stacked(
            label=_("At most %(ceiling)s of your month may go into instalments.") % {"ceiling": ceiling},
            bars=tuple(bars),
            head=(_("Loan"), _("Which part"), _("A month")),
            limit=Limit(value=said.minor(facts["ceiling"]), said=_("at most %(ceiling)s") % {"ceiling": ceiling}),
            legend=legend if decision.figures.loadings else legend[:1],
        )
    )


def repaid(sheet: Mapping[str, Any]) -> Picture:
    """What you get above what you give back."""
    said = _Money(sheet["currency"])
    borrowed = said.segment(Kind.INK, _("Borrowed"), sheet["borrow"])
    cost = said.segment(Kind.DUE, _("Interest"), sheet["cost"])
    aside = _("interest %(cost)s") % {"cost": said(sheet["cost"])}
    return stacked.draw(
        Stacked(
            label=_("You get %(borrow)s and give back %(repay)s.")
            % {"borrow": said(sheet["borrow"]), "repay": said(sheet["repay"])},
            bars=(
                Bar(title=_("You get"), segments=(borrowed,)),
                Bar(title=_("You give back"), segments=(borrowed, cost), aside=aside, aside_due=True),
            ),
            head=(_("Way"), _("Which part"), _("Amount")),
        )
    )


def early(sheet: Mapping[str, Any]) -> Picture:
    """The interest paid in all when everything is paid off at a quarter, a half, three quarters, and as planned."""
    said = _Money(sheet["currency"])
    lines = sheet["early"]
    marks = sorted({max(1, len(lines) * part // EARLY) for part in range(1, EARLY + 1)})
    return stacked.draw(
        Stacked(
            label=_("The earlier everything is paid off, the less interest there is."),
            bars=tuple(_paid_off(said, lines[mark - 1], last=mark == len(lines)) for mark in marks),
            head=(_("Paid off"), _("Which part"), _("Amount")),
        )
    )


def _paid_off(said: _Money, line: Mapping[str, Any], *, last: bool) -> Bar:
    title = _("With instalment %(number)s (as planned)") if last else _("With instalment %(number)s")
    interest = said.segment(Kind.DUE, _("Interest"), line["interest"])
    return Bar(title=title % {"number": line["after"]}, segments=(interest,), aside=said(line["interest"]))


class _Money:
    """Amounts of one currency as decimal strings, as minor units, and as words."""

    def __init__(self, currency: str) -> None:
        self._currency = currency

    def __call__(self, amount: str) -> str:
        return money(amount, self._currency)

    def short(self, amount: str) -> str:
        """Without decimals that say nothing."""
        return money(amount.removesuffix(".00"), self._currency)

    def minor(self, amount: str) -> int:
        return parse_amount(amount, self._currency, where="amount")

    def segment(self, kind: Kind, name: str, amount: str) -> Segment:
        return Segment(kind=kind, name=name, value=self.minor(amount), said=self(amount))

    def loan(self, before: Segment, instalment: str, over: str) -> list[Segment]:
        """The month with this loan: what fits, and what goes beyond."""
        fits = self.minor(instalment) - self.minor(over)
        parts = [before, Segment(kind=Kind.ACT, name=_("This loan"), value=fits, said=self(instalment))]
        if self.minor(over):
            parts.append(self.segment(Kind.OVER, _("Too much"), over))
        return parts
