"""The contract as a page: to read and print before signing, the same words afterwards, and as a file."""

from __future__ import annotations

import hashlib
import re

from tests.usecases.story import must, offered, sheet, sign
from tests.web.applying.test_whole_way import right_answers


def test_it_shows_the_contract_before_signing_and_as_signed(site, lender, ai_li) -> None:
    offer = offered(lender, ai_li)
    visitor = site().as_borrower(ai_li)
    assert visitor.get(f"/sign/{offer}/contract")["Location"] == f"/cost/{offer}"
    must(sheet(lender, ai_li, offer))
    before = visitor.get(f"/sign/{offer}/contract").content.decode()
    assert "Not signed." in before and "Go on to signing" in before and "24 Nov 2027" in before
    assert before.count("<h1") == 1
    must(sign(lender, ai_li, offer, lang="en"))
    after = visitor.get(f"/sign/{offer}/contract").content.decode()
    assert "The words below are those that it names." in after and "Go on to signing" not in after
    chinese = site(lang="zh").as_borrower(ai_li).get(f"/sign/{offer}/contract").content.decode()
    assert "借款合同" in chinese and "您签的是英文文本" in chinese


def test_it_gives_the_words_as_a_file_with_the_fingerprint_of_the_page(site, lender, ai_li) -> None:
    offer = offered(lender, ai_li)
    must(sheet(lender, ai_li, offer))
    visitor = site(lang="zh").as_borrower(ai_li)
    page, file = (visitor.get(f"/sign/{offer}/contract{kind}") for kind in ("", ".txt"))
    assert file["Content-Type"] == "text/plain; charset=utf-8"
    assert hashlib.sha256(file.content).hexdigest() in page.content.decode()
    for line in filter(None, file.content.decode().splitlines()[1:]):
        said = line if " | " not in line else line.split(" | ")[-1]
        assert re.sub(r"^\d+\. ", "", said) in page.content.decode(), said


def test_it_links_the_terms_for_programs_beside_the_words(site, lender, ai_li) -> None:
    offer = offered(lender, ai_li)
    must(sheet(lender, ai_li, offer))
    page = site().as_borrower(ai_li).get(f"/sign/{offer}/contract").content.decode()
    assert f'href="/sign/{offer}/terms"' in page and f'href="/sign/{offer}/contract.txt"' in page


def test_it_shows_others_what_is_nowhere(site, lender, ai_li) -> None:
    from tests.usecases.story import enrolled

    offer = offered(lender, ai_li)
    must(sheet(lender, ai_li, offer))
    other = site().as_borrower(enrolled(lender, id_number="110101198009090909"))
    nowhere = other.get("/decision/nothing").content
    for path in (f"/sign/{offer}/contract", f"/sign/{offer}/contract.txt"):
        answer = other.get(path)
        assert (answer.status_code, answer.content) == (404, nowhere), path


def pages_of(visitor, lender, subject: str) -> dict[str, str]:
    """What stands on each page that would name a day to change one's mind: before the signature and after it."""
    from shouxin.usecases.credit.own_applications import OwnApplications, own_applications

    offer = offered(lender, subject)
    must(sheet(lender, subject, offer))
    for number, option in enumerate(right_answers(lender, subject, offer), start=1):
        visitor.post(f"/quiz/{offer}/{number}", {"option": option})
    application = own_applications(lender, OwnApplications(subject=subject))[0].application
    paths = {"decision": f"/decision/{application}", "sign": f"/sign/{offer}", "contract": f"/sign/{offer}/contract"}
    said = {name: visitor.get(path).content.decode() for name, path in paths.items()}
    must(sign(lender, subject, offer))
    later = {"done": f"/sign/{offer}/done", "home": "/me"}
    return said | {name: visitor.get(path).content.decode() for name, path in later.items()}


def test_it_names_no_day_to_change_ones_mind_where_no_rule_gives_one(site, lender, ai_li) -> None:
    for name, said in pages_of(site().as_borrower(ai_li), lender, ai_li).items():
        assert "change your mind until" not in said, name


def test_it_names_the_day_that_a_rule_of_the_house_gives_on_every_page(site, lender, ai_li) -> None:
    from dataclasses import replace

    from shouxin.site import serving
    from tests.usecases.loan.test_contract_text import cooling, with_rules
    from tests.usecases.story import at

    lender = replace(lender, policy=with_rules(cooling))
    serving.serve(lender)
    visitor = site().as_borrower(ai_li)
    for name, said in pages_of(visitor, lender, ai_li).items():
        assert "27 Nov 2026" in said and "house policy" in said, name
    serving.serve(replace(at(lender, "2026-11-28"), policy=lender.policy))
    assert "change your mind until" not in visitor.as_borrower(ai_li).get("/me").content.decode()
