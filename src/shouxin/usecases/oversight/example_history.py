"""A whole history of a made-up borrower, which ships with the verifier so that anybody can try it.

It was told by `shouxin demo` in a lender that existed for some seconds; `scripts/example_history.py` makes a new one.
Its checkpoint stays as old as it is, so it is checked as of the moment at which it was handed over.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from shouxin.usecases.oversight.told import LEFT_KINDS
from shouxin.verify import Verified, verify

FILES = ("bundle.json", "trust.json", "person.key")


@dataclass(frozen=True)
class ExampleHistory:
    """The three files by their names, the moment to check them at (ms), and what is in them by the four verbs."""

    files: dict[str, bytes] = field(repr=False)
    at_ms: int
    entries: int
    held: int
    used: int
    left: int
    refused: int


@cache
def example_history() -> ExampleHistory:
    """The example, read and verified once."""
    folder = resources.files("shouxin.verify") / "example"
    files = {name: folder.joinpath(name).read_bytes() for name in FILES}
    at_ms = int(json.loads(files["bundle.json"])["statement"]["as_of"])
    found = verify(files["bundle.json"], files["trust.json"], files["person.key"], at_ms=at_ms)
    assert isinstance(found, Verified), "the example is a whole history"
    kinds = [str(record["kind"]) for record in found.records]
    return ExampleHistory(
        files=files,
        at_ms=at_ms,
        entries=len(kinds),
        held=len({one.field for one in found.statement.held}),
        used=kinds.count("used"),
        left=sum(kinds.count(kind) for kind in LEFT_KINDS),
        refused=kinds.count("refused"),
    )
