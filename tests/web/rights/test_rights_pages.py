"""My rights: what I can ask, what waits, my copy after a code, and the end of my account with what stays named first."""

import json
import re

import pytest

from tests.usecases.privacy.test_erase import FRIEND, name, settled
from tests.usecases.privacy.texts import code_in, newest
from tests.usecases.story import AI_LI, borrowed, enrolled, kinds, last, must, offered

HOME = "/me/rights"
VALUES = [AI_LI[one] for one in ("name", "phone", "id_number", "bank_card", "email", "employer")]


def text(answer):
    """What stands on the page, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def told(answer):
    """Where a press led, and what stands there."""
    assert answer.status_code == 302, text(answer)
    return answer.headers["Location"]


def confirmed(visitor, gateway, about):
    """Through the two pages of a code; gives where it leads."""
    assert told(visitor.post(f"{HOME}/{about}")) == f"{HOME}/{about}/code"
    return visitor.post(f"{HOME}/{about}/code", {"typed": code_in(gateway)})


def test_it_shows_what_can_be_asked_and_no_value(site, ai_li, lender):
    before = kinds(lender, ai_li)
    said = text(site().as_borrower(ai_li).get(HOME))
    for word in (
        "A copy, to read or to take elsewhere",
        "Correcting or completing",
        "Deleting",
        "Having a decision reviewed by a person",
    ):
        assert word in said
    assert "Answered within 30 days (recommended standard). The number is from memory" in said
    assert "Answered within 7 days (house policy)" in said
    assert not any(value in said for value in VALUES)
    assert kinds(lender, ai_li) == before, "a look is no use"


def test_a_field_is_corrected_at_once_or_waits_for_a_document(site, ai_li, lender):
    visitor = site().as_borrower(ai_li)
    assert told(visitor.post(f"{HOME}/correct?field=income", {"value": "9100"})) == HOME
    assert "Corrected. It counts from now on." in text(visitor.get(HOME))
    assert told(visitor.post(f"{HOME}/correct?field=name", {"value": "Ai Lian"})) == HOME
    said = text(visitor.get(HOME))
    assert "1 request of yours is being answered" in said and "24 Dec 2026" in said and "Ai Lian" not in said
    assert told(visitor.post(f"{HOME}/correct?field=name", {"value": "Ai Lian"})) == HOME
    assert "It was so already" in text(visitor.get(HOME))
    request = re.search(r'name="request" value="([^"]+)"', visitor.get(HOME).content.decode())[1]
    assert told(visitor.post(f"{HOME}/take-back", {"request": request})) == HOME
    assert last(lender, ai_li)["outcome"] == "taken_back"


@pytest.mark.parametrize("field", ["phone", "balance", "contact_person", "", "x" * 500])
def test_another_field_is_not_corrected_here(site, ai_li, field):
    assert told(site().as_borrower(ai_li).get(f"{HOME}/correct", {"field": field})) == HOME


def test_what_is_wrong_with_a_value_is_said_beside_it(site, ai_li, lender):
    visitor = site().as_borrower(ai_li)
    for value, words in (("", "Enter what is right"), ("8,600 yuan", "Write the amount with digits")):
        answer = visitor.post(f"{HOME}/correct?field=income", {"value": value})
        assert (answer.status_code, words in text(answer)) == (400, True)
    assert kinds(lender, ai_li)[-1] == "consented"


def test_a_field_that_is_optional_is_kept_out_of_use_or_deleted(site, ai_li, lender):
    visitor = site().as_borrower(ai_li)
    for act, kind, words in (
        ("restrict", "restricted", "We only keep it now"),
        ("lift", "unrestricted", "It is in use again."),
        ("delete", "deleted", "Deleted."),
    ):
        assert told(visitor.post(f"{HOME}/field", {"field": "email", "act": act})) == HOME
        assert kinds(lender, ai_li)[-2] == kind and words in text(visitor.get(HOME))
    assert told(visitor.post(f"{HOME}/field", {"field": "email", "act": "delete"})) == HOME, "pressed twice"
    assert "It was so already" in text(visitor.get(HOME))
    assert visitor.post(f"{HOME}/field", {"field": "phone", "act": "delete"}).status_code == 403
    for wrong in ({}, {"field": "email", "act": "sell"}, {"field": "", "act": "delete"}):
        assert visitor.post(f"{HOME}/field", wrong).status_code == 400


def test_what_cant_be_undone_is_said_once_more_before_it_is_done(site, ai_li, lender):
    visitor, before = site().as_borrower(ai_li), kinds(lender, ai_li)
    assert f"{HOME}/delete?field=email" in visitor.get(HOME).content.decode()
    said = text(visitor.get(f"{HOME}/delete?field=email"))
    assert "Delete your e-mail: this can’t be undone" in said and AI_LI["email"] not in said
    assert kinds(lender, ai_li) == before, "a look deletes nothing"
    for other in ("phone", "nothing", ""):
        assert told(visitor.get(f"{HOME}/delete", {"field": other})) == HOME, "what a contract needs isn't offered"


def test_it_cites_the_rule_of_a_clock_and_folds_earlier_answers(site, ai_li, lender):
    visitor = site().as_borrower(ai_li)
    for value in ("9100", "9200", "9300", "9400"):
        visitor.post(f"{HOME}/correct?field=income", {"value": value})
    visitor.post(f"{HOME}/correct?field=name", {"value": "Ai Lian"})
    said = text(visitor.get(HOME))
    assert "24 Dec 2026 Personal information security specification · recommended standard · from memory" in said
    assert "Next: show us the document" in said and "1 earlier" in said


def test_a_decision_is_put_before_a_person(site, ai_li, lender):
    offered(lender, ai_li, "3000.00")
    visitor = site().as_borrower(ai_li)
    application = re.search(r'name="application" value="([^"]+)"', visitor.get(HOME).content.decode())[1]
    assert told(visitor.post(f"{HOME}/review", {"application": application})) == HOME
    said = text(visitor.get(HOME))
    assert "1 Dec 2026" in said and "asked already" in said


def test_somebody_elses_and_nothing_are_the_same_page(site, ai_li, lender):
    other = enrolled(lender, id_number="11010119900307109X", phone="13800000102")
    offered(lender, ai_li, "3000.00")
    mine = site().as_borrower(ai_li)
    mine.post(f"{HOME}/correct?field=name", {"value": "Ai Lian"})
    page = mine.get(HOME).content.decode()
    application = re.search(r'name="application" value="([^"]+)"', page)[1]
    request = re.search(r'name="request" value="([^"]+)"', page)[1]
    theirs = site().as_borrower(other)
    for path, field, value in (("review", "application", application), ("take-back", "request", request)):
        found = [theirs.post(f"{HOME}/{path}", {field: one}) for one in (value, "01990000-0000-7000-8000-000000000000")]
        assert [one.status_code for one in found] == [404, 404]
        assert found[0].content == found[1].content
    for path in ("last-file", "trust"):
        assert theirs.get(f"{HOME}/{path}").status_code == 404
    assert theirs.post(f"{HOME}/destroy").status_code == 404, "whose account isn't closed"


def test_a_copy_takes_a_code_and_holds_everything_of_mine(site, ai_li, lender, gateway):
    name(lender, ai_li)
    borrowed(lender, ai_li)
    visitor = site().as_borrower(ai_li)
    assert told(visitor.post(f"{HOME}/copy/file")) == f"{HOME}/copy", "without a code there is no copy"
    assert told(confirmed(visitor, gateway, "copy")) == f"{HOME}/copy"
    assert "hands over a copy of all your data" in newest(gateway)
    assert "Which copy do you want?" in text(visitor.get(f"{HOME}/copy"))
    shown = visitor.post(f"{HOME}/copy/page")
    assert all(value in text(shown) for value in VALUES) and "no-store" in shown["Cache-Control"]
    assert FRIEND["phone"] not in text(shown)
    file = visitor.post(f"{HOME}/copy/file")
    assert json.loads(file.content)["fields"] == AI_LI and "attachment" in file["Content-Disposition"]
    assert kinds(lender, ai_li)[-3:] == ["requested", "used", "answered"]


def test_before_anything_is_deleted_it_says_what_stays_by_which_rule_until_when(site, ai_li, lender):
    from shouxin.site import serving

    later = settled(lender, ai_li)
    serving.serve(later)
    before = kinds(later, ai_li)
    said = text(site().as_borrower(ai_li).get(f"{HOME}/erase"))
    assert "Nothing is deleted yet" in said and "the law has us keep the rest" in said
    assert "until 25 Nov 2036" in said and "反洗钱法" in said
    assert kinds(later, ai_li) == before


def test_a_running_contract_keeps_what_it_needs(site, ai_li, lender, gateway):
    borrowed(lender, ai_li)
    visitor = site().as_borrower(ai_li)
    assert "Your contract still runs" in text(visitor.get(f"{HOME}/erase"))
    assert told(confirmed(visitor, gateway, "erase")) == f"{HOME}/erased"
    said = text(visitor.get(f"{HOME}/erased"))
    assert "What could go is gone" in said and "Done in part" in said
    assert lender.vault.history(ai_li).facts.held == {"name", "phone", "id_number", "bank_card"}


def test_who_is_gone_gets_a_last_file_and_then_nothing_opens(site, ai_li, lender, gateway):
    from shouxin.verify import Verified, verify

    key = must(lender.vault.issue_key(ai_li))
    visitor, elsewhere = site().as_borrower(ai_li), site().as_borrower(ai_li)
    assert "Everything would go, and your account with it" in text(visitor.get(f"{HOME}/erase"))
    wrong = visitor.post(f"{HOME}/erase")
    assert told(wrong) == f"{HOME}/erase/code"
    answer = visitor.post(f"{HOME}/erase/code", {"typed": "000000" if code_in(gateway) != "000000" else "111111"})
    assert answer.status_code == 200 and lender.vault.history(ai_li).facts.held, "a wrong code deletes nothing"
    assert told(visitor.post(f"{HOME}/erase/code", {"typed": code_in(gateway)})) == f"{HOME}/erased"
    assert kinds(lender, ai_li)[-1] == "closed"
    assert elsewhere.get(HOME).status_code == 302, "every other session has ended"
    assert "Save your last file; then the keys go" in text(visitor.get(f"{HOME}/erased"))
    assert told(visitor.get(HOME)) == told(visitor.get(f"{HOME}/erase")) == f"{HOME}/erased"
    bundle, trust = (visitor.get(f"{HOME}/{one}").content for one in ("last-file", "trust"))
    now = lender.vault.history(ai_li).facts.last_time
    assert isinstance(verify(bundle, trust, key, at_ms=now), Verified)
    assert "The keys are destroyed" in text(visitor.post(f"{HOME}/destroy"))
    assert lender.vault.history(ai_li) is None
    assert visitor.get(HOME).headers["Location"].startswith("/sign-in")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_page_of_a_closed_account_stands(site, ai_li, lender, gateway, lang):
    from tests.web.crawl.addresses import addresses

    visitor = site(lang=lang).as_borrower(ai_li)
    confirmed(visitor, gateway, "erase")
    for one in addresses():
        if one.door in ("borrower", "public") and "<" not in one.pattern:
            assert visitor.get(one.pattern).status_code < 500, one.pattern
