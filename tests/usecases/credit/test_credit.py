"""From an application to an offer: basic information only, reasons, and nothing personal kept."""

import json

import pytest

from tests.usecases.story import AI_LI, applied, borrowed, enrolled, kinds, must, reason


def decided(lender, application: str, **more):
    from shouxin.usecases.credit.decide import Decide, decide

    return decide(lender, Decide(application=application, **more))


def test_it_takes_an_application(lender, ai_li) -> None:
    result = must(applied(lender, ai_li))
    assert (result.product, result.amount, result.instalments) == ("instalment", "12000.00", 12)


@pytest.mark.parametrize("offered", ["contacts", "address_book", "call_log", "location", "sms", "CONTACTS"])
def test_it_refuses_what_a_phone_could_tell_about_others(lender, ai_li, offered) -> None:
    from shouxin.usecases.credit.apply import Apply, apply

    asked = {"subject": ai_li, "amount": "1000.00", "instalments": 3, offered: [{"phone": "13900000102"}]}
    refusal = apply(lender, Apply.read(asked))
    assert reason(refusal) == "address_book"
    assert "CN.APP.NECESSARY" in refusal.rules
    assert "13900000102" not in repr(refusal)


def test_it_takes_no_other_field_and_no_number_for_money(lender, ai_li) -> None:
    from shouxin.usecases.credit.apply import Apply
    from shouxin.usecases.lender import BadInput

    good = {"subject": ai_li, "amount": "1000.00", "instalments": 3}
    for bad in ({"why": "a wedding"}, {"amount": 1000}, {"amount": 1000.0}, {"instalments": "3"}, {"amount": "1e3"}):
        with pytest.raises(BadInput) as caught:
            Apply.read(good | bad)
        assert caught.value.where == next(iter(bad))


@pytest.mark.parametrize("amount", ["999.99", "200000.01"])
def test_it_refuses_an_amount_that_the_product_does_not_lend(lender, ai_li, amount) -> None:
    assert reason(applied(lender, ai_li, amount)) == "wrong_amount"


def test_it_answers_for_nobody_as_for_somebody_who_is_no_borrower(lender) -> None:
    assert reason(applied(lender, "nobody")) == "not_yours"


def test_it_approves_and_says_what_it_used(lender, ai_li) -> None:
    result = must(decided(lender, must(applied(lender, ai_li)).application))
    assert result.approved and result.offer
    assert result.decision["limit"] == "12000.00"
    assert result.decision["annual"] == "12.0000%"
    assert result.policy == lender.policy.hash
    assert kinds(lender, ai_li)[-2:] == ["used", "decided"]
    used = lender.vault.history(ai_li).entries[-2].record
    assert (used["purpose"], sorted(used["fields"])) == (
        "credit_decision",
        ["employer", "income", "monthly_obligations"],
    )


def test_it_keeps_no_value_of_the_persons(lender, ai_li) -> None:
    from shouxin.records.credit.models import Application

    decided(lender, must(applied(lender, ai_li, "48000.00", 3)).application)
    row = Application.objects.get()
    assert row.state == "approved"
    for value in ("860000", "8600", "Beidou", "50000"):
        assert value not in row.decision
    assert set(json.loads(row.decision)["reasons"]) <= {"not_affordable", "over_band_limit"}


def test_it_offers_less_with_reasons_and_what_would_change_it(lender, ai_li) -> None:
    result = must(decided(lender, must(applied(lender, ai_li, "48000.00", 12)).application))
    assert result.decision["outcome"] == "less"
    assert [one["code"] for one in result.decision["reasons"]] == ["not_affordable"]
    assert result.decision["would_change"]
    assert result.decision["human_review"]["may_be_asked"] is True


def test_it_declines_who_owes_too_much_already(lender) -> None:
    subject = enrolled(lender, monthly_obligations="6000.00")
    result = must(decided(lender, must(applied(lender, subject)).application))
    assert not result.approved and result.offer is None
    assert [one["code"] for one in result.decision["reasons"]] == ["below_grid"]


def test_it_counts_what_it_has_lent_already(lender, ai_li) -> None:
    borrowed(lender, ai_li, "50000.00", 24)
    again = must(decided(lender, must(applied(lender, ai_li, "160000.00", 24)).application))
    assert "over_line" in [one["code"] for one in again.decision["reasons"]]


def test_it_decides_without_what_was_not_stated(lender) -> None:
    from shouxin.vault.enrol import EnrolRequest

    person = must(lender.vault.enrol(EnrolRequest({"name": "Chen", "id_number": AI_LI["id_number"]})))
    result = must(decided(lender, must(applied(lender, person.subject)).application))
    assert not result.approved and result.uses is None
    assert "used" not in kinds(lender, person.subject)


def test_it_refuses_without_consent(lender) -> None:
    from shouxin.vault.enrol import EnrolRequest

    person = must(lender.vault.enrol(EnrolRequest(AI_LI)))
    application = must(applied(lender, person.subject)).application
    assert reason(decided(lender, application)) == "no_basis"
    must(lender.vault.consent(person.subject, "credit_decision", notice="credit_decision", version="1"))
    must(lender.vault.withdraw(person.subject, "credit_decision"))
    assert reason(decided(lender, application)) == "consent_withdrawn"


def test_it_lets_no_collector_decide(lender, ai_li) -> None:
    must(lender.vault.appoint("collector:k31"))
    refusal = decided(lender, must(applied(lender, ai_li)).application, actor="collector:k31")
    assert reason(refusal) in ("not_yours", "role_may_not")


def test_it_decides_once(lender, ai_li) -> None:
    from shouxin.records.loan.models import Offer

    application = must(applied(lender, ai_li)).application
    must(decided(lender, application))
    assert reason(decided(lender, application)) == "already_done"
    assert Offer.objects.count() == 1
    assert reason(decided(lender, "no-such-application")) == "not_yours"


def test_it_decides_alike_on_like_facts(lender, ai_li) -> None:
    first, second = (must(decided(lender, must(applied(lender, ai_li)).application)) for _ in range(2))
    assert first.decision == second.decision
