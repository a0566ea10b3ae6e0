"""Which events count, and in which order: by `on`, then as they came."""

from collections.abc import Sequence
from datetime import date

from shouxin.core.loan.event import Event, EventError, Type


def in_force(events: Sequence[Event], *, as_of: date) -> list[tuple[Event, bool]]:
    """Return the events up to `as_of` in order, each with whether it was undone by then; reversals are left out.

    A reversal may itself be reversed. Raises `EventError` for a `ref` used twice, and for a reversal of no event or
    of a later one.
    """
    known = _by_ref(events)
    undoes = {n: _undone(event, events, known) for n, event in enumerate(events) if event.type is Type.REVERSE}
    order = sorted((n for n, event in enumerate(events) if event.on <= as_of), key=lambda n: events[n].on)
    undone: set[int] = set()
    for n in reversed(order):
        if n in undoes and n not in undone:
            undone.add(undoes[n])
    return [(events[n], n in undone) for n in order if n not in undoes]


def _by_ref(events: Sequence[Event]) -> dict[str, int]:
    known: dict[str, int] = {}
    for n, event in enumerate(events):
        if event.ref is not None and known.setdefault(event.ref, n) != n:
            raise EventError(f"{event.where}.ref", "is used twice")
    return known


def _undone(event: Event, events: Sequence[Event], known: dict[str, int]) -> int:
    target = known.get(event.of or "")
    if target is None:
        raise EventError(f"{event.where}.of", "no event has this ref")
    if events[target].on > event.on or events[target] is event:
        raise EventError(f"{event.where}.on", "must not lie before the event that it undoes")
    return target
