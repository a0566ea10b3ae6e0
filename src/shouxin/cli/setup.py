"""Commands that make a lender and look after it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from shouxin.cli.app import app
from shouxin.cli.call import Answer, Call, command
from shouxin.cli.output import NO, YES


@command(app, "init", lender=False)
def init(
    call: Call,
    origin: Annotated[str, typer.Option(help="The log's name, for ever; default: a random one.")] = "",
    smtp: Annotated[str, typer.Option(metavar="HOST:PORT", help="Where mail is handed over; default: it waits.")] = "",
    database: Annotated[str, typer.Option(envvar="SHOUXIN_DATABASE", help="PostgreSQL URL of the book.")] = "",
    vault_database: Annotated[
        str, typer.Option(envvar="SHOUXIN_VAULT_DATABASE", help="PostgreSQL URL of the vault.")
    ] = "",
) -> Any:
    """Make a lender in --data-dir: databases, keys, log, and a copy of the policy to edit."""
    from dataclasses import replace

    from shouxin.adapters.chance import SystemChance
    from shouxin.adapters.clock import FixedClock, SystemClock
    from shouxin.site import wiring
    from shouxin.usecases.lender import check_moment

    if call.at:
        check_moment(call.at, now=SystemClock().now(), live=False, where="--at")
    chance = SystemChance()
    config = wiring.default_config(chance=chance, origin=origin)
    config = wiring.with_databases(replace(config, smtp=smtp), book=database, vault=vault_database)
    clock = FixedClock(call.at) if call.at else None
    wiring.create_lender(call.data_dir, config, clock=clock, chance=chance)
    return {"ok": True, "data_dir": str(call.data_dir), "origin": config.origin}


@command(app, "doctor", lender=False)
def doctor(call: Call) -> Any:
    """Is everything in order? Files, rights, databases, policy, log, clock."""
    from shouxin.site.doctor import examine

    checks = examine(call.data_dir, at=call.at)
    code = YES if all(check["ok"] for check in checks) else NO
    return Answer({"checks": checks}, code)
