"""One loan through all rooms, on SQLite and on PostgreSQL: the same acts, the same answers."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from shouxin.outbound.channels.email import SmtpMail
from shouxin.outbound.loopback.smtp import Sink
from tests.usecases.story import (
    BO,
    NOON,
    at,
    borrowed,
    collect,
    enrolled,
    granted,
    kinds,
    must,
    opened_case,
    pay,
    remind,
    staffed,
    statement,
    tried,
    with_carriers,
)

EXAMPLE = Path("examples/tape_with_payments")


def test_it_carries_a_loan_from_the_application_to_its_end(lender, tmp_path):
    from shouxin.usecases.loan.close import Close, close
    from shouxin.usecases.loan.import_tape import ImportTape, import_tape
    from shouxin.usecases.outreach.close_case import CloseCured, close_cured

    with Sink(tmp_path / "mail") as sink:
        lender = with_carriers(
            replace(lender.at(NOON), mail=SmtpMail("127.0.0.1", sink.port, "no-reply@lender.example"))
        )
        staffed(lender)
        subject = enrolled(lender, id_number="110101198009090909")
        loan = borrowed(lender, subject)
        tape = ImportTape(tape=str(EXAMPLE / "loans.csv"), map=str(EXAMPLE / "map.toml"))
        assert must(import_tape(lender, tape)).imported == 6
        assert must(import_tape(lender, tape)).already == 6
        late = at(lender, "2027-01-07")
        assert must(remind(late, loan)).state == "sent"
        case = must(opened_case(late, subject)).case
        must(granted(late, case))
        must(collect(late, subject))
        must(tried(late, case, "connected", actor=BO))
        must(pay(late, loan, "1072.72", "k1"))
        assert must(pay(late, loan, "1072.72", "k1")).already
        assert close_cured(late, CloseCured()).closed == [case]
        assert close(late, Close(date=date(2027, 1, 7))).loans == 7
        owed = must(statement(late, loan, subject))["totals"]["outstanding"]
        assert must(pay(late, loan, owed, "k2")).ended
        assert len(sink.letters()) == 1
    assert kinds(late, subject) == [
        "enrolled", "key_issued", "notice_shown", "stored", "notice_shown", "consented", "used", "decided",
        "notice_shown", "agreed", "disclosed", "disclosed", "attempted", "case_opened", "granted", "used", "attempted", "reached",
        "case_closed", "ended",
    ]  # fmt: skip
