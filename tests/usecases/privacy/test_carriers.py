"""Whoever carries something for us: each byte that reaches the other end of a road stands in the history of the person
whom it is about, as given to that carrier, before it left.
"""

import email
import email.policy
import json
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from shouxin.core.privacy.party import PLATFORM
from shouxin.outbound.channels.email import SmtpMail
from shouxin.outbound.channels.payments import HttpPayments
from shouxin.outbound.channels.sms import HttpSms
from shouxin.outbound.loopback.payments import PaymentGateway
from shouxin.outbound.loopback.sms import SmsGateway
from shouxin.outbound.loopback.smtp import Sink
from shouxin.usecases.lender import CannotNow
from tests.usecases.privacy.texts import code_in
from tests.usecases.story import AI_LI, NOON, at, borrowed, enrolled, must, reason, remind, with_carriers

WEN, NEW, STRANGER = "13900000102", "13700000103", "13600000104"
SECRET = bytes(range(32))
PERSONAL = [AI_LI[name] for name in ("name", "phone", "email", "id_number", "bank_card", "employer")]


class Watched:
    """A real road. At each hand-over it notes what the histories say by then of who received what by that address."""

    def __init__(self, road, given):
        self.road, self.given, self.seen = road, given, []
        self.channel, self.party = road.channel, road.party

    def send(self, letter):
        self.seen.append((letter.to, letter.body, self.given(letter.to, self.party)))
        return self.road.send(letter)


@dataclass
class World:
    """A lender whose three roads are real, and their other ends; `subject` is Ai Li's."""

    lender: object
    texts: SmsGateway
    letters: Sink
    bank: PaymentGateway
    subject: str = ""

    def given(self, address, party):
        """What the owner's history says was given to that carrier, entry by entry; of a stranger the platform's own."""
        if address == STRANGER:
            return [e.record["right"] for e in self.lender.vault.history(PLATFORM).entries if "right" in e.record]
        chain = self.lender.vault.named_by(self.subject)[0] if address == WEN else self.subject
        entries = self.lender.vault.history(chain).entries
        return [e.record["fields"] for e in entries if e.record.get("recipient") == party]


@contextmanager
def with_roads(lender, tmp_path):
    with (
        SmsGateway(tmp_path / "texts") as texts,
        Sink(tmp_path / "letters") as letters,
        PaymentGateway(tmp_path / "orders", secret=SECRET, webhook="http://127.0.0.1:9/hooks/payments") as bank,
    ):
        roads = {
            "sms": HttpSms(texts.url, "守信"),
            "mail": SmtpMail("127.0.0.1", letters.port, "no-reply@lender.example"),
            "payments": HttpPayments(bank.url, SECRET),
        }
        world = World(with_carriers(replace(lender, **roads)).at(NOON), texts, letters, bank)
        sms, mail = (Watched(roads[name], world.given) for name in ("sms", "mail"))
        world.lender = replace(world.lender, sms=sms, mail=mail)
        yield world


@pytest.fixture
def world(lender, tmp_path):
    """On SQLite and on PostgreSQL."""
    with with_roads(lender, tmp_path) as world:
        yield world


@pytest.fixture
def here(embedded_lender, tmp_path):
    """On SQLite alone."""
    with with_roads(embedded_lender, tmp_path) as world:
        yield world


def later(world, minutes):
    return world.lender.at(NOON + timedelta(minutes=minutes))


def lived(world):
    """Ai Li's number and address are used for all that we send: codes, news, a contact person's notice, a reminder."""
    from shouxin.usecases.privacy.change_phone import SendToNew, send_to_new
    from shouxin.usecases.privacy.codes import SendCode, send_code
    from shouxin.usecases.privacy.contact_notice import name_contact
    from shouxin.usecases.privacy.contact_person import ContactPerson
    from shouxin.usecases.privacy.devices import tell
    from shouxin.usecases.privacy.step_up import AskStepUp, StepUp, ask, prove

    lender = world.lender
    must(send_code(lender, SendCode(phone=STRANGER, about="sign_in")))
    subject = world.subject = enrolled(lender)
    loan = borrowed(lender, subject)
    must(send_code(lender, SendCode(phone=AI_LI["phone"], about="sign_in")))
    figures = {"amount": "¥12,000.00", "total": "¥12,794.23"}
    must(ask(later(world, 2), AskStepUp(subject=subject, about="sign", figures=figures)))
    old, number = must(ask(later(world, 4), AskStepUp(subject=subject, about="old_phone")))
    typed = StepUp(subject=subject, about="old_phone", code=old.code, number=number, typed=code_in(world.texts))
    proof = prove(later(world, 4), typed)
    must(send_to_new(later(world, 5), SendToNew(subject=subject, proof=proof, phone=NEW)))
    tell(later(world, 6), subject, "sms_new_device", lang="zh")
    named = name_contact(later(world, 7), ContactPerson(subject=subject, name="Wen", phone=WEN, relation="sister"))
    must(remind(at(lender, "2026-12-21"), loan))
    return subject, loan, must(named).chain


def test_it_enters_every_message_as_given_to_its_carrier_before_it_leaves(world):
    subject, _, contact = lived(world)
    seen = world.lender.sms.seen + world.lender.mail.seen
    arrived = [one["text"] for one in world.texts.messages()]
    letters = (
        email.message_from_bytes(one.read_bytes(), policy=email.policy.default) for one in world.letters.letters()
    )
    arrived += [one.get_content() for one in letters]
    assert [body.split() for _, body, _ in seen] == [text.split() for text in arrived]
    counted = Counter()
    for address, _, given in seen:
        whose = address if address in (STRANGER, WEN) else "@" in address
        counted[whose] += 1
        assert len(given) == counted[whose], "one entry for each message, and it stood when the message left"
    assert counted == {STRANGER: 1, False: 5, WEN: 1, True: 1}
    kinds = [e.record["kind"] for e in world.lender.vault.history(subject).entries]
    assert kinds.count("disclosed") == 7, "six messages and the pay-out"
    told = [e.record["recipient"] for e in world.lender.vault.history(contact).entries if "recipient" in e.record]
    assert told == ["channel:sms"]
    check_bytes(seen)


def check_bytes(seen):
    """A message holds a personal value only where its entry names the field."""
    for address, body, given in seen:
        fields = given[-1]
        for name in ("name", "phone", "email", "id_number", "bank_card", "employer", "income"):
            assert AI_LI[name] not in body or name in fields, (name, fields)
        if "12,794.23" in body:
            assert fields == ["phone", "terms"], "the code for signing says what is signed"
        if "@" in address:
            assert fields == ["name", "email", "next_due"]


def test_it_lists_the_carriers_for_delivery_and_apart_from_all_others(here):
    from shouxin.usecases.oversight.answer import Answer, answer

    subject, _, _ = lived(here)
    said = answer(at(here.lender, "2026-12-22"), Answer(subject=subject))
    four = said.document["questions"][3]
    assert (four["answer"], said.document["verdict"]) == ("yes", "nothing_unlawful_found")
    assert "another organisation: 0" in four["detail"] and "paying bank: 7" in four["detail"]
    told = {one["party"]: one for one in four["recipients"]}
    assert {name: (one["delivers"], one["times"]) for name, one in told.items()} == {
        "channel:sms": (True, 5),
        "channel:smtp": (True, 1),
        "processor:bank": (True, 1),
    }
    assert told["channel:sms"]["still"] == ["phone", "terms"]
    held = {(one["field"], one["party"]) for one in said.document["held"]}
    assert {("phone", "channel:sms"), ("email", "channel:smtp"), ("bank_card", "processor:bank")} <= held
    signed = json.loads(said.bundle)["statement"]["held"]
    assert {(one["field"], one["party"]) for one in signed} == held, "what is signed is what is told"
    assert "left only for delivery" in said.page and "短信通道" in said.page


def test_it_ends_what_a_carrier_holds_when_it_says_that_it_deleted_it(here):
    from shouxin.usecases.oversight.gather import gather
    from shouxin.usecases.privacy.party import GaveBack, gave_back

    subject, _, contact = lived(here)
    lender = at(here.lender, "2026-12-22")
    assert must(gave_back(lender, GaveBack(party="channel:sms"))).histories == 2
    for chain in (subject, contact):
        assert "channel:sms" not in {one.party for one in gather(lender, chain).told.held}
    assert "channel:smtp" in {one.party for one in gather(lender, subject).told.held}
    assert reason(gave_back(lender, GaveBack(party="channel:sms"))) == "already_done"
    assert must(gave_back(lender, GaveBack(party="channel:smtp", subject=subject))).histories == 1
    assert reason(gave_back(lender, GaveBack(party="channel:smtp", subject=contact))) == "already_done"


def test_it_tells_who_takes_payments_an_order_and_an_amount_and_nothing_of_anybody(here):
    from tests.usecases.loan.paying import started

    subject, loan, _ = lived(here)
    before = len(here.lender.vault.history(subject).entries)
    paying = at(here.lender, "2026-12-24")
    # The gateway goes by the machine's clock; the road and what it carries are the real ones.
    paying = replace(paying, payments=_AtPresent(paying.payments, paying.present))
    assert must(started(paying, subject, loan)).page.startswith(here.bank.url)
    (order,) = here.bank.orders()
    text = order.read_text("utf-8")
    assert json.loads(text).keys() == {"order", "amount", "currency"}
    assert not any(value in text for value in [*PERSONAL, subject, loan])
    assert len(here.lender.vault.history(subject).entries) == before, "no datum went, so no entry"


class _AtPresent:
    """The gateway, told the moment by the machine's clock."""

    def __init__(self, gateway, clock):
        self.gateway, self.clock, self.party = gateway, clock, gateway.party

    def start(self, **order):
        return self.gateway.start(**order | {"at": self.clock.now()})


def test_it_sends_nothing_by_a_carrier_that_is_not_engaged(here):
    from shouxin.usecases.privacy.codes import SendCode, send_code
    from shouxin.usecases.privacy.party import Suspend, suspend
    from shouxin.usecases.privacy.step_up import AskStepUp, ask

    lender = here.lender
    subject = enrolled(lender)
    loan = borrowed(lender, subject)
    for party in ("channel:sms", "channel:smtp"):
        must(suspend(lender, Suspend(party=party)))
    for phone in (AI_LI["phone"], STRANGER):
        with pytest.raises(CannotNow) as raised:
            send_code(lender, SendCode(phone=phone, about="sign_in"))
        assert raised.value.code == "party_not_engaged"
    assert reason(ask(lender, AskStepUp(subject=subject, about="show"))) == "party_not_engaged"
    soon = at(lender, "2026-12-21")
    assert reason(remind(soon, loan)) == "party_not_engaged"
    assert here.texts.messages() == [] and here.letters.letters() == []
    refused = [e.record for e in soon.vault.history(subject).entries if e.record["kind"] == "refused"]
    assert [one["reason"] for one in refused] == ["party_not_engaged"] * 2, "the code for their own matter, the letter"


def test_it_pays_out_by_no_bank_that_is_not_engaged_and_hands_a_carrier_nothing_beyond_its_contract(here):
    from shouxin.usecases.privacy.party import Engage, Suspend, engage, suspend
    from tests.usecases.story import disburse, signed

    lender = here.lender
    subject = enrolled(lender)
    loan = signed(lender, subject)
    must(suspend(lender, Suspend(party="processor:bank")))
    assert reason(disburse(lender, loan)) == "party_not_engaged"
    must(engage(lender, Engage(party="processor:bank")))
    must(disburse(lender, loan))
    must(suspend(lender, Suspend(party="channel:smtp")))
    must(engage(lender, Engage(party="channel:smtp", fields=("email", "arrears", "next_due"))))
    refusal = remind(at(lender, "2026-12-21"), loan)
    assert (reason(refusal), refusal.where, refusal.rules) == ("beyond_contract", "name", ("CN.PIPL.21",))
    assert here.letters.letters() == []
