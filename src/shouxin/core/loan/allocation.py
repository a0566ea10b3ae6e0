"""What a payment repays.

The steps, in order:
1. each line stands past due, due today or in advance on the day of the payment;
2. by instalment (the default): group by group in the order of the terms, oldest line first, and in each line the
   parts in the order of the terms; by component: the twelve entries of the terms one by one, oldest line first;
3. in advance, the next line comes first, or the last when the terms say so;
4. what fits nowhere is returned: the caller keeps it as credit.
"""

from collections.abc import Iterator
from datetime import date

from shouxin.core.loan.agreed import Advance, Group, Part, Terms
from shouxin.core.loan.line import Line


def allocate(terms: Terms, lines: list[Line], *, amount: int, day: date) -> tuple[dict[Part, int], int]:
    """Book `amount` on the lines; return what went to each part and what fitted nowhere."""
    split, left = dict.fromkeys(Part, 0), amount
    for line, part in _order(terms, lines, day):
        booked = min(left, line.owed(part))
        if booked:
            line.pay(part, booked, day)
            split[part] += booked
            left -= booked
        if not left:
            break
    assert sum(split.values()) + left == amount, "money was lost in allocation"
    return split, left


def _order(terms: Terms, lines: list[Line], day: date) -> Iterator[tuple[Line, Part]]:
    groups = _groups(terms, lines, day)
    if terms.by_component:
        for group, part in terms.allocation:
            yield from ((line, part) for line in groups[group])
        return
    for group in dict.fromkeys(group for group, _ in terms.allocation):
        parts = [part for named, part in terms.allocation if named is group]
        yield from ((line, part) for line in groups[group] for part in parts)


def _groups(terms: Terms, lines: list[Line], day: date) -> dict[Group, list[Line]]:
    advance = [line for line in lines if line.due_on > day]
    return {
        Group.PAST_DUE: [line for line in lines if line.due_on < day],
        Group.DUE: [line for line in lines if line.due_on == day],
        Group.ADVANCE: advance[::-1] if terms.advance is Advance.LAST else advance,
    }
