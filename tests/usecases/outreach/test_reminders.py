"""Reminders leave by real SMTP, after their entries, within the rules, and at most once."""

import email
import email.policy
from dataclasses import replace
from pathlib import Path

import pytest

from shouxin.outbound.channels.email import SmtpMail
from shouxin.outbound.handed import MayHaveLeft
from shouxin.outbound.loopback.smtp import Sink
from tests.usecases.story import (
    at,
    borrowed,
    enrolled,
    kinds,
    must,
    pay,
    reason,
    remind,
    signed,
    statement,
    with_carriers,
)


@pytest.fixture
def sink(tmp_path):
    with Sink(tmp_path / "mail") as sink:
        yield sink


@pytest.fixture
def lender(lender, sink):
    """The lender with a mail server on this machine."""
    return with_carriers(replace(lender, mail=SmtpMail("127.0.0.1", sink.port, "no-reply@lender.example")))


@pytest.fixture
def loan(lender, ai_li) -> str:
    return borrowed(lender, ai_li)


def letters(sink: Sink):
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in sink.letters()]


def round_of(lender):
    from shouxin.usecases.outreach.send_outbox import SendOutbox, send_outbox

    return send_outbox(lender, SendOutbox())


def rows():
    from shouxin.records.outreach.models import Ledger, Outbox

    return list(Outbox.objects.order_by("id")), list(Ledger.objects.order_by("at"))


def test_it_writes_to_the_borrower_and_says_so_first(lender, ai_li, loan, sink):
    soon = at(lender, "2026-12-21")
    result = must(remind(soon, loan))
    (mail,) = letters(sink)
    assert (result.state, result.template) == ("sent", "due_soon")
    assert mail["To"] == "ai.li@mail.example"
    body = mail.get_content()
    assert "Ai Li" in body and "¥1,066.19" in body and "2026年12月24日" in body
    assert f"第 {result.receipt.entry} 条" in body
    size, root = soon.vault.checkpoint().splitlines()[1:3]
    assert root[:12] in body or size in body or "检查点" in body
    assert kinds(soon, ai_li)[-2:] == ["disclosed", "attempted"]


def test_it_says_what_is_missing_once_it_is_late_and_in_english(lender, loan, sink):
    must(remind(at(lender, "2027-01-07"), loan, lang="en"))
    (mail,) = letters(sink)
    assert "We have not received instalment 1 yet" in mail.get_content()
    assert "$" not in mail.get_content() and "¥1,072.72" in mail.get_content()


def test_it_keeps_no_text_no_name_and_no_address(lender, loan, sink, tmp_path):
    must(remind(at(lender, "2026-12-21"), loan))
    stored = b"".join(path.read_bytes() for path in (tmp_path / "lender").rglob("*") if path.is_file())
    for value in ("ai.li@mail.example", "Ai Li", "We have not received instalment 1 yet"):
        assert value.encode() not in stored


def test_it_writes_the_ledger_with_the_entry_and_the_size(lender, ai_li, loan, sink):
    result = must(remind(at(lender, "2026-12-21"), loan))
    (message,), (line,) = rows()
    assert (line.ref, line.outcome, line.entry) == (message.message_id, "sent", result.entry)
    assert line.size == len(sink.letters()[0].read_bytes())
    assert (line.channel, line.party, line.recipient_id) == ("email", "channel:smtp", ai_li)


def test_it_sends_nothing_at_night_and_one_a_day(lender, loan, sink):
    assert reason(remind(at(lender, "2026-12-21", 7), loan)) == "outside_hours"
    must(remind(at(lender, "2026-12-21"), loan))
    refusal = remind(at(lender, "2026-12-21", 15), loan)
    assert (reason(refusal), refusal.rules) == ("over_cap", ("HOUSE.MESSAGES",))
    must(remind(at(lender, "2026-12-22"), loan))
    assert len(sink.letters()) == 2


def test_it_does_not_press_while_a_deferral_runs(lender, ai_li, loan, sink):
    from shouxin.usecases.loan.defer import Defer, defer

    late = at(lender, "2027-01-07")
    must(defer(late, Defer(subject=ai_li, loan=loan, instalments=1, key="d1")))
    must(remind(late, loan))
    assert "应还" in letters(sink)[0].get_content(), "what isn't late may be reminded of"


def test_it_reminds_nobody_who_owes_nothing(lender, ai_li, loan, sink):
    later = at(lender, "2026-12-21")
    must(pay(later, loan, must(statement(later, loan, ai_li))["totals"]["outstanding"], "all"))
    assert reason(remind(later, loan)) == "contract_ended"
    assert reason(remind(later, signed(later, ai_li))) == "contract_ended"
    assert reason(remind(later, "no-such-loan")) == "not_yours"


def test_it_shows_the_gates_refusal_and_sends_nothing(lender, sink):
    from shouxin.vault.enrol import EnrolRequest

    person = must(lender.vault.enrol(EnrolRequest({"name": "Chen", "id_number": "1", "bank_card": "622202123456789"})))
    must(lender.vault.consent(person.subject, "credit_decision", notice="credit_decision", version="1"))
    must(lender.vault.store(person.subject, {"income": "8600.00", "employer": "x"}))
    loan = borrowed(lender, person.subject)
    refusal = remind(lender, loan)
    assert (reason(refusal), refusal.where) == ("not_held", "email")
    assert (rows()[0][0].state, letters(sink)) == ("refused", [])


def test_it_waits_without_a_mail_server_and_the_worker_sends_it(lender, loan, sink):
    from shouxin.usecases.lender import CannotNow

    soon = at(lender, "2026-12-21")
    offline = replace(soon, mail=None)
    assert must(remind(offline, loan)).state == "queued"
    assert reason(remind(offline, loan)) == "already_done"
    with pytest.raises(CannotNow):
        round_of(offline)
    night = round_of(at(replace(lender, mail=soon.mail), "2026-12-21", 23))
    assert (night.sent, night.queued, night.messages[0]["why"]) == (0, 1, "outside_hours")
    assert round_of(at(soon, "2026-12-22", 7)).messages == [], "it waits for eight o'clock"
    assert round_of(at(soon, "2026-12-22", 8)).sent == 1


def test_it_sends_once_with_two_workers(lender, loan, sink):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    soon = at(lender, "2026-12-21")
    must(remind(replace(soon, mail=None), loan))

    def work(_):
        try:
            return round_of(soon)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(result.sent for result in pool.map(work, range(4))) == 1
    assert len(sink.letters()) == 1


class Dying:
    """A road on which the process dies after the letter has left."""

    channel, party = "email", "channel:smtp"

    def __init__(self, road: SmtpMail) -> None:
        self.road = road

    def send(self, letter):
        self.road.send(letter)
        raise KeyboardInterrupt


def test_it_never_sends_again_what_may_have_left(lender, loan, sink):
    soon = at(lender, "2026-12-21")
    with pytest.raises(KeyboardInterrupt):
        remind(replace(soon, mail=Dying(soon.mail)), loan)
    assert rows()[0][0].state == "handing_over"
    assert round_of(soon).messages == [], "it may still be at work"
    found = round_of(at(soon, "2026-12-21", 13))
    assert (found.unknown, found.sent) == (1, 0)
    assert [line.outcome for line in rows()[1]] == ["unknown"]
    assert rows()[1][0].entry > 0
    assert round_of(at(soon, "2026-12-22")).messages == []
    assert len(sink.letters()) == 1


def test_it_does_not_know_when_the_line_was_lost(lender, loan, sink):
    class Lost(Dying):
        def send(self, letter):
            raise MayHaveLeft

    soon = at(lender, "2026-12-21")
    assert must(remind(replace(soon, mail=Lost(soon.mail)), loan)).state == "unknown"
    assert [line.outcome for line in rows()[1]] == ["unknown"]


def test_it_tries_again_when_the_server_says_later(lender, ai_li, loan, tmp_path):
    with Sink(tmp_path / "busy", rule=lambda to, n: "451 later" if n == 1 else None) as busy:
        soon = replace(at(lender, "2026-12-21"), mail=SmtpMail("127.0.0.1", busy.port, "no-reply@lender.example"))
        first = must(remind(soon, loan))
        assert (first.state, first.why) == ("queued", "smtp_451")
        assert round_of(at(soon, "2026-12-21", 13)).sent == 1, "what was not taken counts against no cap"
        (message,), _ = rows()
        assert email.message_from_bytes(busy.letters()[0].read_bytes())["Message-ID"] == message.message_id
    assert kinds(at(soon, "2026-12-21", 13), ai_li).count("attempted") == 2


def test_it_gives_up_on_a_box_that_does_not_exist(lender, loan, tmp_path):
    with Sink(tmp_path / "full", rule=lambda to, n: "550 no such box") as full:
        soon = replace(at(lender, "2026-12-21"), mail=SmtpMail("127.0.0.1", full.port, "no-reply@lender.example"))
        result = must(remind(soon, loan))
        assert (result.state, result.why) == ("failed", "smtp_550")
        assert round_of(at(soon, "2026-12-22")).messages == []
    assert rows()[1] == [], "what was not taken did not leave"


def test_it_writes_to_the_two_of_them_and_to_each_their_own(lender, ai_li, loan, sink):
    other = enrolled(lender, id_number="110101198502141027", name="Bo Wang", email="bo@mail.example")
    theirs = borrowed(lender, other, "6000.00", 6)
    soon = at(lender, "2026-12-21")
    must(remind(soon, loan))
    must(remind(soon, theirs))
    assert [(mail["To"], "Ai Li" in mail.get_content()) for mail in letters(sink)] == [
        ("ai.li@mail.example", True),
        ("bo@mail.example", False),
    ]


def test_it_reaches_the_line_of_the_entry_before_the_letter_leaves(lender, ai_li, loan, sink):
    """At the moment of hand-over the history holds what goes to the carrier and the attempt already."""
    seen = []

    class Watching(Dying):
        def send(self, letter):
            seen.extend(kinds(soon, ai_li)[-2:])
            return self.road.send(letter)

    soon = at(lender, "2026-12-21")
    must(remind(replace(soon, mail=Watching(soon.mail)), loan))
    assert seen == ["disclosed", "attempted"]
    assert isinstance(sink.letters()[0], Path)
