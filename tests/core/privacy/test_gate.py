"""The gate on made-up facts: the first lack is the reason, and policies may only narrow."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shouxin.core.privacy.actor import ROLES, Actor, ActorError, parse_actor
from shouxin.core.privacy.entry import check_record
from shouxin.core.privacy.facts import Facts, violation
from shouxin.core.privacy.field import Catalogue, Field
from shouxin.core.privacy.form import masked
from shouxin.core.privacy.gate import Ask, Permit, Situation, decide
from shouxin.core.privacy.party import PartyError, parse_party
from shouxin.core.privacy.purpose import PURPOSES

ANY = frozenset(PURPOSES)
EVERYONE = dict.fromkeys(ROLES, "plain")
CATALOGUE = Catalogue(
    [
        Field("borrower", "phone", "general", "vault", ANY, EVERYONE, "", ("R1",)),
        Field("borrower", "arrears", "general", "book", ANY, EVERYONE, "", ()),
        Field("borrower", "pause", "general", "book", ANY, EVERYONE, "", ()),
        Field("contact_person", "phone", "general", "vault", ANY, EVERYONE, "", ()),
    ]
)


class All:
    """Cedar policies that permit everything: what is refused, the table refuses."""

    def covers(self, purpose):
        return True

    def permits(self, question):
        return True


class Nothing(All):
    def permits(self, question):
        return False


PERSON = Facts(
    n=9,
    kind="borrower",
    held=frozenset({"phone"}),
    contracts={2: "L"},
    cases={3: "C-1"},
    grants={4: (3, "bo")},
)
STAFF = Facts(n=1, kind="staff", appointed=1)
BO = Ask(Actor("collector", "k31"), "bo", "collection", ("phone",))


def answer(ask=BO, *, subject=PERSON, policies=None, **more):
    situation = Situation(at=1000, subject=subject, actor=more.pop("actor", STAFF), **more)
    return decide(ask, situation, catalogue=CATALOGUE, policies=policies or All())


def reason(result):
    return "permit" if isinstance(result, Permit) else result.reason.value


REFUSALS = [
    ("all is well", BO, PERSON, "permit"),
    ("a book field needs no stored value", replace(BO, fields=("arrears",)), PERSON, "permit"),
    ("the named case", replace(BO, case="C-1"), PERSON, "permit"),
    ("another case", replace(BO, case="C-2"), PERSON, "no_case"),
    ("no case", BO, replace(PERSON, cases={}, grants={4: (3, "bo")}), "no_case"),
    ("two cases, none named", BO, replace(PERSON, cases={3: "C-1", 5: "C-2"}), "no_case"),
    ("granted to another", BO, replace(PERSON, grants={4: (3, "chen")}), "not_yours"),
    ("nobody there", BO, None, "not_yours"),
    ("closed", BO, replace(PERSON, closed=9), "closed"),
    ("no contract", BO, replace(PERSON, contracts={}), "no_basis"),
    ("contract ended", BO, replace(PERSON, contracts={}, ended=(2,)), "contract_ended"),
    ("not held", BO, replace(PERSON, held=frozenset()), "not_held"),
    ("deleted", BO, replace(PERSON, held=frozenset(), deleted=frozenset({"phone"})), "deleted"),
    ("restricted", BO, replace(PERSON, restricted={"phone": "R9"}), "restricted"),
    ("paused", BO, replace(PERSON, paused=7), "paused"),
    ("paused until later", BO, replace(PERSON, paused=7, paused_until=1001), "paused"),
    ("that it is paused", replace(BO, fields=("pause",)), replace(PERSON, paused=7), "permit"),
    ("that and more", replace(BO, fields=("pause", "arrears")), replace(PERSON, paused=7), "paused"),
    ("a pause that is over", BO, replace(PERSON, paused=7, paused_until=1000), "permit"),
]


@pytest.mark.parametrize(("what", "ask", "subject", "expected"), REFUSALS, ids=[row[0] for row in REFUSALS])
def test_it_gives_the_first_reason(what, ask, subject, expected):
    assert reason(answer(ask, subject=subject)) == expected


def test_it_lets_policies_narrow_but_never_widen():
    assert reason(answer(policies=Nothing())) == "role_may_not"
    assert reason(answer(subject=replace(PERSON, contracts={}), policies=All())) == "no_basis"


def test_it_cites_the_rule_that_restricts_a_field():
    assert answer(subject=replace(PERSON, restricted={"phone": "CN.AML.34"})).rules == ("CN.AML.34",)


AGENT = Ask(Actor("agent", "a07.3"), "three", "collection", ("phone",))
FOR_AGENCY = replace(PERSON, grants={4: (3, "agency:a07")})


@pytest.mark.parametrize(
    ("party", "expected"),
    [
        (None, "party_not_engaged"),
        (Facts(kind="party", engaged=1), "permit"),
        (Facts(kind="party", engaged=1, engaged_until=1001), "permit"),
        (Facts(kind="party", engaged=1, engaged_until=1000), "party_not_engaged"),
        (Facts(kind="party"), "party_not_engaged"),
    ],
)
def test_it_asks_the_agency_s_own_chain(party, expected):
    assert reason(answer(AGENT, subject=FOR_AGENCY, party=party)) == expected


FRIEND = Facts(n=4, kind="contact_person", held=frozenset({"phone"}), consents={"reach_through_contact": 3})
REACH = Ask(Actor("system", "dial"), "system:dial", "reach_through_contact", ("phone",))


@pytest.mark.parametrize(
    ("friend", "naming", "expected"),
    [
        (FRIEND, PERSON, "not_out_of_reach"),
        (FRIEND, None, "not_out_of_reach"),
        (FRIEND, replace(PERSON, unreachable=8), "permit"),
        (replace(FRIEND, opted_out=4), replace(PERSON, unreachable=8), "opted_out"),
        (replace(FRIEND, consents={}), replace(PERSON, unreachable=8), "no_basis"),
    ],
)
def test_it_wants_evidence_before_a_contact_person_is_asked(friend, naming, expected):
    assert reason(answer(REACH, subject=friend, naming=naming)) == expected


def test_it_shows_an_agency_what_an_agency_may_see_whoever_hands_it_over():
    seen = {"system": "plain", "agent": "token"}
    field = Field("borrower", "phone", "general", "vault", ANY, seen, "", ())
    ask = Ask(Actor("system", "x"), "system:x", "entrust_collection", ("phone",), recipient="agency:a07")
    situation = Situation(at=1000, subject=PERSON, recipient=Facts(kind="party", engaged=1))
    given = decide(ask, situation, catalogue=Catalogue([field]), policies=All())
    assert given.forms == {"phone": "token"}
    hidden = replace(field, shown={"system": "plain"})
    assert reason(decide(ask, situation, catalogue=Catalogue([hidden]), policies=All())) == "role_may_not"


def test_it_never_collects_from_a_contact_person():
    ask = replace(BO, purpose="collection")
    assert reason(answer(ask, subject=FRIEND, naming=PERSON, naming_pseudonym="bo")) == "third_party"


FACTS = st.builds(
    Facts,
    n=st.just(9),
    kind=st.sampled_from(["borrower", "contact_person"]),
    held=st.sets(st.sampled_from(["phone"])).map(frozenset),
    consents=st.dictionaries(st.sampled_from(sorted(PURPOSES)), st.just(5), max_size=3),
    contracts=st.dictionaries(st.just(2), st.just("L"), max_size=1),
    cases=st.dictionaries(st.sampled_from([3, 6]), st.sampled_from(["C-1", "C-2"]), max_size=2),
    grants=st.dictionaries(
        st.just(7), st.tuples(st.sampled_from([3, 6]), st.sampled_from(["bo", "agency:a07"])), max_size=1
    ),
    unreachable=st.sampled_from([0, 8]),
    paused=st.sampled_from([0, 8]),
)


@given(
    facts=FACTS,
    role=st.sampled_from(ROLES),
    purpose=st.sampled_from(sorted(PURPOSES)),
    recipient=st.sampled_from([None, "agency:a07"]),
)
def test_it_permits_nothing_that_a_verifier_would_refuse(facts, role, purpose, recipient):
    """The same table for gate and verifier: what the gate permits, the history carries."""
    own = role in ("borrower", "contact", "system")
    actor = Actor(role, "a07.1" if role == "agent" else "self" if own else "k31")
    ask = Ask(actor, f"{role}:self" if own else "bo", purpose, ("phone",), recipient=recipient)
    engaged = Facts(kind="party", engaged=1)
    more = {"party": engaged, "recipient": engaged, "naming": facts, "naming_pseudonym": "bo"}
    result = answer(ask, subject=facts, **more)
    if isinstance(result, Permit):
        record = {"v": 1, "time": 1000, "policy": "p", **result.body}
        check_record(record)
        assert violation(facts, record) is None


@pytest.mark.parametrize(
    ("name", "value", "shown"),
    [
        ("phone", "13800005678", "138••••5678"),
        ("phone", "123", "••••"),
        ("id_number", "110101199001010010", "••••0010"),
        ("bank_card", "6222020200112233", "••••2233"),
        ("name", "李爱", "李••"),
        ("name", "Ai Li", "Ai••"),
        ("email", "a@b.example", "••••@b.example"),
        ("income", "8600", "••••"),
    ],
)
def test_it_masks_what_tells_who(name, value, shown):
    assert masked(name, value) == shown


@pytest.mark.parametrize("text", ["", "k31", "boss:k1", "collector:", "collector:a b", "collector:a:b"])
def test_it_reads_only_actors_of_the_closed_list(text):
    with pytest.raises(ActorError):
        parse_actor(text)


@pytest.mark.parametrize(("text", "party"), [("a07", "agency:a07"), ("bureau:pboc", "bureau:pboc")])
def test_it_takes_a_bare_id_for_an_agency(text, party):
    assert parse_party(text) == party


@pytest.mark.parametrize("text", ["", "mob:a07", "agency:", "a 07", "agency:a:b"])
def test_it_reads_only_parties_of_the_closed_list(text):
    with pytest.raises(PartyError):
        parse_party(text)
