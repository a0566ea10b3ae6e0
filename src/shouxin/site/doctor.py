"""`shouxin doctor`: each thing that must be in order, looked at by itself, so that one fault hides no other."""

from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from shouxin.site import config as configuration
from shouxin.site import databases
from shouxin.site.trouble import as_unable
from shouxin.site.wiring import open_lender
from shouxin.usecases.lender import SLACK, CannotNow, Lender

Look = Callable[[], str]
"""Gives a detail, or raises what is wrong."""


def examine(data_dir: Path, *, at: datetime | None = None) -> list[dict[str, Any]]:
    """`[{name, ok, detail}]`, in the order in which a repair should go; the last seven only of a lender that opens."""
    opened: list[Lender] = []

    def opens() -> str:
        opened.append(open_lender(data_dir, at=at))
        return "opens"

    before = (
        ("configuration", lambda: configuration.read(data_dir).origin),
        ("databases", lambda: _files(data_dir)),
        ("data directory", lambda: _private(data_dir)),
        ("lender", opens),
    )
    results = [_result(name, look) for name, look in before]
    return results + [_result(name, look) for lender in opened for name, look in _inside(lender)]


def _result(name: str, look: Look) -> dict[str, Any]:
    try:
        return {"name": name, "ok": True, "detail": look()}
    except Exception as error:
        unable = as_unable(error)
        if unable is None:
            raise
        where = f"{unable.where}: " if unable.where else ""
        return {"name": name, "ok": False, "detail": f"{where}{unable.message}"}


def _inside(lender: Lender) -> tuple[tuple[str, Look], ...]:
    return (
        ("policy", lambda: lender.policy.hash),
        ("tables", _tables),
        ("root", lambda: lender.vault.epoch_state().root),
        ("epoch", lambda: _epoch(lender)),
        ("log", lambda: _log(lender)),
        ("clock", lambda: _clock(lender)),
        ("mail", lambda: "is handed over" if lender.mail else "waits: config.toml names no server"),
        ("outbox", lambda: _outbox(lender)),
        ("carriers", lambda: _carriers(lender)),
    )


def _files(data_dir: Path) -> str:
    named = configuration.read(data_dir).databases.values()
    for one in named:
        if one.engine == "sqlite":
            databases.check_file(data_dir / one.name)
    return ", ".join(one.name for one in named)


def _private(data_dir: Path) -> str:
    mode = stat.S_IMODE(data_dir.stat().st_mode)
    if mode & 0o077:
        raise CannotNow(f"readable by others (mode {mode:o}): chmod 700 it", where=str(data_dir))
    return f"mode {mode:o}"


def _tables() -> str:
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    for alias in configuration.ALIASES:
        executor = MigrationExecutor(connections[alias])
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            raise CannotNow("older than this program: migrations are waiting", where=alias)
    return "up to date"


def _clock(lender: Lender) -> str:
    """A log that was written on a date ahead takes no entry until then."""
    newest, now = lender.vault.last_moment(), lender.present.now()
    if newest > now + SLACK:
        raise CannotNow(f"the log's newest entry is of {newest.isoformat(timespec='seconds')}", where="clock")
    return now.isoformat(timespec="seconds")


def _outbox(lender: Lender) -> str:
    """Messages that could go now and don't are a sign that no worker runs; after a night's rest they are none."""
    from shouxin.outbound import outbox

    due = outbox.due(lender.clock.now())
    return f"{due} due; `shouxin worker` sends them" if due else "nothing is due"


def _carriers(lender: Lender) -> str:
    """Whoever carries our messages is a party like others: without a contract it gets nothing, and nothing leaves."""
    from shouxin.usecases.privacy.party import unengaged_carriers

    missing = unengaged_carriers(lender)
    if missing:
        raise CannotNow(f"not under contract: shouxin party engage {missing[0]}", where=missing[0])
    return "under contract"


def _epoch(lender: Lender) -> str:
    """Its number and age, and whether a rotation waits to be ended."""
    state = lender.vault.epoch_state()
    if state.behind or state.older:
        left = f"{state.behind} histories are still under an older epoch"
        raise CannotNow(
            f"rotation to epoch {state.epoch} isn't finished, {left}: `shouxin vault rotate`", where="epoch"
        )
    age = lender.present.now() - datetime.fromtimestamp(state.since / 1000, tz=UTC)
    return f"{state.epoch}, {max(age.days, 0)} days old"


def _log(lender: Lender) -> str:
    found = lender.vault.audit()
    if found.faults:
        raise CannotNow(found.faults[0], where="log")
    return f"{found.size} leaves, {found.entries} entries, whole"
