"""One day at the desk, by its pages: what they say, what a form does, and what happens when it is sent twice or wrong."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from shouxin.outbound.channels.email import SmtpMail
from shouxin.outbound.loopback.smtp import Sink
from tests.usecases.story import at, kinds, last, must, pay, tried, with_carriers

KEY = "019ab2c4-0000-7000-8000-000000000001"
WEN = {"name": "Wen Wen", "phone": "13900000102", "relation": "friend"}


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def url(case) -> str:
    return f"/desk/case/{case}"


def test_it_says_what_is_next_and_why(bo, case):
    page = text_of(bo.get("/desk"))
    assert "One case to work on now" in page
    assert f"Open the first: {case}" in page
    assert "Nobody has written or called yet" in page
    assert "0 of 3" in page and "0 of 6" in page


def test_it_says_it_in_chinese(bo, url):
    bo.cookies["lang"] = "zh"
    assert "现在有 1 件可做" in text_of(bo.get("/desk"))
    page = text_of(bo.get(url))
    assert "现在可以做" in page and "现在不行，为什么" in page


def test_it_says_that_there_is_nothing_to_do(site, case):
    page = text_of(site().as_staff("collector:k33").get("/desk"))
    assert "Nothing to do today" in page and "No case is yours" in page


@pytest.mark.parametrize(
    "query", ["?show=paused", "?show=nonsense", "?page=0", "?page=x", "?page=-1", "?page=99999999", "?page=٣"]
)
def test_it_takes_any_query(bo, query):
    assert bo.get(f"/desk{query}").status_code == 200


def test_it_puts_permitted_beside_not_permitted_with_rule_and_moment(bo, url):
    page = text_of(bo.get(url))
    may, may_not = page.split('id="may-not"')
    assert "Show the number" in may and "Send the reminder" in may
    assert "Call family, friends or the employer" in may_not
    assert "Quiet from 22:00 to 08:00" in page and "recommended standard" in page
    assert "Call after 22:00" in may_not and "Possible from 8 Jan 2027, 08:00" in may_not
    assert "ID number" in may_not and "Hand the case to an agency" in may_not


def test_it_moves_the_buttons_away_at_night(bo, late, url, serve):
    serve(at(late, "2027-01-07", 23))
    page = text_of(bo.get(url))
    assert "Show the number" not in page and "Possible from 8 Jan 2027, 08:00" in page
    assert "Nothing to do at this moment" in text_of(bo.get("/desk"))


def test_it_never_says_of_a_stranger_that_it_is_the_hour(bo, late, url, serve):
    serve(at(late, "2027-01-07", 23))
    others = text_of(bo.get(url)).split("Call family, friends or the employer")[1].split("<h3>")[0]
    assert "this person doesn&#x27;t owe" in others and "22:00" not in others


def test_it_refuses_the_number_at_night_on_a_page_of_its_own(bo, late, ai_li, url, serve):
    night = at(late, "2027-01-07", 23)
    serve(night)
    response = bo.post(f"{url}/number")
    assert response.status_code == 403
    assert "Not now: nobody is disturbed from 22:00 to 08:00" in text_of(response)
    assert last(night, ai_li)["reason"] == "outside_hours"


def test_it_sends_the_reminder_once_however_often_the_form_is_sent(desk, serve, tmp_path):
    with Sink(tmp_path / "mail") as sink:
        serve(with_carriers(replace(desk.late, mail=SmtpMail("127.0.0.1", sink.port, "no-reply@lender.example"))))
        for _ in range(2):
            response = desk.bo.post(f"{desk.url}/reminder", {"lang": "en", "key": KEY}, follow=True)
            assert "The reminder was sent to the address that they gave." in text_of(response)
        assert len(sink.letters()) == 1
        assert "ai.li@mail.example" not in text_of(response)
        again = desk.bo.post(f"{desk.url}/reminder", {"lang": "en"})
        assert again.status_code == 403 and "number of tries is used up" in text_of(again)
    assert kinds(desk.late, desk.ai_li).count("attempted") == 1


def test_it_says_that_a_reminder_waits_without_a_mail_server(bo, url):
    response = bo.post(f"{url}/reminder", {"lang": "zh"}, follow=True)
    assert "waits in line" in text_of(response)
    assert bo.post(f"{url}/reminder", {"lang": "fr"}).status_code == 400


def test_it_records_a_try_once_for_each_form(bo, late, ai_li, url):
    for _ in range(2):
        sent = {"channel": "call", "outcome": "no_answer", "key": KEY}
        response = bo.post(f"{url}/try", sent, follow=True)
        assert "The try is recorded." in text_of(response)
    assert kinds(late, ai_li).count("attempted") == 1
    assert "1 of 6" in text_of(bo.get(url))


def test_it_says_so_when_the_rules_forbade_the_try(bo, late, ai_li, url, serve):
    night = at(late, "2027-01-07", 23)
    serve(night)
    response = bo.post(f"{url}/try", {"channel": "call", "outcome": "connected"}, follow=True)
    assert "The rules forbade this contact" in text_of(response)
    assert "against the rules" in text_of(response)


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "Choose how it ended"),
        ({"channel": "call"}, "Choose how it ended"),
        ({"channel": "pigeon", "outcome": "no_answer"}, "Choose how you tried"),
        ({"channel": "call", "outcome": "<b>"}, "Choose how it ended"),
    ],
)
def test_it_says_what_is_missing_of_a_try(desk, sent, says):
    response = desk.bo.post(f"{desk.url}/try", sent)
    assert response.status_code == 400 and says in text_of(response)
    assert "attempted" not in kinds(desk.late, desk.ai_li)


def test_it_records_a_promise_once_and_leaves_them_in_peace(bo, url, case):
    sent = {"amount": "¥1,072.72", "by": "2027-01-09", "key": KEY}
    for _ in range(2):
        response = bo.post(f"{url}/promise", sent, follow=True)
        assert "The promise is recorded." in text_of(response)
    assert "1072" not in str(dict(bo.session)), "a session keeps no amount"
    page = text_of(bo.get("/desk"))
    assert "They said by when" in page and "Nothing to do today" in page
    other = bo.post(f"{url}/promise", sent | {"amount": "5"})
    assert other.status_code == 409 and "sent before" in text_of(other)


def test_it_names_the_house_rule_and_the_day_after_the_promise(bo, url, case):
    bo.post(f"{url}/promise", {"amount": "500", "by": "2027-01-09", "reminder": "en"}, follow=True)
    may, may_not = text_of(bo.get(url)).split('id="may-not"')
    assert "Show the number" not in may and 'action="/desk/case' not in may
    assert may_not.count("Possible from 10 Jan 2027, 08:00") == 2
    assert "Nobody is pressed before the day they promised is over" in may_not and "house policy" in may_not
    refused = bo.post(f"{url}/number")
    assert refused.status_code == 403 and "Not before the promised day is over" in text_of(refused)
    assert "until 9 Jan 2027 is over" in text_of(bo.get("/desk"))
    assert "no call in this case today" in may and "contact allowed" not in may, "the picture says so too"
    assert 'id="say-first"' not in may_not, "nobody is called, so nothing is said first"


@pytest.mark.parametrize(("paid", "state"), [("0", "Word not kept"), ("499.99", "Word kept in part")])
def test_it_says_first_that_a_word_was_not_kept(desk, serve, paid, state):
    from shouxin.records.loan.models import Loan

    desk.bo.post(f"{desk.url}/promise", {"amount": "500", "by": "2027-01-09"})
    if paid != "0":
        must(pay(desk.late, Loan.objects.get(subject_id=desk.ai_li).id, paid, "part"))
    serve(at(desk.late, "2027-01-10"))
    assert state in text_of(desk.bo.get("/desk"))
    assert "9 Jan 2027" in text_of(desk.bo.get(desk.url)) and "Show the number" in text_of(desk.bo.get(desk.url))


def test_it_says_that_the_reminder_they_asked_for_goes_on_that_day(bo, url):
    form = text_of(bo.get(f"{url}/promise"))
    assert "A reminder on that day" in form
    assert re.search(r'name="reminder" value=""[^>]* checked', form), "nothing is chosen for them"
    page = bo.post(f"{url}/promise", {"amount": "500", "by": "2027-01-09", "reminder": "zh"}, follow=True)
    assert "They get the reminder that they asked for on that day" in text_of(page)
    wrong = bo.post(f"{url}/promise", {"amount": "500", "by": "2027-01-09", "reminder": "fr"})
    assert wrong.status_code == 400 and "Choose whether they asked for a reminder" in text_of(wrong)


def test_it_shows_the_form_again_when_the_first_sending_didnt_end(bo, url, monkeypatch):
    from shouxin.records.outreach.models import Attempt
    from shouxin.usecases.outreach import record_attempt

    sent = {"channel": "call", "outcome": "no_answer", "key": KEY}
    bo.post(f"{url}/try", sent)
    Attempt.objects.filter(id=KEY).update(entry=0, outcome="")  # as a crash leaves it
    monkeypatch.setattr(record_attempt, "_LOOKS", 1)
    again = bo.post(f"{url}/try", sent)
    assert again.status_code == 409 and "Look at the history of the case" in text_of(again)


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"by": "2027-01-09"}, "Write the amount in figures"),
        ({"amount": "much", "by": "2027-01-09"}, "Write the amount in figures"),
        ({"amount": "0", "by": "2027-01-09"}, "Write the amount in figures"),
        ({"amount": "1.001", "by": "2027-01-09"}, "Write the amount in figures"),
        ({"amount": "9" * 30, "by": "2027-01-09"}, "Write the amount in figures"),
        ({"amount": "500"}, "Choose the day"),
        ({"amount": "500", "by": "soon"}, "Write the day as"),
        ({"amount": "500", "by": "2027-01-06"}, "That day is over"),
        ({"amount": "500", "by": "0000-00-00"}, "Write the day as"),
    ],
)
def test_it_says_what_is_wrong_with_a_promise_and_keeps_what_was_typed(bo, url, sent, says):
    response = bo.post(f"{url}/promise", sent)
    page = text_of(response)
    assert response.status_code == 400 and says in page
    for value in sent.values():
        assert f'value="{value}"' in page


def test_it_shows_the_rules_that_keep_a_contact_person_out_of_it(bo, late, ai_li, url):
    named = must(late.vault.name_contact(ai_li, WEN))
    must(late.vault.consent(named.contact, "reach_through_contact", notice="contact_person", version="1"))
    page = text_of(bo.get(url))
    assert "Ask the contact person" in page.split('id="may-not"')[1]
    response = bo.post(f"{url}/contact-person")
    assert response.status_code == 403
    assert "nothing shows that the borrower can" in text_of(response)
    assert last(late, named.contact)["kind"] == "refused"
    assert "Wen" not in text_of(response) + page


def test_it_asks_a_contact_person_on_evidence_and_records_the_answer(desk, serve):
    named = must(desk.late.vault.name_contact(desk.ai_li, WEN))
    must(desk.late.vault.consent(named.contact, "reach_through_contact", notice="contact_person", version="1"))
    for _ in range(3):
        must(tried(desk.late, desk.case, "no_answer"))
    after = at(desk.late, "2027-01-08")
    serve(after)
    response = desk.bo.post(f"{desk.url}/contact-person", {"key": KEY}, follow=True)
    assert "is being asked to pass a message on: T-" in text_of(response)
    assert "13900000102" not in text_of(response)
    assert "the contact person who was asked" in text_of(desk.bo.get(f"{desk.url}/try"))
    sent = {"whom": "contact_person", "channel": "call", "outcome": "connected"}
    desk.bo.post(f"{desk.url}/try", sent, follow=True)
    assert kinds(after, named.contact)[-2:] == ["attempted", "reached"]


def test_it_wants_the_token_of_its_own_form(site, case, url):
    strict = site(csrf=True).as_staff("collector:k31")
    for path in ("number", "reminder", "contact-person", "try", "promise"):
        assert strict.post(f"{url}/{path}").status_code == 403
    assert strict.post("/desk/sign-out").status_code == 403


def test_it_takes_markup_as_words(bo, url):
    response = bo.post(f"{url}/promise", {"amount": "<script>alert(1)</script>", "by": "<b>"})
    assert "<script>alert" not in text_of(response)
    assert "&lt;script&gt;" in text_of(response)
