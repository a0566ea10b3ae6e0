"""Offer, cost sheet, signature, pay-out: frozen terms, caps of the day, each step once."""

import json

import pytest

from tests.usecases.story import (
    at,
    borrowed,
    disburse,
    enrolled,
    kinds,
    last,
    must,
    offered,
    reason,
    sheet,
    sign,
    signed,
)


def test_it_shows_money_first_and_then_the_rate(lender, ai_li):
    shown = must(sheet(lender, ai_li, offered(lender, ai_li)))
    assert shown.sheet["borrow"] == "12000.00"
    assert shown.sheet["all_in"]["percent"] == "12.00"
    assert [item["amount"] for item in shown.sheet["items"][1:]] == ["0.00"] * 4
    assert len(shown.schedule["instalments"]) == 12
    assert shown.cap["allow"] and "CN.CAP.BANKPARTNER" in [rule["id"] for rule in shown.cap["rules"]]


def test_it_shows_less_or_shorter_when_asked(lender, ai_li):
    shown = must(sheet(lender, ai_li, offered(lender, ai_li), amount="6000.00", instalments=6))
    assert (shown.terms["principal"], shown.terms["instalments"]) == ("6000.00", 6)


@pytest.mark.parametrize(
    ("more", "answer"),
    [
        ({"amount": "12000.01"}, "over_limit"),
        ({"amount": "999.99"}, "wrong_amount"),
        ({"instalments": 7}, "not_allowed_by_terms"),
    ],
)
def test_it_shows_nothing_outside_the_offer(lender, ai_li, more, answer):
    assert reason(sheet(lender, ai_li, offered(lender, ai_li), **more)) == answer


def test_it_gives_no_offer_of_somebody_else(lender, ai_li):
    other = enrolled(lender, id_number="110101198502141027")
    offer = offered(lender, ai_li)
    assert sheet(lender, other, offer) == sheet(lender, other, "no-such-offer")
    assert reason(sign(lender, other, offer)) == "not_yours"


def test_it_refuses_a_price_above_the_cap_of_the_day(lender, ai_li):
    from shouxin.records.loan.models import Offer

    offer = offered(lender, ai_li)
    Offer.objects.filter(id=offer).update(annual_ppm=240_001)
    refusal = sheet(lender, ai_li, offer)
    assert (reason(refusal), refusal.rules) == ("over_price_cap", ("CN.CAP.BANKPARTNER",))
    Offer.objects.filter(id=offer).update(annual_ppm=240_000)
    must(sheet(lender, ai_li, offer))


def test_it_signs_what_was_shown(lender, ai_li):
    from shouxin.records.loan.models import Loan

    offer = offered(lender, ai_li)
    shown = must(sheet(lender, ai_li, offer))
    result = must(sign(lender, ai_li, offer, terms_hash=shown.terms_hash))
    loan = Loan.objects.get()
    assert json.loads(loan.terms) == shown.terms
    assert (loan.id, loan.terms_hash, loan.subject_id) == (result.loan, shown.terms_hash, ai_li)
    entry = last(lender, ai_li)
    assert (entry["kind"], entry["contract"], entry["terms"]) == ("agreed", loan.id, shown.terms_hash)
    assert result.receipt.entry == len(kinds(lender, ai_li))


def test_it_signs_nothing_that_was_not_shown(lender, ai_li):
    offer = offered(lender, ai_li)
    refusal = sign(lender, ai_li, offer)
    assert (reason(refusal), refusal.rules) == ("no_cost_sheet", ("CN.COST.SHEET",))
    first = must(sheet(lender, ai_li, offer)).terms_hash
    must(sheet(lender, ai_li, offer, amount="6000.00"))
    assert reason(sign(lender, ai_li, offer, terms_hash=first)) == "no_cost_sheet"
    assert "agreed" not in kinds(lender, ai_li)


def test_it_signs_once(lender, ai_li):
    offer = offered(lender, ai_li)
    must(sheet(lender, ai_li, offer))
    must(sign(lender, ai_li, offer))
    assert reason(sign(lender, ai_li, offer)) == "already_signed"
    assert reason(sheet(lender, ai_li, offer)) == "already_signed"
    assert kinds(lender, ai_li).count("agreed") == 1


def test_it_completes_a_signature_whose_second_half_was_lost(lender, ai_li):
    from shouxin.records.loan.models import Loan

    loan = signed(lender, ai_li)
    Loan.objects.all().delete()  # as if the power had gone after the entry
    result = must(sign(lender, ai_li, loan))
    assert result.receipt is None and Loan.objects.get().id == loan
    assert kinds(lender, ai_li).count("agreed") == 1


def test_it_signs_nothing_after_its_last_day(lender, ai_li):
    offer = offered(lender, ai_li)
    must(sheet(lender, ai_li, offer))
    must(sheet(at(lender, "2026-12-24"), ai_li, offer))
    assert reason(sign(at(lender, "2026-12-25"), ai_li, offer)) == "expired"


def test_it_pays_out_once_and_says_where_to(lender, ai_li):
    loan = signed(lender, ai_li)
    result = must(disburse(lender, loan))
    assert (result.amount, result.to) == ("12000.00", "••••0123")
    given = last(lender, ai_li)
    assert (given["kind"], given["purpose"], given["recipient"]) == ("disclosed", "disbursement", "processor:bank")
    assert reason(disburse(lender, loan)) == "already_done"
    assert kinds(lender, ai_li).count("disclosed") == 1


def test_it_begins_on_the_day_of_the_pay_out(lender, ai_li):
    from tests.usecases.story import statement

    loan = signed(lender, ai_li)
    later = at(lender, "2026-11-28")
    must(disburse(later, loan))
    account = must(statement(later, loan, ai_li))
    assert account["instalments"][0]["due_on"] == "2026-12-28"


def test_it_pays_out_to_no_card_that_is_none(lender):
    subject = enrolled(lender, bank_card="ask my wife")
    refusal = disburse(lender, signed(lender, subject))
    assert (reason(refusal), refusal.where) == ("malformed", "bank_card")
    assert "wife" not in repr(refusal)


def test_it_pays_nothing_out_for_a_collector(lender, ai_li):
    must(lender.vault.appoint("collector:k31"))
    loan = signed(lender, ai_li)
    assert reason(disburse(lender, loan, actor="collector:k31")) == "not_yours"
    assert reason(disburse(lender, "no-such-loan")) == "not_yours"


def test_it_leaves_no_card_number_in_the_book(lender, ai_li, tmp_path):
    borrowed(lender, ai_li)
    data = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"6222021234567890123" not in data
    assert b"567890123" not in data
