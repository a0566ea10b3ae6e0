"""Opens the demo lender for visitors: its story has just ended, its roads lead to sinks on this machine."""

from __future__ import annotations

import json
import tempfile
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from shouxin.adapters.clock import SystemClock
from shouxin.assurance.demo import people as files
from shouxin.assurance.demo.desk_day import first_of_the_desk, open_desk
from shouxin.assurance.demo.page import Page
from shouxin.assurance.demo.serve import MARK, Shop
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
from shouxin.usecases.privacy.party import engage_carriers

ANSWERING = ("compliance:p1", "underwriter:u1")
"""Who answers requests about data; the story has no need of them, a visitor has."""
STAFF = ("collector:k31", *ANSWERING)
DESK_DAY = timedelta(hours=3)
"""So long before the present the story ends: the desk's cast needs some hours of today."""


_SINKS, _PERSON_KEY = "sinks", "person_key"


def open_shop(data_dir: Path | None, *, url: str, open_for_now: ExitStack) -> tuple[Shop, dict[str, str]]:
    """A new shop, and the addresses where what it sends can be read."""
    ended = SystemClock().now() - DESK_DAY
    telling = tell(_cast(), data_dir=data_dir, at=ended, lang="zh", page=Page(silent=True))
    if not telling.good:
        raise CannotNow("the story doesn't come to its end; `shouxin demo` says where", where="demo", code="demo")
    home = Path(telling.document["data_dir"])
    sinks = Path(tempfile.mkdtemp(prefix=f"{home.name}-sinks-", dir=home.parent))
    addresses = _roads(home, sinks, url=url, open_for_now=open_for_now)
    _desk(home)
    key = str(telling.document["person"])
    (home / MARK).write_text(json.dumps({_SINKS: str(sinks), _PERSON_KEY: key}) + "\n", "utf-8")
    return Shop(home, _signs_in(home, key)), addresses


def reopen_shop(home: Path, *, url: str, open_for_now: ExitStack) -> tuple[Shop, dict[str, str]]:
    """A shop that was made earlier: its roads are open again, what they brought is still there, and staff is given
    new credentials, because nobody can say what the old ones were.
    """
    try:
        mark = json.loads((home / MARK).read_text("utf-8"))
        sinks, key = Path(mark[_SINKS]), str(mark[_PERSON_KEY])
    except (ValueError, KeyError, TypeError):
        raise CannotNow("damaged: not the file that `serve` wrote", where=MARK, code="demo") from None
    addresses = _roads(home, sinks, url=url, open_for_now=open_for_now)
    return Shop(home, _signs_in(home, key)), addresses


def _roads(home: Path, sinks: Path, *, url: str, open_for_now: ExitStack) -> dict[str, str]:
    """Open the other ends of the lender's roads on this machine, and tell its configuration where they are now."""
    mail = open_for_now.enter_context(Sink(sinks / "mail"))
    sms = open_for_now.enter_context(SmsGateway(sinks / "sms"))
    secret = key_file.secret(home, "payments")
    bank = open_for_now.enter_context(
        PaymentGateway(sinks / "payments", secret=secret, webhook=f"{url}/hooks/payments")
    )
    config = replace(configuration.read(home), url=url, smtp=f"{mail.host}:{mail.port}", sms=sms.url, payments=bank.url)
    (home / configuration.FILE).write_text(configuration.to_toml(config), "utf-8")
    return {"messages": sms.url, "bank": bank.url}


def _cast() -> files.People:
    return files.read(None, borrower=Enrol, contact=ContactPerson)


def _signs_in(home: Path, key: str) -> tuple[dict[str, str], ...]:
    """The two borrowers by their phones, the first with the key file that they saved, and the staff."""
    borrower = {"who": "borrower", "phone": str(_cast().borrower["phone"]), _PERSON_KEY: key}
    late = {"who": "borrower, 14 days late", "phone": first_of_the_desk()["phone"]}
    return borrower, late, *_staff(home)


def _desk(home: Path) -> None:
    """The hours since the story's end, in which the desk's own cast had its day."""
    from shouxin.usecases.privacy.staff import Appoint, appoint

    lender = wiring.open_lender(home)
    engage_carriers(lender.at(lender.vault.last_moment()))
    open_desk(lender, lender.clock.now())
    for actor in ANSWERING:
        appoint(lender, Appoint(actor=actor))
    databases.close()


def _staff(home: Path) -> list[dict[str, str]]:
    from shouxin.usecases.privacy.staff_sign_in import Credential, credential

    lender = wiring.open_lender(home)
    made = [credential(lender, Credential(actor=actor)) for actor in STAFF]
    databases.close()
    note = "the password must be changed at the first sign-in; the code is the time-based one of the address"
    return [{"who": one.actor, **one.shown(), "note": note} for one in made if not isinstance(one, Refusal)]
