"""Every address of the desk: what a page shows of a person is what the entry says, one entry a person and a page."""

from __future__ import annotations

import re

import pytest

from tests.usecases.story import AI_LI, BO, CHEN, kinds, must, tried
from tests.web.desk.pages import Shown, desk_paths, given_away

VALUES = (*(value for name, value in AI_LI.items()), "1,072.72", "12,000.00", "Bai Bai", "13800000177")
POSTED = {
    "/desk/case/{case}/number": {},
    "/desk/case/{case}/reminder": {"lang": "en"},
    "/desk/case/{case}/contact-person": {},
    "/desk/case/{case}/try": {"channel": "call", "outcome": "no_answer"},
    "/desk/case/{case}/promise": {"amount": "500", "by": "2027-01-09"},
    "/desk/sign-out": {},
}
PERSONAL = {
    "/desk": ["arrears", "days_past_due", "contact_history"],
    "/desk/case/{case}": ["name", "arrears", "days_past_due", "balance", "next_due", "contact_history"],
}
"""What each page that shows anything of a person opens."""
ANSWERING = {
    "/desk/rights": ("compliance", "underwriter"),
    "/desk/rights/kin": ("compliance",),
    "/desk/rights/{asked}": ("compliance", "underwriter"),
    "/desk/rights/{asked}/answer": ("compliance", "underwriter"),
}
"""Who answers requests about data; every other page is a collector's."""
OPEN_TO_STAFF = ("/desk/sign-in", "/desk/password", "/desk/sign-out")
STAFF = ["officer:o01", "marketer:m02", "compliance:c01", "agent:a07.3", "underwriter:u01"]


def entries(lender, subject):
    return [entry.record for entry in lender.vault.history(subject).entries]


def at(desk, path: str) -> str:
    """The address in Bo's case, or of the request that waits."""
    return path.format(case=desk.case, asked=desk.asked)


def text_of(response) -> str:
    return response.content.decode()


@pytest.mark.parametrize("path", desk_paths())
def test_it_opens_by_one_entry_exactly_what_a_page_shows(desk, path):
    before, other = entries(desk.late, desk.ai_li), entries(desk.late, desk.bai)
    response = desk.bo.get(at(desk, path))
    after = entries(desk.late, desk.ai_li)
    shown = Shown(text_of(response))
    fields = set().union(*shown.fields.values())
    assert entries(desk.late, desk.bai) == other, "nothing of anybody else"
    if path not in PERSONAL:
        assert (fields, after) == (set(), before), "a page that shows nothing opens nothing"
        assert not [value for value in VALUES if value in text_of(response)]
        return
    (entry,) = after[len(before) :]
    assert (entry["kind"], entry["purpose"], entry["fields"]) == ("used", "collection", PERSONAL[path])
    assert fields == set(entry["fields"])


def test_it_shows_in_each_row_what_that_persons_entry_says(bo, late, ai_li, case):
    before = len(entries(late, ai_li))
    shown = Shown(text_of(bo.get("/desk")))
    assert {name: fields for name, fields in shown.fields.items() if name} == {
        case: {"arrears", "days_past_due", "contact_history"}
    }
    assert len(entries(late, ai_li)) == before + 1
    assert (shown.texts["arrears"], shown.texts["days_past_due"]) == ({"¥1,072.72"}, {"14"})


KNOWN = {
    "name": ["Ai Li"],
    "phone": [AI_LI["phone"]],
    "email": [AI_LI["email"]],
    "id_number": [AI_LI["id_number"]],
    "arrears": ["1,072.72"],
    "balance": ["12,000.00"],
    "next_due": ["24 Jan 2027"],
    "promise": ["77.00", "9 Jan 2027"],
    "contact_history": ["No answer", "no answer", "1 of 6"],
    "pause": ["collection paused", "Collection paused"],
}
"""What a page may give away, by the field that its entry must then name."""


@pytest.mark.parametrize("path", PERSONAL)
def test_it_gives_away_no_known_value_whose_field_isnt_entered(desk, path):
    from tests.usecases.outreach.test_case_view import promise

    must(tried(desk.late, desk.case, "no_answer"))
    must(promise(desk.late, desk.case, amount="77.00"))
    desk.late.vault.record(desk.ai_li, lambda _: {"kind": "paused", "why": "hardship"})
    desk.late.vault.record(desk.ai_li, lambda facts: {"kind": "resumed", "pause": facts.paused})
    page = text_of(desk.bo.get(path.format(case=desk.case)))
    found = given_away(page, KNOWN)
    assert found >= {"arrears", "promise", "contact_history"}
    assert found <= {*entries(desk.late, desk.ai_li)[-1]["fields"]}


def test_it_opens_the_number_alone_and_only_when_asked(bo, late, ai_li, case):
    assert AI_LI["phone"] not in text_of(bo.get(f"/desk/case/{case}"))
    before = len(entries(late, ai_li))
    response = bo.post(f"/desk/case/{case}/number")
    (entry,) = entries(late, ai_li)[before:]
    shown = Shown(text_of(response))
    assert (entry["kind"], entry["fields"]) == ("used", ["phone"])
    assert (set(shown.texts), shown.texts["phone"]) == ({"phone"}, {AI_LI["phone"]})
    assert response["Cache-Control"] == "no-store"


def same_but_for_the_token(response) -> str:
    return re.sub(r'value="[A-Za-z0-9]{64}"', "", text_of(response))


@pytest.mark.parametrize("path", [path for path in desk_paths() if "{case}" in path])
@pytest.mark.parametrize("method", ["get", "post"])
def test_it_answers_another_collectors_case_and_no_case_with_the_same_bytes(desk, path, method):
    before, own = kinds(desk.late, desk.bai), kinds(desk.late, BO)
    pages = []
    for name in (desk.chens, "C-000000000000", "nothing-like-it"):
        data = POSTED.get(path, {}) if method == "post" else {}
        response = getattr(desk.bo, method)(path.format(case=name), data)
        pages.append((response.status_code, response.content))
    assert len(set(pages)) == 1
    status = pages[0][0]
    if status == 405:
        return
    assert status == 404 and pages[0][1] == desk.bo.get("/no/such/page").content
    assert kinds(desk.late, BO) == [*own, "refused", "refused", "refused"], "a refused look is an entry too"
    assert kinds(desk.late, desk.bai) == [*before, "refused"], "and the person learns of it"


@pytest.mark.parametrize("actor", STAFF)
def test_it_is_no_page_for_other_staff(site, desk, actor):
    before = kinds(desk.late, desk.ai_li)
    visitor = site().as_staff(actor)
    for path in desk_paths():
        if actor.partition(":")[0] in ANSWERING.get(path, ()):
            continue
        for method, data in (("get", {}), ("post", POSTED.get(path, {}))):
            response = getattr(visitor, method)(at(desk, path), data)
            assert response.status_code == 404 or path in OPEN_TO_STAFF, path
            assert not [value for value in VALUES if value in text_of(response)], path
        visitor.as_staff(actor)  # whatever was open, the next page is asked for by somebody who is signed in
    assert kinds(desk.late, desk.ai_li) == before


def test_a_request_is_a_page_for_exactly_the_staff_who_may_answer_it(site, desk):
    for actor in ("compliance:c01", "underwriter:u01"):
        must(desk.late.vault.appoint(actor))
    statuses = {
        actor: [site().as_staff(actor).get(at(desk, path)).status_code for path in ANSWERING]
        for actor in ("compliance:c01", "underwriter:u01", "compliance:c02")
    }
    assert statuses["compliance:c01"] == [200, 200, 200, 302]
    assert statuses["underwriter:u01"] == [200, 404, 404, 302], "it waits at the desk of compliance"
    assert statuses["compliance:c02"] == [403, 200, 404, 302], "who was never appointed answers nothing"


def test_a_first_password_opens_no_request(site, desk):
    from shouxin.records.access.models import User

    must(desk.late.vault.appoint("compliance:c01"))
    visitor = site().as_staff("compliance:c01")
    User.objects.filter(actor="compliance:c01").update(must_change=True)
    for path in ANSWERING:
        for answer in (visitor.get(at(desk, path)), visitor.post(at(desk, path), {"outcome": "done"})):
            assert (answer.status_code, answer.headers["Location"]) == (302, "/desk/password")


def test_it_sends_whoever_is_no_staff_to_the_desks_sign_in(site, desk):
    for visitor in (site(), site().as_borrower(desk.ai_li)):
        for path in desk_paths():
            response = visitor.get(at(desk, path))
            signing_in = path == "/desk/sign-in"
            assert signing_in or response.status_code == 302, path
            assert signing_in or response["Location"].startswith("/desk/sign-in?next="), path


def test_it_shows_nothing_once_the_case_was_taken_back(bo, late, ai_li, case):
    from shouxin.usecases.outreach.recall import Recall, recall

    must(recall(late, Recall(case=case, actor=BO)))
    assert bo.get(f"/desk/case/{case}").status_code == 404
    assert case not in text_of(bo.get("/desk"))


def test_it_says_that_a_case_rests_and_opens_nothing_else_of_it(bo, late, ai_li, case):
    late.vault.record(ai_li, lambda _: {"kind": "paused", "why": "deferral"})
    before = kinds(late, ai_li)
    page = text_of(bo.get("/desk"))
    assert case in page and "At rest" in page and Shown(page).fields[case] == {"pause"}
    assert not given_away(page, {**KNOWN, "pause": []})
    assert kinds(late, ai_li) == [*before, "used"]
    assert entries(late, ai_li)[-1]["fields"] == ["pause"]
    response = bo.get(f"/desk/case/{case}")
    assert response.status_code == 403 and "At rest" in text_of(response)
    assert not [value for value in VALUES if value in text_of(response)]
    assert kinds(late, ai_li) == [*before, "used", "refused"], "a refused look is an entry too"


def test_it_shows_nothing_of_somebody_whose_record_doesnt_open(bo, late, ai_li, case):
    from shouxin.records.loan.models import Loan

    loan = Loan.objects.get(subject_id=ai_li)
    loan.pk, loan.currency = "another", "USD"
    loan.save(force_insert=True)
    before = kinds(late, ai_li)
    page = text_of(bo.get("/desk"))
    assert "can’t be opened now" in page and not Shown(page).fields[case]
    assert "letter disturbs" not in page and kinds(late, ai_li) == before


def test_it_never_names_a_colleague(bo, late, case, chens):
    from tests.usecases.story import granted

    must(granted(late, case, CHEN))
    must(tried(late, case, "no_answer", actor=CHEN))
    page = text_of(bo.get(f"/desk/case/{case}"))
    assert "k32" not in page.lower()
