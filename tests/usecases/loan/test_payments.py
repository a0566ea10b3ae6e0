"""Paying by a gateway: one order a form, one event a payment, and only the gateway's own word counts."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shouxin.usecases.lender import BadInput, CannotNow
from shouxin.usecases.loan.payment_arrived import PaymentArrived, payment_arrived
from shouxin.usecases.loan.simulate_pay import SimulatePay, simulate_pay
from tests.usecases.loan.paying import arrives, notice, started, with_gateway
from tests.usecases.story import at, borrowed, enrolled, kinds, must, reason, signed, statement


@pytest.fixture
def shop(lender):
    """The lender with a gateway, 14 days after the first instalment (24 December, 1,066.19) was due."""
    return with_gateway(lender)


@pytest.fixture
def loan(shop, ai_li) -> str:
    return borrowed(shop, ai_li)


def previewed(lender, subject, loan, choice="due", amount=None):
    document = {"subject": subject, "loan": loan, "choice": choice} | ({"amount": amount} if amount is not None else {})
    return simulate_pay(lender, SimulatePay.read(document))


CHOICES = [
    # on, choice, other, amount, saved, instalments that get something
    ("2026-11-24", "due", None, "1066.19", "0.00", [1]),
    ("2026-12-24", "due", None, "1066.19", "0.00", [1]),
    ("2027-01-07", "due", None, "1072.72", "0.00", [1]),
    ("2027-01-07", "other", "500.00", "500.00", "0.00", [1]),
    ("2027-01-07", "other", "1100.00", "1100.00", "0.00", [1, 2]),
]


@pytest.mark.parametrize("row", CHOICES, ids=["-".join(map(str, row[:3])) for row in CHOICES])
def test_it_says_what_a_payment_would_repay(shop, ai_li, loan, row):
    on, choice, other, amount, saved, numbers = row
    found = must(previewed(at(shop, on), ai_li, loan, choice, other))
    assert (found.amount, found.saved, [line.number for line in found.lines]) == (amount, saved, numbers)


def test_it_saves_the_interest_that_has_not_run_when_all_is_paid(shop, ai_li, loan):
    day = at(shop, "2027-01-07")
    account = must(statement(day, loan, ai_li))
    found = must(previewed(day, ai_li, loan, "all"))
    assert found.amount == account["settle"]["amount"]
    left = round(float(account["totals"]["outstanding"]) * 100) - round(float(found.amount) * 100)
    assert (found.saved, found.outstanding) == (f"{left // 100}.{left % 100:02}", "0.00")


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(min_value=1, max_value=1_300_000))
def test_it_loses_no_cent_between_amount_lines_and_what_is_left(shop, ai_li, loan, minor):
    day = at(shop, "2027-01-07")
    account = must(statement(day, loan, ai_li))
    amount = f"{minor // 100}.{minor % 100:02}"
    found = previewed(day, ai_li, loan, "other", amount)
    if minor > cents(account["settle"]["amount"]):
        assert reason(found) == "wrong_amount"
        return
    assert sum(cents(line.total) for line in found.lines) == minor
    for line in found.lines:
        assert cents(line.total) == cents(line.principal) + cents(line.interest) + cents(line.charges)
    assert cents(account["totals"]["outstanding"]) == minor + cents(found.saved) + cents(found.outstanding)


def cents(amount: str) -> int:
    return int(amount.replace(".", ""))


HOSTILE = ["0", "0.00", "-1", "1e3", "١٠", "1,000", " 5", "5 ", "5.001", "NaN", "9" * 40, "0x10", "5\n", "", "1_0", "½"]


@pytest.mark.parametrize("amount", HOSTILE)
def test_it_takes_no_amount_that_is_none(shop, ai_li, loan, amount):
    if amount in ("0", "0.00"):
        assert reason(previewed(shop, ai_li, loan, "other", amount)) == "wrong_amount"
        return
    with pytest.raises(BadInput) as error:
        previewed(shop, ai_li, loan, "other", amount)
    assert error.value.where == "amount"
    assert not amount or amount not in error.value.message


def test_it_refuses_more_than_pays_everything_off(shop, ai_li, loan):
    assert reason(previewed(shop, ai_li, loan, "other", "12000.01")) == "wrong_amount"
    assert must(previewed(shop, ai_li, loan, "other", "12000.00")).choice == "all"


def test_it_makes_one_order_of_a_form_sent_twice(shop, ai_li, loan):
    first, again = started(shop, ai_li, loan), started(shop, ai_li, loan)
    assert must(first) == must(again)
    assert must(started(shop, ai_li, loan, key="form-2")).order != first.order


def test_it_finds_the_order_of_an_amount_however_it_was_written(shop, ai_li, loan):
    first = must(started(shop, ai_li, loan, "other", amount="500"))
    assert must(started(shop, ai_li, loan, "other", amount="500.0")) == first
    assert reason(started(shop, ai_li, loan, "other", amount="500.01")) == "already_done"


def test_it_refuses_a_form_key_for_another_wish(shop, ai_li, loan):
    must(started(shop, ai_li, loan))
    assert reason(started(shop, ai_li, loan, "all")) == "already_done"


def test_it_gives_nobody_an_order_on_a_loan_that_is_not_theirs(shop, ai_li, loan):
    other = enrolled(shop, id_number="110101198009090909")
    theirs, missing = started(shop, other, loan), started(shop, other, "no-such-loan")
    assert theirs == missing
    assert reason(theirs) == "not_yours"


def test_it_starts_no_payment_of_a_loan_that_was_not_paid_out(shop, ai_li):
    assert reason(started(shop, ai_li, signed(shop, ai_li))) == "not_allowed_by_terms"


def test_it_cannot_start_a_payment_without_a_gateway(lender, ai_li):
    with pytest.raises(CannotNow) as error:
        started(lender, ai_li, borrowed(lender, ai_li))
    assert error.value.code == "no_gateway"


def test_it_tells_no_one_that_a_payment_was_started(shop, ai_li, loan):
    before = kinds(shop, ai_li)
    must(started(shop, ai_li, loan))
    assert kinds(shop, ai_li) == before


def test_it_books_a_payment_that_arrived_once(shop, ai_li, loan):
    day = at(shop, "2027-01-07")
    order = must(started(day, ai_li, loan))
    first, again = must(arrives(day, order.order, "1072.72")), must(arrives(day, order.order, "1072.72"))
    assert (first.already, again.already, first.event) == (False, True, again.event)
    account = must(statement(day, loan, ai_li))
    assert (account["dpd"], account["totals"]["paid"]) == (0, "1072.72")


def test_it_books_both_when_somebody_really_paid_twice(shop, ai_li, loan):
    order = must(started(shop, ai_li, loan))
    must(arrives(shop, order.order, "1066.19", reference="r1"))
    must(arrives(shop, order.order, "1066.19", reference="r2"))
    assert must(statement(shop, loan, ai_li))["totals"]["paid"] == "2132.38"


def test_it_changes_nothing_when_a_payment_was_declined_and_takes_it_later(shop, ai_li, loan):
    order = must(started(shop, ai_li, loan))
    assert must(arrives(shop, order.order, "1066.19", status="declined")).event == ""
    assert must(statement(shop, loan, ai_li))["totals"]["paid"] == "0.00"
    must(arrives(shop, order.order, "1066.19", reference="r2"))
    assert must(statement(shop, loan, ai_li))["totals"]["paid"] == "1066.19"


def test_it_takes_what_arrived_when_it_is_another_amount(shop, ai_li, loan):
    order = must(started(shop, ai_li, loan))
    must(arrives(shop, order.order, "1000.00"))
    assert must(statement(shop, loan, ai_li))["totals"]["paid"] == "1000.00"


def test_it_settles_and_ends_the_contract_when_all_is_paid(shop, ai_li, loan):
    day = at(shop, "2027-01-07")
    order = must(started(day, ai_li, loan, "all"))
    must(arrives(day, order.order, order.amount))
    account = must(statement(day, loan, ai_li))
    assert (account["totals"]["outstanding"], account["credit"]) == ("0.00", "0.00")
    assert kinds(day, ai_li)[-1] == "ended"


def test_it_takes_a_settlement_that_came_a_day_late_as_a_payment(shop, ai_li, loan):
    order = must(started(at(shop, "2027-01-07"), ai_li, loan, "all"))
    next_day = at(shop, "2027-01-08")
    must(arrives(next_day, order.order, order.amount))
    account = must(statement(next_day, loan, ai_li))
    assert account["totals"]["paid"] == order.amount
    assert account["totals"]["outstanding"] != "0.00"


def test_it_counts_a_payment_on_the_day_on_which_it_was_made(shop, ai_li, loan):
    """Paid at 23:58 on the due date, noted after midnight: in time."""
    evening = at(shop, "2026-12-24", 23)
    order = must(started(evening, ai_li, loan))
    paid_at = evening.clock.now() + timedelta(minutes=58)
    after = shop.at(paid_at + timedelta(minutes=4))
    must(arrives(after, order.order, order.amount, at=paid_at))
    assert must(statement(at(shop, "2026-12-25"), loan, ai_li))["instalments"][0]["settled_on"] == "2026-12-24"


def test_it_finishes_what_a_crash_left_half_done(shop, ai_li, loan):
    """The event stands, the arrival doesn't: the next notice finds the event by the payment's own number."""
    from shouxin.records.loan.models import PaymentArrival

    day = at(shop, "2027-01-07")
    order = must(started(day, ai_li, loan, "all"))
    event = must(arrives(day, order.order, order.amount)).event
    PaymentArrival.objects.all().delete()
    noted = must(arrives(at(shop, "2027-01-08"), order.order, order.amount))
    assert (noted.event, noted.already) == (event, False)
    assert must(statement(day, loan, ai_li))["totals"]["paid"] == order.amount


UNBELIEVED = [
    # what is wrong with it, the code
    ({"secret": bytes(32)}, "signature"),
    ({"off": timedelta(minutes=-6)}, "stale"),
    ({"off": timedelta(minutes=6)}, "stale"),
    ({"status": "paid!"}, "malformed"),
    ({"amount": "-5"}, "malformed"),
    ({"amount": 5}, "malformed"),
    ({"extra": "x"}, "malformed"),
    ({"at": "yesterday"}, "malformed"),
    ({"at": "2026-11-24T04:00:00"}, "malformed"),
    ({"order": "../../x"}, "malformed"),
    ({"reference": ""}, "malformed"),
]


@pytest.mark.parametrize("row", UNBELIEVED, ids=[f"{code}-{'-'.join(wrong)}" for wrong, code in UNBELIEVED])
def test_it_believes_no_notice_that_is_not_the_gateways(shop, ai_li, loan, row):
    wrong, code = row
    order = must(started(shop, ai_li, loan)).order
    known = {"secret": wrong["secret"]} if "secret" in wrong else {}
    known |= {"signed_at": shop.present.now() + wrong["off"]} if "off" in wrong else {}
    changed = {name: value for name, value in wrong.items() if name not in ("secret", "off")}
    made = notice(shop, order, "1066.19", **known)
    if changed:
        import json

        from shouxin.outbound import signed as signing
        from tests.usecases.loan.paying import SECRET

        body = json.dumps(json.loads(made.body) | changed).encode()
        made = PaymentArrived(body, signing.sign(SECRET, "notice", body, at=shop.present.now()))
    with pytest.raises(BadInput) as error:
        payment_arrived(shop, made)
    assert error.value.code == code
    assert must(statement(shop, loan, ai_li))["totals"]["paid"] == "0.00"


@pytest.mark.parametrize(
    "header", ["", "v1=", "t=1,v1=" + "0" * 64, "t=99999999999999,v1=" + "0" * 64, "t=١,v1=" + "a" * 64]
)
def test_it_believes_no_header_that_is_none(shop, ai_li, loan, header):
    made = notice(shop, must(started(shop, ai_li, loan)).order, "1066.19")
    with pytest.raises(BadInput) as error:
        payment_arrived(shop, PaymentArrived(made.body, header))
    assert error.value.code == "signature"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_it_believes_no_notice_of_which_a_byte_was_changed(shop, ai_li, loan, data):
    made = notice(shop, must(started(shop, ai_li, loan)).order, "1066.19")
    place = data.draw(st.integers(0, len(made.body) - 1))
    flipped = bytes([made.body[place] ^ (1 << data.draw(st.integers(0, 7)))])
    with pytest.raises(BadInput) as error:
        payment_arrived(shop, PaymentArrived(made.body[:place] + flipped + made.body[place + 1 :], made.signature))
    assert error.value.code == "signature"


def test_it_takes_no_signature_of_an_order_for_one_of_a_notice(shop, ai_li, loan):
    from shouxin.outbound import signed as signing
    from tests.usecases.loan.paying import SECRET

    made = notice(shop, must(started(shop, ai_li, loan)).order, "1066.19")
    with pytest.raises(BadInput):
        payment_arrived(
            shop, PaymentArrived(made.body, signing.sign(SECRET, "order", made.body, at=shop.present.now()))
        )


def test_it_refuses_a_notice_of_an_unknown_order_or_in_another_currency(shop, ai_li, loan):
    order = must(started(shop, ai_li, loan)).order
    assert reason(arrives(shop, "0199-no-such", "1066.19")) == "not_yours"
    assert reason(arrives(shop, order, "1066.19", currency="USD")) == "wrong_amount"


def test_it_refuses_one_reference_for_two_orders(shop, ai_li, loan):
    first, second = must(started(shop, ai_li, loan)), must(started(shop, ai_li, loan, key="form-2"))
    must(arrives(shop, first.order, "1066.19"))
    assert reason(arrives(shop, second.order, "1066.19")) == "already_done"


def told_at(shop, order, status, moment):
    """A well signed notice with this time in it, as text."""
    import json

    from shouxin.outbound import signed as signing
    from tests.usecases.loan.paying import SECRET

    body = json.dumps(json.loads(notice(shop, order, "1066.19", status=status).body) | {"at": moment}).encode()
    return PaymentArrived(body, signing.sign(SECRET, "notice", body, at=shop.present.now()))


@pytest.mark.parametrize("moment", ["9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00+12:00", "1999-12-31T23:59:59Z"])
def test_it_takes_no_notice_from_the_ends_of_the_calendar(shop, ai_li, loan, moment):
    order = must(started(shop, ai_li, loan)).order
    for status in ("paid", "declined"):
        with pytest.raises(BadInput) as error:
            payment_arrived(shop, told_at(shop, order, status, moment))
        assert (error.value.code, error.value.where) == ("bad_input", "at")


def test_it_refuses_another_amount_for_a_payment_that_was_noted(shop, ai_li, loan):
    order = must(started(shop, ai_li, loan)).order
    must(arrives(shop, order, "1066.19"))
    assert reason(arrives(shop, order, "1066.20")) == "already_done"
    assert must(arrives(shop, order, "1066.19")).already
    assert must(statement(shop, loan, ai_li))["totals"]["paid"] == "1066.19"
