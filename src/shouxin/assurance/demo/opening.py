"""Opens the demo lender for visitors: its story has just ended, its roads lead to sinks on this machine."""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from shouxin.adapters.clock import SystemClock
from shouxin.assurance.demo import people as files
from shouxin.assurance.demo.desk_day import first_of_the_desk, open_desk
from shouxin.assurance.demo.page import Page
from shouxin.assurance.demo.serve import Shop
from shouxin.assurance.demo.tell import tell
from shouxin.core.rules.refusal import Refusal
from shouxin.outbound.loopback.payments import PaymentGateway
from shouxin.outbound.loopback.sms import SmsGateway
from shouxin.outbound.loopback.smtp import Sink
from shouxin.site import config as configuration
from shouxin.site import databases, key_file, wiring
from shouxin.usecases.lender import CannotNow
from shouxin.usecases.privacy.contact_person import ContactPerson
from shouxin.usecases.privacy.enrol import Enrol

STAFF = ("collector:k31",)
DESK_DAY = timedelta(hours=3)
"""So long before the present the story ends: the desk's cast needs some hours of today."""


def open_shop(data_dir: Path | None, *, url: str, open_for_now: ExitStack) -> tuple[Shop, dict[str, str]]:
    """The shop, and the addresses where what it sends can be read."""
    cast = files.read(None, borrower=Enrol, contact=ContactPerson)
    ended = SystemClock().now() - DESK_DAY
    telling = tell(cast, data_dir=data_dir, at=ended, lang="zh", page=Page(silent=True))
    if not telling.good:
        raise CannotNow("the story doesn't come to its end; `shouxin demo` says where", where="demo", code="demo")
    home = Path(telling.document["data_dir"])
    outside = Path(tempfile.mkdtemp(prefix=f"{home.name}-sinks-", dir=home.parent))
    mail = open_for_now.enter_context(Sink(outside / "mail"))
    sms = open_for_now.enter_context(SmsGateway(outside / "sms"))
    secret = key_file.secret(home, "payments")
    bank = open_for_now.enter_context(
        PaymentGateway(outside / "payments", secret=secret, webhook=f"{url}/hooks/payments")
    )
    config = replace(configuration.read(home), url=url, smtp=f"{mail.host}:{mail.port}", sms=sms.url, payments=bank.url)
    (home / configuration.FILE).write_text(configuration.to_toml(config), "utf-8")
    _desk(home)
    key = {"person_key": telling.document["person"]}
    late = {"who": "borrower, 14 days late", "phone": first_of_the_desk()["phone"]}
    signs_in = (_borrower(cast.borrower) | key, late, *_staff(home))
    return Shop(home, signs_in), {"messages": sms.url, "bank": bank.url}


def _desk(home: Path) -> None:
    """The hours since the story's end, in which the desk's own cast had its day."""
    lender = wiring.open_lender(home)
    open_desk(lender, lender.clock.now())
    databases.close()


def _borrower(person: dict[str, Any]) -> dict[str, str]:
    return {"who": "borrower", "phone": person["phone"]}


def _staff(home: Path) -> list[dict[str, str]]:
    from shouxin.usecases.privacy.staff_sign_in import Credential, credential

    lender = wiring.open_lender(home)
    made = [credential(lender, Credential(actor=actor)) for actor in STAFF]
    databases.close()
    note = "the password must be changed at the first sign-in; the code is the time-based one of the address"
    return [{"who": one.actor, **one.shown(), "note": note} for one in made if not isinstance(one, Refusal)]
