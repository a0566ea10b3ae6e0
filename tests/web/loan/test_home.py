"""Home says what is owed and when, in its heading; the figures are the core's."""

import re

import pytest

from tests.usecases.story import (
    BO,
    borrowed,
    enrolled,
    granted,
    must,
    opened_case,
    pay,
    signed,
    staffed,
    statement,
    tried,
)
from tests.web.loan.reading import heading, text

DAYS = [
    # day, what was paid before, English heading, Chinese heading
    ("2026-11-24", None, "Nothing is due now", "现在没有要还的"),
    ("2026-12-14", None, "¥1,066.19 is due in 10 days", "10 天后还 ¥1,066.19"),
    ("2026-12-23", None, "¥1,066.19 is due tomorrow", "明天还 ¥1,066.19"),
    ("2026-12-24", None, "¥1,066.19 is due today", "今天还 ¥1,066.19"),
    ("2027-01-07", None, "The December instalment has not been received yet", "12月这一期还没收到"),
    ("2027-02-07", None, "2 instalments have not been received yet", "有 2 期还没收到"),
    ("2027-01-07", "12078.00", "All paid back. Thank you", "都还清了，谢谢"),
]


@pytest.mark.parametrize("row", DAYS, ids=[f"{row[0]}-{row[1]}" for row in DAYS])
def test_it_says_what_is_owed_in_its_heading(site, ai_li, loan, on, row):
    day, paid, english, chinese = row
    moved = on(day)
    if paid:
        owed = must(statement(moved, loan, ai_li))["totals"]["outstanding"]
        must(pay(moved, loan, owed, "k"))
    assert heading(site().as_borrower(ai_li).get("/me")) == english
    assert heading(site(lang="zh").as_borrower(ai_li).get("/me")) == chinese


def test_it_says_that_there_is_no_loan_yet(site, ai_li):
    assert heading(site().as_borrower(ai_li).get("/me")) == "You have no loan here"


def test_it_says_that_a_signed_loan_is_on_its_way(site, lender, ai_li):
    signed(lender, ai_li)
    assert heading(site().as_borrower(ai_li).get("/me")) == "Signed; the money is on its way"


def test_it_shows_parts_that_add_up_to_the_amount(site, lender, ai_li, loan, on):
    """14 days late: 1,066.19 and 6.53 of late interest are 1,072.72, and tomorrow 0.46 more."""
    on("2027-01-07")
    said = text(site().as_borrower(ai_li).get("/me"))
    for words in ("¥1,072.72", "¥1,066.19", "¥6.53", "Late interest, 14 days", "¥0.47 more"):
        assert words in said
    assert "Pay ¥1,072.72" in said
    assert "I can’t pay this one" in said


def test_it_says_what_happens_when_late_and_what_never_happens(site, lender, ai_li, loan, on):
    on("2027-01-07")
    said = text(site().as_borrower(ai_li).get("/me"))
    for words in (
        "Family, friends and employer: never",
        "Between 08:00 and 22:00. At most 3 answered calls a day. Nobody has contacted you today.",
        "nothing reported",
        "GB/T 45251-2025",
    ):
        assert words in said
    assert "contact person" not in said  # she named none


def test_it_says_nothing_of_lateness_while_nothing_is_late(site, ai_li, loan, on):
    on("2026-12-20")
    assert "Late: what happens?" not in text(site().as_borrower(ai_li).get("/me"))


def test_it_counts_what_happened_to_the_data_this_week_and_vouches_for_nothing(site, lender, ai_li, loan, on):
    moved = on("2027-01-07")
    staffed(moved)
    case = must(opened_case(moved, ai_li)).case
    must(granted(moved, case))
    must(tried(moved, case, "no_answer", actor=BO))
    answer = site().as_borrower(ai_li).get("/me")
    said = text(answer)
    assert "used 0 times left 0 times refused 0 times" in said
    assert "Tried once today." in said
    assert "verified" not in said.lower()
    assert "验证通过" not in answer.content.decode()


def test_it_shows_every_loan_the_late_one_first(site, lender, ai_li, loan, on):
    second = borrowed(on("2026-12-01"), ai_li, "3000.00", 3)
    on("2026-12-28")
    answer = site().as_borrower(ai_li).get("/me")
    places = [answer.content.decode().index(f"/loan/{name}/pay") for name in (loan, second)]
    assert places == sorted(places)
    assert heading(answer) == "The December instalment has not been received yet"


def test_it_tells_nobody_else(site, lender, ai_li, loan):
    other = enrolled(lender, id_number="110101198009090909")
    assert loan not in site().as_borrower(other).get("/me").content.decode()
    assert site().get("/me").status_code == 302
    assert site().as_staff("collector:k31").get("/me").status_code == 302


def test_it_holds_no_personal_value(site, ai_li, loan):
    from tests.usecases.story import AI_LI

    page = site().as_borrower(ai_li).get("/me").content.decode()
    assert not [value for value in AI_LI.values() if value in page]


def test_it_writes_the_amount_in_words_in_large_letters(site, ai_li, loan, on):
    on("2027-01-07")
    visitor = site(lang="zh").as_borrower(ai_li)
    visitor.cookies["size"] = "large"
    assert "壹仟零柒拾贰元柒角贰分" in text(visitor.get("/me"))


PAGES = (
    "/me",
    "/schedule",
    "/loan/{loan}",
    "/loan/{loan}?row=1",
    "/loan/{loan}/pay",
    "/loan/{loan}/defer",
    "/loan/{loan}/defer?by=2",
)


@pytest.mark.parametrize("asked", [(lang, path) for path in PAGES for lang in ("en", "zh")], ids=" ".join)
def test_it_has_no_style_script_or_handler_in_its_markup(site, ai_li, loan, on, asked):
    lang, path = asked
    on("2027-01-07")
    answer = site(lang=lang).as_borrower(ai_li).get(path.format(loan=loan), follow=True)
    assert answer.status_code == 200
    page = answer.content.decode()
    assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*\ssrc=)", page)
    assert page.count("<h1") == 1
    if lang == "zh":
        assert not re.search(r"(instalment|interest|principal|Pay )", text(answer))
