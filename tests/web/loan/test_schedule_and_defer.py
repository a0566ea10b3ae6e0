"""The schedule with the arithmetic of each row, and putting off: what it costs, agreed once, and the pause that follows."""

import pytest

from tests.usecases.story import kinds, must, pay, statement
from tests.web.loan.reading import fields, heading, text


def money(amount: str) -> str:
    whole, _, cents = amount.partition(".")
    return f"¥{int(whole):,}.{cents}"


def test_it_shows_every_figure_of_the_core(her, loan, on, ai_li):
    day = on("2027-01-07")
    account = must(statement(day, loan, ai_li))
    said = text(her.get(f"/loan/{loan}"))
    for row in account["instalments"]:
        for part in ("principal", "interest", "total", "paid"):
            assert money(row[part]) in said, (row["number"], part)
    for part in ("principal", "interest", "total", "paid"):
        assert money(account["totals"][part]) in said
    assert money(account["settle"]["amount"]) in said


def test_it_works_out_a_row_so_that_anybody_can_do_it_again(her, loan, on):
    """12,000.00 of principal × 1 % is its interest; 14 days late are on the row that is late."""
    on("2027-01-07")
    first = text(her.get(f"/loan/{loan}?row=1"))
    assert "¥12,000.00 × 1.00% = ¥120.00" in first
    assert "¥1,066.19 − ¥120.00 = ¥946.19" in first
    assert "¥946.19 × 18.00% × 14 ÷ 365 ≈ ¥6.53" in first
    last = text(her.get(f"/loan/{loan}?row=12"))
    assert "the last one takes all that is left" in last


@pytest.mark.parametrize("row", ["0", "13", "-1", "x", "9999", "99999", "1 ", "١", "%00"])
def test_it_shows_no_arithmetic_of_a_row_that_is_not_there(her, loan, row):
    answer = her.get(f"/loan/{loan}?row={row}")
    assert answer.status_code in (200, 404)
    assert "is worked out" not in text(answer).replace("how its figures are worked out", "")


def test_it_goes_straight_to_the_only_loan(her, loan):
    assert her.get("/schedule").headers["Location"] == f"/loan/{loan}"


def test_it_lists_no_loans_when_there_are_none(her):
    assert heading(her.get("/schedule")) == "You have no loan here"


def test_it_chooses_nothing_beforehand_and_hides_no_cost(her, loan, on):
    on("2027-01-07")
    said = text(her.get(f"/loan/{loan}/defer"))
    assert "Put it off" not in said
    for words in (
        "costs ¥120.00 more",
        "costs ¥240.00 more",
        "costs ¥360.00 more",
        "the only way out that can be had here today",
    ):
        assert words in said


def test_it_sets_both_plans_side_by_side(her, loan, on, ai_li):
    from shouxin.usecases.loan.simulate_defer import SimulateDefer, simulate_defer

    day = on("2027-01-07")
    plan = must(simulate_defer(day, SimulateDefer(subject=ai_li, loan=loan, instalments=2)))
    said = text(her.get(f"/loan/{loan}/defer?by=2"))
    for figure in (plan["extra_cost"], plan["pay_now_instead"], plan["next_amount"]):
        assert money(figure) in said
    assert "¥12,000.00 × 1.00% × 2 months = ¥240.00" in said
    for row in plan["rows"]:
        assert money(row["new_outstanding"]) in said


@pytest.mark.parametrize("by", ["0", "4", "-1", "x", "999999999999", "1.0", "２"])
def test_it_offers_no_other_length(her, loan, on, by):
    on("2027-01-07")
    assert "Put it off" not in text(her.get(f"/loan/{loan}/defer?by={by}"))
    assert her.post(f"/loan/{loan}/defer", {"by": by, "key": "k1"}).status_code in (302, 400)


def test_it_agrees_once_however_often_the_form_is_sent(her, loan, on, ai_li):
    day = on("2027-01-07")
    sent = fields(her.get(f"/loan/{loan}/defer?by=1"))
    for _each in range(2):
        assert her.post(f"/loan/{loan}/defer", sent).status_code == 302
    assert kinds(day, ai_li)[-2:] == ["decided", "paused"]
    assert kinds(day, ai_li).count("paused") == 1
    kept = her.get(f"/loan/{loan}/defer")
    assert heading(kept) == "Agreed: the next payment is on 24 Jan 2027"
    assert "Nothing is collected before 24 Jan 2027." in text(kept)
    home = her.get("/me")
    assert heading(home) == "Nothing is due now"
    assert "While an agreement is kept nothing is collected: until 25 Jan 2027, 00:00" in text(home)


def test_it_agrees_to_no_second_one_while_one_is_kept(her, loan, on, ai_li):
    day = on("2027-01-07")
    her.post(f"/loan/{loan}/defer", {"by": "1", "key": "first"})
    assert her.post(f"/loan/{loan}/defer", {"by": "3", "key": "second"}).status_code == 403
    account = must(statement(day, loan, ai_li))
    assert account["instalments"][0]["due_on"] == "2027-01-24"


def test_it_offers_again_once_the_put_off_date_has_passed(her, loan, on, ai_li):
    on("2027-01-07")
    her.post(f"/loan/{loan}/defer", {"by": "1", "key": "first"})
    on("2027-01-26")
    assert heading(her.get("/me")) == "The January instalment has not been received yet"
    assert "How long?" in text(her.get(f"/loan/{loan}/defer"))


def test_it_shows_the_interest_of_the_wait_in_the_row_that_bears_it(her, loan, on):
    on("2027-01-07")
    her.post(f"/loan/{loan}/defer", {"by": "1", "key": "first"})
    assert "Interest for the time put off ¥120.00" in text(her.get(f"/loan/{loan}?row=12"))


def test_it_says_when_money_was_paid_beyond_what_was_owed(her, loan, on, ai_li):
    day = on("2027-01-07")
    must(pay(day, loan, "20000.00", "too-much"))
    assert "more than was owed. It is yours" in text(her.get(f"/loan/{loan}"))


@pytest.mark.parametrize("name", ["%00", "%0d%0aX:1", "x" * 3000, "%20", "%E2%80%AE", "0199-none", "{}%0a"])
@pytest.mark.parametrize("path", ["/loan/{}", "/loan/{}/pay", "/loan/{}/defer", "/pay/{}"])
def test_it_finds_nothing_under_an_odd_name(her, loan, path, name):
    nobodys = her.get("/loan/00000000-0000-7000-8000-000000000000")
    for answer in (her.get(path.format(name.format(loan))), her.post(path.format(name.format(loan)))):
        assert (answer.status_code, answer.content) == (404, nobodys.content)
