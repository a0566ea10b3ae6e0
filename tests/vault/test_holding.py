"""Who holds a case: decided on the chains of the borrower, the actor and the agency, never on the book's rows."""

import pytest

from shouxin.core.rules.refusal import Reason, Refusal
from tests.vault.cast import AGENCY, AGENT, BO, CHEN, enrol, must, overdue, staffed


def undone(vault, cast):
    """Nothing happens."""


def recalled(vault, cast):
    must(vault.recall(cast.case, BO))


def dismissed(vault, cast):
    must(vault.dismiss(BO))


def closed(vault, cast):
    must(vault.close_case(cast.case))


def suspended(vault, cast):
    must(vault.suspend(AGENCY))


def agent_dismissed(vault, cast):
    must(vault.dismiss(AGENT))


HOLDERS = [
    # what happened, who asks → the answer
    (undone, BO, "held"),
    (undone, AGENT, "held"),
    (undone, CHEN, "not_yours"),
    (undone, "collector:k99", "unknown_actor"),
    (undone, "agent:a07.9", "unknown_actor"),
    (undone, "system:reminder", "not_yours"),
    (undone, "borrower:self", "not_yours"),
    (recalled, BO, "not_yours"),
    (recalled, AGENT, "held"),
    (dismissed, BO, "not_appointed"),
    (suspended, AGENT, "party_not_engaged"),
    (suspended, BO, "held"),
    (agent_dismissed, AGENT, "not_appointed"),
    (closed, BO, "not_yours"),
]


@pytest.mark.parametrize(("happened", "actor", "answer"), HOLDERS, ids=lambda v: getattr(v, "__name__", v))
def test_it_says_who_holds_a_case(lender, happened, actor, answer):
    cast = overdue(lender.vault)
    happened(lender.vault, cast)
    held = lender.vault.holds(cast.case, actor, purpose="collection")
    assert (held.reason.value if isinstance(held, Refusal) else "held") == answer


def test_it_names_the_entry_of_the_grant_and_enters_nothing_else(lender):
    cast = overdue(lender.vault)
    before = lender.vault.history(cast.subject).facts
    held = lender.vault.holds(cast.case, BO, purpose="collection")
    assert before.grants[held][0] == before.case_entry(cast.case)
    assert lender.vault.history(cast.subject).facts == before


def test_it_answers_the_same_for_a_case_of_another_and_one_that_never_was(lender):
    cast = overdue(lender.vault)
    size = len(lender.vault.history(CHEN).entries)
    theirs = lender.vault.holds(cast.case, CHEN, purpose="collection")
    never = lender.vault.holds("C-none", CHEN, purpose="collection")
    assert theirs == never == Refusal(Reason.NOT_YOURS, ("CN.PIPL.51",), "case")
    looked = [entry.record for entry in lender.vault.history(CHEN).entries[size:]]
    assert [(one["kind"], one["reason"], one["purpose"]) for one in looked] == [
        ("refused", "not_yours", "collection")
    ] * 2


def test_it_tells_the_owner_of_the_case_who_asked_about_it(lender):
    cast = overdue(lender.vault)
    lender.vault.holds(cast.case, CHEN, purpose="collection")
    told = lender.vault.history(cast.subject).entries[-1].record
    assert (told["kind"], told["reason"]) == ("refused", "not_yours")
    assert told["asked"] <= told["time"] and "k32" not in str(told)


def test_a_holder_has_work_only_while_something_carries_the_purpose(lender):
    staffed(lender.vault)
    person = enrol(lender.vault)
    case, _ = must(lender.vault.open_case(person.subject))
    must(lender.vault.grant(case, BO))
    assert isinstance(lender.vault.holds(case, BO, purpose="collection"), int)
    may = lender.vault.may_work(case, BO, purpose="collection")
    assert may == Refusal(Reason.NO_BASIS, ("CN.PIPL.13",), "collection")
    assert lender.vault.history(person.subject).entries[-1].record["reason"] == "no_basis"
    must(lender.vault.consent(person.subject, "collection", notice="n", version="1"))
    assert isinstance(lender.vault.may_work(case, BO, purpose="collection"), int)
