"""The yearly cost of a stream of payments: the rate at which what is paid is worth what was got, to nine decimals.

With whole periods the ninth decimal is settled in whole numbers: the value of the stream is computed exactly at the
two rates half a unit away, and its sign there proves the rounding. With parts of a period 60 digits decide.
Methods: `cn_simple`, the rate of one `every` × the number of them a year (单利口径), and `irr_period`, the rate of one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise
from math import lcm
from typing import Final

from shouxin.core.calendar import MONTHLY, CalendarError, Every, parse_every
from shouxin.core.loan.reading import Reader
from shouxin.core.money import format_percent

_LATER: Final = ("us_reg_z", "eu_aprc", "uk_apr")
_BILLION: Final = 10**9
_PRECISE: Final = Context(prec=60)
_HALVINGS: Final = 60
_MOST_FLOWS: Final = 20_000
_MOST_PERIODS: Final = 12_000


class RateError(ValueError):
    """A stream that cannot be read or not be solved yet; `where` names the field."""

    def __init__(self, where: str, message: str) -> None:
        super().__init__(f"{where}: {message}")
        self.where = where
        self.message = message


class Method(StrEnum):
    """How the yearly figure is made of the rate of one period."""

    CN_SIMPLE = "cn_simple"
    IRR_PERIOD = "irr_period"


@dataclass(frozen=True, slots=True)
class Flow:
    """`amount` at `t` periods: positive, the borrower pays; negative, the borrower gets. Any one unit of money."""

    t: Fraction
    amount: Fraction


def solve(flows: Iterable[Flow], *, times: Fraction = Fraction(1)) -> Fraction | None:
    """Return the rate of one period × `times`, exact to the ninth decimal of its percent, half up; None: no root.

    Raises `RateError` when the direction of the money turns more than once: several roots are not told apart yet.
    """
    stream = _Stream.of(flows)
    turns = stream.turns()
    if turns > 1:
        raise RateError("flows", "money that turns direction more than once is not supported yet")
    if turns == 0:
        return None
    units = _guess(stream, times)
    while stream.beyond(_half_below(units, times)):
        units -= 1
    while not stream.beyond(_half_below(units + 1, times)):
        units += 1
    return Fraction(units, 100 * _BILLION)


def _half_below(units: int, times: Fraction) -> Fraction:
    """The growth of one period at half a unit below `units` billionths of a percent."""
    return 1 + Fraction(2 * units - 1, 200 * _BILLION) / times


def _guess(stream: "_Stream", times: Fraction) -> int:
    """Halve between growth 0 and enough, in decimals; what is left over is put right exactly by the caller."""
    with localcontext(_PRECISE):
        low, high = Decimal(0), Decimal(2)
        while not stream.beyond_about(high):
            low, high = high, high * 2
        for _ in range(_HALVINGS + int(high).bit_length()):
            middle = (low + high) / 2
            low, high = (low, middle) if stream.beyond_about(middle) else (middle, high)
        percent = (high - 1) * 100 * times.numerator / times.denominator
        return int((percent * _BILLION).to_integral_value())


@dataclass(frozen=True, slots=True)
class _Stream:
    """Whole amounts by how long before the last they come: `by_part[f][n]` is worth `growth ** (n + f)` then."""

    by_part: dict[Fraction, list[int]]
    in_order: list[int]

    @classmethod
    def of(cls, flows: Iterable[Flow]) -> "_Stream":
        """Gather amounts of one time, scale them to whole numbers, and count time back from the last."""
        sums: dict[Fraction, Fraction] = {}
        for flow in flows:
            sums[flow.t] = sums.get(flow.t, Fraction(0)) + flow.amount
        last = max(sums, default=Fraction(0))
        scale = lcm(*(amount.denominator for amount in sums.values()))
        by_part: dict[Fraction, list[int]] = {}
        for t, amount in sums.items():
            back = last - t
            whole = back.numerator // back.denominator
            amounts = by_part.setdefault(back - whole, [])
            amounts.extend([0] * (whole + 1 - len(amounts)))
            amounts[whole] = int(amount * scale)
        return cls(by_part, [int(sums[t] * scale) for t in sorted(sums)])

    def turns(self) -> int:
        """Return how often the direction of the money changes."""
        signs = [amount > 0 for amount in self.in_order if amount]
        return sum(earlier != later for earlier, later in pairwise(signs))

    def beyond(self, growth: Fraction) -> bool:
        """Return whether `growth` of one period lies above the only root, exactly where all times are whole."""
        if growth <= 0:
            return False
        if list(self.by_part) != [Fraction(0)]:
            with localcontext(_PRECISE):
                return self.beyond_about(Decimal(growth.numerator) / Decimal(growth.denominator))
        value, scale = 0, 1
        for amount in reversed(self.by_part[Fraction(0)]):
            value = value * growth.numerator + amount * scale
            scale *= growth.denominator
        return self._leads((value > 0) - (value < 0))

    def beyond_about(self, growth: Decimal) -> bool:
        """Return the same by decimals of the context."""
        value = Decimal(0)
        for part, amounts in self.by_part.items():
            inner = Decimal(0)
            for amount in reversed(amounts):
                inner = inner * growth + amount
            value += inner * growth ** (Decimal(part.numerator) / Decimal(part.denominator)) if part else inner
        return self._leads((value > 0) - (value < 0))

    def _leads(self, sign: int) -> bool:
        """Return whether a value has the sign of the first amount, as it does anywhere above the root."""
        return sign * next(amount for amount in self.in_order if amount) > 0


def apr(doc: object, *, where: str = "") -> dict[str, object]:
    """Return the answer of `shouxin apr`: `{percent, percent_9}`, or `{percent: None, reason: "no_root"}`."""
    reader = Reader(doc, where=where, refuse=RateError)
    if not reader.has("method"):
        raise reader.error("method", "is missing")
    method = reader.choice("method", Method, default=Method.CN_SIMPLE, later=_LATER)
    every = _every(reader) if reader.has("every") else MONTHLY
    places = reader.count("places", default=2, most=9)
    flows = _flows(reader)
    reader.finish()
    rate = solve(flows, times=every.periods_a_year if method is Method.CN_SIMPLE else Fraction(1))
    if rate is None:
        return {"percent": None, "reason": "no_root"}
    return {"percent": format_percent(rate, places=places), "percent_9": format_percent(rate, places=9)}


def _every(reader: Reader) -> Every:
    try:
        return parse_every(reader.need("every"), where=reader.where("every"))
    except CalendarError as error:
        raise RateError(error.where, error.message) from None


def _flows(reader: Reader) -> list[Flow]:
    flows: list[Flow] = []
    for n, item in enumerate(reader.items("flows")):
        flows.extend(_repeated(Reader(item, where=f"{reader.where('flows')}[{n}]", refuse=RateError)))
        if len(flows) > _MOST_FLOWS:
            raise reader.error("flows", f"more than {_MOST_FLOWS} amounts")
    return flows


def _repeated(reader: Reader) -> Sequence[Flow]:
    if reader.has("on"):
        raise reader.error("on", "flows by date are not supported yet: give t")
    t, amount = reader.number("t"), reader.number("amount", signed=True)
    repeat = reader.count("repeat", default=1, least=1, most=_MOST_FLOWS)
    step = reader.number("step") if repeat > 1 or reader.has("step") else Fraction(1)
    reader.finish()
    if t + step * (repeat - 1) > _MOST_PERIODS:
        raise reader.error("t", f"goes beyond {_MOST_PERIODS} periods")
    return [Flow(t + step * n, amount) for n in range(repeat)]
