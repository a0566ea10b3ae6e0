"""Deferrals on SQLite and on PostgreSQL: one at a time, however many forms come at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from shouxin.core.rules.refusal import Refusal
from tests.usecases.loan.test_payments_at_once import shop  # noqa: F401  (a fixture: either kind of database)
from tests.usecases.story import at, borrowed, enrolled, kinds, must, reason

SENT = [
    # keys with their instalments, how many are told of the deferral
    ([("d1", 1)] * 3, 3),
    ([("d1", 1), ("d2", 1)], 1),
    ([("d1", 1), ("d2", 3)], 1),
    ([("d1", 1), ("d2", 2), ("d3", 3), ("d1", 1)], None),
]


def deferred(lender, subject, loan, key, instalments):
    from shouxin.usecases.loan.defer import Defer, defer

    return defer(lender, Defer(subject=subject, loan=loan, instalments=instalments, key=key))


def events(loan) -> int:
    from shouxin.records.loan.models import LoanEvent

    return LoanEvent.objects.filter(loan_id=loan, type="defer").count()


@pytest.mark.parametrize(("sent", "told"), SENT, ids=["one-key", "same-plan", "other-plan", "mixed"])
def test_it_agrees_to_one_deferral_of_all_that_come_at_once(shop, sent, told):  # noqa: F811
    from django.db import connections

    subject = enrolled(shop)
    loan, late = borrowed(shop, subject), at(shop, "2027-01-07")

    def one(form):
        try:
            return deferred(replace(late), subject, loan, *form)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(sent)) as pool:
        answers = list(pool.map(one, sent))
    agreed = [one for one in answers if not isinstance(one, Refusal)]
    assert {reason(one) for one in answers if isinstance(one, Refusal)} <= {"already_done"}
    assert len({one.event for one in agreed}) == 1
    assert told is None or len(agreed) == told
    assert events(loan) == 1
    assert (kinds(late, subject).count("decided"), kinds(late, subject).count("paused")) == (2, 1)


def test_it_agrees_again_once_the_first_is_over(shop):  # noqa: F811
    subject = enrolled(shop)
    loan = borrowed(shop, subject)
    must(deferred(at(shop, "2027-01-07"), subject, loan, "d1", 1))
    assert reason(deferred(at(shop, "2027-01-24"), subject, loan, "d2", 1)) == "already_done"
    must(deferred(at(shop, "2027-01-25"), subject, loan, "d2", 1))
    assert events(loan) == 2


def test_it_puts_off_each_loan_by_itself(shop):  # noqa: F811
    subject = enrolled(shop)
    first, second, late = borrowed(shop, subject), borrowed(shop, subject), at(shop, "2027-01-07")
    must(deferred(late, subject, first, "d1", 1))
    must(deferred(late, subject, second, "d1", 2))
    assert (events(first), events(second)) == (1, 1)


def test_it_finishes_a_deferral_that_was_entered_and_not_booked(shop, monkeypatch):  # noqa: F811
    from shouxin.usecases.loan import defer

    subject = enrolled(shop)
    loan, late = borrowed(shop, subject), at(shop, "2027-01-07")

    def crash(*_given, **_named):
        raise RuntimeError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(defer, "book", crash)
        with pytest.raises(RuntimeError):
            deferred(late, subject, loan, "d1", 1)
    assert (events(loan), kinds(late, subject)[-2:]) == (0, ["decided", "paused"])
    assert reason(deferred(late, subject, loan, "d2", 3)) == "already_done"
    finished = must(deferred(late, subject, loan, "d1", 1))
    assert (finished.entries, events(loan)) == ((), 1)
    assert kinds(late, subject).count("paused") == 1
