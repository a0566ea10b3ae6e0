"""What can be seen of a lender from outside its use cases, so that nobody has to take their word for what they did."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps

from shouxin.usecases.lender import Lender

BOOK = ("loan", "credit", "outreach")


@dataclass(frozen=True)
class Sight:
    """The kinds of entry in each chain, a digest of each table of the book, the letters so far, the size of the log."""

    chains: Mapping[str, tuple[str, ...]]
    tables: Mapping[str, bytes]
    letters: int
    log_size: int


@dataclass(frozen=True)
class Change:
    """What is there now and was not before."""

    entries: Mapping[str, tuple[str, ...]]
    book: frozenset[str]
    letters: int
    log_grew: bool


def look(lender: Lender, chains: Iterable[str], *, mail: Path) -> Sight:
    """Read the chains (which also writes what was deferred for them), the book, the sink and the signed note."""
    kinds = {chain: _kinds(lender, chain) for chain in chains}
    return Sight(kinds, _tables(), len(list(mail.glob("*.eml"))), int(lender.vault.checkpoint().splitlines()[1]))


def between(before: Sight, after: Sight) -> Change:
    """The difference of two sights."""
    added = {chain: kinds[len(before.chains.get(chain, ())) :] for chain, kinds in after.chains.items()}
    return Change(
        entries={chain: kinds for chain, kinds in added.items() if kinds},
        book=frozenset(name for name, digest in after.tables.items() if digest != before.tables[name]),
        letters=after.letters - before.letters,
        log_grew=after.log_size > before.log_size,
    )


def _kinds(lender: Lender, chain: str) -> tuple[str, ...]:
    history = lender.vault.history(chain)
    return tuple(str(entry.record["kind"]) for entry in history.entries) if history else ()


def _tables() -> dict[str, bytes]:
    models = [model for label in BOOK for model in apps.get_app_config(label).get_models()]
    return {model.__name__: _digest(model._default_manager.order_by("pk").values_list()) for model in models}  # noqa: SLF001


def _digest(rows: Iterable[object]) -> bytes:
    digest = hashlib.sha256()
    for row in rows:
        digest.update(repr(row).encode())
    return digest.digest()
