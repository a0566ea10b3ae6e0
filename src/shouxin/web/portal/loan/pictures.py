"""The pictures of these pages: the figures are the core's, the words are this app's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from shouxin.core.money import format_amount, parse_amount
from shouxin.usecases.loan.own_loans import LoanShown
from shouxin.web.charts import balance, months, strip
from shouxin.web.charts.strip import State
from shouxin.web.charts.svg import Picture
from shouxin.web.portal.loan.spoken import short_month
from shouxin.web.shell import words
from shouxin.web.shell.visit import Visit

Row = Mapping[str, Any]


def strip_of(request: Visit, loan: LoanShown) -> Picture:
    """A box an instalment."""
    rows: Sequence[Row] = _rows(loan)
    today = request.lender.today()
    coming = next((row["number"] for row in rows if _open(row) and row["due_on"] >= today.isoformat()), None)
    said = {
        State.PAID: _("paid"),
        State.LATE: _("not received yet"),
        State.NEXT: _("next"),
        State.COMING: _("to come"),
    }
    boxes = tuple(_box(request, loan, row, _state(row, today, coming), said) for row in rows)
    label = _("%(paid)d of %(all)d instalments are paid.") % {"paid": loan.paid_count, "all": len(rows)}
    head = (_("Instalment"), _("Due"), _("Amount"), _("State"))
    return strip.draw(strip.Strip(label=label, boxes=boxes, head=head))


def _box(request: Visit, loan: LoanShown, row: Row, state: State, said: Mapping[State, str]) -> strip.Box:
    due = date.fromisoformat(row["due_on"])
    cells = (
        str(row["number"]),
        words.day(due, request.lang, today=request.lender.today()),
        words.money(str(row["total"]), loan.currency),
        said[state],
    )
    return strip.Box(state=state, below=short_month(due, request.lang), row=cells)


def _state(row: Row, today: date, coming: object) -> State:
    if not _open(row):
        return State.PAID
    if date.fromisoformat(row["due_on"]) < today:
        return State.LATE
    return State.NEXT if row["number"] == coming else State.COMING


def balance_of(request: Visit, loan: LoanShown) -> Picture:
    """What is still to be paid before each instalment: principal, and the interest that it holds."""
    rows = _rows(loan)
    principal, interest = _sums(rows, loan.currency, "principal"), _sums(rows, loan.currency, "interest")
    steps = tuple(_step(request, loan, row, principal[n], interest[n]) for n, row in enumerate(rows))
    first = words.money(format_amount(principal[0] + interest[0], loan.currency), loan.currency) if rows else ""
    label = _("To pay in all: %(first)s before the first instalment, less with each one, nothing after the last.")
    return balance.draw(
        balance.Balance(
            label=label % {"first": first},
            steps=steps,
            names=(_("principal"), _("interest")),
            head=(_("Before"), _("Principal to come"), _("Interest to come")),
        )
    )


def _step(request: Visit, loan: LoanShown, row: Row, principal: int, interest: int) -> balance.Step:
    due = date.fromisoformat(row["due_on"])
    cells = (
        words.day(due, request.lang, today=request.lender.today()),
        words.money(format_amount(principal, loan.currency), loan.currency),
        words.money(format_amount(interest, loan.currency), loan.currency),
    )
    when = short_month(due, request.lang)
    return balance.Step(when=when, principal=principal, interest=interest, row=cells, paid=not _open(row))


def _sums(rows: Sequence[Row], currency: str, part: str) -> list[int]:
    """For each row what it and all that follow ask for of a part."""
    amounts = [parse_amount(row[part], currency, where=part) for row in rows]
    return [sum(amounts[n:]) for n in range(len(amounts))]


def months_of(request: Visit, plan: Mapping[str, Any], currency: str, titles: tuple[str, str]) -> Picture:
    """What each month asks for now, and after the deferral, on one scale."""
    old = _by_month(plan["rows"], currency, "old_due_on", "old_outstanding")
    new = _by_month(plan["rows"], currency, "new_due_on", "new_outstanding")
    # What is late is to be paid now: it stands in this month.
    today = date.fromisoformat(plan["on"]).replace(day=1)
    old = _late_now(old, today)
    named = _between(min([today, *old, *new]), max([*old, *new]))
    panels = tuple(
        months.Plan(title=title, months=_panel(request, amounts, named, currency), chosen=chosen)
        for title, amounts, chosen in ((titles[0], old, False), (titles[1], new, True))
    )
    label = _("Each month’s amount now, and after putting off.")
    return months.draw(months.Months(label=label, plans=panels, head=_("Month")))


def _by_month(rows: Sequence[Row], currency: str, day: str, amount: str) -> dict[date, int]:
    sums: dict[date, int] = {}
    for row in rows:
        minor = parse_amount(row[amount], currency, where=amount)
        if minor:
            begins = date.fromisoformat(row[day]).replace(day=1)
            sums[begins] = sums.get(begins, 0) + minor
    return sums


def _late_now(amounts: dict[date, int], today: date) -> dict[date, int]:
    late = sum(minor for begins, minor in amounts.items() if begins < today)
    kept = {begins: minor for begins, minor in amounts.items() if begins >= today}
    return kept | ({today: kept.get(today, 0) + late} if late else {})


def _between(first: date, last: date) -> list[date]:
    count = (last.year - first.year) * 12 + last.month - first.month
    return [date(first.year + (first.month - 1 + n) // 12, (first.month - 1 + n) % 12 + 1, 1) for n in range(count + 1)]


def _panel(
    request: Visit, amounts: Mapping[date, int], named: Sequence[date], currency: str
) -> tuple[months.Month, ...]:
    return tuple(
        months.Month(
            name=short_month(begins, request.lang),
            value=amounts.get(begins, 0),
            said=words.money(format_amount(amounts.get(begins, 0), currency), currency),
        )
        for begins in named
    )


def _rows(loan: LoanShown) -> Sequence[Row]:
    rows: Any = loan.account["instalments"]
    return list(rows)


def _open(row: Row) -> bool:
    return row["settled_on"] is None
