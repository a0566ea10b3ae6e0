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
    *,
    origin: Annotated[str, typer.Option(help="The log's name, for ever; default: a random one.")] = "",
    smtp: Annotated[str, typer.Option(metavar="HOST:PORT", help="Where mail is handed over; default: it waits.")] = "",
    database: Annotated[str, typer.Option(envvar="SHOUXIN_DATABASE", help="PostgreSQL URL of the book.")] = "",
    vault_database: Annotated[
        str, typer.Option(envvar="SHOUXIN_VAULT_DATABASE", help="PostgreSQL URL of the vault.")
    ] = "",
    root: Annotated[
        str, typer.Option("--root", metavar="ROOT", help="What wraps the keys: file, pkcs11:… or transit:….")
    ] = "file",
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
    config = wiring.with_databases(replace(config, smtp=smtp, root=root), book=database, vault=vault_database)
    clock = FixedClock(call.at) if call.at else None
    wiring.create_lender(call.data_dir, config, clock=clock, chance=chance)
    return {"ok": True, "data_dir": str(call.data_dir), "origin": config.origin}


@command(app, "worker")
def worker(
    call: Call,
    once: Annotated[bool, typer.Option("--once", help="Do what is due now, and end.")] = False,
    while_stdin: Annotated[
        bool, typer.Option("--while-stdin", help="End when standard input ends, as a child of another program.")
    ] = False,
) -> Any:
    """Do what falls due: send what waits, close cured cases and take back their grants; until told to stop."""
    from shouxin.cli.working import work
    from shouxin.usecases.lender import BadInput

    if call.at and not once:
        raise BadInput("a worker lives in real time; --at goes with --once", where="--at")
    return work(call, once=once, while_stdin=while_stdin)


@command(app, "doctor", lender=False)
def doctor(call: Call) -> Any:
    """Is everything in order? Files, rights, databases, policy, log, clock."""
    from shouxin.site.doctor import examine

    checks = examine(call.data_dir, at=call.at)
    code = YES if all(check["ok"] for check in checks) else NO
    return Answer({"checks": checks}, code)
