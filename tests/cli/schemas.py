"""JSON Schemas of every verb's request, and the list of verbs in docs/reference/cli.md.

`python -m tests.cli.schemas` writes both.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference" / "schemas"
PAGE = FOLDER.parent / "cli.md"
_LIST = re.compile(r"(<!-- verbs: .* -->\n)(.*)(<!-- end of verbs -->)", re.DOTALL)
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """Verb → schema, as the code has them now."""
    from shouxin.site.wiring import set_up_django

    set_up_django()
    from shouxin.usecases.oversight.verbs import VERBS

    return {name: {"$schema": DIALECT, "v": 1, **verb.request.model_json_schema()} for name, verb in VERBS.items()}


def written() -> dict[str, dict[str, Any]]:
    """The same as the files have them."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in FOLDER.glob("*.json")}


def listed(page: str) -> str:
    """The list of verbs as the page has it."""
    found = _LIST.search(page)
    assert found, "the page has a place for the verbs"
    return found[2]


def verbs() -> str:
    """The list as it should be: each verb with its fields, `?` after those that may be left out."""
    rows = ["| verb | fields |", "|---|---|"]
    for name, schema in schemas().items():
        required = schema.get("required", ())
        fields = ", ".join(f"`{field}`" + ("" if field in required else "?") for field in schema["properties"])
        rows.append(f"| [`{name}`](schemas/{name}.json) | {fields} |")
    return "\n".join(rows) + "\n"


def write() -> None:
    """Replace the files and the list."""
    page = PAGE.read_text("utf-8")
    PAGE.write_text(_LIST.sub(lambda found: found[1] + verbs() + found[3], page), "utf-8")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for path in FOLDER.glob("*.json"):
        path.unlink()
    for name, schema in schemas().items():
        text = json.dumps(schema, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
        (FOLDER / f"{name}.json").write_text(text, "utf-8")


if __name__ == "__main__":
    write()
