"""Who watches the log from outside, as a verifier is told in trust.json: `witnesses.toml`."""

from dataclasses import dataclass
from pathlib import Path

from shouxin.core.merkle.note import COSIGNATURE, NoteError, Verifier
from shouxin.policy.table import PolicyError, Table, read_toml

FILE = "witnesses.toml"


@dataclass(frozen=True, slots=True)
class Watch:
    """`quorum` of `witnesses` (keys of type 4) must have cosigned; nothing older than `max_age` seconds is believed."""

    witnesses: tuple[Verifier, ...]
    quorum: int
    max_age: int


def read_witnesses(folder: Path) -> Watch:
    """The file of a policy. Raises `PolicyError`."""
    document = Table(FILE, "witnesses", read_toml(folder, FILE))
    watch = Watch(
        witnesses=tuple(_witness(text) for text in document.words("witnesses")),
        quorum=_quorum(document),
        max_age=3600 * document.whole("max_age_hours"),
    )
    document.close()
    if watch.quorum > len(watch.witnesses):
        raise PolicyError(FILE, "quorum is more than there are witnesses")
    return watch


def _witness(text: str) -> Verifier:
    try:
        found = Verifier.parse(text)
    except NoteError as error:
        raise PolicyError(FILE, f"witnesses: {error}") from None
    if found.kind != COSIGNATURE:
        raise PolicyError(FILE, f"witnesses: {found.name} is no key of type 4")
    return found


def _quorum(document: Table) -> int:
    value = document.raw("quorum")
    if type(value) is not int or value < 0:
        raise document.fail("quorum must be a whole number of 0 or more")
    return value
