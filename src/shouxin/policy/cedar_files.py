"""The Cedar policies: one file for each purpose, named after it, and one of bans for all.

They are read as text here and parsed, validated and asked in the vault; this package knows no
engine. A purpose without a file has no policy, and the gate refuses it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shouxin.core.privacy.purpose import PURPOSES
from shouxin.policy.table import PolicyError

SCHEMA = "cedar/shouxin.cedarschema"
BANS = "bans"
_ID = re.compile(r'@id\("([^"]*)"\)')
_STATEMENT = re.compile(r"^(?:permit|forbid)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Cedar:
    """The text of all policies, the schema that they are validated against, and the ids of the
    policies of each purpose (`bans` are not among them).
    """

    policies: str
    schema: str
    by_purpose: Mapping[str, tuple[str, ...]]


def read_cedar(folder: Path) -> Cedar:
    """All `.cedar` files in order of their names. Raises `PolicyError`."""
    texts: dict[str, str] = {}
    for path in sorted((folder / "cedar").glob("*.cedar")):
        texts[path.stem] = path.read_text(encoding="utf-8")
    ids = {stem: _ids(stem, text) for stem, text in texts.items()}
    if not (folder / SCHEMA).is_file():
        raise PolicyError(SCHEMA, "is missing")
    return Cedar(
        policies="\n".join(texts.values()),
        schema=(folder / SCHEMA).read_text(encoding="utf-8"),
        by_purpose={stem: found for stem, found in ids.items() if stem != BANS},
    )


def _ids(stem: str, text: str) -> tuple[str, ...]:
    """Each policy carries an id `purpose.who`, so that a decision names what decided it."""
    file = f"cedar/{stem}.cedar"
    if stem != BANS and stem not in PURPOSES:
        raise PolicyError(file, f"{stem} is not a purpose")
    found = tuple(_ID.findall(text))
    if not found or len(found) != len(_STATEMENT.findall(text)):
        raise PolicyError(file, "every policy carries one @id")
    for policy_id in found:
        if not policy_id.startswith(f"{stem}."):
            raise PolicyError(file, f"the id {policy_id} does not begin with {stem}.")
    return found
