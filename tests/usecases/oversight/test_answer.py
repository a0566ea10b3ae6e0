"""The answer to a person: six questions, four verbs, a proof, and one page; nothing in it but ids, names and times."""

import json
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from shouxin.verify import NotVerified, Reason, verify
from shouxin.verify.verdict import CANNOT_PROVE
from tests.vault.cast import AGENCY, AI_LI, BO, FRIEND, ask, enrol, must, overdue


def answer(lender, subject, lang="en"):
    from shouxin.usecases.oversight.answer import Answer
    from shouxin.usecases.oversight.answer import answer as usecase

    return usecase(lender, Answer.read({"subject": subject, "lang": lang}))


def questions(result):
    return {one["n"]: (one["answer"], one["evidence"], one["by"]) for one in result.document["questions"]}


def test_it_answers_somebody_of_whom_nothing_was_used(embedded_lender):
    result = answer(embedded_lender, enrol(embedded_lender.vault).subject)
    assert result.document["verdict"] == "nothing_unlawful_found"
    assert questions(result) == {
        1: ("unknown", "not_shown", "outside"),
        2: ("no", "not_shown", "statement"),
        3: ("no", "shown", "history"),
        4: ("no", "shown", "history"),
        5: ("no", "not_shown", "outside"),
        6: ("no", "not_shown", "statement"),
    }
    assert result.document["uses"] == result.document["left"] == result.document["refused"] == []
    assert [one["field"] for one in result.document["held"]] == list(AI_LI)


def lived(lender):
    """Ai Li fell behind: Bo used her number, the agency got it, somebody was refused, a friend is named."""
    cast = overdue(lender.vault)
    must(lender.vault.name_contact(cast.subject, FRIEND))
    must(ask(lender.vault, cast.subject, case=cast.case))
    handed = {"actor": "system:x", "purpose": "entrust_collection", "fields": ["name"], "recipient": AGENCY}
    must(ask(lender.vault, cast.subject, case=cast.case, **handed))
    ask(lender.vault, cast.subject, fields=["income"])
    attempt = {"kind": "attempted", "channel": "call", "outcome": "no_answer", "rules": []}
    must(lender.vault.record(cast.subject, lambda _: attempt, actor=BO))
    return cast


def test_it_tells_what_was_held_used_left_and_refused(lender):
    cast = lived(lender)
    result = answer(lender, cast.subject)
    document = result.document
    assert document["verdict"] == "nothing_unlawful_found"
    (use,) = document["uses"]
    assert (use["purpose"], use["fields"], use["basis"].split()[0]) == ("collection", ["phone"], "contract")
    assert use["actor"] != BO
    (left,) = document["left"]
    assert (left["recipient"], left["purpose"]) == (AGENCY, "entrust_collection")
    (refused,) = document["refused"]
    assert (refused["reason"], refused["fields"]) == ("field_not_for_purpose", ["income"])
    assert {(one["field"], one["party"]) for one in document["held"]} >= {("phone", "platform:self"), ("name", AGENCY)}
    (contact,) = document["contacted"]
    assert (contact["channel"], contact["outcome"]) == ("call", "no_answer")
    assert contact["actor"] != BO
    assert {n: said[0] for n, said in questions(result).items()} == {
        1: "unknown",
        2: "yes",
        3: "yes",
        4: "yes",
        5: "yes",
        6: "no",
    }


def test_it_hands_over_a_bundle_that_an_outsider_verifies(lender):
    cast = lived(lender)
    result = answer(lender, cast.subject)
    now = lender.clock.now() + timedelta(minutes=1)
    seen = verify(result.bundle, lender.vault.trust(), cast.person_key, at_ms=int(now.timestamp() * 1000))
    assert not isinstance(seen, NotVerified), seen
    assert len(seen.records) == result.document["entries"]
    said = json.loads(json.dumps(seen.statement.to_doc()))
    assert [(one["field"], one["party"]) for one in said["held"]] == [
        (one["field"], one["party"]) for one in result.document["held"]
    ]
    assert [one["n"] for one in said["questions"]] == [2, 6]


def test_it_writes_no_entry_for_looking_at_ones_own_history(lender):
    cast = lived(lender)
    before = lender.vault.history(cast.subject).facts.n
    answer(lender, cast.subject)
    assert lender.vault.history(cast.subject).facts.n == before


def test_it_answers_a_contact_person_without_a_word_about_the_borrower(lender):
    cast = lived(lender)
    friend = must(lender.vault.name_contact(cast.subject, {**FRIEND, "phone": "13900001299"}))
    result = answer(lender, friend.contact)
    everything = json.dumps(result.document) + result.page + result.bundle.decode()
    assert result.document["verdict"] == "nothing_unlawful_found"
    assert cast.subject not in everything
    assert cast.case not in everything


NOBODY = ["01a20ca3-0000-7000-8000-000000000000", "collector:k31", AGENCY, "platform:self"]


@pytest.mark.parametrize("subject", NOBODY)
def test_it_has_one_refusal_for_all_who_are_nobodys_person(embedded_lender, subject):
    overdue(embedded_lender.vault)
    assert answer(embedded_lender, subject).reason == "not_yours"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_holds_no_personal_value(embedded_lender, lang):
    cast = lived(embedded_lender)
    result = answer(embedded_lender, cast.subject, lang)
    everything = json.dumps(result.document, ensure_ascii=False) + result.page + result.bundle.decode()
    for value in (*AI_LI.values(), *FRIEND.values()):
        assert f">{value}<" not in everything
        assert f'"{value}"' not in everything
        assert len(value) < 8 or value not in everything


class Page(HTMLParser):
    """What a browser would see: tags in balance, languages, and whatever reaches outside."""

    VOID = frozenset({"meta", "br"})

    def __init__(self, text):
        super().__init__()
        self.tags, self.open, self.langs, self.outside, self.text = set(), [], set(), [], ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag not in self.VOID:
            self.open.append(tag)
        said = dict(attrs)
        self.langs.add(said.get("lang"))
        self.outside += [name for name in said if name in {"src", "href", "style"} or name.startswith("on")]

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data if self.open[-1:] != ["style"] else ""


def test_its_page_stands_alone_in_both_languages(embedded_lender):
    cast = lived(embedded_lender)
    result = answer(embedded_lender, cast.subject)
    page = Page(result.page)
    assert page.outside == []
    assert page.tags.isdisjoint({"script", "link", "img", "iframe", "form"})
    assert "url(" not in result.page
    assert {"zh", "en"} <= page.langs
    for name in CANNOT_PROVE:
        for lang in ("zh", "en"):
            assert embedded_lender.policy.sentences[lang][f"cannot_prove.{name}"] in page.text


def test_its_page_is_red_only_when_the_check_failed_and_never_vouches_for_itself(embedded_lender):
    from dataclasses import replace

    from shouxin.usecases.oversight import answer as room
    from shouxin.usecases.oversight import page

    findings = _findings(embedded_lender, room)
    whole = page.render(embedded_lender.policy, findings)
    broken = page.render(
        embedded_lender.policy, replace(findings, verified=NotVerified(Reason.CHAIN_BROKEN, "entry 3"))
    )
    assert '<section class="wrong"' not in whole
    assert '<section class="wrong"' in broken
    assert "entry 3" in broken
    assert "shouxin verify" in whole


def _findings(lender, room):
    """The findings that `answer` renders, caught on their way."""
    caught = []
    original, room.page.render = room.page.render, lambda policy, findings: caught.append(findings) or ""
    try:
        answer(lender, lived(lender).subject)
    finally:
        room.page.render = original
    return caught[0]


VERDICTS = [
    (Reason.NO_BASIS, "findings"),
    (Reason.NO_GRANT, "findings"),
    (Reason.AFTER_WITHDRAWAL, "findings"),
    (Reason.CHAIN_BROKEN, "not_verified"),
    (Reason.STALE, "not_verified"),
    (Reason.MISSING_ENTRY, "not_verified"),
]


@pytest.mark.parametrize(("reason", "verdict"), VERDICTS)
def test_it_tells_an_unlawful_use_from_a_broken_proof(embedded_lender, reason, verdict):
    from dataclasses import replace

    from shouxin.usecases.oversight import answer as room

    findings = _findings(embedded_lender, room)
    assert findings.verdict == "nothing_unlawful_found"
    assert replace(findings, verified=NotVerified(reason, "entry 3")).verdict == verdict


def test_it_rules_on_the_borrowers_own_next_instalment_with_citations(embedded_lender):
    result = answer(embedded_lender, lived(embedded_lender).subject)
    scenes = {one["scene"]: one for one in result.document["questions"][5]["scenes"]}
    assert {name: one["allow"] for name, one in scenes.items()} == {
        "call_by_day": True,
        "call_at_night": False,
        "call_contact_person": False,
        "call_anyone_else": False,
    }
    blocking = {rule["id"] for rule in scenes["call_at_night"]["rules"] if rule["effect"] == "block"}
    assert blocking >= {"CN.CBA2026.HOURS", "CN.GBT45251.HOURS"}
    assert all(rule["citation"] and rule["force"] for one in scenes.values() for rule in one["rules"])
