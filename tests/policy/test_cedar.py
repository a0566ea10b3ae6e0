"""The Cedar policies as shipped: they narrow the table and the catalogue, and agree with both."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from shouxin.core.privacy.actor import ROLES
from shouxin.core.privacy.field import FORMS, Field
from shouxin.core.privacy.gate import CedarQuestion
from shouxin.core.privacy.purpose import PURPOSES
from shouxin.policy import folder
from shouxin.policy.load import Policy, PolicyError, load
from shouxin.vault.policy import CedarPolicies
from tests.policy.edited import edited

POLICY = load(folder())
CEDAR = CedarPolicies(POLICY.cedar)
RECIPIENTS = ("", "agency:a07", "bureau:pbc", "channel:mail", "processor:bank")
FIELDS = {field.key: field for field in POLICY.catalogue}

BO = CedarQuestion(
    role="collector",
    actor="collector:k31",
    party="platform:self",
    purpose="collection",
    whose="borrower",
    field="phone",
    classification="general",
    form="plain",
    basis="contract",
    has_case=True,
    has_grant=True,
    evidence="",
    recipient="",
)


def asked(role: str, purpose: str, field: Field, **more: object) -> CedarQuestion:
    """The question in which case, grant and evidence stand, about a field in the form the role sees."""
    question = replace(
        BO,
        role=role,
        party="agency:a07" if role == "agent" else "platform:self",
        purpose=purpose,
        whose=field.whose,
        field=field.name,
        classification=field.classification,
        form=field.shown.get(role, "plain"),
        basis=PURPOSES[purpose].bases[0],
        evidence="unreachable",
    )
    return replace(question, **more)  # type: ignore[arg-type]


def cells() -> Iterator[tuple[str, str, Field, str, str]]:
    """Every role, purpose, field and form, to nobody and to each kind of recipient, that is permitted."""
    for role, purpose, field, form in product(ROLES, PURPOSES, POLICY.catalogue, FORMS):
        for recipient in RECIPIENTS:
            if CEDAR.permits(asked(role, purpose, field, form=form, recipient=recipient)):
                yield role, purpose, field, form, recipient


@pytest.fixture(scope="module")
def permitted() -> list[tuple[str, str, Field, str, str]]:
    return list(cells())


MAY = """
    borrower     own_request            name phone id_number id_valid_until bank_card email income employer address
    borrower     own_request            monthly_obligations balance arrears days_past_due next_due terms
    borrower     own_request            promise contact_history pause
    contact      own_request            name phone relation
    system       identity_check         name id_number id_valid_until
    system       credit_decision        income monthly_obligations employer address
    system       disbursement           name bank_card
    system       servicing              name phone email address balance arrears days_past_due next_due terms
    system       reminder               name phone email arrears next_due
    system       contact_person_notice  name phone
    system       reach_through_contact  phone
    system       marketing              phone email
    collector    collection             name phone balance arrears days_past_due next_due
    collector    collection             promise contact_history pause
    agent        collection             name phone balance arrears days_past_due next_due
    officer      servicing              name phone email address balance arrears days_past_due next_due terms
    officer      hardship               name phone email income monthly_obligations balance arrears days_past_due
    officer      hardship               next_due terms
    officer      complaint              name phone email address balance arrears days_past_due next_due terms
    underwriter  identity_check         name id_number id_valid_until
    underwriter  credit_decision        name income monthly_obligations employer address
    marketer     marketing              phone email
    compliance   aml_keep               name id_number id_valid_until bank_card balance terms
    compliance   next_of_kin            name id_number balance arrears terms
"""


def test_it_lets_each_role_use_what_it_needs_and_nothing_else(
    permitted: list[tuple[str, str, Field, str, str]],
) -> None:
    lines = [line.split() for line in MAY.strip().splitlines()]
    expected = {(role, purpose, name) for role, purpose, *names in lines for name in names}
    used = {
        (role, purpose, field.name)
        for role, purpose, field, form, recipient in permitted
        if not recipient and field.shown.get(role) == form
    }
    assert used == expected


MAY_GIVE = """
    agency     entrust_collection     name phone arrears days_past_due
    bureau     credit_reporting       name id_number balance arrears days_past_due terms
    channel    own_request            phone terms
    channel    servicing              phone
    channel    reminder               name phone email arrears next_due
    channel    contact_person_notice  name phone
    channel    reach_through_contact  phone
    channel    marketing              phone email
    processor  disbursement           name bank_card
"""


def test_it_gives_each_recipient_what_it_needs_and_nothing_else(
    permitted: list[tuple[str, str, Field, str, str]],
) -> None:
    lines = [line.split() for line in MAY_GIVE.strip().splitlines()]
    expected = {(kind, purpose, name) for kind, purpose, *names in lines for name in names}
    given = {
        (recipient.partition(":")[0], purpose, field.name) for _, purpose, field, _, recipient in permitted if recipient
    }
    assert given == expected
    ours = ("entrust_collection", "own_request")
    givers = {role for role, purpose, _, _, recipient in permitted if recipient and purpose not in ours}
    assert givers == {"system"}
    assert {role for role, purpose, _, _, to in permitted if to and purpose == "own_request"} == {"borrower"}


def test_it_gives_an_agency_no_number_but_a_token(permitted: list[tuple[str, str, Field, str, str]]) -> None:
    forms = {form for _, _, field, form, to in permitted if to.startswith("agency") and field.name == "phone"}
    seen = {form for role, _, field, form, _ in permitted if role == "agent" and field.name == "phone"}
    assert forms == seen == {"token"}


def test_it_permits_nothing_that_the_catalogue_does_not(permitted: list[tuple[str, str, Field, str, str]]) -> None:
    for role, purpose, field, _, _ in permitted:
        assert purpose in field.purposes
        assert role in field.shown


def test_it_leaves_no_purpose_of_a_field_without_a_role_that_may(
    permitted: list[tuple[str, str, Field, str, str]],
) -> None:
    reached = {(purpose, field.key) for _, purpose, field, _, _ in permitted}
    assert reached == {(purpose, field.key) for field in POLICY.catalogue for purpose in field.purposes}


def test_it_lets_no_collection_agency_or_collector_reach_a_contact_person() -> None:
    theirs = [field for field in POLICY.catalogue if field.whose == "contact_person"]
    bases = ("consent", "contract", "duty", "own_request")
    asking = product(ROLES, PURPOSES, theirs, FORMS, bases, (True, False), RECIPIENTS)
    for role, purpose, field, form, basis, stands, recipient in asking:
        collecting = role in ("collector", "agent") or purpose in ("collection", "entrust_collection")
        if collecting or recipient.startswith("agency"):
            question = asked(
                role,
                purpose,
                field,
                form=form,
                basis=basis,
                has_case=stands,
                has_grant=stands,
                evidence="unreachable" if stands else "",
                recipient=recipient,
            )
            assert not CEDAR.permits(question)


def test_it_needs_what_the_purpose_needs() -> None:
    assert CEDAR.permits(BO)
    assert not CEDAR.permits(replace(BO, has_case=False))
    assert not CEDAR.permits(replace(BO, has_grant=False))
    contact = asked("system", "reach_through_contact", FIELDS["contact_person.phone"])
    assert CEDAR.permits(contact)
    assert not CEDAR.permits(replace(contact, evidence=""))
    advert = asked("system", "marketing", FIELDS["borrower.email"])
    assert CEDAR.permits(advert)
    assert not CEDAR.permits(replace(advert, basis="contract"))


def test_it_names_the_policy_that_decided() -> None:
    assert CEDAR.deciding(BO) == ("collection.collector",)
    agent = replace(BO, role="agent", party="agency:a07")
    assert CEDAR.deciding(agent) == ("bans.agent_phone",)
    assert CEDAR.deciding(replace(BO, purpose="reminder")) == ()


def test_it_covers_every_purpose_and_misses_one_that_lost_its_file(tmp_path: Path) -> None:
    assert all(CEDAR.covers(purpose) for purpose in PURPOSES)
    copy = edited(tmp_path, "house.toml", "enabled", "enabled")
    (copy / "cedar" / "marketing.cedar").unlink()
    fewer = CedarPolicies(load(copy).cedar)
    assert not fewer.covers("marketing")
    assert not fewer.covers("profiling")
    assert fewer.covers("collection")


def broken(tmp_path: Path, old: str, new: str, file: str = "cedar/reminder.cedar") -> Policy:
    return load(edited(tmp_path, file, old, new))


def test_it_refuses_a_policy_that_names_what_the_schema_does_not(tmp_path: Path) -> None:
    policy = broken(tmp_path, "context.purpose", "context.porpoise")
    with pytest.raises(PolicyError, match=r"reminder\.system"):
        CedarPolicies(policy.cedar)


def test_it_refuses_a_policy_that_cannot_be_read(tmp_path: Path) -> None:
    policy = broken(tmp_path, "when {", "whenever {")
    with pytest.raises(PolicyError, match="cedar"):
        CedarPolicies(policy.cedar)


def test_it_refuses_an_id_that_stands_twice(tmp_path: Path) -> None:
    second = '@id("collection.collector")\npermit (principal, action, resource) when { false };'
    policy = broken(tmp_path, '@id("collection.agent")', f'{second}\n@id("collection.agent")', "cedar/collection.cedar")
    with pytest.raises(PolicyError, match="stands twice"):
        CedarPolicies(policy.cedar)


def test_it_refuses_a_schema_that_cannot_be_read(tmp_path: Path) -> None:
    policy = broken(tmp_path, "entity Actor =", "entity Actor is", "cedar/shouxin.cedarschema")
    with pytest.raises(PolicyError, match="cedarschema"):
        CedarPolicies(policy.cedar)


def test_it_denies_when_a_policy_fails_while_it_decides(tmp_path: Path) -> None:
    ban = '@id("bans.broken")\nforbid (principal, action, resource) when { 9223372036854775807 + 1 == 0 };\n'
    policy = broken(tmp_path, "// Bans for every purpose", f"{ban}// Bans for every purpose", "cedar/bans.cedar")
    assert not CedarPolicies(policy.cedar).permits(BO)


def test_it_sees_kinds_and_never_a_person() -> None:
    for one, other in (("collector:k31", "collector:k32"), ("agent:a07.3", "agent:b1.1")):
        assert CEDAR.permits(replace(BO, actor=one)) == CEDAR.permits(replace(BO, actor=other))
