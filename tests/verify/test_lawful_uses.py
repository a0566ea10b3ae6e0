"""The verifier recomputes itself what each use needed; the lender's word is not asked."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shouxin.core.merkle.canonical import encode
from shouxin.core.privacy import entry, purpose
from shouxin.verify import NotVerified, Verified
from tests.verify.story import (
    BO,
    CHEN,
    MINUTE,
    Story,
    agreed,
    case_opened,
    check,
    consented,
    enrolled,
    granted,
    refusal,
    used,
    withdrawn,
)

ENDED = {"kind": "ended", "contract": 2}
CLOSED = {"kind": "closed"}
CASE_CLOSED = {"kind": "case_closed", "case": 3}
RECALLED = {"kind": "recalled", "grant": 4}
SERVICE = used("servicing", ["contract", 2])
MARKET = used("marketing", ["consent", 2])


def collect(actor=BO, **cited):
    return used("collection", ["contract", 2], actor=actor, **cited)


BY_BO = collect(case=3, grant=4)

A07 = "agency:a07"
GIVEN = {**used("servicing", ["contract", 2], fields=["name"]), "kind": "disclosed", "recipient": A07}


def returned(*fields):
    return {"kind": "returned", "recipient": A07, "fields": list(fields)}


def kept(rule="CN.AML.34", until=9):
    """The phone is only stored from now on."""
    return {"kind": "restricted", "fields": ["phone"], "rule": rule, "until": until}


OWN = kept("CN.PIPL.44_45", 0)
LOOK = used("own_request", ["own_request"], actor="borrower:self")
FOR_THE_DUTY = used("aml_keep", ["duty", "CN.AML.34"])
LIFTED = {"kind": "unrestricted", "fields": ["phone"]}
GONE = {"kind": "deleted", "fields": ["phone"]}


# What came after enrolment, and what the verifier says of it.
TABLE = [
    ("a service on a contract", [agreed(), SERVICE], None),
    ("a service before the contract", [SERVICE, agreed()], ("no_basis", "entry 2")),
    ("a service on a contract that ended", [agreed(), ENDED, SERVICE], ("no_basis", "entry 4")),
    ("a service on another kind of entry", [consented(), SERVICE], ("no_basis", "entry 3")),
    ("a service on the law", [agreed(), used("servicing", ["duty", "CN.AML.34"])], ("no_basis", "entry 3")),
    ("a check that a law asks for", [used("identity_check", ["duty", "CN.AML.34"])], None),
    ("a check that another rule would ask for", [used("identity_check", ["duty", "HOUSE.1"])], ("no_basis", "entry 2")),
    ("marketing with consent", [consented(), MARKET], None),
    ("marketing without", [agreed(), used("marketing", ["contract", 2])], ("no_basis", "entry 3")),
    ("marketing on a consent to something else", [consented("hardship"), MARKET], ("no_basis", "entry 3")),
    ("marketing after the withdrawal", [consented(), withdrawn(2), MARKET], ("after_withdrawal", "entry 4")),
    (
        "marketing after the withdrawal and a new consent, on the old one",
        [consented(), withdrawn(2), consented(), MARKET],
        ("after_withdrawal", "entry 5"),
    ),
    ("marketing before the withdrawal", [consented(), MARKET, withdrawn(2)], None),
    ("a purpose that is not in the table", [agreed(), used("curiosity", ["contract", 2])], ("no_basis", "entry 3")),
    ("a return of what was given", [agreed(), GIVEN, returned("name")], None),
    ("a return of what was never given", [agreed(), GIVEN, returned("phone")], ("malformed", "entry 4")),
    ("a return twice", [agreed(), GIVEN, returned("name"), returned("name")], ("malformed", "entry 5")),
    ("a use of what is only stored", [agreed(), kept(), SERVICE], ("no_basis", "entry 4")),
    ("a use of it before", [agreed(), SERVICE, kept()], None),
    ("a use of another field", [agreed(), kept(), used("servicing", ["contract", 2], fields=["email"])], None),
    ("a use for the duty that keeps it", [kept(), FOR_THE_DUTY], None),
    ("its owner's look at what a duty keeps", [kept(), LOOK], ("no_basis", "entry 3")),
    ("its owner's look at what they restricted", [OWN, LOOK], None),
    ("another's use of what its owner restricted", [agreed(), OWN, SERVICE], ("no_basis", "entry 4")),
    ("a use of what was restricted twice and lifted", [agreed(), OWN, kept(), LIFTED, SERVICE], None),
    ("a use of what was deleted and stored anew", [agreed(), kept(), GONE, SERVICE], None),
    ("no basis at all", [agreed(), used("servicing", [])], ("no_basis", "entry 3")),
    ("Bo, with case and grant", [agreed(), case_opened(), granted(3), BY_BO], None),
    ("Bo, without a case", [agreed(), collect()], ("no_case", "entry 3")),
    ("Bo, citing a case that is no case", [agreed(), collect(case=2, grant=1)], ("no_case", "entry 3")),
    (
        "Bo, after the case was closed",
        [agreed(), case_opened(), granted(3), CASE_CLOSED, BY_BO],
        ("no_case", "entry 6"),
    ),
    ("Bo, without a grant", [agreed(), case_opened(), collect(case=3)], ("no_grant", "entry 4")),
    ("Bo, after the recall", [agreed(), case_opened(), granted(3), RECALLED, BY_BO], ("no_grant", "entry 6")),
    (
        "Chen, on Bo's grant",
        [agreed(), case_opened(), granted(3), collect(CHEN, case=3, grant=4)],
        ("no_grant", "entry 5"),
    ),
    (
        "an agency's person, on the agency's grant",
        [
            agreed(),
            case_opened(),
            granted(3, "agency:a07"),
            collect("agent:a07.3", party="agency:a07", case=3, grant=4),
        ],
        None,
    ),
    ("anything after the closing", [agreed(), CLOSED, SERVICE], ("after_closing", "entry 4")),
    ("a history that ends in the closing", [agreed(), CLOSED], None),
    ("a person enrolled twice", [enrolled()], ("malformed", "entry 2")),
    ("a kind that nobody knows", [{"kind": "peeked"}], ("unknown_kind", "entry 2.kind")),
    ("a record with a key too many", [agreed() | {"phone": "1"}], ("malformed", "entry 2.phone")),
    ("a record with a key too few", [{"kind": "agreed", "terms": "t"}], ("malformed", "entry 2.contract")),
    ("a record of another version", [agreed() | {"v": 2}], ("malformed", "entry 2.v")),
    ("a record whose time runs backwards", [agreed() | {"time": 0}], ("late_entry", "entry 2")),
]


@pytest.mark.parametrize(("told", "said"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_it_judges_each_history_as_the_table_says(told, said):
    story = Story().tell(enrolled())
    for body in told:
        story.tell(body)
    if said is None:
        assert isinstance(check(story.files()), Verified)
    else:
        assert refusal(story.files()) == said


def test_a_time_before_the_entry_before_goes_backwards():
    story = Story().tell(enrolled())
    story.now += MINUTE
    story.write([{"v": 1, "time": story.now - 2 * MINUTE} | agreed()])
    assert refusal(story.files()) == ("time_backwards", "entry 2")


@pytest.mark.parametrize(
    "record",
    [b"", b"{}", b"[]", b'"a"', b'{"v":1,"v":1}', b'{"kind":"enrolled", "v":1}', b"[" * 40 + b"]" * 40, b"\xff"],
)
def test_it_refuses_a_record_that_is_not_one(record):
    story = Story().tell(enrolled())
    story.scribe.write([record], ms=story.now)
    reason, where = refusal(story.files())
    assert reason in ("malformed", "unknown_kind")
    assert where.startswith("entry 2")


atoms = st.sampled_from(["", "a", "consent", "contract", "duty", "own_request", "marketing", BO]) | st.integers(0, 9)
lists = st.lists(atoms, max_size=3)


def record_of(kind):
    must, may = (sorted(keys.split()) for keys in entry._SHAPES[kind])
    values = {key: value_of(key, kind) for key in must + may}
    return st.fixed_dictionaries({key: values[key] for key in must}, optional={key: values[key] for key in may}).map(
        lambda body: {"kind": kind} | body
    )


def value_of(key, kind):
    if key == "purpose":
        return st.sampled_from([*purpose.PURPOSES, "curiosity"])
    if key in entry._LISTS:
        return lists
    return st.integers(1, 9) if entry._FITS[kind][key](1) else st.sampled_from(["", "case-1", BO, "borrower"])


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(entry.KINDS).flatmap(record_of), max_size=8))
def test_it_comes_to_a_verdict_about_any_well_formed_records(bodies):
    story = Story().tell(enrolled(), agreed(), case_opened(), granted(3))
    for body in bodies:
        story.tell(body)
    assert isinstance(check(story.files()), (Verified, NotVerified))


def test_a_record_is_read_as_the_bytes_that_were_hashed():
    story = Story().tell(enrolled())
    spaced = encode({"v": 1, "time": story.now} | agreed()).replace(b",", b", ", 1)
    story.scribe.write([spaced], ms=story.now)
    assert refusal(story.files()) == ("malformed", "entry 2")
