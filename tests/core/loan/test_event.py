from datetime import date

import pytest

from shouxin.core.loan import event
from shouxin.core.loan.event import EventError
from tests.core.loan.loans import agreed, happened, on_day

LOAN = agreed()


@pytest.mark.parametrize(
    ("document", "where", "says"),
    [
        ({"type": "pay", "amount": "1.00"}, "line 3.on", "missing"),
        ({"on": "2026-07-10", "amount": "1.00"}, "line 3.type", "missing"),
        ({"on": "2026-07-10", "type": "give", "amount": "1.00"}, "line 3.type", "one of"),
        ({"on": "2026-07-10", "type": ["pay"], "amount": "1.00"}, "line 3.type", "one of"),
        ({"on": "2026-07-10", "type": "pay"}, "line 3.amount", "missing"),
        ({"on": "2026-07-10", "type": "pay", "amount": 1}, "line 3.amount", "not a number"),
        ({"on": "2026-07-10", "type": "pay", "amount": "0.00"}, "line 3.amount", "more than zero"),
        ({"on": "2026-07-10", "type": "pay", "amount": "-1.00"}, "line 3.amount", "negative"),
        ({"on": "2026-07-10", "type": "pay", "amount": "1.00", "due_on": "2026-07-10"}, "line 3.due_on", "unknown key"),
        ({"on": "2026-07-10", "type": "pay", "amount": "1.00", "ref": ""}, "line 3.ref", "text"),
        ({"on": "2026-07-10", "type": "waive", "amount": "1.00"}, "line 3.of", "missing"),
        ({"on": "2026-07-10", "type": "waive", "amount": "1.00", "of": "debt"}, "line 3.of", "one of"),
        ({"on": "2026-07-10", "type": "reverse"}, "line 3.of", "missing"),
        ({"on": "2026-07-10", "type": "defer", "instalments": 0}, "line 3.instalments", "whole number"),
        ({"on": "2026-07-10", "type": "defer", "instalments": "1"}, "line 3.instalments", "whole number"),
        (
            {"on": "2026-07-10", "type": "pause_delinquency", "from": "2026-07-10", "to": "2026-07-09"},
            "line 3.to",
            "before from",
        ),
        ({"on": "2026-07-10", "type": "promise", "amount": "1.00"}, "line 3.by", "missing"),
        ({"on": "2026-07-10", "type": "promise", "by": "2026-07-12"}, "line 3.amount", "missing"),
        (
            {"on": "2026-07-10", "type": "promise", "amount": "1.00", "by": "2026-07-09"},
            "line 3.by",
            "before on",
        ),
        ("pay", "line 3", "object"),
    ],
)
def test_it_names_the_line_and_field_that_is_wrong(document, where, says):
    with pytest.raises(EventError) as refused:
        event.parse(document, LOAN, where="line 3")
    assert refused.value.where == where
    assert says in refused.value.message


@pytest.mark.parametrize(
    "kind",
    ["pause_interest", "re_amortise", "re_age", "reschedule", "rate_change", "charge_off", "recover"],
)
def test_it_says_so_when_it_knows_an_event_and_cannot_compute_it_yet(kind):
    with pytest.raises(EventError, match="not supported yet"):
        event.parse({"on": "2026-07-10", "type": kind}, LOAN)


@pytest.mark.parametrize(
    "document",
    [
        {"on": "2026-06-10", "type": "disburse", "amount": "12000.00"},
        {"on": "2026-07-10", "type": "pay", "amount": "1079.71", "ref": "p1"},
        {"on": "2026-07-10", "type": "pay_failed", "amount": "1079.71"},
        {"on": "2026-07-10", "type": "settle", "amount": "12144.00"},
        {"on": "2026-07-10", "type": "fee", "amount": "5.00", "code": "letter", "due_on": "2026-07-20"},
        {"on": "2026-07-10", "type": "penalty", "amount": "5.00"},
        {"on": "2026-07-10", "type": "waive", "amount": "5.00", "of": "penalty"},
        {"on": "2026-07-10", "type": "reverse", "of": "p1"},
        {"on": "2026-07-10", "type": "defer", "instalments": 2},
        {"on": "2026-07-10", "type": "pause_delinquency", "from": "2026-07-10", "to": "2026-07-20"},
        {"on": "2026-07-10", "type": "resume_delinquency"},
        {"on": "2026-07-10", "type": "promise", "amount": "500.00", "by": "2026-07-12"},
    ],
)
def test_it_writes_an_event_as_it_was_read(document):
    read = event.parse(document, LOAN)
    assert event.to_doc(read, LOAN) == document
    assert event.parse(event.to_doc(read, LOAN), LOAN, where="elsewhere") == read


@pytest.mark.parametrize(
    ("table", "where"),
    [
        ("2026-07-10 pay ref=a 1.00 \n 2026-07-11 pay ref=a 1.00", "line 2.ref"),
        ("2026-07-10 reverse of=nobody", "line 1.of"),
        ("2026-07-10 pay ref=a 1.00 \n 2026-07-09 reverse of=a", "line 2.on"),
        ("2026-06-09 pay 1.00", "line 1.on"),
        ("2026-06-10 disburse 100.00 \n 2026-06-11 disburse 100.00", "line 2.type"),
        ("2026-07-10 disburse 100.00 \n 2026-07-09 pay 1.00", "line 2.on"),
        ("2026-07-10 waive of=penalty 1.00", "line 1.amount"),
        ("2026-07-10 settle 100.00", "line 1.amount"),
    ],
)
def test_it_refuses_events_that_do_not_fit_the_loan(table, where):
    with pytest.raises(EventError) as refused:
        on_day(LOAN, table)
    assert refused.value.where == where


def test_it_refuses_a_pay_out_after_the_first_due_date():
    loan = agreed(first_due="2026-07-10")
    with pytest.raises(EventError, match="first due date"):
        on_day(loan, "2026-07-11 disburse 100.00")


def test_it_refuses_a_day_before_the_loan():
    with pytest.raises(EventError, match="as_of"):
        on_day(LOAN, "", "2026-06-09")


def test_it_leaves_the_place_it_was_read_from_out_of_what_happened():
    first, second = happened(LOAN, "2026-07-10 pay 1.00 \n 2026-07-10 pay 1.00")
    assert first == second
    assert first.on == date(2026, 7, 10)
