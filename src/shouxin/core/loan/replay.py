"""Which events count, and in which order: by `on`, then as they came."""

from collections.abc import Sequence
from datetime import date

from shouxin.core.loan.event import Event, EventError, Type


def in_force(events: Sequence[Event], *, as_of: date) -> list[tuple[Event, bool]]:
    """Return the events up to `as_of` in order, each with whether it was reversed by then; reversals left out.

    A reversal may itself be reversed. Raises `EventError` for a `ref` used twice, and for a reversal of no event.
    """
    known = _by_ref(events)
    for event in events:
        if event.type is Type.REVERSE and event.of not in known:
            raise EventError(f"{event.where}.of", "no event has this ref")
    replayed = sorted((event for event in events if event.on <= as_of), key=lambda event: event.on)
    undone: set[int] = set()
    for event in reversed(replayed):
        if event.type is Type.REVERSE and id(event) not in undone:
            undone.add(id(known[event.of or ""]))
    return [(event, id(event) in undone) for event in replayed if event.type is not Type.REVERSE]


def _by_ref(events: Sequence[Event]) -> dict[str, Event]:
    known: dict[str, Event] = {}
    for event in events:
        if event.ref is None:
            continue
        if event.ref in known:
            raise EventError(f"{event.where}.ref", "is used twice")
        known[event.ref] = event
    return known
