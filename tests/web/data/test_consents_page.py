"""What I have allowed: taken back with one press and given again, each with its own entry and nothing in an address."""

import re

import pytest

from tests.usecases.story import enrolled, kinds, must


@pytest.fixture
def visitor(site, ai_li):
    return site().as_borrower(ai_li)


def press(visitor, act: str, purpose: str = "marketing", version: str = "1", **more):
    return visitor.post("/data/consents", {"act": act, "purpose": purpose, "version": version}, **more)


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_it_lists_each_with_its_notice_and_how_to_take_it_back(visitor):
    page = text(visitor.get("/data/consents"))
    for said in (
        "1 consent stands",
        "What a decision on credit uses",
        "allowed",
        "version 1",
        "Take this consent back",
    ):
        assert said in page
    assert "no new decision" in page


def test_it_takes_back_with_one_press_and_gives_again(lender, visitor, ai_li):
    for act, said, kind in (
        ("give", "consented to this one thing", "consented"),
        ("withdraw", "counts from now on", "withdrawn"),
        ("give", "consented to this one thing", "consented"),
    ):
        answer = press(visitor, act)
        assert (answer.status_code, answer["Location"]) == (302, "/data/consents")
        assert said in text(visitor.get("/data/consents"))
        assert kinds(lender, ai_li)[-1] == kind


def test_it_does_nothing_twice(lender, visitor, ai_li):
    press(visitor, "give")
    before = kinds(lender, ai_li)
    press(visitor, "give")
    assert "nothing was done twice" in text(visitor.get("/data/consents"))
    assert kinds(lender, ai_li) == before
    press(visitor, "withdraw")
    press(visitor, "withdraw")
    assert kinds(lender, ai_li) == [*before, "withdrawn"]
    assert "nothing was done twice" in text(visitor.get("/data/consents"))


def test_it_says_once_what_was_done(visitor):
    press(visitor, "give")
    visitor.get("/data/consents")
    assert "consented to this one thing" not in text(visitor.get("/data/consents"))


def test_it_asks_again_when_the_wording_was_changed(lender, visitor, ai_li):
    must(lender.vault.consent(ai_li, "marketing", notice="marketing", version="0"))
    page = text(visitor.get("/data/consents"))
    assert "version 0 (now version 1)" in page
    assert "Consent to the new wording" in page
    press(visitor, "give")
    assert "Consent to the new wording" not in text(visitor.get("/data/consents"))


@pytest.mark.parametrize(
    "sent",
    [
        {"act": "give", "purpose": "marketing", "version": "0"},
        {"act": "give", "purpose": "identity_check", "version": "1"},
        {"act": "give", "purpose": "reach_through_contact", "version": "1"},
        {"act": "take", "purpose": "marketing", "version": "1"},
        {"purpose": "marketing"},
        {},
    ],
)
def test_it_takes_nothing_that_does_not_stand_on_the_page(lender, visitor, ai_li, sent):
    before = kinds(lender, ai_li)
    assert visitor.post("/data/consents", sent).status_code == 400
    assert kinds(lender, ai_li) == before


def test_it_needs_the_token_of_its_own_page(lender, site, ai_li):
    visitor = site(csrf=True).as_borrower(ai_li)
    assert press(visitor, "give").status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', visitor.get("/data/consents").content.decode())[1]
    assert press(visitor, "give", headers={"X-CSRFToken": token}).status_code == 302


def test_it_changes_only_ones_own(lender, site, ai_li):
    other = enrolled(lender, phone="13800000177", id_number="110101198001010011")
    before = kinds(lender, other)
    press(site().as_borrower(ai_li), "withdraw", "credit_decision")
    assert kinds(lender, other) == before
