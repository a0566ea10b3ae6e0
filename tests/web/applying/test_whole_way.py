"""From the first question to the receipt, as a browser without script walks it."""

from __future__ import annotations

import re

import pytest

from tests.usecases.story import kinds, last
from tests.web.applying.conftest import ANSWERS, proved


def test_it_asks_for_the_phone_before_anything_else(site) -> None:
    for path in ("/apply/amount", "/apply/check"):
        answer = site().get(path)
        assert (answer.status_code, answer["Location"]) == (302, f"/sign-in?next={path}")
    start = site().get("/apply")
    assert start.status_code == 200
    assert b"/sign-in?next=/apply/amount" in start.content


def test_it_leads_from_question_to_question(applicant) -> None:
    visitor, at = applicant(), "/apply/amount"
    for name, answer in ANSWERS.items():
        assert at == f"/apply/{name}"
        page = visitor.get(at)
        assert page.status_code == 200
        assert page.content.count(b"<h1") == 1
        at = visitor.post(at, answer)["Location"]
    assert at == "/apply/check"
    seen = visitor.get(at).content.decode()
    for value in ("Ai Li", "110101199003071014", "6222021011122220003", "¥8,600.00", "6 Mar 2036", "13900000102"):
        assert value in seen


def test_it_puts_no_value_into_the_session_row(filled) -> None:
    from django.contrib.sessions.models import Session

    filled()
    kept = Session.objects.get().get_decoded()
    for value in ("Ai Li", "110101199003071014", "8600", "Beidou", "13900000102", "13800000101"):
        assert value not in repr(kept)


@pytest.fixture
def enrolled_visitor(filled):
    """A visitor who has just pressed the button, and their subject."""

    def make(**changes):
        from shouxin.records.access.models import User

        visitor = filled(**changes)
        assert visitor.post("/apply/check")["Location"] == "/apply/consents"
        return visitor, User.objects.get().subject_id

    return make


def test_it_enrols_once_and_signs_in(enrolled_visitor, lender) -> None:
    visitor, subject = enrolled_visitor()
    assert kinds(lender, subject) == ["enrolled", "key_issued", "notice_shown", "stored", "stored"]
    assert visitor.post("/apply/check")["Location"] == "/apply/consents"
    assert visitor.get("/apply/income")["Location"] == "/apply/consents"
    assert kinds(lender, subject).count("enrolled") == 1


def test_it_tells_who_comes_back_with_a_known_id_number(enrolled_visitor, filled) -> None:
    _, subject = enrolled_visitor()
    stranger = filled("13900000109").post("/apply/check")
    assert stranger.status_code == 403
    said = stranger.content.decode()
    assert "sign-in" in said
    assert "already" not in said and "file" not in said, "nobody is told whether an ID number is known here"
    same = filled()
    assert same.post("/apply/check")["Location"] == "/apply/consents"
    assert same.session["_auth_user_id"] == visitor_id(subject)


def test_it_hands_the_first_key_over_once(enrolled_visitor, lender) -> None:
    from shouxin.verify import NotVerified, verify

    visitor, _ = enrolled_visitor()
    assert 'action="/apply/key"' in visitor.get("/apply/consents").content.decode()
    assert visitor.get("/apply/key").status_code == 405
    saved = visitor.post("/apply/key")
    assert saved["Content-Disposition"] == 'attachment; filename="person.key"'
    assert (saved["Content-Type"], saved["Cache-Control"]) == ("application/json", "no-store")
    bundle, trust = visitor.get("/data/bundle.json").content, visitor.get("/data/trust.json").content
    seen = verify(bundle, trust, saved.content, at_ms=int(lender.clock.now().timestamp() * 1000))
    assert not isinstance(seen, NotVerified), seen
    assert "that_this_is_your_first_key" not in seen.cannot_prove
    assert visitor.post("/apply/key")["Location"] == "/data/key"
    page = visitor.get("/apply/consents").content.decode()
    assert "/apply/key" not in page and 'href="/data/key"' in page


def visitor_id(subject: str) -> str:
    from shouxin.records.access.models import User

    return User.objects.get(subject_id=subject).id


def answer_all(visitor, **choices: str) -> None:
    for purpose in ("credit_decision", "credit_reporting", "marketing"):
        page = visitor.get(f"/apply/consents/{purpose}").content.decode()
        assert page.count('class="btn second full"') == 2
        assert " checked" not in page
        done = visitor.post(f"/apply/consents/{purpose}", {"choice": choices.get(purpose, "no")})
        assert done.status_code == 302


def test_it_asks_each_consent_by_itself_and_stops_without_the_first(enrolled_visitor, lender) -> None:
    visitor, subject = enrolled_visitor()
    answer_all(visitor)
    page = visitor.get("/apply/consents")
    assert "Without that consent we stop here" in page.content.decode()
    assert visitor.post("/apply/consents")["Location"] == "/apply/consents"
    assert "consented" not in kinds(lender, subject)
    visitor.post("/apply/consents/credit_decision", {"choice": "yes"})
    visitor.post("/apply/consents/credit_decision", {"choice": "yes"})
    assert kinds(lender, subject).count("consented") == 1
    visitor.post("/apply/consents/credit_decision", {"choice": "no"})
    assert last(lender, subject)["kind"] == "withdrawn"


@pytest.fixture
def decided(enrolled_visitor):
    """A visitor who was decided on: with the address of the decision, and the offer if there is one."""

    def make(**changes):
        visitor, subject = enrolled_visitor(**changes)
        answer_all(visitor, credit_decision="yes")
        at = visitor.post("/apply/consents")["Location"]
        assert at.startswith("/decision/")
        found = re.search(r'href="/cost/([^"]+)"', visitor.get(at).content.decode())
        return visitor, subject, at, found[1] if found else ""

    return make


def test_it_decides_once_and_explains(decided, lender) -> None:
    visitor, subject, at, offer = decided()
    page = visitor.get(at).content.decode()
    assert offer
    assert "You may borrow ¥12,000.00" in page
    assert "12.00% a year (simple), 12 months, ¥1,066.19 a month." in page
    assert "<svg" in page
    assert last(lender, subject)["actor"] == "borrower:self"
    assert visitor.post("/apply/consents")["Location"] == "/apply"
    assert visitor.get("/apply/amount")["Location"] == "/apply"
    assert "It waits for you" in visitor.get("/apply").content.decode()


def test_it_says_what_would_change_it(decided) -> None:
    visitor, _, at, offer = decided(amount={"amount": "48000", "instalments": "12"})
    page = visitor.get(at).content.decode()
    assert offer
    assert "Why not ¥48,000.00" in page
    assert "What would make it different" in page


def test_it_declines_without_shame(decided) -> None:
    visitor, _, at, offer = decided(obligations={"monthly_obligations": "6000"})
    page = visitor.get(at).content.decode()
    assert not offer
    assert "Not this time" in page
    assert "wrong" not in re.findall(r'class="([^"]*)"', page)
    assert "What you can do now" in page


def test_it_sends_high_incomes_to_a_person(decided) -> None:
    visitor, _, at, _ = decided(income={"income": "60000"})
    assert "A person looks at it first" in visitor.get(at).content.decode()
    assert "A person is looking at your application" in visitor.get("/apply").content.decode()


def right_answers(lender, subject: str, offer: str) -> list[str]:
    from shouxin.usecases.credit.quiz import QuizOf, quiz_of

    return [one.right for one in quiz_of(lender, QuizOf(subject=subject, offer=offer)).questions]


def test_it_teaches_by_three_questions(decided, lender) -> None:
    visitor, subject, _, offer = decided()
    assert visitor.get(f"/quiz/{offer}/1")["Location"] == f"/cost/{offer}"
    sheet = visitor.get(f"/cost/{offer}").content.decode()
    assert "Borrow ¥12,000.00, repay ¥12,794.23 in all" in sheet
    assert sheet.count("not charged") == 4
    assert visitor.get(f"/sign/{offer}")["Location"] == f"/quiz/{offer}/1"
    wrong = visitor.post(f"/quiz/{offer}/1", {"option": "borrow"}).content.decode()
    assert "Not quite." in wrong
    for number, option in enumerate(right_answers(lender, subject, offer), start=1):
        assert visitor.post(f"/quiz/{offer}/{number}", {"option": option}).status_code == 302
        assert "Right." in visitor.get(f"/quiz/{offer}/{number}").content.decode()
    assert visitor.get(f"/sign/{offer}").status_code == 200
    for nothing in ({}, {"option": "everything"}, {"option": "x" * 5000}):
        assert visitor.post(f"/quiz/{offer}/2", nothing).status_code == 200


@pytest.fixture
def ready(decided, lender):
    """A visitor on the page of signing: with the subject, the offer and the fingerprints that the page's form holds."""

    def make(**changes):
        visitor, subject, _, offer = decided(**changes)
        visitor.get(f"/cost/{offer}")
        for number, option in enumerate(right_answers(lender, subject, offer), start=1):
            visitor.post(f"/quiz/{offer}/{number}", {"option": option})
        page = visitor.get(f"/sign/{offer}").content.decode()
        return visitor, subject, offer, hashes(page)

    return make


def hashes(page: str) -> dict[str, str]:
    """The fingerprints of the terms and of the words, as the page of signing carries them."""
    return dict(re.findall(r'name="((?:terms|text)_hash)" value="([0-9a-f]{64})"', page))


def test_it_signs_once_by_a_code_that_names_the_cost(ready, lender, texts) -> None:
    visitor, subject, offer, seen = ready()
    assert visitor.post(f"/sign/{offer}", {**seen, "send": "1"}).status_code == 302
    body = texts()[-1]
    assert "¥12,000.00" in body and "¥12,794.23" in body
    code = re.search(r"\b[0-9]{6}\b", body)[0]
    wrong = visitor.post(f"/sign/{offer}", {**seen, "typed": "000000" if code != "000000" else "000001"})
    assert wrong.status_code == 200 and b'role="alert"' in wrong.content
    assert "agreed" not in kinds(lender, subject)
    for _ in range(2):
        done = visitor.post(f"/sign/{offer}", {**seen, "typed": code})
        assert done["Location"] == f"/sign/{offer}/done"
    receipt = visitor.get(f"/sign/{offer}/done").content.decode()
    assert "Signed. ¥12,000.00 is on its way." in receipt
    assert seen["terms_hash"] in receipt
    assert kinds(lender, subject).count("agreed") == 1
    assert visitor.get(f"/cost/{offer}")["Location"] == f"/sign/{offer}/done"
    assert visitor.get(f"/quiz/{offer}/1")["Location"] == f"/sign/{offer}/done"
    text = visitor.get(f"/sign/{offer}/terms")
    import hashlib

    assert hashlib.sha256(text.content).hexdigest() == seen["terms_hash"]


def test_it_leads_each_of_several_signatures_at_once_to_the_receipt(ready, site, lender, texts) -> None:
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    visitor, subject, offer, seen = ready()
    visitor.post(f"/sign/{offer}", {**seen, "send": "1"})
    sent = {**seen, "typed": re.search(r"\b[0-9]{6}\b", texts()[-1])[0]}
    others = [site() for _ in range(5)]
    for other in others:
        other.cookies = visitor.cookies

    def press(one):
        try:
            return one.post(f"/sign/{offer}", sent)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(5) as pool:
        answers = list(pool.map(press, others))
    assert [(one.status_code, one.headers.get("Location")) for one in answers] == [(302, f"/sign/{offer}/done")] * 5
    assert kinds(lender, subject).count("agreed") == 1


def test_it_pays_out_by_the_button_and_never_by_looking(ready, lender) -> None:
    from shouxin.usecases.loan.sign import Sign, sign
    from tests.usecases.story import must

    visitor, subject, offer, seen = ready()
    must(sign(lender, Sign(subject=subject, offer=offer, terms_hash=seen["terms_hash"])))
    entries = kinds(lender, subject)
    for _ in range(2):
        page = visitor.get(f"/sign/{offer}/done").content.decode()
        assert "The money couldn’t go yet." in page and "Try to send the money again" in page
    assert kinds(lender, subject) == entries
    assert visitor.post(f"/sign/{offer}/done")["Location"] == f"/sign/{offer}/done"
    assert "is on its way." in visitor.get(f"/sign/{offer}/done").content.decode()


def test_it_starts_again_when_the_terms_changed_meanwhile(ready, lender) -> None:
    visitor, subject, offer, seen = ready()
    drawn = visitor.post(f"/cost/{offer}", {"amount": "5000", "instalments": "6"})
    assert drawn["Location"] == f"/cost/{offer}"
    assert visitor.get(f"/sign/{offer}")["Location"] == f"/quiz/{offer}/1"
    for number, option in enumerate(right_answers(lender, subject, offer), start=1):
        visitor.post(f"/quiz/{offer}/{number}", {"option": option})
    changed = visitor.post(f"/sign/{offer}", {**seen, "typed": "123456"})
    assert changed.status_code == 409
    assert "no longer those you saw" in changed.content.decode()
    assert "agreed" not in kinds(lender, subject)


def test_it_shows_the_cost_of_less_and_refuses_more(decided) -> None:
    visitor, _, _, offer = decided()
    for amount, said in (
        ("12000.01", "from ¥1,000.00 to ¥12,000.00"),
        ("八千", "as a number"),
        ("", "Please fill in: Amount of the loan"),
    ):
        page = visitor.post(f"/cost/{offer}", {"amount": amount, "instalments": "12"})
        assert page.status_code == 200
        assert said in page.content.decode(), amount
    assert visitor.post(f"/cost/{offer}", {"amount": "5000", "instalments": "5"}).status_code == 200


def test_it_says_when_an_offer_has_lapsed(decided, lender) -> None:
    from shouxin.site import serving
    from tests.usecases.story import at

    visitor, subject, decision, offer = decided()
    serving.serve(at(lender, "2027-01-30"))
    visitor = visitor.as_borrower(subject)
    for path in (f"/cost/{offer}", f"/quiz/{offer}/1", f"/sign/{offer}"):
        assert "This offer stood until 24 Dec 2026" in visitor.get(path).content.decode(), path
    assert "has lapsed" in visitor.get(decision).content.decode()
    assert visitor.get("/apply/amount").status_code == 200


def test_it_shows_others_what_is_nowhere(ready, site, lender) -> None:
    from tests.usecases.story import enrolled

    _, _, offer, _ = ready()
    other = site().as_borrower(enrolled(lender, id_number="110101198009090909"))
    nowhere = other.get("/decision/nothing").content
    for path in (f"/cost/{offer}", f"/quiz/{offer}/1", f"/sign/{offer}", f"/sign/{offer}/terms", f"/sign/{offer}/done"):
        answer = other.get(path)
        assert (answer.status_code, answer.content) == (404, nowhere), path


@pytest.mark.postgres
def test_it_walks_the_whole_way_on_postgresql_too(postgres, postgres_template, tmp_path, gateway) -> None:
    from dataclasses import replace

    from shouxin.outbound.channels.sms import HttpSms
    from shouxin.site import serving
    from shouxin.usecases.privacy.draft import keep_proven
    from tests.lenders import _on_postgres
    from tests.usecases.story import NOON, with_carriers
    from tests.web.conftest import Visitor

    for opened in _on_postgres(postgres, postgres_template, tmp_path):
        lender = with_carriers(replace(opened.at(NOON), sms=HttpSms(url=gateway.url, sender="shouxin")))
        serving.serve(lender)
        visitor = proved(Visitor(), keep_proven(lender, "a-visit", "13800000101"))
        for name, answer in ANSWERS.items():
            assert visitor.post(f"/apply/{name}", answer).status_code == 302
        visitor.post("/apply/check")
        answer_all(visitor, credit_decision="yes", marketing="yes")
        decision = visitor.get(visitor.post("/apply/consents")["Location"]).content.decode()
        offer = re.search(r'href="/cost/([^"]+)"', decision)[1]
        visitor.get(f"/cost/{offer}")
        for number, option in enumerate(("repay", "added", "me"), start=1):
            assert visitor.post(f"/quiz/{offer}/{number}", {"option": option}).status_code == 302
        page = visitor.get(f"/sign/{offer}").content.decode()
        seen = hashes(page)
        visitor.post(f"/sign/{offer}", {**seen, "send": "1"})
        code = re.search(r"\b[0-9]{6}\b", gateway.messages()[-1]["text"])[0]
        visitor.post(f"/sign/{offer}", {**seen, "typed": code})
        assert "Signed. ¥12,000.00 is on its way." in visitor.get(f"/sign/{offer}/done").content.decode()
