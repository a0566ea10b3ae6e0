"""The person's own files: each an answer of its own that nothing keeps; the key only after a fresh code."""

import base64
import json
import re
from dataclasses import replace
from hashlib import sha256

import pytest

from shouxin.outbound.channels.sms import HttpSms
from shouxin.outbound.loopback.sms import SmsGateway
from shouxin.verify import NotVerified, verify
from tests.usecases.story import enrolled, kinds, with_carriers


@pytest.fixture
def phone(lender, tmp_path):
    """Ai Li's phone: where the lender's messages arrive."""
    from shouxin.site import serving

    with SmsGateway(tmp_path / "sms") as gateway:
        serving.serve(with_carriers(replace(lender, sms=HttpSms(url=gateway.url, sender="Shouxin"))))
        yield gateway


def code_on(phone) -> str:
    return re.search(r"\b[0-9]{6}\b", phone.messages("13800000101")[-1]["text"])[0]


def key_after_a_code(visitor, phone) -> bytes:
    assert visitor.post("/data/key")["Location"] == "/data/key/code"
    assert visitor.post("/data/key/code", {"typed": code_on(phone)})["Location"] == "/data#ask-key"
    answer = visitor.post("/data/person.key")
    assert answer["Content-Disposition"] == 'attachment; filename="person.key"'
    assert answer["Cache-Control"] == "no-store"
    return answer.content


def test_it_hands_over_what_an_outsider_verifies(lender, site, phone, ai_li):
    visitor = site().as_borrower(ai_li)
    key = key_after_a_code(visitor, phone)
    bundle, trust = visitor.get("/data/bundle.json").content, visitor.get("/data/trust.json").content
    seen = verify(bundle, trust, key, at_ms=int(lender.clock.now().timestamp() * 1000))
    assert not isinstance(seen, NotVerified), seen
    assert [one["kind"] for one in seen.records] == kinds(lender, ai_li)
    assert kinds(lender, ai_li)[-1] == "key_issued"


def test_it_refuses_ones_own_key_for_somebody_elses_bundle(lender, site, phone, ai_li):
    key = key_after_a_code(site().as_borrower(ai_li), phone)
    other = site().as_borrower(enrolled(lender, phone="13800000177", id_number="110101198001010011"))
    bundle, trust = other.get("/data/bundle.json").content, other.get("/data/trust.json").content
    seen = verify(bundle, trust, key, at_ms=int(lender.clock.now().timestamp() * 1000))
    assert (seen.ok if hasattr(seen, "ok") else False, seen.reason) == (False, "wrong_person")


def test_it_asks_for_a_code_before_it_gives_the_key(lender, site, phone, ai_li):
    visitor = site().as_borrower(ai_li)
    before = kinds(lender, ai_li)
    assert visitor.post("/data/person.key")["Location"] == "/data/key"
    assert visitor.get("/data/key/code")["Location"] == "/data/key"
    assert kinds(lender, ai_li) == before
    assert phone.messages() == []


def test_it_keeps_asking_after_a_wrong_code(lender, site, phone, ai_li):
    visitor = site().as_borrower(ai_li)
    visitor.post("/data/key")
    wrong = "000000" if code_on(phone) != "000000" else "000001"
    page = visitor.post("/data/key/code", {"typed": wrong})
    assert page.status_code == 200
    assert "That isn" in page.content.decode()
    assert visitor.post("/data/person.key")["Location"] == "/data/key"


def test_it_gives_the_key_to_a_press_and_never_to_a_link(site, ai_li):
    visitor = site().as_borrower(ai_li)
    assert visitor.get("/data/person.key").status_code == 405
    assert site(csrf=True).as_borrower(ai_li).post("/data/person.key").status_code == 403


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("/data/bundle.json", "bundle.json"),
        ("/data/trust.json", "trust.json"),
        ("/data/offline.html", "who-used-my-data.html"),
    ],
)
def test_it_is_saved_as_a_file_and_kept_nowhere(site, ai_li, address, name):
    answer = site().as_borrower(ai_li).get(address)
    assert answer["Content-Disposition"] == f'attachment; filename="{name}"'
    assert answer["Cache-Control"] == "no-store"


def saved(page: str, name: str) -> bytes:
    return base64.b64decode(
        re.search(rf'<template data-verify="saved-{name}">([^<]*)</template>', page)[1], validate=True
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_saves_one_page_with_evidence_and_verifier_but_no_key(lender, site, phone, ai_li, lang):
    visitor = site(lang=lang).as_borrower(ai_li)
    key = key_after_a_code(visitor, phone)
    page = visitor.get("/data/offline.html").content.decode()
    assert saved(page, "trust") == visitor.get("/data/trust.json").content
    at = int(lender.clock.now().timestamp() * 1000)
    assert not isinstance(verify(saved(page, "bundle"), saved(page, "trust"), key, at_ms=at), NotVerified)
    assert json.loads(key)["keys"][0]["key"] not in page
    assert "shouxinVerify" in page


def test_it_saves_a_page_that_allows_its_own_script_and_nothing_else(site, ai_li):
    page = site().as_borrower(ai_li).get("/data/offline.html").content.decode()
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', page)[1]
    assert policy.startswith("default-src 'none'; script-src 'sha256-")
    for tag in ("script", "style"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        allowed = base64.b64encode(sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{allowed}'" in policy
    assert not re.findall(r'(?:src|href)="', re.sub(r"<script>.*</script>", "", page, flags=re.DOTALL))
