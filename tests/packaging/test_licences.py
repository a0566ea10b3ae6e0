"""What the default install brings along may be used by any lender: no copyleft licence among it.

The extra `pg` is the one exception (psycopg, LGPL-3.0, unmodified, optional, never vendored), so it isn't followed.
"""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distribution

import pytest
from packaging.requirements import Requirement

COPYLEFT = re.compile(r"(?i)\b(?:A|L)?GPL|GNU (?:Affero|Lesser|General)|\bSSPL\b|\bEUPL\b|\bCC-BY-(?:SA|NC)")
OPEN = re.compile(
    r"(?i)\bMIT\b|\bBSD\b|Apache|\bISC\b|\bPSF\b|Python Software Foundation|\bMPL\b|Mozilla Public|Unlicense"
)


def closure(name: str) -> dict[str, Distribution]:
    """The distribution and all that it needs here, by name, without its extras."""
    found: dict[str, Distribution] = {}
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in found:
            continue
        found[current] = distribution(current)
        needed = [Requirement(text) for text in found[current].requires or ()]
        waiting += [need.name.lower() for need in needed if need.marker is None or need.marker.evaluate({"extra": ""})]
    return found


def licence(found: Distribution) -> str:
    """What the package says of its own licence: in its metadata, else the first lines of its licence file."""
    metadata = found.metadata
    classifiers = [text for text in metadata.get_all("Classifier") or () if text.startswith("License ::")]
    said = " ".join([metadata["License-Expression"] or "", metadata["License"] or "", *classifiers]).strip()
    return said or _from_file(found)


def _from_file(found: Distribution) -> str:
    texts = [path for path in found.files or () if re.search(r"(?i)licen[cs]e|copying", path.name)]
    return " ".join(" ".join(path.read_text(encoding="utf-8").split()[:12]) for path in texts)


NEEDED = {name: found for name, found in closure("shouxin").items() if name != "shouxin"}


@pytest.mark.parametrize("name", sorted(NEEDED))
def test_it_needs_nothing_copyleft(name):
    said = licence(NEEDED[name])
    assert OPEN.search(said), f"{name} names no licence that we know: {said!r}"
    assert not COPYLEFT.search(said), f"{name}: {said!r}"


def test_it_follows_the_whole_closure():
    assert {"django", "cryptography", "cffi", "cedarpy", "pydantic-core", "aiosmtpd"} <= NEEDED.keys()
    assert not {"psycopg", "pytest", "mypy"} & NEEDED.keys()


@pytest.mark.parametrize("said", ["LGPL-3.0-only", "GNU Lesser General Public License v3", "AGPL-3.0", "GPLv2"])
def test_it_knows_a_copyleft_licence_when_it_reads_one(said):
    assert COPYLEFT.search(said)


def test_it_would_find_psycopg():
    assert COPYLEFT.search(licence(distribution("psycopg")))
