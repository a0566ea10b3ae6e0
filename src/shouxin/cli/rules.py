"""Commands for the compliance officer: the rules, whether the policy holds together, what the gate would say."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from shouxin.cli.app import app
from shouxin.cli.call import Answer, Call, command
from shouxin.cli.output import NO, YES

if TYPE_CHECKING:
    from shouxin.core.rules.rule import Rule
    from shouxin.policy.load import Policy

rules = typer.Typer(help="The rules and the policy.", no_args_is_help=True)
app.add_typer(rules, name="rules")

PackName = Annotated[str | None, typer.Option("--pack", metavar="cn", help="One pack only.")]


@command(rules, "show", lender=False)
def show(call: Call, pack: PackName = None) -> Any:
    """Every rule with its citation, force, dates and how sure its text is."""
    from shouxin.core.rules.pack import Pack

    packs: list[Pack] = [one for one in _policy(call).packs if pack in (None, one.name)]
    if not packs:
        raise _no_such()
    return {"rules": [_rule(one.name, rule, call.lang) for one in packs for rule in one.rules]}


@command(rules, "validate", lender=False)
def validate(call: Call, pack: PackName = None) -> Any:
    """Read the whole policy: rules, fields, notices, sentences, and the Cedar policies against their schema. Where a
    lender lives, hold its published list of partners against what really went to them.
    """
    from shouxin.policy.table import PolicyError
    from shouxin.site.wiring import check_policy

    try:
        policy = _policy(call)
        check_policy(policy)
    except PolicyError as error:
        return Answer({"ok": False, "where": _place(error), "message": error.message}, NO)
    if pack is not None and pack not in [one.name for one in policy.packs]:
        raise _no_such()
    found = _partners(call)
    document = {"ok": not found, "policy": policy.hash, "rules": sum(len(one.rules) for one in policy.packs)}
    return Answer(document | {"findings": found}, NO if found else YES)


@command(rules, "matrix")
def matrix(call: Call, pack: PackName = None) -> Any:
    """Every cell of the gate (role, purpose, field, basis, case, grant), and those that reach another person: none."""
    from shouxin.usecases.lender import to_document

    if pack is not None and pack not in [one.name for one in call.lender.policy.packs]:
        raise _no_such()
    found = to_document(call.lender.vault.matrix())
    return Answer(found, NO if found["third_party_reachable"] else YES)


def _partners(call: Call) -> list[dict[str, Any]]:
    """What is wrong with the published list; nothing where no lender is."""
    from shouxin.site import config as configuration

    if not (call.data_dir / configuration.FILE).is_file():
        return []
    call.open()
    from shouxin.usecases.lender import to_document
    from shouxin.usecases.oversight.partners import check_partners

    found: list[dict[str, Any]] = to_document(check_partners(call.lender))
    return found


def _policy(call: Call) -> Policy:
    """The lender's copy; where no lender is, the policy as it is shipped."""
    from shouxin import policy
    from shouxin.policy.load import load

    copy: Path = call.data_dir / "policy"
    return load(copy if copy.is_dir() else policy.folder())


def _place(error: Any) -> str:
    return f"{error.file}:{error.line}" if error.line else str(error.file)


def _no_such() -> Exception:
    from shouxin.usecases.lender import BadInput

    return BadInput("there is no such pack", where="--pack")


def _rule(pack: str, rule: Rule, lang: str) -> dict[str, Any]:
    return {
        "id": rule.id,
        "pack": pack,
        "title": rule.title[lang],
        "citation": rule.citation[lang],
        "force": rule.force,
        "action": rule.action,
        "status": rule.status,
        "needs_legal_check": rule.needs_legal_check,
        "effective_from": rule.effective_from.isoformat() if rule.effective_from else None,
        "effective_to": rule.effective_to.isoformat() if rule.effective_to else None,
        "informative": rule.informative,
    }
