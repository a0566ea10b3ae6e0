"""Where the story takes place: a new lender, and outside it the sink, what the borrower holds, and the forgeries."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from shouxin.adapters.chance import SystemChance
from shouxin.adapters.clock import FixedClock
from shouxin.outbound.channels.email import SmtpMail
from shouxin.outbound.loopback.smtp import Sink
from shouxin.site import wiring
from shouxin.usecases.lender import Lender

PREFIX = "shouxin-demo-"
"""What the name of a scratch folder begins with."""
DAYS_BEFORE = 8
"""The lender exists so long before the loan is paid out."""


@dataclass(frozen=True)
class Places:
    """Folders. Only `lender` is the lender's."""

    lender: Path
    mail: Path
    person: Path
    forged: Path


def make(data_dir: Path | None, *, first_day: date) -> Places:
    """Make the lender in `data_dir`, or in a new scratch folder; the rest lies beside it.

    Raises `BadInput` when `data_dir` holds something already.
    """
    scratch = None if data_dir else Path(tempfile.mkdtemp(prefix=PREFIX))
    home = scratch / "lender" if scratch else Path(str(data_dir)).absolute()
    chance = SystemChance()
    beginning = datetime.combine(first_day - timedelta(days=DAYS_BEFORE), time(0), UTC)
    wiring.create_lender(home, wiring.default_config(chance=chance), clock=FixedClock(beginning), chance=chance)
    outside = scratch or Path(tempfile.mkdtemp(prefix=f"{home.name}-outside-", dir=home.parent))
    return Places(home, outside / "mail", outside / "person", outside / "forged")


def enter(places: Places, sink: Sink) -> Lender:
    """The lender, open, its mail handed over to the sink as long as the story is told."""
    lender = wiring.open_lender(places.lender)
    return replace(lender, mail=SmtpMail(host=sink.host, port=sink.port, sender=lender.settings.mail_from))
