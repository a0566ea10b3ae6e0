"""What somebody types is kept and shown back as text, whatever it is; nothing of it breaks a page or becomes one."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.applying.conftest import ANSWERS

MARKUP = '<script>alert(1)</script>"><img src=x onerror=1>'


@pytest.mark.parametrize("name", [name for name in ANSWERS if name != "amount"])
def test_it_shows_markup_as_text(applicant, name) -> None:
    visitor = applicant()
    answer = visitor.post(f"/apply/{name}", dict.fromkeys(ANSWERS[name], MARKUP))
    page = answer.content.decode() if answer.status_code == 200 else visitor.get(f"/apply/{name}").content.decode()
    assert "<script>alert" not in page and "<img src=x" not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize(
    ("name", "changes", "said"),
    [
        ("amount", {"amount": "八千多"}, "Please write the amount as a number"),
        ("amount", {"amount": "-5"}, "Please write the amount as a number"),
        ("amount", {"amount": "1e5"}, "Please write the amount as a number"),
        ("amount", {"amount": "999.99"}, "from ¥1,000.00 to ¥200,000.00"),
        ("amount", {"amount": "9" * 39}, "Please write the amount as a number"),
        ("amount", {"amount": "1200.001"}, "Please write the amount as a number"),
        ("amount", {"instalments": "7"}, "one of these numbers of months"),
        ("amount", {"instalments": ""}, "choose the number of months"),
        ("identity", {"name": ""}, "Please write your name"),
        ("identity", {"name": "Ai\u200bLi"}, "nobody can see"),
        ("identity", {"name": "Ai\nLi"}, "nobody can see"),
        ("identity", {"id_number": "110101199003071015"}, "compare all 18 signs"),
        ("identity", {"id_number": "110101203003071010"}, "compare"),
        ("identity", {"id_valid_until": "2036-02-30"}, "write the date as"),
        ("identity", {"id_valid_until": "next year"}, "write the date as"),
        ("identity", {"id_valid_until": "2020-01-01"}, "has run out"),
        ("income", {"income": "eight thousand"}, "such as 8600"),
        ("income", {"income": ""}, "such as 8600"),
        ("obligations", {"monthly_obligations": "NaN"}, "or 0"),
        ("employer", {"employer": "x" * 101}, "no more than 100 signs"),
        ("employer", {"employer": ""}, "leave this step out"),
        ("card", {"bank_card": "6222021011122220004"}, "compare it with your card"),
        ("card", {"bank_card": ""}, "the number on your card"),
        ("email", {"email": "ai.li"}, "name@mail.example"),
        ("contacts", {"relation_1": ""}, "all three, or none"),
        ("contacts", {"phone_1": "12345"}, "11 digits"),
        ("contacts", {"name_2": "Wu", "phone_2": "13900000102", "relation_2": "aunt"}, "same number"),
    ],
)
def test_it_says_what_to_correct_and_keeps_what_was_typed(applicant, name, changes, said) -> None:
    answer = applicant().post(f"/apply/{name}", ANSWERS[name] | changes)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert said in page
    assert page.count('role="alert"') == 1
    for field, value in (ANSWERS[name] | changes).items():
        if value.strip() and "\n" not in value and field != "instalments":
            assert f'name="{field}" value="{value}"' in page, field


def test_it_takes_a_number_however_it_is_spelt(applicant) -> None:
    for text in ("8600", "8,600.00", "¥8600", "８６００", " 8 600 元"):
        assert applicant().post("/apply/income", {"income": text}).status_code == 302, text


def test_it_ends_for_somebody_under_age_and_keeps_nothing(applicant) -> None:
    visitor = applicant()
    visitor.post("/apply/amount", ANSWERS["amount"])
    answer = visitor.post("/apply/identity", ANSWERS["identity"] | {"id_number": "110101201503070018"})
    assert "We lend from the age of 18" in answer.content.decode()
    assert "draft" not in visitor.session
    assert "20150307001" not in visitor.get("/apply/identity").content.decode()


@pytest.mark.parametrize("name", ["address_book", "contacts", "Call_Log", "location", "album"])
def test_it_refuses_what_a_phone_could_tell_of_others(applicant, name) -> None:
    for path in ("/apply", "/apply/amount", "/apply/contacts", "/apply/check"):
        answer = applicant().post(path, {name: "13900000102"})
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "Not taken: we take no address book" in page
        assert "13900000102" not in page


def test_it_refuses_ten_megabytes_in_a_field(applicant) -> None:
    answer = applicant().post("/apply/employer", {"employer": "x" * 10_000_000})
    assert answer.status_code == 400
    assert len(answer.content) < 20_000


def test_it_leaves_out_what_is_free_and_nothing_else(applicant) -> None:
    for name, free in (("income", True), ("email", True), ("contacts", True), ("identity", False), ("card", False)):
        answer = applicant().post(f"/apply/{name}", {"leave_out": "1"})
        assert (answer.status_code == 302) is free, name


def test_it_looks_without_keeping(applicant) -> None:
    visitor = applicant()
    page = visitor.post("/apply/amount", {"amount": "50000", "look": "1"}).content.decode()
    assert "¥50,000.00, over how many months?" in page
    assert 'role="alert"' not in page
    assert 'value="50000"' in page
    assert "draft" not in visitor.session


def test_it_wants_the_token_of_its_own_page(applicant) -> None:
    visitor = applicant(csrf=True)
    assert visitor.post("/apply/income", ANSWERS["income"]).status_code == 403
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', visitor.get("/apply/income").content.decode())[1]
    done = visitor.post("/apply/income", ANSWERS["income"] | {"csrfmiddlewaretoken": token})
    assert done.status_code == 302


TEXT = st.text(max_size=300)


@pytest.mark.parametrize("name", list(ANSWERS))
@settings(
    max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
@given(data=st.data())
def test_it_answers_anything_without_breaking(applicant, name, data) -> None:
    posted = data.draw(st.fixed_dictionaries(dict.fromkeys(ANSWERS[name], TEXT)))
    answer = applicant().post(f"/apply/{name}", posted)
    assert answer.status_code in (200, 302, 400), answer.status_code


NOBODYS = "01a20bb5-e600-7f3d-92b0-6e7b1caa7193"


@pytest.mark.parametrize(
    "path",
    [
        *(f"/decision/{name}" for name in (NOBODYS, "x", "x" * 300, "%00'%22", "..%2f..")),
        *(f"/{page}" for page in (f"cost/{NOBODYS}", f"quiz/{NOBODYS}/1", f"quiz/{NOBODYS}/9", "quiz/x/1")),
        *(f"/{page}" for page in (f"sign/{NOBODYS}", f"sign/{NOBODYS}/terms", f"sign/{NOBODYS}/done", "apply/nothing")),
        "/apply/consents/collection",
    ],
)
def test_it_has_one_page_for_what_is_not_there(site, ai_li, path) -> None:
    visitor = site().as_borrower(ai_li)
    answer = visitor.get(path)
    assert answer.status_code == 404
    assert answer.content == visitor.get("/nowhere").content


@pytest.mark.parametrize("choice", ["", "maybe", "yes\x00"])
def test_it_takes_no_other_answer_than_yes_and_no(site, ai_li, choice) -> None:
    answer = site().as_borrower(ai_li).post("/apply/consents/marketing", {"choice": choice})
    assert answer.status_code == 400
