"""Entries that rest on nothing else in the history."""

from collections.abc import Callable

from shouxin.core.privacy.entry import Record
from shouxin.core.privacy.facts import Facts
from shouxin.core.rules.refusal import Refusal


def always(body: Record) -> Callable[[Facts], Record | Refusal]:
    """Enter this whatever the history says."""
    return lambda _facts: body
