"""Payments on SQLite and on PostgreSQL: the same answers, and what comes twice at the same moment counts once."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.lenders import _on_postgres, _opened
from tests.usecases.loan.paying import arrives, notice, started, with_gateway
from tests.usecases.story import NOON, at, borrowed, enrolled, kinds, must, statement


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def shop(request, tmp_path):
    """A lender with a gateway on either kind of database, at noon."""
    if request.param == "sqlite":
        opened = _opened(request.getfixturevalue("data_dir"))
    else:
        names = ("postgres", "postgres_template")
        opened = _on_postgres(*map(request.getfixturevalue, names), tmp_path)
    for lender in opened:
        yield with_gateway(lender.at(NOON))


def at_once(act, count: int = 4) -> list:
    """The answers of `act` from as many threads, each with connections of its own."""
    from django.db import connections

    def one(_number):
        try:
            return act()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


def test_it_carries_a_payment_from_the_form_to_the_end_of_the_loan(shop):
    subject = enrolled(shop)
    loan = borrowed(shop, subject)
    late = at(shop, "2027-01-07")
    first = must(started(late, subject, loan))
    must(arrives(late, first.order, "1072.72"))
    assert must(arrives(late, first.order, "1072.72")).already
    rest = must(started(late, subject, loan, "all", key="form-2"))
    must(arrives(late, rest.order, rest.amount, reference="r2"))
    account = must(statement(late, loan, subject))
    assert (account["totals"]["outstanding"], account["credit"]) == ("0.00", "0.00")
    assert kinds(late, subject)[-1] == "ended"


def test_it_makes_one_order_of_a_form_that_came_several_times_at_once(shop):
    from shouxin.records.loan.models import PaymentOrder

    subject = enrolled(shop)
    loan = borrowed(shop, subject)
    orders = at_once(lambda: must(started(shop, subject, loan)).order)
    assert len(set(orders)) == 1
    assert PaymentOrder.objects.count() == 1


def test_it_books_a_notice_that_came_several_times_at_once_once(shop):
    subject = enrolled(shop)
    loan = borrowed(shop, subject)
    order = must(started(shop, subject, loan)).order
    made = notice(shop, order, "1066.19")

    def act():
        from shouxin.usecases.loan.payment_arrived import payment_arrived

        return must(payment_arrived(replace(shop), made))

    noted = at_once(act)
    assert len({one.event for one in noted}) == 1
    assert must(statement(shop, loan, subject))["totals"]["paid"] == "1066.19"
