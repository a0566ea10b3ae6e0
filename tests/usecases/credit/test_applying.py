"""What the pages of applying ask of a lender: why something is asked, decided once, explained, understood, signed."""

from datetime import date

import pytest

from tests.usecases.story import AI_LI, applied, at, borrowed, disburse, enrolled, kinds, last, must, offered, reason
from tests.usecases.story import sheet as shown
from tests.usecases.story import sign as signing


def why(lender, field: str, whose: str = "borrower"):
    from shouxin.usecases.credit.asking import WhyAsked, why_asked

    return why_asked(lender, WhyAsked(field=field, whose=whose))


def submitted(lender, subject: str, key: str = "k1", amount: str = "12000.00", instalments: int = 12):
    from shouxin.usecases.credit.submit import Submit, submit

    return submit(lender, Submit(subject=subject, key=key, amount=amount, instalments=instalments))


def explained(lender, subject: str, application: str):
    from shouxin.usecases.credit.decision_of import DecisionOf, decision_of

    return decision_of(lender, DecisionOf(subject=subject, application=application))


def quiz(lender, subject: str, offer: str):
    from shouxin.usecases.credit.quiz import QuizOf, quiz_of

    return quiz_of(lender, QuizOf(subject=subject, offer=offer))


def answered(lender, subject: str, offer: str, question: str, option: str):
    from shouxin.usecases.credit.quiz import Answer, answer_quiz

    return answer_quiz(lender, Answer(subject=subject, offer=offer, question=question, option=option))


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("110101199003071014", True),
        ("11010119900307109x", True),
        ("110101199003071015", False),
        ("110101199013071011", False),
        ("1101011990030710", False),
        ("１１０１０１１９９００３０７１０１４", False),
        ("", False),
    ],
)
def test_it_finds_a_slip_in_an_id_number(text: str, right: bool) -> None:
    from shouxin.usecases.credit.spelling import id_number

    assert (id_number(text) is not None) is right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("6222 0202 0011 2233 445", False),
        ("4111-1111-1111-1111", True),
        ("6222020200112233443", None),
        ("4111111111111112", False),
        ("0000000000000000", False),
        ("八千", False),
    ],
)
def test_it_finds_a_slip_in_a_card_number(text: str, right: bool | None) -> None:
    from shouxin.usecases.credit.spelling import card_number

    if right is None:  # exactly one last digit fits
        assert sum(card_number(text[:-1] + digit) is not None for digit in "0123456789") == 1
    else:
        assert (card_number(text) is not None) is right


def test_it_finds_a_birthday_on_the_day_itself() -> None:
    from shouxin.usecases.credit.spelling import of_age

    assert of_age(date(2008, 11, 24), date(2026, 11, 24))
    assert not of_age(date(2008, 11, 25), date(2026, 11, 24))
    assert not of_age(date(2008, 2, 29), date(2026, 2, 28))


def test_it_says_why_from_the_catalogue_and_the_notices(lender) -> None:
    income = why(lender, "income")
    assert (income.required, income.sensitive, income.kept.event) == (False, True, "loan_end")
    assert income.purposes == ("credit_decision", "hardship")
    assert [one.role for one in income.seen_by] == ["system", "officer", "underwriter"]
    assert income.without["zh"] == lender.policy.notices["credit_decision"].text["zh"]["impact"]
    card = why(lender, "bank_card")
    assert (card.required, card.kept.years) == (True, 10)
    assert card.kept_by.id == "CN.AML.34"
    assert card.without["en"].startswith("Without the card number")


def test_it_never_names_fewer_seers_than_the_gate_lets_see(lender) -> None:
    own, opens = ("borrower", "contact"), ("plain", "masked")
    cells = [cell for cell in lender.vault.matrix().cells if cell.answer in opens and cell.role not in own]
    for cell in cells:
        assert (cell.role, cell.answer) in {(one.role, one.form) for one in why(lender, cell.field, cell.whose).seen_by}


def test_it_tells_the_cost_before_anything_is_known(lender) -> None:
    from shouxin.usecases.credit.cost_ahead import CostAhead, cost_ahead

    ahead = must(cost_ahead(lender, CostAhead(amount="12000")))
    year = next(row for row in ahead.rows if row.instalments == 12)
    assert ahead.rates == ("12.0000%", "14.4000%"), "the dearer bands don't lend so much"
    assert year.monthly == ("1066.19", "1079.71")
    assert year.cost == ("794.23", "956.45")
    assert reason(cost_ahead(lender, CostAhead(amount="1"))) == "wrong_amount"


def test_it_decides_once_however_often_it_is_handed_in(lender, ai_li) -> None:
    first, second = must(submitted(lender, ai_li)), must(submitted(lender, ai_li))
    assert first == second
    assert kinds(lender, ai_li).count("decided") == 1
    assert reason(submitted(lender, ai_li, key="k2")) == "already_done"


def test_it_decides_later_what_stopped_before_the_decision(lender) -> None:
    from shouxin.vault.enrol import EnrolRequest

    subject = must(lender.vault.enrol(EnrolRequest(AI_LI))).subject
    assert reason(submitted(lender, subject)) == "no_basis"
    must(lender.vault.consent(subject, "credit_decision", notice="credit_decision", version="1"))
    assert must(submitted(lender, subject, key="another")).state == "approved"


def test_it_explains_a_decision_with_the_persons_own_figures(lender, ai_li) -> None:
    done = must(submitted(lender, ai_li, amount="48000.00"))
    told = must(explained(lender, ai_li, done.application))
    assert (told.outcome, told.asked, told.reasons) == ("less", "48000.00", ("not_affordable",))
    assert told.figures.shown["month"]["ceiling"] == "3268.00"
    assert [(one.amount, one.over != "0.00") for one in told.figures.loadings] == [
        (told.limit, False),
        ("48000.00", True),
    ]
    assert [row.band for row in told.grid if row.yours] == ["A1"]
    assert (last(lender, ai_li)["purpose"], last(lender, ai_li)["actor"]) == ("own_request", "borrower:self")
    assert told.offer.state == "open"


def test_it_explains_a_decision_again_after_the_loan_was_paid_out(lender, ai_li) -> None:
    borrowed(lender, ai_li, "50000.00", 24)
    from shouxin.usecases.credit.own_applications import OwnApplications, own_applications

    (only,) = own_applications(lender, OwnApplications(subject=ai_li))
    told = must(explained(lender, ai_li, only.application))
    assert told.figures is not None
    assert told.offer.state == "paid_out"
    assert not only.running


def test_it_shows_no_figures_that_did_not_decide(lender, ai_li) -> None:
    done = must(submitted(lender, ai_li, amount="48000.00"))
    must(lender.vault.store(ai_li, {"income": "20000.00"}))
    told = must(explained(lender, ai_li, done.application))
    assert told.figures is None
    assert told.reasons == ("not_affordable",)


def test_it_explains_a_decline(lender) -> None:
    subject = enrolled(lender, monthly_obligations="6000.00")
    told = must(explained(lender, subject, must(submitted(lender, subject)).application))
    assert (told.outcome, told.offer, told.figures.loadings) == ("declined", None, ())
    assert told.figures.shown["would_change"]


def test_it_explains_nothing_to_others(lender, ai_li) -> None:
    done = must(submitted(lender, ai_li))
    other = enrolled(lender, id_number="110101198009090909")
    assert reason(explained(lender, other, done.application)) == "not_yours"
    assert reason(explained(lender, ai_li, "nothing")) == "not_yours"
    waiting = must(applied(lender, other)).application
    assert reason(explained(lender, other, waiting)) == "not_yours"


def test_it_asks_three_questions_about_the_readers_own_sheet(lender, ai_li) -> None:
    offer = offered(lender, ai_li)
    assert reason(quiz(lender, ai_li, offer)) == "no_cost_sheet"
    must(shown(lender, ai_li, offer))
    asked = must(quiz(lender, ai_li, offer))
    cost, late, data = asked.questions
    amounts = {option.name: option.amount for option in cost.options}
    assert amounts == {"repay": "12794.23", "borrow": "12000.00", "flat": "13440.00"}
    assert late.about["days"] == 10
    added = {option.name: option.amount for option in late.options}
    assert added["nothing"] == "0.00" and 0 < float(added["added"]) < float(added["on_the_whole"])
    assert data.right == "me"


def test_it_asks_again_after_a_wrong_answer_and_keeps_no_blame(lender, ai_li) -> None:
    from shouxin.records.credit.models import Understood

    offer = offered(lender, ai_li)
    must(shown(lender, ai_li, offer))
    assert must(answered(lender, ai_li, offer, "cost", "borrow")).right is False
    assert must(answered(lender, ai_li, offer, "cost", "repay")).right is True
    assert must(answered(lender, ai_li, offer, "cost", "borrow")).right is False
    row = Understood.objects.get()
    assert (row.question, row.tries) == ("cost", 2)
    assert row.at is not None
    assert must(quiz(lender, ai_li, offer)).questions[0].understood
    assert reason(answered(lender, ai_li, offer, "cost", "everything")) == "malformed"


def test_it_asks_anew_about_other_terms(lender, ai_li) -> None:
    offer = offered(lender, ai_li)
    must(shown(lender, ai_li, offer))
    must(answered(lender, ai_li, offer, "data", "me"))
    must(shown(lender, ai_li, offer, amount="5000.00"))
    assert not any(one.understood for one in must(quiz(lender, ai_li, offer)).questions)


def test_it_asks_nothing_once_the_offer_is_over(lender, ai_li) -> None:
    offer = offered(lender, ai_li)
    must(shown(lender, ai_li, offer))
    later = at(lender, "2026-12-30")
    assert reason(quiz(later, ai_li, offer)) == "expired"
    must(signing(lender, ai_li, offer))
    assert reason(quiz(lender, ai_li, offer)) == "already_signed"


def test_it_shows_an_offer_and_what_became_of_it(lender, ai_li) -> None:
    from shouxin.usecases.loan.offer_of import OfferOf, offer_of

    name = offered(lender, ai_li)
    see = OfferOf(subject=ai_li, offer=name)
    fresh = must(offer_of(lender, see))
    assert (fresh.state, fresh.frozen, fresh.least, fresh.limit) == ("open", None, "1000.00", "12000.00")
    sheet = must(shown(lender, ai_li, name))
    frozen = must(offer_of(lender, see)).frozen
    assert (frozen.terms_hash, frozen.sheet, frozen.schedule) == (sheet.terms_hash, sheet.sheet, sheet.schedule)
    assert must(offer_of(at(lender, "2027-01-30"), see)).state == "expired"
    must(signing(lender, ai_li, name))
    assert must(offer_of(lender, see)).state == "signed"
    must(disburse(lender, name))
    assert must(offer_of(lender, see)).state == "paid_out"


def test_it_tells_which_consents_stand(lender) -> None:
    from shouxin.usecases.credit.consents_asked import ConsentsAsked, consents_asked
    from shouxin.vault.enrol import EnrolRequest

    subject = must(lender.vault.enrol(EnrolRequest(AI_LI))).subject
    see = ConsentsAsked(subject=subject)
    assert [one.standing for one in must(consents_asked(lender, see)).asked] == ["never"] * 3
    must(lender.vault.consent(subject, "credit_decision", notice="credit_decision", version="1"))
    must(lender.vault.consent(subject, "credit_reporting", notice="credit_reporting", version="0"))
    must(lender.vault.consent(subject, "marketing", notice="marketing", version="1"))
    must(lender.vault.withdraw(subject, "marketing"))
    assert [one.standing for one in must(consents_asked(lender, see)).asked] == ["given", "changed", "withdrawn"]


def test_it_enrols_and_names_in_one_go(lender) -> None:
    from shouxin.usecases.credit.join import Join, join

    wen = {"name": "Wen", "phone": "13900000102", "relation": "friend"}
    both = [wen, {**wen, "phone": "13900000103"}]
    joined = must(join(lender, Join.read({**AI_LI, "contacts_named": both})))
    assert len(joined.contacts) == 2
    assert kinds(lender, joined.subject).count("stored") == 3
    again = must(join(lender, Join.read({**AI_LI, "contacts_named": both})))
    assert (again.subject, again.contacts, again.refused, again.person_key) == (joined.subject, (), (), b"")
    assert reason(join(lender, Join.read({**AI_LI, "phone": "13800000109"}))) == "already_enrolled"
    other = {**AI_LI, "id_number": "110101198009090909"}
    twice = must(join(lender, Join.read({**other, "contacts_named": [wen, wen]})))
    assert [one.reason.value for one in twice.refused] == ["already_done"]


def test_it_lets_no_phone_try_one_id_number_after_another(lender) -> None:
    from shouxin.usecases.credit.join import Join, join

    must(join(lender, Join.read(AI_LI)))
    guess = Join.read({**AI_LI, "phone": "13800000109"})
    assert [reason(join(lender, guess)) for _ in range(5)] == ["already_enrolled"] * 5
    assert join(lender, guess).why.value == "too_many"
    assert must(join(lender, Join.read(AI_LI))).person_key == b"", "another phone waits for nothing"


def taken(lender, subject: str, offer: str):
    from shouxin.usecases.credit.take_up import taken_up
    from shouxin.usecases.loan.offer_of import OfferOf

    return taken_up(lender, OfferOf(subject=subject, offer=offer))


def paid_out(lender, subject: str, offer: str):
    from shouxin.usecases.credit.take_up import pay_out
    from shouxin.usecases.loan.offer_of import OfferOf

    return pay_out(lender, OfferOf(subject=subject, offer=offer))


def test_it_pays_out_when_asked_again_and_never_by_looking(lender, ai_li) -> None:
    offer = offered(lender, ai_li)
    must(shown(lender, ai_li, offer))
    assert reason(taken(lender, ai_li, offer)) == reason(paid_out(lender, ai_li, offer)) == "no_cost_sheet"
    must(signing(lender, ai_li, offer))
    entries = kinds(lender, ai_li)
    assert must(taken(lender, ai_li, offer)).offer.state == "signed"
    assert kinds(lender, ai_li) == entries
    receipt = must(paid_out(lender, ai_li, offer))
    assert (receipt.offer.state, receipt.unpaid) == ("paid_out", None)
    assert lender.vault.history(ai_li).entries[receipt.entry - 1].record["kind"] == "agreed"
    assert must(taken(lender, ai_li, offer)) == must(paid_out(lender, ai_li, offer)) == receipt


def test_it_says_why_the_money_could_not_go(lender) -> None:
    subject = enrolled(lender, bank_card="12")
    offer = offered(lender, subject)
    must(shown(lender, subject, offer))
    must(signing(lender, subject, offer))
    receipt = must(paid_out(lender, subject, offer))
    assert (receipt.offer.state, receipt.unpaid.reason.value) == ("signed", "malformed")
    must(lender.vault.store(subject, {"bank_card": AI_LI["bank_card"]}))
    assert must(paid_out(lender, subject, offer)).offer.state == "paid_out"


def test_it_signs_nothing_that_was_not_understood_today(lender, ai_li) -> None:
    from shouxin.usecases.credit.take_up import ready
    from shouxin.usecases.loan.offer_of import OfferOf

    offer = offered(lender, ai_li)
    see = OfferOf(subject=ai_li, offer=offer)
    assert ready(lender, see).where == "terms_hash"
    must(shown(lender, ai_li, offer))
    assert ready(lender, see).where == "quiz"
    for question in must(quiz(lender, ai_li, offer)).questions:
        must(answered(lender, ai_li, offer, question.name, question.right))
    assert must(ready(lender, see)).frozen
    assert ready(at(lender, "2026-11-25"), see).where == "terms_hash"
