"""What people are told before their data are used."""

from shouxin.core.privacy.purpose import CONSENT, PURPOSES
from shouxin.core.rules.rule import LANGUAGES
from shouxin.policy import folder
from shouxin.policy.load import load
from shouxin.policy.sentences import names_in

POLICY = load(folder())
NOTICES = POLICY.notices


def test_it_tells_of_every_purpose_but_the_persons_own_request_and_their_relatives() -> None:
    told = {purpose for notice in NOTICES.values() for purpose in notice.purposes}
    assert told == set(PURPOSES) - {"own_request", "next_of_kin"}


def test_it_has_one_notice_for_each_purpose_that_consent_may_carry() -> None:
    for name, purpose in PURPOSES.items():
        if CONSENT in purpose.bases:
            speaking = [notice for notice in NOTICES.values() if name in notice.purposes]
            assert len(speaking) == 1


def test_it_names_exactly_the_fields_that_its_purposes_use() -> None:
    """The enrolment notice besides tells of what may be kept; it can't name the card, which comes later."""
    for key, notice in NOTICES.items():
        used = {field.key for field in POLICY.catalogue if field.purposes & set(notice.purposes)}
        if key == "contact_person":
            assert set(notice.fields) == used | {"contact_person.relation"}
        else:
            assert set(notice.fields) <= used


def test_it_says_a_sensitive_fields_necessity_and_impact() -> None:
    for key in ("credit_decision", "disbursement", "hardship"):
        for language in LANGUAGES:
            assert {"necessity", "impact"} <= NOTICES[key].text[language].keys()


def test_it_leaves_only_the_lenders_own_name_and_contact_open() -> None:
    for notice in NOTICES.values():
        for language in LANGUAGES:
            text = notice.text[language]
            assert text["controller"] == "{lender}"
            assert text["contact"] == "{lender_contact}"
            others = [words for item, words in text.items() if item not in ("controller", "contact")]
            assert not any(names_in(words) for words in others)


def test_it_tells_a_contact_person_of_no_debt_and_no_borrower() -> None:
    text = NOTICES["contact_person"].text
    assert "永远不会告诉您任何债务" in text["zh"]["method"] + text["zh"]["purpose"]
    assert "never told of a debt" in text["en"]["method"]
