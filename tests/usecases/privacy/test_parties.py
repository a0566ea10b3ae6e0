"""A contract with a party: until which day it may run, what it lets the party receive, and whether that is kept."""

import pytest

from shouxin.usecases.lender import BadInput
from tests.usecases.story import NOON, at, borrowed, enrolled, must, opened_case, reason


def engaged(lender, until):
    from shouxin.usecases.privacy.party import Engage, engage

    return engage(lender, Engage.read({"party": "agency:a07", "until": until}))


@pytest.mark.parametrize("until", ["9999-12-31", "0001-01-01", "1969-12-31"])
def test_it_takes_no_last_day_that_cannot_be_counted(embedded_lender, until):
    with pytest.raises(BadInput) as raised:
        engaged(embedded_lender, until)
    assert raised.value.where == "until"


def test_it_takes_a_last_day_ahead_and_refuses_one_that_is_over(embedded_lender):
    assert engaged(embedded_lender, "2001-01-01").reason == "expired"
    assert engaged(embedded_lender, "9999-12-30").entry == 1


def said(lender, **more):
    from shouxin.usecases.privacy.party import Engage, engage

    return engage(lender, Engage.read({"party": "agency:a07", **more}))


def newest(lender, party="agency:a07"):
    return lender.vault.history(party).entries[-1].record


def test_it_writes_the_house_s_standard_terms_where_nothing_else_was_agreed(embedded_lender):
    must(said(embedded_lender))
    agency = newest(embedded_lender)
    assert agency["purposes"] == ["entrust_collection", "collection"]
    assert agency["fields"] == ["name", "phone", "balance", "arrears", "days_past_due", "next_due"]
    assert "agreement" not in agency, "nobody said a number"
    must(said(embedded_lender, party="channel:sms"))
    assert newest(embedded_lender, "channel:sms")["agreement"] == "carriage-text"


def test_it_lets_a_party_of_which_nothing_is_said_receive_nothing(embedded_lender):
    must(said(embedded_lender, party="funder:f1"))
    record = newest(embedded_lender, "funder:f1")
    assert (record["purposes"], record["fields"]) == ([], [])


def test_it_writes_the_terms_that_were_agreed(embedded_lender):
    must(said(embedded_lender, contract="2026-17", purposes=["entrust_collection"], fields=["name"]))
    record = newest(embedded_lender)
    assert (record["agreement"], record["purposes"], record["fields"]) == ("2026-17", ["entrust_collection"], ["name"])


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({"purposes": ["whatever"]}, "purposes"),
        ({"purposes": ["collection", "collection"]}, "purposes"),
        ({"fields": ["call_log"]}, "fields"),
        ({"fields": ["name", "name"]}, "fields"),
    ],
)
def test_it_takes_no_terms_that_it_does_not_know(embedded_lender, more, where):
    with pytest.raises(BadInput) as raised:
        said(embedded_lender, **more)
    assert raised.value.where == where


def entrusted(lender):
    """An overdue loan that agency:a07 was told of."""
    from shouxin.usecases.outreach.entrust import Entrust, entrust

    subject = enrolled(lender.at(NOON))
    borrowed(lender.at(NOON), subject)
    late = at(lender, "2027-01-07")
    case = must(opened_case(late, subject)).case
    return late, must(entrust(late, Entrust(case=case, party="agency:a07"))), case


def found(lender):
    from shouxin.usecases.oversight.partners import check_partners

    return {one.party: (one.what, one.purposes, one.fields, one.people) for one in check_partners(lender)}


def test_it_holds_the_published_list_against_what_went_to_each(lender):
    """On both databases: an agency whose list says nothing, then one that is gone and hasn't deleted anything."""
    from shouxin.usecases.outreach.take_back import TakeBack, take_back
    from shouxin.usecases.privacy.party import GaveBack, Suspend, gave_back, suspend

    must(lender.at(NOON).vault.engage("agency:a07"))
    late, _, case = entrusted(lender)
    beyond = ("beyond_list", ("entrust_collection",), ("arrears", "days_past_due", "name"), 0)
    assert found(late) == {"agency:a07": beyond}
    assert reason(gave_back(late, GaveBack(party="agency:a07"))) == "already_done", "it still has the case"
    must(suspend(late, Suspend(party="agency:a07")))
    must(said(late, fields=["name", "arrears", "days_past_due"]))
    assert found(late) == {}
    must(suspend(late, Suspend(party="agency:a07")))
    assert found(late) == {"agency:a07": ("not_returned", (), (), 1)}
    recalled(late, case)
    must(take_back(late, TakeBack(case=case, party="agency:a07")))
    assert found(late) == {}


def recalled(lender, case):
    from shouxin.usecases.outreach.recall import Recall, recall

    must(recall(lender, Recall(case=case, actor="agency:a07")))


def test_it_finds_what_a_contract_lists_and_nobody_needed_for_a_year(embedded_lender):
    must(said(embedded_lender.at(NOON), fields=["name", "arrears", "days_past_due", "phone"]))
    late, _, _ = entrusted(embedded_lender)
    assert found(late) == {}
    year = at(embedded_lender, "2027-11-25")
    assert found(year)["agency:a07"] == ("never_given", ("collection",), ("phone",), 0)


def test_it_says_in_a_person_s_own_history_until_when_the_contract_ran(embedded_lender):
    from shouxin.usecases.oversight.gather import gather

    must(said(embedded_lender.at(NOON), until="2027-06-30"))
    late, done, _ = entrusted(embedded_lender)
    held = gather(late, done.receipt.subject).told.held
    assert {one.until for one in held if one.party == "agency:a07"} == {"2027-07-01T00:00:00+08:00"}


def test_it_exits_with_what_is_wrong_and_one(embedded_lender, data_dir):
    from tests.cli.shell import shouxin

    assert shouxin("rules", "validate", "--json", data_dir=data_dir).document["findings"] == []
    must(embedded_lender.at(NOON).vault.engage("agency:a07"))
    entrusted(embedded_lender)
    ran = shouxin("rules", "validate", "--json", "--at", "2027-01-08T09:00:00+08:00", data_dir=data_dir)
    assert (ran.code, ran.document["ok"]) == (1, False)
    assert [(one["party"], one["what"]) for one in ran.document["findings"]] == [("agency:a07", "beyond_list")]


def test_it_engages_by_the_command_line_and_enters_what_was_given_back(embedded_lender, data_dir):
    from tests.cli.shell import shouxin

    terms = ["--contract", "17", "--purpose", "entrust_collection", "--field", "name", "--field", "arrears"]
    ran = shouxin("party", "engage", "agency:a07", *terms, "--json", data_dir=data_dir)
    assert (ran.code, ran.document["entry"]) == (0, 1)
    assert newest(embedded_lender)["fields"] == ["name", "arrears"]
    ran = shouxin("party", "returned", "agency:a07", "--json", data_dir=data_dir)
    assert (ran.code, ran.document["refused"]["reason"]) == (1, "already_done")
