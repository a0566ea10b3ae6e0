"""Reading and writing the terms of a loan in the shape of the outside contract ("Terms").

A key that is not in the contract is an error, and so is a key, or a choice of a key, that the contract knows and
this version cannot compute yet. Nothing is ignored.
"""

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Final

from shouxin.core.calendar import (
    MONTHLY,
    CalendarError,
    DayCount,
    Every,
    MonthEnd,
    Unit,
    parse_date,
    parse_every,
    year_of,
)
from shouxin.core.loan.agreed import (
    CIVIL_CODE_561,
    MOST_INSTALMENTS,
    Advance,
    Bucket,
    Delinquency,
    Group,
    LevelFrom,
    Part,
    Penalty,
    Rounding,
    Terms,
    TermsError,
)
from shouxin.core.loan.reading import Reader
from shouxin.core.money import Mode, format_amount, minor_digits, rate_text

__all__ = ["Terms", "TermsError", "parse", "to_doc"]

_LATER: Final = (
    "draws",
    "payment",
    "down_payment",
    "grace",
    "fees",
    "late_fee",
    "bounce_fee",
    "caps",
    "recalculate",
)
_LATER_AMORTISATIONS: Final = ("equal_principal", "bullet", "flat", "fixed_payment", "add_on")
_PENALTY_BASES: Final = {
    "overdue_principal": (Part.PRINCIPAL,),
    "overdue_interest": (Part.INTEREST,),
    "overdue": (Part.INTEREST, Part.PRINCIPAL),
}
_MOST_DAYS: Final = 36_500
_PENALTY_YEAR: Final = 365


def parse(doc: object, *, where: str = "") -> Terms:
    """Return the terms that a document states. `where` is put before each key in errors. Raises `TermsError`."""
    reader = Reader(doc, where=where, refuse=TermsError)
    reader.later(*_LATER)
    reader.fixed("amortisation", "equal_instalments", later=_LATER_AMORTISATIONS)
    reader.fixed("odd_days", "first", later=("spread", "upfront"))
    reader.fixed("after_due", "stops", later=("accrues",))
    currency = _currency(reader)
    principal_minor, disbursed_on = reader.amount("principal", currency), reader.day("disbursed_on")
    day_count = reader.choice("day_count", DayCount, default=DayCount.PERIOD, later=("ACT/ACT",))
    every = _every(reader)
    due_dates = _due_dates(reader, disbursed_on, day_count)
    instalments = len(due_dates) if due_dates else reader.count("instalments", least=1, most=MOST_INSTALMENTS)
    terms = Terms(
        currency=currency,
        principal_minor=principal_minor,
        disbursed_on=disbursed_on,
        annual=_annual(reader.inner("rate"), every, day_count),
        instalments=instalments,
        every=every,
        first_due=reader.optional_day("first_due"),
        due_dates=due_dates,
        month_end=_month_end(reader, every),
        day_count=day_count,
        level_from=_level_from(reader, due_dates),
        rounding=_rounding(reader.inner("rounding"), currency),
        allocation=_allocation(reader),
        by_component=_by_component(reader),
        advance=reader.choice("advance", Advance, default=Advance.NEXT, later=("re_amortise", "credit")),
        penalty=_penalty(reader),
        delinquency=_delinquency(reader.inner("delinquency")),
    )
    reader.finish()
    _check_first_due(reader, terms)
    return terms


def _currency(reader: Reader) -> str:
    code = reader.need("currency")
    if not isinstance(code, str) or minor_digits(code) is None:
        raise reader.error("currency", "unknown ISO 4217 currency code")
    return code


def _every(reader: Reader) -> Every:
    if not reader.has("every"):
        return MONTHLY
    try:
        return parse_every(reader.need("every"), where=reader.where("every"))
    except CalendarError as error:
        raise TermsError(error.where, error.message) from None


def _due_dates(reader: Reader, disbursed_on: date, day_count: DayCount) -> tuple[date, ...] | None:
    if not reader.has("due_dates"):
        return None
    for key in ("instalments", "first_due", "every"):
        if reader.has(key):
            raise reader.error(key, "due_dates replaces it: give one or the other")
    if day_count is DayCount.PERIOD:
        raise reader.error("due_dates", 'with day_count "period" is not supported yet')
    try:
        dates = tuple(parse_date(item, where=reader.where("due_dates")) for item in reader.items("due_dates"))
    except CalendarError as error:
        raise TermsError(error.where, error.message) from None
    ascending = all(earlier < later for earlier, later in pairwise(dates))
    if not dates or len(dates) > MOST_INSTALMENTS or not ascending or dates[0] < disbursed_on:
        raise reader.error("due_dates", f"must be 1 to {MOST_INSTALMENTS} dates, ascending, none before disbursed_on")
    return dates


def _month_end(reader: Reader, every: Every) -> MonthEnd:
    month_end = reader.choice("month_end", MonthEnd, default=MonthEnd.CLAMP)
    if month_end is not MonthEnd.CLAMP and every.unit is not Unit.MONTH:
        raise reader.error("month_end", "says nothing unless due dates are months apart")
    return month_end


def _level_from(reader: Reader, due_dates: tuple[date, ...] | None) -> LevelFrom:
    level_from = reader.choice("level_from", LevelFrom, default=LevelFrom.EXACT)
    if level_from is LevelFrom.WHOLE_PERIODS and due_dates:
        raise reader.error("level_from", "whole_periods needs instalments and every, not due_dates")
    return level_from


def _annual(reader: Reader, every: Every, day_count: DayCount) -> Fraction:
    """The yearly rate: a daily one times the days of the day count's year, a period's times the periods of a year."""
    reader.later("changes")
    stated = [key for key in ("annual", "daily", "period") if reader.has(key)]
    if len(stated) != 1:
        raise reader.error("annual", "give exactly one of annual, daily, period")
    rate = reader.rate(stated[0])
    reader.finish()
    times = {"annual": Fraction(1), "daily": Fraction(year_of(day_count)), "period": every.periods_a_year}
    return rate * times[stated[0]]


def _rounding(reader: Reader, currency: str) -> Rounding:
    reader.fixed("interest_when", "due", later=("change", "paid", "day"))
    reader.fixed("residual", "last", later=("spread", "fitted"))
    reader.later("interest_mode", "interest_unit")
    unit = reader.amount("unit", currency) if reader.has("unit") else 1
    mode = reader.choice("mode", Mode, default=Mode.HALF_EVEN)
    level_unit = reader.amount("instalment_unit", currency) if reader.has("instalment_unit") else unit
    level_mode = reader.choice("instalment_mode", Mode, default=mode)
    reader.finish()
    return Rounding(unit_minor=unit, mode=mode, instalment_unit_minor=level_unit, instalment_mode=level_mode)


def _allocation(reader: Reader) -> tuple[tuple[Group, Part], ...]:
    if not reader.has("allocation"):
        return CIVIL_CODE_561
    named = {f"{group}.{part}": (group, part) for group in Group for part in Part}
    items = [str(item) for item in reader.items("allocation")]
    if sorted(items) != sorted(named):
        raise reader.error("allocation", "must name each once: " + ", ".join(named))
    return tuple(named[item] for item in items)


def _by_component(reader: Reader) -> bool:
    value = reader.text("allocation_by") or "instalment"
    if value not in ("instalment", "component"):
        raise reader.error("allocation_by", "must be one of instalment, component")
    return value == "component"


def _penalty(reader: Reader) -> Penalty | None:
    if not reader.has("penalty"):
        return None
    inner = reader.inner("penalty")
    if inner.has("annual") == inner.has("daily"):
        raise inner.error("annual", "give exactly one of annual, daily")
    annual = inner.rate("annual") if inner.has("annual") else inner.rate("daily") * _PENALTY_YEAR
    base = _PENALTY_BASES.get(str(inner.need("of")))
    if base is None:
        raise inner.error("of", "must be one of " + ", ".join(_PENALTY_BASES))
    penalty = Penalty(annual=annual, base=base, after_days=inner.count("after_days", default=0, most=_MOST_DAYS))
    inner.finish()
    return penalty


def _delinquency(reader: Reader) -> Delinquency:
    first_day = reader.text("first_day") or "after_due"
    if first_day not in ("after_due", "due"):
        raise reader.error("first_day", "must be one of after_due, due")
    delinquency = Delinquency(
        grace_days=reader.count("grace_days", default=0, most=_MOST_DAYS),
        due_day_counts=first_day == "due",
        buckets=_buckets(reader),
    )
    reader.finish()
    starts = [bucket.first for bucket in delinquency.buckets]
    if starts != sorted(set(starts)) or len({bucket.code for bucket in delinquency.buckets}) != len(starts):
        raise reader.error("buckets", "must have ascending from and a code of their own each")
    return delinquency


def _buckets(reader: Reader) -> tuple[Bucket, ...]:
    where = reader.where("buckets")
    return tuple(_bucket(item, f"{where}[{n}]") for n, item in enumerate(reader.items("buckets")))


def _bucket(item: object, where: str) -> Bucket:
    reader = Reader(item, where=where, refuse=TermsError)
    code = reader.text("code")
    if code is None:
        raise reader.error("code", "is missing")
    first = reader.count("from", most=_MOST_DAYS)
    last = reader.count("to", least=first, most=_MOST_DAYS) if reader.has("to") else None
    reader.finish()
    return Bucket(code=code, first=first, last=last)


def _check_first_due(reader: Reader, terms: Terms) -> None:
    if terms.due_dates:
        return
    try:
        first = terms.grid().at(0)
        terms.grid().at(terms.instalments)
    except CalendarError as error:
        raise reader.error(error.where if error.where == "first_due" else "instalments", error.message) from None
    if first < terms.disbursed_on:
        raise reader.error("first_due", "must not lie before disbursed_on")


def to_doc(terms: Terms) -> dict[str, object]:
    """Return the terms in the shape that `parse` reads back to an equal value."""
    currency, rounding = terms.currency, terms.rounding
    dates: dict[str, object] = {"instalments": terms.instalments, "every": str(terms.every)}
    if terms.first_due:
        dates["first_due"] = terms.first_due.isoformat()
    if terms.due_dates:
        dates = {"due_dates": [day.isoformat() for day in terms.due_dates]}
    document: dict[str, object] = {
        "currency": currency,
        "principal": format_amount(terms.principal_minor, currency),
        "disbursed_on": terms.disbursed_on.isoformat(),
        **dates,
        "month_end": terms.month_end.value,
        "rate": {"annual": rate_text(terms.annual)},
        "day_count": terms.day_count.value,
        "amortisation": "equal_instalments",
        "level_from": terms.level_from.value,
        "rounding": {
            "unit": format_amount(rounding.unit_minor, currency),
            "mode": rounding.mode.value,
            "instalment_unit": format_amount(rounding.instalment_unit_minor, currency),
            "instalment_mode": rounding.instalment_mode.value,
        },
        "allocation": [f"{group}.{part}" for group, part in terms.allocation],
        "allocation_by": "component" if terms.by_component else "instalment",
        "advance": terms.advance.value,
        "delinquency": _delinquency_doc(terms.delinquency),
    }
    if terms.penalty:
        document["penalty"] = _penalty_doc(terms.penalty)
    return document


def _delinquency_doc(delinquency: Delinquency) -> dict[str, object]:
    return {
        "grace_days": delinquency.grace_days,
        "first_day": "due" if delinquency.due_day_counts else "after_due",
        "buckets": [
            {"code": bucket.code, "from": bucket.first} | ({} if bucket.last is None else {"to": bucket.last})
            for bucket in delinquency.buckets
        ],
    }


def _penalty_doc(penalty: Penalty) -> dict[str, object]:
    base = next(name for name, parts in _PENALTY_BASES.items() if parts == penalty.base)
    return {"annual": rate_text(penalty.annual), "of": base, "after_days": penalty.after_days}
