"""Parties: what a contract lets one receive, and the published list held against what went to them."""

from dataclasses import replace

import pytest

from shouxin.core.privacy.entry import RecordError, check_record
from shouxin.core.privacy.facts import Facts, fold, from_doc, to_doc
from shouxin.core.privacy.gate import Permit
from shouxin.core.privacy.party import UNUSED_MS, Discrepancy, Flow, Published, Terms, discrepancies, only_delivers
from tests.core.privacy.test_gate import AGENT, BO, FOR_AGENCY, PERSON, answer, reason

ENGAGED = {"v": 1, "kind": "engaged", "time": 1000, "party": "channel:sms"}
TERMS = {"agreement": "T-1", "purposes": ["servicing"], "fields": ["phone"]}
PARTY = fold(Facts(), {**ENGAGED, **TERMS, "until": 9000})
SYSTEM = replace(BO, actor=replace(BO.actor, role="system", id="x"), purpose="servicing", recipient="channel:sms")


def test_it_reads_an_engagement_with_its_terms_and_one_from_before_they_were_kept():
    for record in (ENGAGED, ENGAGED | TERMS, ENGAGED | {"purposes": [], "fields": []}):
        check_record(record)
    with pytest.raises(RecordError):
        check_record(ENGAGED | {"purposes": "servicing"})
    with pytest.raises(RecordError):
        check_record(ENGAGED | {"whatever": "x"})


def test_it_keeps_the_terms_in_a_snapshot_and_drops_them_with_the_contract():
    assert from_doc(to_doc(PARTY)) == PARTY
    nothing = fold(Facts(), ENGAGED | {"purposes": [], "fields": []})
    assert from_doc(to_doc(nothing)).beyond("servicing", ()) == "servicing"
    over = fold(PARTY, {"v": 1, "kind": "suspended", "time": 2000, "engagement": 1})
    assert over.bounds == {}


@pytest.mark.parametrize(
    ("purpose", "fields", "beyond"),
    [
        ("servicing", ("phone",), ""),
        ("reminder", ("phone",), "reminder"),
        ("servicing", ("phone", "name"), "name"),
    ],
)
def test_it_names_what_a_contract_does_not_have(purpose, fields, beyond):
    assert PARTY.beyond(purpose, fields) == beyond
    assert fold(Facts(), ENGAGED).beyond(purpose, fields) == "", "an old engagement bounds nothing"


def test_it_discloses_within_the_contract_and_says_until_when_it_runs():
    permit = answer(SYSTEM, recipient=PARTY)
    assert isinstance(permit, Permit)
    assert (permit.body["kind"], permit.body["recipient"], permit.body["until"]) == ("disclosed", "channel:sms", 9000)
    endless = answer(SYSTEM, recipient=replace(PARTY, engaged_until=0))
    assert "until" not in endless.body
    check_record({"v": 1, "time": 1000, "policy": "p", **permit.body})


@pytest.mark.parametrize(
    ("ask", "party", "expected"),
    [
        (SYSTEM, None, "party_not_engaged"),
        (SYSTEM, replace(PARTY, engaged_until=1000), "party_not_engaged"),
        (replace(SYSTEM, purpose="reminder"), PARTY, "beyond_contract"),
        (replace(SYSTEM, fields=("phone", "arrears")), PARTY, "beyond_contract"),
    ],
)
def test_it_discloses_nothing_to_a_party_whose_contract_does_not_have_it(ask, party, expected):
    refused = answer(ask, recipient=party)
    assert (reason(refused), refused.rules) == (expected, ("CN.PIPL.21",))


def test_it_lets_an_agency_s_people_see_no_more_than_their_agency_s_contract():
    collects = replace(PARTY, bounds={"purposes": frozenset({"collection"}), "fields": frozenset({"phone"})})
    assert reason(answer(AGENT, subject=FOR_AGENCY, party=collects)) == "permit"
    assert reason(answer(AGENT, subject=FOR_AGENCY, party=PARTY)) == "beyond_contract"
    assert reason(answer(BO, subject=PERSON, party=PARTY)) == "permit", "our own people have no such contract"


def test_it_knows_who_only_delivers():
    assert [only_delivers(one) for one in ("channel:sms", "processor:bank", "processor:cloud", "agency:a07")] == [
        True,
        True,
        False,
        False,
    ]


A07 = Published("agency:a07", (Terms("A-1", ("collection",), ("name", "arrears")),), since=1000, stands=True)
WENT = Flow("agency:a07", {"collection": 3}, {"name": 3, "arrears": 1}, holding=2)


@pytest.mark.parametrize(
    ("listed", "flow", "at", "found"),
    [
        (A07, WENT, 1000, ()),
        (A07, None, 1000, ()),
        (None, WENT, 1000, (Discrepancy("agency:a07", "not_published", ("collection",), ("arrears", "name")),)),
        (
            A07,
            replace(WENT, purposes={"collection": 1, "marketing": 1}, fields={"phone": 1}),
            1000,
            (Discrepancy("agency:a07", "beyond_list", ("marketing",), ("phone",)),),
        ),
        (
            replace(A07, terms=(None,)),
            WENT,
            1000,
            (Discrepancy("agency:a07", "beyond_list", ("collection",), ("arrears", "name")),),
        ),
        (replace(A07, terms=(Terms("A-2"), *A07.terms)), WENT, 1000, ()),
        (A07, replace(WENT, fields={"name": 1}), 1000 + UNUSED_MS - 1, ()),
        (
            A07,
            replace(WENT, fields={"name": 1}),
            1000 + UNUSED_MS,
            (Discrepancy("agency:a07", "never_given", (), ("arrears",)),),
        ),
        (replace(A07, stands=False), WENT, 1000 + UNUSED_MS, (Discrepancy("agency:a07", "not_returned", people=2),)),
        (replace(A07, stands=False), replace(WENT, holding=0), 1000, ()),
    ],
    ids=[
        "list and flows agree",
        "nothing went yet",
        "not on the list",
        "more than the list says",
        "a list that says nothing",
        "covered by an earlier contract",
        "not given for less than a year",
        "not given for a year",
        "over and not returned",
        "over and returned",
    ],
)
def test_it_finds_where_the_list_and_what_really_went_part(listed, flow, at, found):
    assert discrepancies([listed] if listed else [], [flow] if flow else [], at=at) == found
