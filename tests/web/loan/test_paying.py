"""Paying in the pages: three amounts, one order a form, the gateway's word, and a page for each thing that can happen."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.usecases.loan.paying import SECRET
from tests.usecases.story import enrolled, must, signed, statement
from tests.web.loan.reading import fields, heading, text


@pytest.fixture
def late(on, loan):
    """Fourteen days after the first due date: 1,072.72 is late."""
    return on("2027-01-07")


def order_of(answer) -> str:
    assert answer.status_code == 302, text(answer)
    return answer.headers["Location"].removeprefix("/pay/")


def starts(her, loan, choice: int = 0) -> str:
    """Press the button of the first (`due`) or second (`all`) amount."""
    sent = fields(her.get(f"/loan/{loan}/pay"), choice)
    return order_of(her.post(f"/loan/{loan}/pay", sent))


def test_it_shows_three_amounts_with_what_each_repays_and_saves(her, loan, late, ai_li):
    account = must(statement(late, loan, ai_li))
    answer = her.get(f"/loan/{loan}/pay")
    said = text(answer)
    assert heading(answer) == "How much would you like to pay?"
    for words in (
        "¥1,072.72",
        "principal ¥946.19, interest ¥120.00, late interest ¥6.53",
        "What is late",
        "Another amount",
    ):
        assert words in said
    settle = f"¥{float(account['settle']['amount']):,.2f}"
    assert f"Pay {settle}" in said


def test_it_looks_at_another_amount_without_making_anything(her, loan, late):
    from shouxin.records.loan.models import PaymentOrder

    page = her.get(f"/loan/{loan}/pay")
    looked = her.post(f"/loan/{loan}/pay", fields(page, 2) | {"amount": "¥1,100"})
    said = text(looked)
    for words in ("¥1,100.00", "Instalment 2", "¥1,038.91 of it stays open", "Pay ¥1,100.00"):
        assert words in said
    assert not PaymentOrder.objects.exists()
    order = order_of(her.post(f"/loan/{loan}/pay", fields(looked, 3)))
    assert "¥1,100.00 is waiting" in heading(her.get(f"/pay/{order}"))


def test_it_takes_a_form_that_was_sent_twice_once(her, loan, late):
    sent = fields(her.get(f"/loan/{loan}/pay"))
    assert order_of(her.post(f"/loan/{loan}/pay", sent)) == order_of(her.post(f"/loan/{loan}/pay", sent))


def test_it_goes_from_the_button_to_the_receipt(her, loan, late, brings):
    order = starts(her, loan)
    waiting = her.get(f"/pay/{order}")
    assert heading(waiting) == "¥1,072.72 is waiting for you to pay"
    assert f'href="http://127.0.0.1:9/order/{order}"' in waiting.content.decode()
    assert brings(late, order, "1072.72").content == b"taken"
    paid = her.get(f"/pay/{order}")
    assert heading(paid) == "¥1,072.72 received. Thank you"
    assert "principal ¥946.19, interest ¥120.00, late interest ¥6.53" in text(paid)
    assert heading(her.get("/me")) == "Nothing is due now"


def test_it_says_that_a_begun_payment_waits(her, loan, late):
    order = starts(her, loan)
    assert f"/pay/{order}" in her.get(f"/loan/{loan}/pay").content.decode()


def test_it_takes_nothing_when_the_payment_was_declined(her, loan, late, brings):
    order = starts(her, loan)
    brings(late, order, "1072.72", status="declined")
    answer = her.get(f"/pay/{order}")
    assert heading(answer) == "Not paid, and nothing was taken"
    assert "we try nothing by ourselves" in text(answer)
    assert heading(her.get("/me")) == "The December instalment has not been received yet"


def test_it_says_that_another_amount_arrived(her, loan, late, brings):
    order = starts(her, loan)
    brings(late, order, "1000.00")
    assert heading(her.get(f"/pay/{order}")) == "¥1,000.00 received, not ¥1,072.72"


def test_it_shows_both_receipts_of_what_was_paid_twice(her, loan, late, brings):
    order = starts(her, loan)
    brings(late, order, "1072.72", reference="r1")
    brings(late, order, "1072.72", reference="r2")
    answer = her.get(f"/pay/{order}")
    assert heading(answer) == "This was paid twice; both payments are counted"
    assert text(answer).count("Receipt") == 2


def test_it_says_what_was_saved_when_all_is_paid(her, loan, late, brings, ai_li):
    account = must(statement(late, loan, ai_li))
    order = starts(her, loan, 1)
    brings(late, order, account["settle"]["amount"])
    answer = her.get(f"/pay/{order}")
    assert "Interest that you saved" in text(answer)
    assert "Still to pay in all ¥0.00" in text(answer)
    assert heading(her.get("/me")) == "All paid back. Thank you"
    assert heading(her.get(f"/loan/{loan}/pay")) == "There is nothing to pay now"


def test_it_charges_no_amount_that_the_page_did_not_show(her, loan, late, on):
    """The page is of yesterday; the button of today would take 0.47 more. Nothing is begun, and the page says so."""
    sent = fields(her.get(f"/loan/{loan}/pay"))
    on("2027-01-08")
    answer = her.post(f"/loan/{loan}/pay", sent)
    assert answer.status_code == 409
    assert "The amount changed since this page was made." in text(answer)


def test_it_opens_again_what_the_gateway_could_not(lender, site, ai_li, loan):
    from dataclasses import replace

    from shouxin.outbound.channels.payments import HttpPayments
    from shouxin.site import serving

    serving.serve(replace(lender, payments=HttpPayments("http://127.0.0.1:9", SECRET)))
    her = site().as_borrower(ai_li)
    order = starts(her, loan)
    assert heading(her.get(f"/pay/{order}")) == "The payment page can’t be opened just now"
    serving.serve(lender)
    assert order_of(her.post(f"/pay/{order}")) == order
    assert heading(her.get(f"/pay/{order}")) == "¥1,066.19 is waiting for you to pay"


AMOUNTS = [
    "",
    "0",
    "-5",
    "abc",
    "12000.01",
    "99999999999999999999",
    "1e3",
    "5.001",
    "<b>5</b>",
    "5 0",
    "٥",
    "5\x00",
    "1" * 5000,
]


@pytest.mark.parametrize("amount", AMOUNTS)
@pytest.mark.parametrize("act", ["look", "pay"])
def test_it_says_beside_the_field_what_is_wrong_with_an_amount(her, loan, amount, act):
    page = her.get(f"/loan/{loan}/pay")
    answer = her.post(f"/loan/{loan}/pay", fields(page, 2) | {"amount": amount, "act": act})
    assert answer.status_code == 400
    assert 'id="amount-error"' in answer.content.decode()
    assert "<b>5" not in answer.content.decode()


@pytest.mark.parametrize("amount", ["500", "５００", " ¥500.00 ", "500.5元", "1,000"])
def test_it_reads_an_amount_as_people_write_it(her, loan, amount):
    answer = her.post(f"/loan/{loan}/pay", fields(her.get(f"/loan/{loan}/pay"), 2) | {"amount": amount})
    assert answer.status_code == 200
    assert "Pay ¥" in text(answer)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.fixed_dictionaries({name: st.text(max_size=40) for name in ("choice", "act", "key", "seen", "amount")}))
def test_it_answers_whatever_the_form_holds(her, loan, sent):
    assert her.post(f"/loan/{loan}/pay", sent).status_code in (302, 400, 403, 409)


def test_it_needs_the_token_of_its_own_page(site, ai_li, loan):
    strict = site(csrf=True).as_borrower(ai_li)
    sent = fields(strict.get(f"/loan/{loan}/pay"))
    token = sent.pop("csrfmiddlewaretoken")
    assert strict.post(f"/loan/{loan}/pay", sent).status_code == 403
    assert strict.post(f"/loan/{loan}/pay", sent | {"csrfmiddlewaretoken": token}).status_code == 302
    assert strict.post(f"/loan/{loan}/defer/1", {"send": "1"}).status_code == 403


def test_it_shows_somebody_elses_and_nothing_alike(site, lender, ai_li, loan, her):
    order = starts(her, loan)
    other = site().as_borrower(enrolled(lender, id_number="110101198009090909"))
    paths = ["/loan/{}", "/loan/{}/pay", "/loan/{}/defer", "/loan/{}/defer/1", "/loan/{}?row=1"]
    for path in paths:
        theirs, missing = other.get(path.format(loan)), other.get(path.format("0199-none"))
        assert (theirs.status_code, theirs.content) == (404, missing.content)
    for sent in ({}, {"choice": "due", "act": "pay", "key": "k"}, {"by": "1", "key": "k"}):
        for path in ("/loan/{}/pay", "/loan/{}/defer/1"):
            theirs, missing = other.post(path.format(loan), sent), other.post(path.format("0199-none"), sent)
            assert (theirs.status_code, theirs.content) == (404, missing.content)
    assert other.get(f"/pay/{order}").content == other.get("/pay/0199-none").content
    assert other.post(f"/pay/{order}").content == other.post("/pay/0199-none").content
    assert other.get(f"/pay/{order}").status_code == 404


def test_it_says_that_nothing_is_owed_before_the_money_is_out(site, lender, ai_li):
    waiting = signed(lender, ai_li)
    her = site().as_borrower(ai_li)
    assert heading(her.get(f"/loan/{waiting}/pay")) == "There is nothing to pay now"
    assert heading(her.get(f"/loan/{waiting}/defer")) == "There is nothing to pay now"
    assert heading(her.get(f"/loan/{waiting}")) == "Signed; the money is on its way"


HOOK = [
    # what comes, the status
    ({}, 200),
    ({"secret": bytes(32)}, 403),
    ({"order": "0199-none"}, 404),
    ({"currency": "USD"}, 409),
    ({"amount": "1,0"}, 400),
]


@pytest.mark.parametrize("row", HOOK, ids=[str(row[1]) for row in HOOK])
def test_it_answers_the_gateway_by_status(her, loan, late, brings, row):
    changed, status = row
    sent = {"order": starts(her, loan), "amount": "1072.72"} | changed
    answer = brings(late, sent.pop("order"), sent.pop("amount"), **sent)
    assert answer.status_code == status
    assert len(answer.content) < 20


def test_it_opens_the_hook_to_a_signature_and_nothing_else(site, loan):
    visitor = site(csrf=True)
    assert visitor.get("/hooks/payments").status_code == 405
    assert visitor.post("/hooks/payments", b"{}", content_type="application/json").status_code == 403
    assert visitor.post("/hooks/payments", b"x" * 5000, content_type="application/json").status_code == 413


def test_it_takes_a_notice_again_without_counting_it_again(her, loan, late, brings, ai_li):
    order = starts(her, loan)
    assert [brings(late, order, "1072.72").content for _each in range(3)] == [b"taken", b"again", b"again"]
    assert must(statement(late, loan, ai_li))["totals"]["paid"] == "1072.72"


def test_it_keeps_typed_amounts_out_of_addresses(her, loan, late):
    looked = her.post(f"/loan/{loan}/pay", fields(her.get(f"/loan/{loan}/pay"), 2) | {"amount": "777.77"})
    addresses = re.findall(r'(?:href|action)="([^"]*)"', looked.content.decode())
    assert not [one for one in addresses if "777" in one]
