"""The desks that answer: the first clock first, nothing shown that needn't be, and each answer read by the person."""

import re

import pytest

from tests.usecases.privacy.test_rights import do
from tests.usecases.story import AI_LI, NOON, borrowed, enrolled, kinds, last, must, offered

OFFICER, UNDERWRITER = "compliance:p1", "underwriter:u1"
INBOX = "/desk/rights"
VALUES = [AI_LI[one] for one in ("name", "phone", "id_number", "bank_card", "email", "income", "employer")]


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


@pytest.fixture
def desk(lender):
    for actor in (OFFICER, UNDERWRITER):
        must(lender.vault.appoint(actor))
    return lender


@pytest.fixture
def waits(desk, ai_li):
    return must(do(desk, "correct", subject=ai_li, field="name", value="Ai Lian")).request


def test_nothing_waits_and_it_says_so(desk, site):
    for actor in (OFFICER, UNDERWRITER):
        assert "Nothing waits for an answer" in text(site().as_staff(actor).get(INBOX))


def test_the_list_names_a_clock_and_nobody(desk, site, waits, ai_li):
    said = text(site().as_staff(OFFICER).get(INBOX))
    assert "The first clock runs out in 30 days" in said and "Correcting or completing: name" in said
    assert "recommended standard · from memory" in said
    assert not any(value in said for value in (*VALUES, "Ai Lian", ai_li))
    assert "Nothing waits" in text(site().as_staff(UNDERWRITER).get(INBOX))


def test_a_late_one_is_seen_first(desk, site, waits):
    from datetime import timedelta

    from shouxin.site import serving

    serving.serve(desk.at(NOON + timedelta(days=33)))
    said = text(site().as_staff(OFFICER).get(INBOX))
    assert "We are late: answer the first one now" in said and "3 days late" in said


def test_a_correction_counts_when_both_typed_the_same(desk, site, waits, ai_li):
    visitor = site().as_staff(OFFICER)
    said = text(visitor.get(f"{INBOX}/{waits}"))
    assert "Does the document say the same?" in said and "Ai Li" not in said
    wrong = visitor.post(f"{INBOX}/{waits}/answer", {"outcome": "done", "seen": "Ai Lin"})
    assert wrong.status_code == 400 and "the same as what the person typed" in text(wrong)
    assert visitor.post(f"{INBOX}/{waits}/answer", {"outcome": "sold"}).status_code == 400
    assert visitor.post(f"{INBOX}/{waits}/answer", {"outcome": "done", "seen": "Ai Lian"}).status_code == 302
    assert kinds(desk, ai_li)[-2:] == ["corrected", "answered"]
    assert re.search(r"Correcting or completing: name 24 Nov 2026[^A-Z]*Done", text(visitor.get(INBOX)))
    assert visitor.get(f"{INBOX}/{waits}").status_code == 404, "what was answered is no page any more"


def test_another_desk_a_stranger_and_nothing_get_the_same_bytes(desk, site, waits):
    must(desk.vault.appoint("collector:k31"))
    for actor in (UNDERWRITER, "collector:k31", "compliance:p9"):
        visitor = site().as_staff(actor)
        found = [visitor.get(f"{INBOX}/{name}") for name in (waits, "none")]
        assert [one.status_code for one in found] == [404, 404] and found[0].content == found[1].content
        assert visitor.post(f"{INBOX}/{waits}/answer", {"outcome": "done"}).status_code == 404
    assert site().as_staff("collector:k31").get(INBOX).status_code == 404
    assert site().as_staff("compliance:p9").get(INBOX).status_code == 403
    assert site().as_staff(UNDERWRITER).get(f"{INBOX}/kin").status_code == 404


def test_an_underwriter_sees_the_figures_by_an_entry_and_decides_again(desk, site, ai_li):
    from shouxin.records.loan.models import Offer

    application = Offer.objects.get(id=offered(desk, ai_li, "3000.00")).application_id
    asked = must(do(desk, "ask_review", subject=ai_li, application=application)).request
    visitor = site().as_staff(UNDERWRITER)
    said = text(visitor.get(f"{INBOX}/{asked}"))
    assert AI_LI["income"] in said and AI_LI["name"] not in said and last(desk, ai_li)["kind"] == "used"
    before = kinds(desk, ai_li)
    assert visitor.head(f"{INBOX}/{asked}").status_code == 405 and kinds(desk, ai_li) == before
    assert visitor.post(f"{INBOX}/{asked}/answer", {"outcome": "decided_again"}).status_code == 302
    assert kinds(desk, ai_li)[-3:] == ["used", "decided", "answered"]


def test_what_a_contract_rests_on_isnt_offered_to_be_decided_again(desk, site, ai_li):
    from shouxin.records.credit.models import Application

    borrowed(desk, ai_li)
    signed = Application.objects.get(subject_id=ai_li).id
    asked = must(do(desk, "ask_review", subject=ai_li, application=signed)).request
    visitor = site().as_staff(UNDERWRITER)
    page = visitor.get(f"{INBOX}/{asked}").content.decode()
    assert 'value="upheld"' in page and 'value="decided_again"' not in page
    assert visitor.get(f"{INBOX}/{asked}/answer").headers["Location"] == f"{INBOX}/{asked}"


def test_a_relatives_copy_is_shown_once(desk, site, ai_li):
    borrowed(desk, ai_li)
    visitor = site().as_staff(OFFICER)
    unknown = visitor.post(f"{INBOX}/kin", {"id_number": "110101199003071099"})
    assert unknown.status_code == 400 and "Nobody with this number" in text(unknown)
    assert visitor.post(f"{INBOX}/kin", {"id_number": AI_LI["id_number"]}).status_code == 302
    assert desk.vault.history(ai_li).facts.paused
    page = visitor.get(INBOX).content.decode()
    assert "collected any more" in page
    request = re.search(r"/desk/rights/([0-9a-f-]{36})", page)[1]
    assert AI_LI["name"] not in text(visitor.get(f"{INBOX}/{request}"))
    shown = visitor.post(f"{INBOX}/{request}/answer", {"outcome": "copy_given"})
    assert AI_LI["name"] in text(shown) and "¥12,000.00" in text(shown) and AI_LI["phone"] not in text(shown)
    assert last(desk, ai_li)["outcome"] == "copy_given"
    assert visitor.post(f"{INBOX}/{request}/answer", {"outcome": "copy_given"}).status_code == 404


def test_it_shows_what_the_daily_round_erased_and_by_which_rules(desk, site, ai_li):
    from shouxin.site import serving
    from tests.usecases.privacy.test_erase import settled
    from tests.usecases.privacy.test_retain import retain

    later = settled(desk, ai_li)
    retain(later)
    serving.serve(later)
    said = text(site().as_staff(OFFICER).get(INBOX))
    assert "What the daily round of" in said and "个人信息保护法" in said
    assert "Monthly income" in said and ai_li not in said


def test_a_new_member_of_the_desk_is_led_to_it(desk, site):
    from shouxin.usecases.privacy.staff_sign_in import Credential, credential

    must(credential(desk, Credential(actor=OFFICER)))
    from shouxin.web.desk.entrance import _first_page

    assert (_first_page(OFFICER), _first_page("collector:k31")) == (INBOX, "/desk")


def test_two_people_do_not_wait_for_one_another(desk, site, ai_li):
    other = enrolled(desk, id_number="11010119900307109X", phone="13800000102")
    for subject in (ai_li, other):
        must(do(desk, "correct", subject=subject, field="bank_card", value="6222029999999999999"))
    assert len(re.findall(r"/desk/rights/[0-9a-f-]{36}", site().as_staff(OFFICER).get(INBOX).content.decode())) == 2
