"""The standard terms of contracts with organisations: `partners.toml`, which a compliance officer edits."""

from collections.abc import Mapping
from pathlib import Path

from shouxin.core.privacy.field import SUBJECT_KINDS, Catalogue
from shouxin.core.privacy.party import KINDS, PartyError, Terms, parse_party
from shouxin.core.privacy.purpose import PURPOSES
from shouxin.policy.table import PolicyError, Table, read_toml

FILE = "partners.toml"


def read_partners(folder: Path, catalogue: Catalogue) -> Mapping[str, Terms]:
    """The terms by party (`kind:id`) or kind. Raises `PolicyError`."""
    document = Table(FILE, "partners", read_toml(folder, FILE))
    entries = document.raw("terms")
    document.close()
    if not isinstance(entries, list):
        raise PolicyError(FILE, "terms must be a list of [[terms]] tables")
    found: dict[str, Terms] = {}
    for entry in entries:
        party, terms = _terms(entry, catalogue)
        if party in found:
            raise PolicyError(FILE, f"{party} stands twice")
        found[party] = terms
    return found


def standard_terms(partners: Mapping[str, Terms], party: str) -> Terms:
    """What a contract with this party (`kind:id`) says when nothing else was agreed; by none of the rows: nothing."""
    return partners.get(party) or partners.get(party.partition(":")[0]) or Terms()


def _terms(entry: object, catalogue: Catalogue) -> tuple[str, Terms]:
    table = Table(FILE, "terms", entry)
    party = table.where = table.text("party")
    if party not in KINDS and party != _named(table, party):
        raise table.fail("party must be a kind, or kind:id")
    terms = Terms(
        contract=table.text("contract") if table.has("contract") else "",
        purposes=table.words("purposes", tuple(PURPOSES)),
        fields=table.words("fields", tuple(dict.fromkeys(field.name for field in catalogue))),
    )
    table.close()
    for name in terms.fields:
        if not _serves(catalogue, name, terms.purposes):
            raise table.fail(f"{name} serves none of its purposes")
    return party, terms


def _named(table: Table, party: str) -> str:
    try:
        return parse_party(party)
    except PartyError as error:
        raise table.fail(str(error)) from None


def _serves(catalogue: Catalogue, name: str, purposes: tuple[str, ...]) -> bool:
    fields = [field for whose in SUBJECT_KINDS if (field := catalogue.get(whose, name)) is not None]
    return any(field.purposes & set(purposes) for field in fields)
