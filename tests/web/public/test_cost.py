"""What a loan costs: the figures of the product, said before anybody applies."""

from __future__ import annotations

import re

import pytest


def asked(site, lang="en", **query):
    return site(lang=lang).get("/cost", query)


def words(page):
    return re.sub("<[^>]+>", "", page)


def test_it_says_the_cost_in_money_before_the_rate(site):
    page = asked(site).content.decode()
    assert "Borrow ¥12,000.00, give back ¥12,956.45 in all" in words(page)
    assert page.index("¥12,956.45") < page.index("14.40")
    for figure in ("¥956.45", "¥1,079.71", "¥1,079.64", "14.40%", "15.39%", "21.60%"):
        assert figure in page, figure


def test_it_shows_fees_of_nothing_as_nothing(site):
    page = asked(site).content.decode()
    for fee in ("Guarantee fee", "Service fee", "Membership fee", "Fee for paying early"):
        assert fee in page
    assert page.count("¥0.00") >= 4


def test_it_says_between_which_rates_an_offer_would_lie(site):
    page = asked(site).content.decode()
    assert "between 12.00% and 14.40%" in page
    assert "19.20%" not in page, "nobody is lent that much at this rate"
    assert "between 12.00% and 19.20%" in asked(site, amount="5000", instalments="6").content.decode()


@pytest.mark.parametrize(
    ("amount", "written"),
    [("5000", "¥5,000.00"), ("5,000", "¥5,000.00"), ("¥5000.00", "¥5,000.00"), (" 5000.5 ", "¥5,000.50")],
)
def test_it_reads_an_amount_as_people_write_it(site, amount, written):
    answer = asked(site, amount=amount, instalments="6")
    assert answer.status_code == 200
    assert f"Borrow {written}, give back" in words(answer.content.decode())


@pytest.mark.parametrize(
    ("amount", "instalments", "field", "said"),
    [
        ("lots", "12", "amount", "Write the amount in figures"),
        ("", "12", "amount", "Write the amount in figures"),
        ("-1", "12", "amount", "Write the amount in figures"),
        ("1e9", "12", "amount", "Write the amount in figures"),
        ("12000.001", "12", "amount", "Write the amount in figures"),
        ("9" * 40, "12", "amount", "We lend at most ¥50,000.00"),
        ("50000.01", "12", "amount", "We lend at most ¥50,000.00"),
        ("999.99", "12", "amount", "We lend ¥1,000.00 or more"),
        ("12000", "7", "instalments", "Choose one of the numbers of months"),
        ("12000", "", "instalments", "Choose one of the numbers of months"),
        ("12000", "１２", "instalments", "Choose one of the numbers of months"),
        ("12000", "1" * 5000, "instalments", "Choose one of the numbers of months"),
        ('"><script>', "12", "amount", "Write the amount in figures"),
    ],
)
def test_it_says_beside_the_field_what_to_change_and_keeps_what_was_typed(site, amount, instalments, field, said):
    answer = asked(site, amount=amount, instalments=instalments)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert f'id="{field}-error">{said}' in page
    assert f'<a href="#{field}">{said}' in page, "the summary leads there"
    assert "This is the ordinary example" in page
    assert "<script>" not in page
    if amount.isalnum() and len(amount) < 40:
        assert f'value="{amount}"' in page


def test_it_says_all_that_is_wrong_at_once(site):
    page = asked(site, amount="lots", instalments="7").content.decode()
    assert "2 things to correct" in page
    assert '<option value="12" selected>' in page


def test_it_says_the_same_in_chinese(site):
    page = asked(site, lang="zh").content.decode()
    assert "借 ¥12,000.00，一共还 ¥12,956.45" in words(page)
    assert "年化综合融资成本" in page
    assert "每人最多借 ¥50,000.00" in asked(site, lang="zh", amount="60000", instalments="12").content.decode()


def test_it_opens_the_first_page_with_the_same_sum(site):
    page = site().get("/").content.decode()
    assert "Borrow ¥12,000.00 over 12 months, give back ¥12,956.45" in words(page)
