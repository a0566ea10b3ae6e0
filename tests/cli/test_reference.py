"""docs/reference/cli.md and its schemas say what the program does, no more and no less."""

import re

from shouxin import __main__ as program
from tests.cli import schemas


def page(project):
    return (project / "docs" / "reference" / "cli.md").read_text("utf-8")


def commands():
    """Every command of the program, groups written out."""
    from shouxin.cli.app import app

    assert program.main
    names = {one.name for one in app.registered_commands}
    for group in app.registered_groups:
        names |= {f"{group.name} {one.name}" for one in group.typer_instance.registered_commands}
    return names


def written(text):
    """Every command of the page: `staff appoint|dismiss` are two, and so is `engage … | suspend …`."""
    names = set()
    for line in re.findall(r"^shouxin (.+)$", text, re.MULTILINE):
        words = re.split(r"\s{2,}|→", line)[0]
        first, *rest = words.split()
        groups = [name for name in ("staff", "party", "case", "log", "rules", "vault") if name == first]
        if groups:
            tail = " ".join(rest)
            found = re.findall(r"(?:^|\| |\|)([a-z]+)", tail)
            names |= {f"{first} {name}" for name in found}
        else:
            names |= set(first.split("|"))
    return names


def test_it_documents_every_command(project):
    assert written(page(project)) == commands()


def test_it_lists_every_verb_with_its_schema(project):
    assert schemas.listed(page(project)) == schemas.verbs()


def test_its_schemas_are_those_of_the_code():
    """When this fails: `python -m tests.cli.schemas`, and look at what changed, for it is a promise."""
    assert schemas.written() == schemas.schemas()


def test_no_schema_takes_a_number_for_an_amount():
    for name, schema in schemas.schemas().items():
        for field, said in schema["properties"].items():
            kinds = {said.get("type")} | {one.get("type") for one in said.get("anyOf", ())}
            assert "number" not in kinds, f"{name}.{field}"
