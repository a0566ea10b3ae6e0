"""The catalogue of fields, read from `catalogue.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from shouxin.core.privacy.actor import ROLES
from shouxin.core.privacy.field import FORMS, NEVER_HELD, SUBJECT_KINDS, Catalogue, Field
from shouxin.core.privacy.purpose import PURPOSES
from shouxin.core.rules.retention import RetentionError, parse_retention
from shouxin.policy.table import Table, read_toml

FILE = "catalogue.toml"
CLASSES = ("general", "sensitive")
HOMES = ("vault", "book")
CATEGORIES = ("financial_account", "financial", "specific_identity", "medical_health")
"""Why a field is sensitive: PIPL 28 names financial accounts, specific identity and medical data;
`financial` (income and the like) stands in GB/T 35273 Annex B, from memory."""


@dataclass(frozen=True, slots=True)
class Nature:
    """What the catalogue says of a field besides its use.

    `required`: it may be demanded (CN.APP.NECESSARY); the others are a free choice. `category`:
    why it is sensitive, "" for a general field.
    """

    required: bool
    category: str


def read_catalogue(folder: Path) -> tuple[Catalogue, Mapping[str, Nature]]:
    """All fields, and the nature of each by its key. Raises `PolicyError`."""
    document = Table(FILE, "catalogue", read_toml(folder, FILE))
    entries = document.raw("field")
    document.close()
    if not isinstance(entries, list):
        raise document.fail("field must be a list of [[field]] tables")
    found: dict[str, tuple[Field, Nature]] = {}
    for entry in entries:
        field, nature = _field(entry)
        if field.key in found:
            raise document.fail(f"{field.key} stands twice")
        found[field.key] = field, nature
    fields = Catalogue(field for field, _ in found.values())
    return fields, {key: nature for key, (_, nature) in found.items()}


def _field(entry: object) -> tuple[Field, Nature]:
    table = Table(FILE, "field", entry)
    whose, name = table.text("whose", SUBJECT_KINDS), table.text("name")
    table.where = f"{whose}.{name}"
    if name in NEVER_HELD:
        raise table.fail("there is no field for an address book or the like (CN.APP.NECESSARY)")
    field = Field(
        whose=whose,
        name=name,
        classification=table.text("class", CLASSES),
        home=table.text("home", HOMES),
        purposes=frozenset(table.words("purposes", tuple(PURPOSES))),
        shown=_shown(table.sub("shown")),
        retention=_retention(table),
        rules=table.words("rules"),
    )
    category = table.text("category", CATEGORIES) if table.has("category") else ""
    nature = Nature(required=table.flag("required"), category=category)
    table.close()
    if (field.classification == "sensitive") != bool(category):
        raise table.fail("a sensitive field, and only such a one, names its category")
    for purpose in field.purposes:
        if whose not in PURPOSES[purpose].whose:
            raise table.fail(f"purpose {purpose} is not about a {whose}")
    return field, nature


def _shown(table: Table) -> Mapping[str, str]:
    shown = {role: table.text(role, FORMS) for role in ROLES if table.has(role)}
    table.close()
    return shown


def _retention(table: Table) -> str:
    text = table.text("retention")
    try:
        parse_retention(text)
    except RetentionError as error:
        raise table.fail(str(error)) from None
    return text
