"""A worker's night and morning by a clock that the test moves: nobody runs a command."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shouxin.outbound.channels.email import SmtpMail
from shouxin.outbound.loopback.smtp import Sink
from tests.usecases.story import (
    BO,
    NOON,
    SHANGHAI,
    borrowed,
    enrolled,
    granted,
    must,
    opened_case,
    pay,
    reason,
    remind,
    staffed,
    with_carriers,
)


class Watch:
    """A clock that stands until it is moved."""

    def __init__(self, moment):
        self.moment = moment

    def now(self):
        return self.moment

    def to(self, day, hour):
        """That hour of that day in Shanghai."""
        self.moment = datetime.fromisoformat(day).replace(hour=hour, tzinfo=SHANGHAI)


@pytest.fixture
def watch():
    return Watch(NOON)


@pytest.fixture
def sink(tmp_path):
    with Sink(tmp_path / "mail") as sink:
        yield sink


@pytest.fixture
def lender(data_dir, watch, sink):
    """A lender that lives by the watch, with a mail server."""
    from shouxin.site import databases, wiring

    mail = SmtpMail("127.0.0.1", sink.port, "no-reply@lender.example")
    yield with_carriers(wiring.open_lender(data_dir, clock=watch, mail=mail))
    databases.close()


@pytest.fixture
def loan(lender, watch):
    staffed(lender)
    loan = borrowed(lender, enrolled(lender))
    watch.to("2027-01-07", 21)
    return loan


@pytest.fixture
def worker(lender):
    """The worker, and what it said."""
    from shouxin.site.worker import Worker

    said, notes = [], []
    worker = Worker(lender, lambda moment, duty, done: said.append((duty, dict(done))), notes.append)
    worker.said, worker.notes = said, notes
    return worker


def of(worker, duty):
    """What it said of this duty."""
    return [done for name, done in worker.said if name == duty]


def test_it_keeps_a_letter_of_the_night_and_sends_it_in_the_morning(lender, loan, watch, worker, sink):
    must(remind(replace(lender, mail=None), loan))
    watch.to("2027-01-07", 23)
    worker.round()
    assert of(worker, "messages") == [{"queued": 1}]
    watch.to("2027-01-08", 7)
    worker.round()
    assert sink.letters() == []
    watch.to("2027-01-08", 8)
    worker.round()
    worker.round()
    assert of(worker, "messages") == [{"queued": 1}, {"sent": 1}]
    assert len(sink.letters()) == 1 and worker.notes == []


def test_it_looks_again_only_when_a_duty_is_due(lender, loan, watch, worker, sink):
    from shouxin.usecases.oversight.duties import DUTIES

    worker.round()
    must(remind(replace(lender, mail=None), loan))
    worker.round()
    assert sink.letters() == []
    watch.moment += next(duty.every for duty in DUTIES if duty.name == "messages")
    worker.round()
    assert len(sink.letters()) == 1


def test_it_closes_a_cured_case_and_takes_its_grants_back(lender, loan, watch, worker):
    from shouxin.records.loan.models import Loan
    from shouxin.records.outreach.models import Case, Grant

    subject = Loan.objects.get().subject_id
    case = must(opened_case(lender, subject)).case
    must(granted(lender, case))
    worker.round()
    assert Case.objects.get().closed_at is None
    must(pay(lender, loan, "1072.72", "cure"))
    watch.moment += timedelta(minutes=2)
    worker.round()
    assert of(worker, "cured") == [{"closed": 1}]
    assert (Case.objects.get().closed_because, Grant.objects.filter(recalled_at=None).count()) == ("cured", 0)
    assert not lender.vault.history(subject).facts.grants
    assert reason(lender.vault.holds(case, BO, purpose="collection")) == "not_yours"


def test_it_does_the_other_duties_when_one_cannot_be_done(lender, loan, watch, worker, monkeypatch):
    from shouxin.usecases.lender import CannotNow
    from shouxin.usecases.oversight import duties

    def gone(lender, going):
        raise CannotNow("gone", where="gateway", code="no_gateway")

    def broken(lender, going):
        raise AssertionError("Ai Li")

    done = duties.Duty("last", timedelta(seconds=1), lambda lender, going: {"done": 1})
    bad = (duties.Duty("first", timedelta(seconds=1), gone), duties.Duty("second", timedelta(seconds=1), broken))
    monkeypatch.setattr(duties, "DUTIES", (*bad, done))
    worker.round()
    assert worker.said == [("last", {"done": 1})] and worker.troubled
    assert worker.notes[0] == "shouxin worker: first: can't now: no_gateway gateway"
    assert worker.notes[1].startswith("shouxin worker: second: bug ") and "Ai Li" not in worker.notes[1]
    watch.moment += timedelta(seconds=1)
    worker.round()
    assert len(worker.notes) == 4, "it is tried again"


def test_it_sends_each_letter_after_a_server_that_said_later(lender, loan, watch, worker, tmp_path):
    with Sink(tmp_path / "busy", rule=lambda to, n: "451 later" if n == 1 else None) as busy:
        worker.lender = replace(lender, mail=SmtpMail("127.0.0.1", busy.port, "no-reply@lender.example"))
        must(remind(replace(lender, mail=None), loan))
        worker.round()
        watch.moment += timedelta(minutes=10)
        worker.round()
        assert of(worker, "messages") == [{"queued": 1}, {"sent": 1}]
        assert len(busy.letters()) == 1
