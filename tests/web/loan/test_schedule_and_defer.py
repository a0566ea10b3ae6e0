"""The schedule with the arithmetic of each row, and putting off: what it costs, agreed once, and the pause that follows."""

import re

import pytest

from tests.usecases.story import kinds, must, pay, statement
from tests.web.loan.conftest import confirming
from tests.web.loan.reading import heading, text


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
    assert "Go on with" not in said
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
    assert "Go on with" not in text(her.get(f"/loan/{loan}/defer?by={by}"))
    assert her.get(f"/loan/{loan}/defer/{by}").status_code == 404
    assert her.post(f"/loan/{loan}/defer", {"by": by, "key": "k1"}).status_code == 405


def test_it_shows_both_schedules_and_the_cost_before_anything_is_agreed(her, loan, on, ai_li):
    from shouxin.usecases.loan.simulate_defer import SimulateDefer, simulate_defer

    day = on("2027-01-07")
    plan = must(simulate_defer(day, SimulateDefer(subject=ai_li, loan=loan, instalments=2)))
    before, entries = statement(day, loan, ai_li), kinds(day, ai_li)
    page = her.get(f"/loan/{loan}/defer/2")
    said = text(page)
    assert heading(page) == "Put off by 2 months: ¥240.00 more"
    for row in plan["rows"]:
        assert money(row["old_outstanding"]) in said and money(row["new_outstanding"]) in said
    assert "Still to pay in all ¥12,800.76 ¥13,034.23" in said
    assert "Late interest let off − ¥6.53" in said
    assert "Nothing is agreed yet." in said
    assert (statement(day, loan, ai_li), kinds(day, ai_li)) == (before, entries)


def test_it_agrees_by_a_code_that_names_the_length_and_the_cost(her, loan, on, ai_li, puts_off):
    day = on("2027-01-07")
    answer, message = puts_off(loan, 1)
    assert answer.headers["Location"] == f"/loan/{loan}/defer"
    assert "by 1 month" in message and "¥120.00" in message
    assert kinds(day, ai_li)[-2:] == ["decided", "paused"]
    kept = her.get(f"/loan/{loan}/defer")
    assert heading(kept) == "Agreed: the next payment is on 24 Jan 2027"
    assert "Up to 24 Jan 2027, that day included, nothing is collected." in text(kept)
    home = her.get("/me")
    assert heading(home) == "Nothing is due now"
    assert "While an agreement is kept nothing is collected: until 25 Jan 2027, 00:00" in text(home)


def test_it_agrees_to_nothing_without_the_code(her, loan, on, ai_li, texts):
    day = on("2027-01-07")
    page = f"/loan/{loan}/defer/1"
    sent = confirming(her.get(page))
    assert "Please ask for the code first" in text(her.post(page, sent))
    her.post(page, {**sent, "send": "1"})
    code = re.search(r"[0-9]{6}", texts()[-1])[0]
    for typed, said in (("", "six digits"), ("12", ""), ("000000" if code != "000000" else "000001", "Compare")):
        answer = her.post(page, {**sent, "typed": typed})
        assert answer.status_code == 200 and said.lower() in text(answer).lower(), typed
        assert 'role="alert"' in answer.content.decode()
    assert "paused" not in kinds(day, ai_li)
    other = f"/loan/{loan}/defer/2"
    assert "Please ask for the code first" in text(her.post(other, {**confirming(her.get(other)), "typed": code}))
    assert "paused" not in kinds(day, ai_li)


def test_it_agrees_once_however_often_the_form_is_sent(her, loan, on, ai_li, texts):
    day = on("2027-01-07")
    page = f"/loan/{loan}/defer/1"
    sent = confirming(her.get(page))
    her.post(page, {**sent, "send": "1"})
    code = re.search(r"[0-9]{6}", texts()[-1])[0]
    for _each in range(3):
        assert her.post(page, {**sent, "typed": code}).headers["Location"] == f"/loan/{loan}/defer"
    assert kinds(day, ai_li).count("paused") == 1
    account = must(statement(day, loan, ai_li))
    assert account["instalments"][0]["due_on"] == "2027-01-24"


def test_it_agrees_once_when_the_form_comes_several_times_at_once(her, loan, on, ai_li, texts):
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    day = on("2027-01-07")
    page = f"/loan/{loan}/defer/1"
    sent = confirming(her.get(page))
    her.post(page, {**sent, "send": "1"})
    sent["typed"] = re.search(r"[0-9]{6}", texts()[-1])[0]
    others = [type(her)() for _ in range(4)]
    for other in others:
        other.cookies = her.cookies

    def press(one):
        try:
            return one.post(page, sent)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(press, others))
    assert [(one.status_code, one.headers.get("Location")) for one in answers] == [(302, f"/loan/{loan}/defer")] * 4
    assert kinds(day, ai_li).count("paused") == 1


def test_it_agrees_to_no_other_plan_than_the_one_that_was_seen(her, loan, on, ai_li, texts):
    day = on("2027-01-07")
    page = f"/loan/{loan}/defer/1"
    sent = confirming(her.get(page))
    her.post(page, {**sent, "send": "1"})
    code = re.search(r"[0-9]{6}", texts()[-1])[0]
    must(pay(day, loan, "100.00", "some"))
    answer = her.post(page, {**sent, "typed": code})
    assert answer.status_code == 409
    assert heading(answer) == "The plan is no longer the one you saw"
    assert "paused" not in kinds(day, ai_li)


def test_it_agrees_to_no_second_one_while_one_is_kept_and_says_what_can_be_done(her, loan, on, ai_li, puts_off):
    day = on("2027-01-07")
    puts_off(loan, 1)
    second = her.get(f"/loan/{loan}/defer/3")
    assert second.headers["Location"] == f"/loan/{loan}/defer"
    said = text(her.get(f"/loan/{loan}/defer"))
    assert "can’t be agreed while this one is kept" in said
    assert "From 25 Jan 2027 on you can put off again" in said and "Call us: 400-000-0000" in said
    home = text(her.get("/me"))
    assert "It is still too much: see what can be done" in home and "I can’t pay this one" not in home
    account = must(statement(day, loan, ai_li))
    assert account["instalments"][0]["due_on"] == "2027-01-24"


def test_it_offers_again_once_the_put_off_date_has_passed(her, loan, on, puts_off):
    on("2027-01-07")
    puts_off(loan)
    on("2027-01-26")
    assert heading(her.get("/me")) == "The January instalment has not been received yet"
    assert "How long?" in text(her.get(f"/loan/{loan}/defer"))


def test_it_shows_the_interest_of_the_wait_in_the_row_that_bears_it(her, loan, on, puts_off):
    on("2027-01-07")
    puts_off(loan)
    assert "Interest for the time put off ¥120.00" in text(her.get(f"/loan/{loan}?row=12"))


def test_it_says_when_money_was_paid_beyond_what_was_owed(her, loan, on, ai_li):
    day = on("2027-01-07")
    must(pay(day, loan, "20000.00", "too-much"))
    for page in (f"/loan/{loan}", "/me"):
        assert "more than was owed. It is yours" in text(her.get(page)), page


@pytest.mark.parametrize("name", ["%00", "%0d%0aX:1", "x" * 3000, "%20", "%E2%80%AE", "0199-none", "{}%0a"])
@pytest.mark.parametrize("path", ["/loan/{}", "/loan/{}/pay", "/loan/{}/defer", "/pay/{}"])
def test_it_finds_nothing_under_an_odd_name(her, loan, path, name):
    nobodys = her.get("/loan/00000000-0000-7000-8000-000000000000")
    for answer in (her.get(path.format(name.format(loan))), her.post(path.format(name.format(loan)))):
        assert (answer.status_code, answer.content) == (404, nobodys.content)
