"""Signing in with two factors, choosing a password, leaving."""

from __future__ import annotations

from datetime import timedelta

import pyotp
import pytest

from tests.usecases.story import BO

NEW = "blue kettle on the hob"


def text_of(response) -> str:
    return response.content.decode()


@pytest.fixture
def issued(late, case):
    """Bo's credential, as it was shown to him once."""
    from shouxin.usecases.privacy.staff_sign_in import Credential, credential

    return credential(late, Credential(actor=BO))


def code(lender, issued, *, steps: int = 0) -> str:
    moment = lender.clock.now() + timedelta(seconds=30 * steps)
    return pyotp.parse_uri(issued.otpauth).at(moment)


def typed(lender, issued, **changes) -> dict[str, str]:
    return {"actor": BO, "password": issued.password, "code": code(lender, issued)} | changes


def test_it_lets_in_with_both_factors_and_asks_for_a_password_of_ones_own(site, late, issued, case):
    visitor = site()
    response = visitor.post(f"/desk/sign-in?next=/desk/case/{case}", typed(late, issued))
    assert (response.status_code, response["Location"]) == (302, "/desk/password")
    assert visitor.get("/desk")["Location"] == "/desk/password", "nothing else is open before that"
    response = visitor.post("/desk/password", {"password": issued.password, "new": NEW})
    assert (response.status_code, response["Location"]) == (302, f"/desk/case/{case}")
    assert visitor.get("/desk").status_code == 200


WRONG = [
    {"actor": "collector:k99"},
    {"actor": "nobody"},
    {"password": "no"},
    {"code": "000000"},
    {"code": "not digits"},
]


@pytest.mark.parametrize("changes", WRONG)
def test_it_says_one_thing_whatever_is_wrong(site, late, issued, changes):
    response = site().post("/desk/sign-in", typed(late, issued, **changes))
    assert response.status_code == 403
    assert "don’t fit together" in text_of(response)
    given = typed(late, issued, **changes)
    for name in ("password", "code"):
        assert f'value="{given[name]}"' not in text_of(response), "what proves somebody is not given back"
    assert site().get("/desk").status_code == 302


def test_it_takes_no_code_twice(site, late, issued):
    assert site().post("/desk/sign-in", typed(late, issued)).status_code == 302
    assert "don’t fit together" in text_of(site().post("/desk/sign-in", typed(late, issued)))


def test_it_makes_guessing_wait(site, late, issued):
    for _ in range(6):
        response = site().post("/desk/sign-in", typed(late, issued, password="no"))
    assert "too many tries" in text_of(response)
    assert "too many tries" in text_of(site().post("/desk/sign-in", typed(late, issued))), "also with the right ones"


def test_it_says_which_field_is_empty(site):
    page = text_of(site().post("/desk/sign-in", {"actor": BO}))
    assert "Enter your password" in page and f'value="{BO}"' in page


@pytest.mark.parametrize("new", ["short", "k31 k31 k31 k31", ""])
def test_it_takes_no_weak_password(site, late, issued, new):
    visitor = site()
    visitor.post("/desk/sign-in", typed(late, issued))
    assert visitor.post("/desk/password", {"password": issued.password, "new": new}).status_code == 400
    assert visitor.post("/desk/password", {"password": issued.password, "new": issued.password}).status_code == 400
    assert visitor.post("/desk/password", {"password": "no", "new": NEW}).status_code == 403


def test_it_leaves(site, late, issued):
    visitor = site()
    visitor.post("/desk/sign-in", typed(late, issued))
    assert visitor.post("/desk/sign-out")["Location"] == "/desk/sign-in"
    assert visitor.get("/desk").status_code == 302


def test_it_never_leads_to_another_site(site, late, issued):
    visitor = site()
    visitor.post("/desk/sign-in?next=https://elsewhere.example/", typed(late, issued))
    response = visitor.post("/desk/password", {"password": issued.password, "new": NEW})
    assert response["Location"].startswith("/")
